#include "interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include "base/error.hpp"

namespace blockyard::cli {
namespace {

std::atomic<int> g_signal{0};
std::atomic<bool> g_stop{false};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void onSignal(int number) {
  if (g_signal.exchange(number) != 0 && number == SIGINT) _exit(128 + number);
  g_stop = true;
}

}  // namespace

void watchSignals() {
  signal(SIGPIPE, SIG_IGN);  // a reader that went away is an error at the write: the training ends with a checkpoint
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM, SIGUSR1, SIGHUP}) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);  // nohup ignores SIGHUP on purpose
  }
}

int signalSeen() {
  return g_signal;
}

const std::atomic<bool>& stopAsked() {
  return g_stop;
}

int signalExitCode() {
  const int number = g_signal;
  if (number == 0) return 0;
  return number == SIGINT ? 128 + SIGINT : static_cast<int>(Fault::TryAgain);
}

}  // namespace blockyard::cli
