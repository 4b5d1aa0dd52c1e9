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

}  // namespace

at::Tensor nearestRows(const at::Tensor& rows, int64_t k, const std::atomic<bool>* stop) {
  const int64_t count = rows.size(0), width = rows.numel() / std::max<int64_t>(1, count);
  at::Tensor out = at::zeros({count, k}, at::kInt);
  const float* data = rows.const_data_ptr<float>();
  int32_t* answer = out.mutable_data_ptr<int32_t>();
  at::parallel_for(0, count, 8, [&](int64_t begin, int64_t end) {
    std::vector<std::pair<double, int64_t>> best;  // sorted
    for (int64_t row = begin; row < end && !(stop != nullptr && *stop); ++row) {
      best.clear();
      for (int64_t other = 0; other < count; ++other) {
        if (other == row) continue;
        const bool full = static_cast<int64_t>(best.size()) == k;
        const double most = full ? best.back().first : std::numeric_limits<double>::infinity();
        const double away = distance(data + row * width, data + other * width, width, most);
        if (full && !(away < most)) continue;
        if (full) best.pop_back();
        const auto after =
            std::find_if(best.begin(), best.end(), [&](const auto& found) { return found.first > away; });
        best.insert(after, {away, other});
      }
      for (size_t i = 0; i < best.size(); ++i)
        answer[row * k + static_cast<int64_t>(i)] = static_cast<int32_t>(best[i].second);
    }
  });
  return out;
}

}  // namespace blockyard
