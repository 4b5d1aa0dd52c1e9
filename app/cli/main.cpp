// The blockyard command. One door for everything that goes wrong: an Error becomes one message and an exit code.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "interrupt.hpp"
#include "parse.hpp"
#include "training/cpu_allocator.hpp"

namespace {

using namespace blockyard;
using namespace blockyard::cli;

int report(const Context& context, const Error& error) {
  if (context.json) {
    context.err.write(
        nlohmann::json{{"error", toJson(error)}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  } else {
    const std::string place = error.where().text();
    context.err.write(context.err.red("error: ") + printable(place.empty() ? "" : place + ": ") +
                      printable(error.problem()) + "\n" +
                      (error.hint().empty() ? "" : "  hint: " + printable(error.hint()) + "\n"));
  }
  return static_cast<int>(error.fault());
}

int run(int argc, char** argv) {
  Context context{.out = Terminal(STDOUT_FILENO, Color::Auto), .err = Terminal(STDERR_FILENO, Color::Auto)};
  try {
    return runCommand(argc, argv, context);
  } catch (const Error& error) {
    // What was asked to stop has stopped.
    if (signalSeen() != 0 && error.fault() == Fault::TryAgain) return signalExitCode();
    return report(context, error);
  } catch (const std::bad_alloc&) {
    return report(context,
                  Error({}, "out of memory", "close other programs, or take a smaller batch", Fault::OutOfMemory));
  } catch (const std::exception& error) {
    return report(context, Error({}, error.what(), {}, Fault::Failed));
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error at the write, as a full disk is
  tuneMalloc();
  installCpuAllocator();
  const int code = run(argc, argv);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return code;
#else
  // All is written and every thread has ended: LibTorch would only spend some 20 ms on taking down what the system
  // takes back anyway.
  std::fflush(nullptr);
  std::_Exit(code);
#endif
}
