// Where the time of a training step goes: every block forward and backward, the loader, the optimizer. Engine thread.
#pragma once
#include <atomic>
#include <string>
#include <vector>

#include "graph/plan.hpp"

namespace blockyard {

struct ProfileRow {
  std::string block{};
  std::string type{};
  double forward_ms = 0;     // per step, median over the steps
  double backward_ms = 0;    // 0 for blocks without a gradient
  int64_t output_bytes = 0;  // of all outputs for one batch
  std::string output{};      // "float32 [128, 32, 26, 26]"
  int64_t parameters = 0;
};

struct Profile {
  std::vector<ProfileRow> rows{};  // in the order of the batch
  double loader_ms = 0;            // the step waited for its batch
  double copy_ms = 0;              // to the device
  double optimizer_ms = 0;         // check of the gradients, clipping, step
  double other_ms = 0;             // what is left of the step
  double step_ms = 0;              // the whole; the parts above add up to it
  int64_t steps = 0, batch_size = 0;
  double prepare_seconds = 0;  // reading, fitting, preparing
  std::string device{};
};

// Runs `steps` steps of the plan's training, the first few uncounted, with the backward pass cut at the blocks'
// borders. The weights end up where training would have brought them. Throws Error.
Profile profile(const Plan& plan, int64_t steps, const std::atomic<bool>* stop = nullptr);

}  // namespace blockyard
