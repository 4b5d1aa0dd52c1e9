// StudyResults: what a study has found so far - the trials from the best on, the effect of each ablation, how much each
// axis matters. Computed from what the runs say; torch-free, pure but for the reading of journals.
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "runs/statistics.hpp"
#include "study/progress.hpp"

namespace blockyard {

struct TrialResult {
  int64_t number = 0;
  std::string text{};                           // "hidden.out_features=64"
  std::vector<std::optional<double>> scores{};  // one for each of its trainings, in the order of Study::placesOf
  std::vector<RunId> runs{};                    // those that were begun, in that order; empty ids: none yet
  std::string error{};                          // of the first that failed
  int64_t done = 0, failed = 0, running = 0;
  Spread score{};  // over the trainings that are done
  Spread test{};   // the same metric on the test rows; count 0: there are none
  double seconds = 0;
  int64_t parameters = 0;
  int64_t epochs = 0;          // of halving: how far it came
  bool complete = false;       // all its trainings are done
  bool like_the_best = false;  // its difference to the best trial, seed by seed, may be chance (95 %)
};

// What leaving something out does, against the baseline, training by training with the same seed and fold.
struct Effect {
  int64_t trial = 0;
  std::string text{};  // "without dropout1"
  Interval difference{};
  double p_adjusted = 1;  // Holm, over all ablations of the study
  enum class Verdict { TooFew, NoneShown, Worse, Better } verdict = Verdict::TooFew;
};
const char* nameOf(Effect::Verdict verdict);  // "too few runs", "no effect shown", "worse without", "better without"

// Share of the score's variation that an axis explains by itself; shares of all axes need not add up to 1 in a grid
// (what is missing are interactions and chance), and do in a random search.
struct AxisImportance {
  std::string axis{};
  double share = 0;
};

struct StudyResults {
  std::string metric{};
  bool larger_is_better = true;
  std::vector<TrialResult> trials{};  // by number
  std::vector<size_t> ranking{};      // those with a score, the best first: complete ones, then those cut short
  std::vector<Effect> effects{};
  std::vector<AxisImportance> importance{};  // empty as long as too few trials are done
  int64_t runs_done = 0, runs_failed = 0, runs_running = 0, runs_in_all = 0;  // halving ends many early
  std::vector<std::string> warnings{};  // trials that were not trained under one environment
  const TrialResult* best() const { return ranking.empty() ? nullptr : &trials[ranking.front()]; }
};

StudyResults resultsOf(const Study& study, const StudyProgress& progress);

}  // namespace blockyard
