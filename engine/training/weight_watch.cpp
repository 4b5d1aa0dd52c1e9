#include "training/weight_watch.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"
#include "runs/journal.hpp"

namespace blockyard {
namespace {

constexpr double kOftenest = 0.1;         // seconds
constexpr double kWithinEpoch = 10;       // seconds
constexpr double kShareOfRun = 0.05;      // of the time since the start lies between two looks
constexpr double kTimesItsCost = 100;     // so much time at least lies between two looks
constexpr int64_t kMostValues = 1 << 16;  // of one tensor; evenly taken

Histogram histogramIn(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.numel() == 0) return {};
  const at::Tensor flat = tensor.detach().reshape(-1);
  const int64_t stride = (flat.numel() + kMostValues - 1) / kMostValues;
  const at::Tensor values = flat.slice(0, 0, flat.numel(), stride).to(at::kCPU, at::kFloat).contiguous();
  return histogramOf({values.const_data_ptr<float>(), static_cast<size_t>(values.numel())});
}

}  // namespace

WeightWatch::WeightWatch(std::vector<NamedTensor> parameters)
    : parameters_(std::move(parameters)), began_at_(steadySeconds()) {}

bool WeightWatch::due(bool epoch_ends) const {
  if (taken_at_ == 0) return epoch_ends || steadySeconds() - began_at_ > kWithinEpoch;
  const double time = steadySeconds();
  return time - taken_at_ >=
         std::max({epoch_ends ? kOftenest : kWithinEpoch, kShareOfRun * (time - began_at_), kTimesItsCost * cost_});
}

Histograms WeightWatch::take(int64_t step) {
  const at::NoGradGuard no_grad;
  const double began = steadySeconds();
  Histograms out{.step = step};
  for (const auto& [name, tensor] : parameters_)
    out.parameters.push_back({name, histogramIn(tensor), histogramIn(tensor.grad())});
  taken_at_ = steadySeconds();
  cost_ = taken_at_ - began;
  return out;
}

}  // namespace blockyard
