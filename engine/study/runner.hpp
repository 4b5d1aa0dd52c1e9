// StudyRunner: trains what a study still lacks, several trainings at a time, each in a process of its own, so that one
// that fails or is killed takes nothing else along. Killed itself, it leaves nothing that its next start does not find.
// One thread.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runs/lock.hpp"
#include "study/progress.hpp"

namespace blockyard {

struct StudyRunnerOptions {
  // The command line of the program that trains one place: this, then "study train NAME --project ... --trial N ...".
  std::vector<std::string> program{};
  int64_t at_once = 0;  // 0: as the study says, or as many as cores and memory allow
  int64_t threads = 0;  // of each; 0: the cores divided among them
};

// What happened, for whoever shows it.
struct StudyEvent {
  enum class What { Began, Ended, Failed } what = What::Began;
  StudyPlace place{};
  std::string run{};              // Ended: its id
  std::optional<double> score{};  // Ended
  std::string error{};            // Failed: one line
};

class StudyRunner {
 public:
  // Holds the project's training lock while it lives. Throws Error (TryAgain) if another training is running.
  StudyRunner(Study& study, StudyRunnerOptions options);
  // Asks the trainings for a clean end and waits for it.
  ~StudyRunner();
  StudyRunner(const StudyRunner&) = delete;
  StudyRunner& operator=(const StudyRunner&) = delete;

  // Begins what there is room for and waits at most `seconds` for one to end. False: nothing is left to be done.
  bool step(double seconds, const std::function<void(const StudyEvent&)>& tell);
  // No more are begun; those under way are asked to stop after their batch, with a checkpoint. step() then ends soon.
  void stop();

  int64_t atOnce() const { return at_once_; }
  int64_t threads() const { return threads_; }
  const StudyProgress& progress() const { return progress_; }

 private:
  struct Child;
  void begin(const StudyStep& step, const std::function<void(const StudyEvent&)>& tell);
  bool collect(const std::function<void(const StudyEvent&)>& tell);
  void ended(Child& child, int status, const std::function<void(const StudyEvent&)>& tell);

  Study& study_;
  StudyRunnerOptions options_;
  TrainingLock lock_;
  StudyProgress progress_;
  int64_t at_once_ = 1, threads_ = 1;
  bool stopping_ = false;
  std::vector<std::unique_ptr<Child>> children_;
  std::map<StudyPlace, int> attempts_;
  std::set<StudyPlace> given_up_;
};

}  // namespace blockyard
