// How much each axis of a study matters, by the trials that are complete. In a grid: the share of the score's variance
// that lies between the means of its choices, the main effect of a functional ANOVA (Hutter, Hoos and Leyton-Brown,
// ICML 2014). Otherwise PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023): how far the values of the best quarter are
// spread otherwise than those of all; the shares add up to 1. Pure.
#pragma once
#include <span>
#include <vector>

#include "study/trial.hpp"

namespace blockyard {

struct AxisImportance;

// Nothing for fewer than 4 trials, or if all have the same score.
std::vector<AxisImportance> importanceOf(const StudySpec& spec, std::span<const Scored> known, bool larger_is_better);

}  // namespace blockyard
