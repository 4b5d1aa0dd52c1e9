// StudyProgress: how far a study is, read from the runs of its project, and which trainings come next. Torch-free; for
// one thread; blocks on the disk.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "study/study.hpp"

namespace blockyard {

// What is known of one training of a study.
struct StudyRun {
  RunId id{};
  RunState state = RunState::Running;  // as shown: interrupted if its process is gone
  int64_t epochs = 0;                  // whole ones that were judged
  std::optional<double> score{};       // of the validation rows; none as long as it is not done
  Results results{};
  double seconds = 0;
  int64_t parameters = 0;
  std::string error{};
  std::string environment{};  // versions, device, machine, in one line
  std::string data{};         // fingerprint

  bool done() const { return state == RunState::Done; }
  bool failed() const { return state == RunState::Failed || state == RunState::Diverged; }
};

// A training to be done next.
struct StudyStep {
  StudyPlace place{};
  std::string resume{};           // id of the run to go on with; empty: a new one
  int64_t stop_after_epochs = 0;  // 0: to the end
};

class StudyProgress {
 public:
  explicit StudyProgress(const Study& study);

  // Reads the run again, after its training has ended.
  void refresh(const std::string& run);
  // The run that counts for this training, if there is one.
  const StudyRun* find(const StudyPlace& place) const;
  // The best value of the metric on the validation rows in the first `epochs` epochs, from the journal.
  std::optional<double> scoreAfter(const StudyRun& run, int64_t epochs) const;

  // The trainings that can be begun now, the first ones first. `busy` are under way. Proposes new trials where the
  // search learns, and writes them into `study`. Those in `given_up` are not tried again.
  std::vector<StudyStep> next(Study& study, const std::set<StudyPlace>& busy, const std::set<StudyPlace>& given_up,
                              size_t wanted);
  // Some training of the study is under way; asked where this process has none.
  bool othersTrain() const;
  // Epochs of each stage of successive halving, the last one in full; one stage without it.
  std::vector<int64_t> stages() const;
  // Trials that are still in the race when stage number `stage` begins; none if the one before is not complete.
  std::optional<std::vector<int64_t>> survivors(size_t stage) const;

 private:
  std::optional<double> trialScore(const Trial& trial, int64_t epochs) const;
  bool settled(const Trial& trial, int64_t epochs) const;
  StudyStep stepFor(const StudyPlace& place, int64_t epochs) const;
  bool needs(const StudyPlace& place, int64_t epochs) const;

  const Study* study_;
  std::map<StudyPlace, StudyRun> runs_;
  std::set<StudyPlace> given_up_;
  mutable std::map<std::pair<std::string, int64_t>, std::optional<double>> scores_;
};

}  // namespace blockyard
