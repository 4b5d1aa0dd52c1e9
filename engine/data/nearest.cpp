#include "data/nearest.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace blockyard {
namespace {

constexpr int64_t kStretch = 16;  // numbers between two looks whether the row is out of the race already

// The squared distance, or something above `most` if it is above it.
double distance(const float* a, const float* b, int64_t width, double most) {
  double sum = 0;
  for (int64_t first = 0; first < width && !(sum > most); first += kStretch) {
    const int64_t end = std::min(first + kStretch, width);
    double even = 0, odd = 0;
    int64_t i = first;
    for (; i + 1 < end; i += 2) {
      const double d = static_cast<double>(a[i]) - b[i], e = static_cast<double>(a[i + 1]) - b[i + 1];
      even += d * d, odd += e * e;
    }
    if (i < end) even += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
    sum += even + odd;
  }
  return sum;
}

// The k nearest others of one row, the nearest first.
class Nearest {
 public:
  Nearest(const float* rows, int64_t count, int64_t width, int64_t k)
      : rows_(rows), count_(count), width_(width), k_(k) {}

  void find(int64_t row, int32_t* answer) {
    best_.clear();
    for (int64_t other = 0; other < count_; ++other) {
      if (other == row) continue;
      const bool full = static_cast<int64_t>(best_.size()) == k_;
      const double most = full ? best_.back().first : std::numeric_limits<double>::infinity();
      const double away = distance(rows_ + row * width_, rows_ + other * width_, width_, most);
      if (full && !(away < most)) continue;
      if (full) best_.pop_back();
      const auto after =
          std::find_if(best_.begin(), best_.end(), [&](const auto& found) { return found.first > away; });
      best_.insert(after, {away, other});
    }
    for (const auto& [away, other] : best_) *answer++ = static_cast<int32_t>(other);
  }

 private:
  const float* rows_;
  int64_t count_, width_, k_;
  std::vector<std::pair<double, int64_t>> best_;  // sorted
};

}  // namespace

at::Tensor nearestRows(const at::Tensor& rows, int64_t k, const std::atomic<bool>* stop,
                       const std::function<void(double)>& progress) {
  const int64_t count = rows.size(0), width = rows.numel() / std::max<int64_t>(1, count);
  at::Tensor out = at::zeros({count, k}, at::kInt);
  const float* data = rows.const_data_ptr<float>();
  int32_t* answer = out.mutable_data_ptr<int32_t>();
  const auto stopped = [&] { return stop != nullptr && *stop; };
  constexpr int64_t kAtOnce = 512;  // between two reports
  for (int64_t first = 0; first < count && !stopped(); first += kAtOnce) {
    const int64_t behind = std::min(first + kAtOnce, count);
    at::parallel_for(first, behind, 8, [&](int64_t begin, int64_t end) {
      Nearest nearest(data, count, width, k);
      for (int64_t row = begin; row < end && !stopped(); ++row) nearest.find(row, answer + row * k);
    });
    if (progress) progress(static_cast<double>(behind) / static_cast<double>(count));
  }
  return out;
}

}  // namespace blockyard
