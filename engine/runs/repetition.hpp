// Whether a run that was repeated came out the same, byte for byte, and if it did not, what was different. Pure.
#pragma once
#include <string>
#include <vector>

#include "runs/run.hpp"

namespace blockyard {

struct Difference {
  std::string what{};         // "weights", "test accuracy", "libtorch", "device"
  std::string then{}, now{};  // as text; empty: not told
};

struct Repetition {
  bool equal = false;                       // the weights and every score
  bool weights_known = false;               // both records tell the hash of the weights; else the scores alone decide
  std::vector<Difference> outcome{};        // what came out otherwise
  std::vector<Difference> circumstances{};  // what went in otherwise: data, settings, program, device, machine
};

Repetition compareRepeated(const RunRecord& then, const RunRecord& now);

}  // namespace blockyard
