#include "study/runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

#include "base/file.hpp"
#include "base/gpu_driver.hpp"
#include "base/json.hpp"
#include "graph/training_settings.hpp"
#include "runs/machine.hpp"

extern char** environ;

namespace blockyard {
namespace {

constexpr int kMostAttempts = 3;                       // of a training whose process dies without a word
constexpr int64_t kProgramBytes = int64_t{400} << 20;  // beside the rows

// As many as have a core each, and memory for their rows; one if a GPU computes.
int64_t roomFor(const Plan& plan, const Machine& machine) {
  const std::string device = plan.training.text("device");
  if (device.starts_with("cuda") || (device == "auto" && !askDriver().gpus.empty())) return 1;
  const int64_t each = (plan.training.integer("memory_budget") << 20) + kProgramBytes;
  return std::max<int64_t>(1, std::min(machine.cores, machine.memory_bytes / each));
}

// The last line of what a training has said that is an error, for people.
std::string errorIn(const std::string& said) {
  std::string out;
  for (size_t at = 0; at < said.size();) {
    size_t end = said.find('\n', at);
    if (end == std::string::npos) end = said.size();
    const std::string line = said.substr(at, end - at);
    if (line.starts_with("error: ")) out = line.substr(7);
    at = end + 1;
  }
  return out;
}

}  // namespace

struct StudyRunner::Child {
  StudyPlace place{};
  pid_t pid = 0;
  FileHandle output{};  // what it says on standard error
  std::string said{};

  void read() {
    char bytes[4096];
    for (ssize_t got = 0; (got = ::read(output.get(), bytes, sizeof bytes)) > 0;) {
      said.append(bytes, static_cast<size_t>(got));
      if (said.size() > 65536) said.erase(0, said.size() - 32768);
    }
  }
};

StudyRunner::StudyRunner(Study& study, StudyRunnerOptions options)
    : study_(study),
      options_(std::move(options)),
      lock_(study.projectFolder(), "study " + study.name()),
      progress_(study) {
  const Machine machine = thisMachine();
  const int64_t asked = options_.at_once > 0 ? options_.at_once : study.spec().at_once;
  const Trial first = study.trials().empty() ? Trial{} : study.trials().front();
  at_once_ = asked > 0 ? asked
                       : roomFor(study.trials().empty() ? Plan{.training = completeValues(trainingParams(), {})}
                                                        : study.plan(study.placesOf(first).front()),
                                 machine);
  threads_ = options_.threads > 0 ? options_.threads : study.spec().threads;
  if (threads_ == 0) threads_ = std::max<int64_t>(1, machine.cores / at_once_);
}

StudyRunner::~StudyRunner() {
  stop();
  while (!children_.empty()) {
    collect([](const StudyEvent&) {});
    if (!children_.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void StudyRunner::stop() {
  stopping_ = true;
  for (const auto& child : children_) ::kill(child->pid, SIGTERM);
}

void StudyRunner::begin(const StudyStep& step, const std::function<void(const StudyEvent&)>& tell) {
  std::vector<std::string> words = options_.program;
  for (const std::string& word :
       {std::string("study"), std::string("train"), study_.name(), std::string("--project"),
        study_.projectFolder().string(), std::string("--trial"), std::to_string(step.place.trial),
        std::string("--seed"), std::to_string(step.place.seed), std::string("--fold"), std::to_string(step.place.fold),
        std::string("--threads"), std::to_string(threads_), std::string("--stop-after"),
        std::to_string(step.stop_after_epochs), std::string("--parent"), std::to_string(::getpid()),
        std::string("--quiet"), std::string("--no-color")})
    words.push_back(word);
  if (!step.resume.empty()) words.insert(words.end(), {"--resume", step.resume});
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throwFileError(words.front(), "start", errno);
  FileHandle read_end(ends[0]), write_end(ends[1]);
  ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own: Ctrl-C in a terminal reaches this process, which asks the trainings to stop.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  auto child = std::make_unique<Child>();
  child->place = step.place;
  const int code = ::posix_spawnp(&child->pid, words.front().c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (code != 0) throwFileError(words.front(), "start", code);
  child->output = std::move(read_end);
  children_.push_back(std::move(child));
  tell({.what = StudyEvent::What::Began, .place = step.place});
}

void StudyRunner::ended(Child& child, int status, const std::function<void(const StudyEvent&)>& tell) {
  child.read();
  // A training tells its run in the file it held; without that, all are looked through.
  const std::filesystem::path file = study_.lockFile(child.place);
  const std::string told = std::filesystem::exists(file) ? readFile(file, 1 << 12) : "";
  if (told.empty())
    progress_ = StudyProgress(study_);
  else
    progress_.refresh(told);
  const StudyRun* run = progress_.find(child.place);
  if (run != nullptr && run->failed())
    return tell({StudyEvent::What::Failed, child.place, run->id.text, {}, run->error});
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (code == 0)
    return tell({StudyEvent::What::Ended,
                 child.place,
                 run == nullptr ? "" : run->id.text,
                 run == nullptr ? std::nullopt : run->score,
                 {}});
  if (stopping_) return;
  const bool again = WIFSIGNALED(status) || code == static_cast<int>(Fault::TryAgain);
  if (again && ++attempts_[child.place] < kMostAttempts) return;
  given_up_.insert(child.place);
  std::string error = errorIn(child.said);
  if (error.empty())
    error = WIFSIGNALED(status) ? std::string("its process was ended by ") + strsignal(WTERMSIG(status))
                                : "its process ended with exit code " + std::to_string(code);
  tell({StudyEvent::What::Failed, child.place, run == nullptr ? "" : run->id.text, {}, error});
}

bool StudyRunner::collect(const std::function<void(const StudyEvent&)>& tell) {
  bool any = false;
  for (size_t i = 0; i < children_.size();) {
    children_[i]->read();
    int status = 0;
    const pid_t got = ::waitpid(children_[i]->pid, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) {
      ++i;
      continue;
    }
    const std::unique_ptr<Child> child = std::move(children_[i]);
    children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
    ended(*child, status, tell);
    any = true;
  }
  return any;
}

bool StudyRunner::step(double seconds, const std::function<void(const StudyEvent&)>& tell) {
  if (!stopping_) {
    std::set<StudyPlace> busy;
    for (const auto& child : children_) busy.insert(child->place);
    const auto room = static_cast<size_t>(std::max<int64_t>(0, at_once_ - static_cast<int64_t>(children_.size())));
    if (room > 0)
      for (const StudyStep& step : progress_.next(study_, busy, given_up_, room)) begin(step, tell);
  }
  if (children_.empty()) {
    if (stopping_ || !progress_.othersTrain()) return false;
    // Trainings that an earlier start has begun, and that have not yet noticed that it is gone.
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    progress_ = StudyProgress(study_);
    return true;
  }
  std::vector<pollfd> waits;
  for (const auto& child : children_) waits.push_back({child->output.get(), POLLIN, 0});
  // The end of a process closes its pipe, which wakes this up.
  ::poll(waits.data(), waits.size(), static_cast<int>(seconds * 1000));
  collect(tell);
  return true;
}

}  // namespace blockyard
