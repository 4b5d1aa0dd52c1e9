// Rows of big tensors: where they are kept, and how a batch of them is put together.
#pragma once
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace blockyard {

// An empty CPU tensor for many rows. Above `memory_budget` bytes it lies in a temporary file that is mapped into memory
// and has no name, so that nothing is left over. Throws Error (Fault::Failed) if the disk has no room.
at::Tensor rowTensor(at::IntArrayRef sizes, at::ScalarType type, int64_t memory_budget);

// Pinned memory is what a GPU copies from by itself; there is none without a GPU.
enum class Memory { Plain, Pinned };

// out[i] = rows[picks[i]] for a contiguous CPU tensor [R, ...]; picks must be in range. `parallel`: with
// LibTorch's threads, which the caller must not be one of.
at::Tensor gatherRows(const at::Tensor& rows, const std::vector<int64_t>& picks, Memory memory = Memory::Plain,
                      bool parallel = false);

// Rows [first, first + count) of a contiguous CPU tensor: a view, or a copy where they lie in a mapped file.
at::Tensor sliceRows(const at::Tensor& rows, int64_t first, int64_t count);
// into[first ...] = rows, with LibTorch's threads where they are many. Throws LibTorch's error if they do not fit.
void putRows(const at::Tensor& rows, int64_t first, const at::Tensor& into);

}  // namespace blockyard
