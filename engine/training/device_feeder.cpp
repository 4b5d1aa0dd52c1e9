#include "training/device_feeder.hpp"

#include "cuda/load_cuda.hpp"

namespace blockyard {

std::optional<LoadedBatch> DeviceFeeder::next() {
  if (!lane_) return source_();
  if (!begun_) ahead_ = sent();
  begun_ = true;
  if (!ahead_) return std::nullopt;
  lane_->arrive();
  std::optional<LoadedBatch> out = std::move(ahead_);
  ahead_ = sent();
  return out;
}

std::optional<LoadedBatch> DeviceFeeder::sent() {
  std::optional<LoadedBatch> batch = source_();
  if (!batch) return batch;
  std::vector<at::Tensor> host;
  for (const auto& packet : batch->packets)
    if (!packet.isTable()) host.push_back(packet.tensor());
  const std::vector<at::Tensor> there = lane_->send(host);
  auto tensor = there.begin();
  for (auto& packet : batch->packets)
    if (!packet.isTable()) packet = Packet(*tensor++, packet.sharedMeaning());
  return batch;
}

std::unique_ptr<CopyLane> laneTo(at::Device device) {
  if (!device.is_cuda() || loadCuda().plugin.table == nullptr) return nullptr;
  return loadCuda().plugin.table->make_lane(device);
}

int loaderThreads(const Values& training, const std::vector<Packet>& columns, at::Device device) {
  if (const int64_t asked = training.integer("loader_threads"); asked > 0) return static_cast<int>(asked);
  int64_t bytes = 0;
  for (const auto& column : columns)
    if (!column.isTable()) bytes += static_cast<int64_t>(column.tensor().nbytes());
  return device.is_cuda() || bytes > training.integer("memory_budget") << 20 ? 1 : 0;
}

Memory memoryFor(at::Device device) {
  return device.is_cuda() ? Memory::Pinned : Memory::Plain;
}

}  // namespace blockyard
