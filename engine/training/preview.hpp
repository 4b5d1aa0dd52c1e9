// Preview: what flows out of one port, for a look before and during a training. Before, the way to the port is built as
// the trainer does it, on the first rows of the source alone; during a training, its own blocks with the weights of the
// moment give the answer. Torch-free.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "blocks/sample.hpp"
#include "graph/plan.hpp"

namespace blockyard {

class Pipeline;
class Source;
class Trainer;

constexpr int64_t kPreviewRows = 500;
constexpr int64_t kMostPreviewRows = 100000;

struct PreviewOptions {
  int64_t rows = kPreviewRows;              // the first ones of the source; fewer if they would take much memory
  const std::atomic<bool>* stop = nullptr;  // set from any thread: ends soon with Error "stopped"
  // On the thread of the call: what is being done and how far it is, 0 to 1.
  std::function<void(const std::string&, double)> progress{};
};

struct Preview {
  std::string block{}, port{};
  Sample sample{};
  bool all_rows = false;   // the source has no others
  bool fitted = false;     // what is fitted on the way to the port was fitted on these rows alone
  bool untrained = false;  // there are weights on the way to the port, and they are the initial ones
  int64_t step = -1;       // of the training that gave it; -1: none did
  std::string run{};       // whose trained pipeline gave it
};

// Of the output `port` of `block`, both as they are called in `plan`, which may hold blocks that do not lead to it. Any
// thread, one at a time. Throws Error with the block that fails.
Preview preview(const Plan& plan, const std::string& block, const std::string& port, const PreviewOptions& options);

// The same by blocks that are made and fitted, on any device; they are left as they are. Engine thread.
Preview preview(const Plan& plan, const Pipeline& pipeline, Source& source, const std::string& block,
                const std::string& port, const PreviewOptions& options);
// Of a training, between two of its steps. Engine thread.
Preview preview(const Trainer& trainer, const std::string& block, const std::string& port,
                const PreviewOptions& options);

}  // namespace blockyard
