// The nearest rows of every row among the same rows, by Euclidean distance.
#pragma once
#include <ATen/core/Tensor.h>

#include <atomic>
#include <functional>

namespace blockyard {

// `rows` is a contiguous float32 CPU tensor [M, F]. The answer, int32 [M, k], holds for each row the numbers of the k
// other rows that are nearest to it, the nearest first, of two that are as near the one that comes first; k < M.
// Distances are summed up in 64 bits, one after the other, so that the answer depends on no number of threads. With
// LibTorch's threads. Stops early, with an answer of no use, once `stop` (may be null) is set. `progress` is told the
// share of the rows that are done, from 0 to 1, by the thread that called.
at::Tensor nearestRows(const at::Tensor& rows, int64_t k, const std::atomic<bool>* stop = nullptr,
                       const std::function<void(double)>& progress = {});

}  // namespace blockyard
