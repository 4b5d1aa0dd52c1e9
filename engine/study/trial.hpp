// Trial: one configuration of a study, and which ones there are. Torch-free, pure.
#pragma once
#include <span>

#include "study/spec.hpp"

namespace blockyard {

struct Trial {
  int64_t number = 0;
  Numbers values{};  // one for each axis: the number of a choice, or the number itself; empty: nothing is changed
  bool operator==(const Trial&) const = default;
};

// What it sets, in the order of the axes.
Texts settingsOf(const StudySpec& spec, const Trial& trial);
// "hidden.out_features=64, training.learning_rate=0.01"; "baseline" if nothing is changed.
std::string textOf(const StudySpec& spec, const Trial& trial);

// The trials that are known from the start: all of grid, random search and ablation; none of tpe.
std::vector<Trial> fixedTrials(const StudySpec& spec);
// How many there will be in all.
int64_t trialCount(const StudySpec& spec);

// A trial whose score is known.
struct Scored {
  const Trial* trial = nullptr;
  double score = 0;
};
// Trial `number` of a search by a tree of Parzen estimators: random until enough is known, then where the density of
// good values over that of the others is largest. A function of the arguments alone.
Trial proposeTpe(const StudySpec& spec, int64_t number, std::span<const Scored> known, bool larger_is_better);

}  // namespace blockyard
