// A caching allocator for tensors on the CPU. A training step allocates the same few dozen large blocks again and
// again; malloc gives each of them back to the kernel and then faults it in anew, page by page, which costs a small
// convolutional network a third of its time. Here a freed block waits for the next tensor of its size, and large blocks
// lie on huge pages. Process-wide; every function may be called from any thread. Torch-free.
#pragma once
#include <cstdint>

namespace blockyard {

struct MemoryUse {
  int64_t in_use = 0;   // bytes of living tensors
  int64_t peak = 0;     // largest in_use since the start or resetMemoryPeak
  int64_t cached = 0;   // bytes that wait for the next tensor
  int64_t fetched = 0;  // blocks that were asked of the system so far; stands still in a steady loop
};

// Makes LibTorch take the memory of tensors from here. Once, before the first tensor is made; later calls do nothing.
// False, and nothing changes, in builds with a sanitizer: it could not see past a cache.
bool installCpuAllocator();

MemoryUse cpuMemoryUse();  // all zero unless installed
void resetCpuMemoryPeak();
// Gives the waiting blocks back to the system: at the end of a run, and when memory is short.
void releaseCpuMemory();
// Tensors that would exceed `bytes` in all are refused with c10::OutOfMemoryError; 0 is no limit.
void limitCpuMemory(int64_t bytes);

// Tells malloc to keep what it has been given back, for libraries that do not ask LibTorch for memory. Only on glibc.
void tuneMalloc();
// Gives back to the system what malloc holds and nobody uses, after work that took much more than what follows.
void trimMalloc();

}  // namespace blockyard
