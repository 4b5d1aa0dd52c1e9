#include "study/results.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "study/importance.hpp"

namespace blockyard {
namespace {

TrialResult resultOf(const Study& study, const StudyProgress& progress, const Trial& trial) {
  TrialResult out{.number = trial.number, .text = textOf(study.spec(), trial)};
  std::vector<double> scores, tests;
  const auto places = study.placesOf(trial);
  for (const StudyPlace& place : places) {
    const StudyRun* run = progress.find(place);
    out.runs.push_back(run == nullptr ? RunId{} : run->id);
    std::optional<double> score;
    if (run != nullptr) {
      score = run->done() || study.spec().halving_factor == 0 ? run->score : progress.scoreAfter(*run, run->epochs);
      out.done += run->done() ? 1 : 0;
      out.failed += run->failed() ? 1 : 0;
      out.running += run->state == RunState::Running ? 1 : 0;
      out.seconds += run->seconds;
      out.parameters = std::max(out.parameters, run->parameters);
      out.epochs = std::max(out.epochs, run->epochs);
      if (run->failed() && out.error.empty()) out.error = run->error;
      if (const auto part = run->results.find("test"); part != run->results.end())
        if (const auto it = part->second.find(study.metric()); it != part->second.end()) tests.push_back(it->second);
    }
    out.scores.push_back(score);
    if (score) scores.push_back(*score);
  }
  out.complete = out.done == static_cast<int64_t>(places.size());
  out.score = spreadOf(scores), out.test = spreadOf(tests);
  return out;
}

// The scores of those trainings that both have done.
std::pair<std::vector<double>, std::vector<double>> paired(const TrialResult& first, const TrialResult& second) {
  std::pair<std::vector<double>, std::vector<double>> out;
  for (size_t i = 0; i < std::min(first.scores.size(), second.scores.size()); ++i)
    if (first.scores[i] && second.scores[i])
      out.first.push_back(*first.scores[i]), out.second.push_back(*second.scores[i]);
  return out;
}

void rank(StudyResults& out) {
  for (size_t i = 0; i < out.trials.size(); ++i)
    if (out.trials[i].score.count > 0) out.ranking.push_back(i);
  std::stable_sort(out.ranking.begin(), out.ranking.end(), [&](size_t a, size_t b) {
    const TrialResult &x = out.trials[a], &y = out.trials[b];
    if (x.complete != y.complete) return x.complete;
    if (!x.complete && x.epochs != y.epochs) return x.epochs > y.epochs;  // halving: who came farther
    return out.larger_is_better ? x.score.mean > y.score.mean : x.score.mean < y.score.mean;
  });
  if (out.ranking.empty()) return;
  const TrialResult& best = out.trials[out.ranking.front()];
  for (const size_t i : out.ranking) {
    if (i == out.ranking.front()) continue;
    const auto [a, b] = paired(best, out.trials[i]);
    out.trials[i].like_the_best = out.trials[i].complete && a.size() >= 2 && !pairedDifference(a, b).excludesZero();
  }
}

void judgeAblations(StudyResults& out) {
  std::vector<double> p;
  for (size_t i = 1; i < out.trials.size(); ++i) {
    const auto [with, without] = paired(out.trials.front(), out.trials[i]);
    Effect effect{
        .trial = out.trials[i].number, .text = out.trials[i].text, .difference = pairedDifference(with, without)};
    p.push_back(effect.difference.p);
    out.effects.push_back(std::move(effect));
  }
  const auto adjusted = holmAdjusted(p);
  for (size_t i = 0; i < out.effects.size(); ++i) {
    Effect& effect = out.effects[i];
    effect.p_adjusted = adjusted[i];
    if (effect.difference.count < 2) continue;
    const bool up = effect.difference.mean > 0;
    if (effect.p_adjusted >= 0.05)
      effect.verdict = Effect::Verdict::NoneShown;
    else
      effect.verdict = up == out.larger_is_better ? Effect::Verdict::Better : Effect::Verdict::Worse;
  }
}

// One identical environment: the same program, libraries, machine, device and data for all.
void warnOfDifferences(const Study& study, const StudyProgress& progress, StudyResults& out) {
  std::set<std::string> environments, data;
  for (const Trial& trial : study.trials())
    for (const StudyPlace& place : study.placesOf(trial))
      if (const StudyRun* run = progress.find(place); run != nullptr && run->done())
        environments.insert(run->environment), data.insert(run->data);
  if (environments.size() > 1) {
    std::string text = "the trainings did not all meet the same environment:";
    for (const auto& each : environments) text += "\n  " + each;
    out.warnings.push_back(text);
  }
  bool varies_data = false;  // a study may well ask which data is better
  for (const Axis& axis : study.spec().axes) varies_data |= axis.name.find("file") != std::string::npos;
  if (data.size() > 1 && !varies_data)
    out.warnings.emplace_back("the data changed while the study went on: its trials cannot be compared");
}

}  // namespace

const char* nameOf(Effect::Verdict verdict) {
  switch (verdict) {
    case Effect::Verdict::TooFew:
      return "too few runs";
    case Effect::Verdict::NoneShown:
      return "no effect shown";
    case Effect::Verdict::Worse:
      return "worse without";
    case Effect::Verdict::Better:
      return "better without";
  }
  return "";
}

StudyResults resultsOf(const Study& study, const StudyProgress& progress) {
  StudyResults out{.metric = study.metric(), .larger_is_better = study.largerIsBetter()};
  std::vector<Scored> known;
  for (const Trial& trial : study.trials()) {
    out.trials.push_back(resultOf(study, progress, trial));
    const TrialResult& result = out.trials.back();
    out.runs_done += result.done, out.runs_failed += result.failed, out.runs_running += result.running;
    if (result.complete && result.score.count > 0) known.push_back({&trial, result.score.mean});
  }
  out.runs_in_all = trialCount(study.spec()) * study.spec().runsPerTrial();
  rank(out);
  if (study.spec().search == Search::Ablation)
    judgeAblations(out);
  else
    out.importance = importanceOf(study.spec(), known, out.larger_is_better);
  warnOfDifferences(study, progress, out);
  return out;
}

}  // namespace blockyard
