#include "study/trial.hpp"

#include "base/random.hpp"

namespace blockyard {
namespace {

std::vector<Trial> gridTrials(const StudySpec& spec) {
  std::vector<Trial> out{{.values = Numbers(spec.axes.size(), 0.0)}};
  for (size_t a = 0; a < spec.axes.size(); ++a) {  // the last axis changes fastest
    std::vector<Trial> next;
    for (const Trial& trial : out) {
      for (size_t c = 0; c < spec.axes[a].choices.size(); ++c) {
        next.push_back(trial);
        next.back().values[a] = static_cast<double>(c);
      }
    }
    out = std::move(next);
  }
  return out;
}

// The baseline, then every choice of every axis alone: -1 leaves an axis as it is.
std::vector<Trial> ablationTrials(const StudySpec& spec) {
  std::vector<Trial> out{{}};
  for (size_t a = 0; a < spec.axes.size(); ++a) {
    for (size_t c = 0; c < spec.axes[a].choices.size(); ++c) {
      Trial trial{.values = Numbers(spec.axes.size(), -1.0)};
      trial.values[a] = static_cast<double>(c);
      out.push_back(std::move(trial));
    }
  }
  return out;
}

std::vector<Trial> randomTrials(const StudySpec& spec) {
  std::vector<Trial> out;
  for (int64_t i = 0; i < spec.trials; ++i) {
    Trial trial;
    for (const Axis& axis : spec.axes)
      trial.values.push_back(axis.value(
          KeyedRandom(static_cast<uint64_t>(spec.seed)).key("trial").key(axis.name).uniform(static_cast<uint64_t>(i))));
    out.push_back(std::move(trial));
  }
  return out;
}

}  // namespace

Texts settingsOf(const StudySpec& spec, const Trial& trial) {
  Texts out;
  for (size_t a = 0; a < trial.values.size(); ++a) {
    const Texts settings = spec.axes[a].settings(trial.values[a]);
    out.insert(out.end(), settings.begin(), settings.end());
  }
  return out;
}

std::string textOf(const StudySpec& spec, const Trial& trial) {
  std::string out;
  for (size_t a = 0; a < trial.values.size(); ++a) {
    const Axis& axis = spec.axes[a];
    const std::string value = axis.valueText(trial.values[a]);
    if (value.empty()) continue;
    if (!out.empty()) out += ", ";
    out += spec.search == Search::Ablation ? value : axis.name + "=" + value;
  }
  return out.empty() ? "baseline" : out;
}

std::vector<Trial> fixedTrials(const StudySpec& spec) {
  std::vector<Trial> out;
  if (spec.search == Search::Grid) out = gridTrials(spec);
  if (spec.search == Search::Random) out = randomTrials(spec);
  if (spec.search == Search::Ablation) out = ablationTrials(spec);
  for (size_t i = 0; i < out.size(); ++i) out[i].number = static_cast<int64_t>(i);
  return out;
}

int64_t trialCount(const StudySpec& spec) {
  if (spec.search == Search::Random || spec.search == Search::Tpe) return spec.trials;
  int64_t grid = 1, alone = 1;
  for (const Axis& axis : spec.axes) {
    const auto choices = static_cast<int64_t>(axis.choices.size());
    grid = choices > 0 && grid > (int64_t{1} << 40) / choices ? int64_t{1} << 40 : grid * choices;
    alone += choices;
  }
  return spec.search == Search::Grid ? grid : alone;
}

}  // namespace blockyard
