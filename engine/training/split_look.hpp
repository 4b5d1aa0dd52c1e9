// SplitLook: what a split does with the rows of a source, seen before anything is trained.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "graph/check.hpp"

namespace blockyard {

class Source;

struct SplitLook {
  std::optional<Error> error{};    // what would end a training at once
  std::array<double, 3> shares{};  // by Part: Train, Validation, Test; of the rows that are in one of them
  std::array<double, 3> wanted{};  // the same as the settings say
  int64_t rows = 0;                // 0: nothing can be said of the shares
};

// The same of rows that are split already: how many are in each part.
SplitLook splitOf(const std::array<int64_t, 3>& rows, const Values& training);

// `training` is complete. What only more rows could show is not told if `whole` says that the source has others.
SplitLook lookAtSplit(Source& source, const Values& training, bool whole);

// At the training settings: the error, and warnings where a part gets no rows, or far more or fewer than wanted. Each
// warning has the name that training.accepted_warnings knows it by.
struct NamedProblem {
  std::string name{};
  Problem problem{};
  bool leaves_none = false;  // a part has no rows at all
};
std::vector<NamedProblem> splitProblems(const SplitLook& look, const std::string& how);

}  // namespace blockyard
