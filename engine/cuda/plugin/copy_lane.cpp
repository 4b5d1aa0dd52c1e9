#include "cuda/plugin/copy_lane.hpp"

#include <ATen/ATen.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <deque>

namespace blockyard::cuda {
namespace {

// Copies on a stream of its own, from pinned memory, so that the copy engine works while the kernels compute.
class SideStream final : public CopyLane {
 public:
  explicit SideStream(at::Device device)
      : device_(device), streams_(device.type()), side_(streams_.getStreamFromGlobalPool(device)) {}

  // What stays pageable would be copied while the caller waits, so it goes through pinned memory here. LibTorch's
  // pinned memory notes every copy out of it and is not handed out again before that copy has ended.
  std::vector<at::Tensor> send(const std::vector<at::Tensor>& host) override {
    const c10::StreamGuard on_side(side_);
    Sending sending{.arrived = c10::Event(device_.type())};
    for (const auto& tensor : host)
      sending.tensors.push_back((tensor.is_pinned() ? tensor : tensor.pin_memory()).to(device_, /*non_blocking=*/true));
    sending.arrived.record(side_);
    sent_.push_back(std::move(sending));
    return sent_.back().tensors;
  }

  // The memory belongs to the side stream: without the note it would be filled with the next batch while this one is
  // still computed with.
  void arrive() override {
    const c10::Stream compute = streams_.getStream(device_);
    Sending& oldest = sent_.front();
    oldest.arrived.block(compute);
    for (auto& tensor : oldest.tensors) tensor.record_stream(compute);
    sent_.pop_front();
  }

 private:
  struct Sending {
    c10::Event arrived;
    std::vector<at::Tensor> tensors{};
  };

  at::Device device_;
  c10::impl::VirtualGuardImpl streams_;
  c10::Stream side_;
  std::deque<Sending> sent_;
};

}  // namespace

std::unique_ptr<CopyLane> makeLane(at::Device device) {
  return std::make_unique<SideStream>(device);
}

}  // namespace blockyard::cuda
