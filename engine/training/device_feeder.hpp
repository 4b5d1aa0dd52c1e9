// DeviceFeeder: between the loader and the step. On a CPU it passes batches on as they are. On a GPU the next batch is
// on its way, on a stream of its own, while the one before is computed with. Engine thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "base/value.hpp"
#include "cuda/copy_lane.hpp"
#include "data/loader.hpp"

namespace blockyard {

class DeviceFeeder {
 public:
  using Source = std::function<std::optional<LoadedBatch>()>;

  // Without a lane nothing is copied here.
  DeviceFeeder(Source source, std::unique_ptr<CopyLane> lane) : source_(std::move(source)), lane_(std::move(lane)) {}

  // The next batch with its tensors on the device, or nothing at the end. Row numbers and tables stay on the CPU.
  std::optional<LoadedBatch> next();

 private:
  std::optional<LoadedBatch> sent();

  Source source_;
  std::unique_ptr<CopyLane> lane_;
  std::optional<LoadedBatch> ahead_;
  bool begun_ = false;
};

// The lane of the CUDA plug-in, null for the CPU or without the plug-in. Then the step copies, and waits for it.
std::unique_ptr<CopyLane> laneTo(at::Device device);
// The memory that a loader for `device` gathers into.
Memory memoryFor(at::Device device);
// Threads of a loader of these columns. What training.loader_threads says; else one where it has something to wait for
// while the step computes (a GPU, rows on the disk). On a CPU the step uses all cores, and a thread beside it only
// makes them wait for each other.
int loaderThreads(const Values& training, const std::vector<Packet>& columns, at::Device device);

}  // namespace blockyard
