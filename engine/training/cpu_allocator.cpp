#include "training/cpu_allocator.hpp"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

namespace blockyard {
namespace {

constexpr size_t kHeader = 64;  // keeps the tensor behind it aligned for every vector instruction
constexpr size_t kSmallPage = 4096;
constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kMapped = size_t{1} << 20;  // blocks from here on are mapped, smaller ones come from malloc
constexpr size_t kSteps = 8;                 // sizes per doubling: at most an eighth of a block is slack
constexpr size_t kClasses = 64 * kSteps;
constexpr uint64_t kMagic = 0xB10C4A7D0A110C8EULL;

// Stands in front of every tensor.
struct Header {
  uint64_t magic;
  size_t size;  // of the whole block
  size_t size_class;
  uint64_t freed_at;  // by the count of frees: smaller is longer ago
};
static_assert(sizeof(Header) <= kHeader);

size_t roundedUp(size_t size, size_t unit) {
  return (size + unit - 1) / unit * unit;
}

// Eight sizes per doubling, by the leading bit and the three bits after it.
size_t classOf(size_t size) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(size - 1)) - 4);
  return static_cast<size_t>(shift) * kSteps + ((size - 1) >> shift);
}

size_t sizeOf(size_t size_class) {
  if (size_class < 2 * kSteps) return size_class + 1;
  const size_t shift = size_class / kSteps - 1;
  return (size_class - shift * kSteps + 1) << shift;
}

// Starts on a huge page; the last, partial one is of small pages, so that nothing is wasted.
void* mapBlock(size_t size) {
  const size_t room = size + kHugePage;
  void* raw = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (raw == MAP_FAILED) return nullptr;
  auto* const start = static_cast<char*>(raw);
  char* const block = start + (kHugePage - reinterpret_cast<uintptr_t>(start) % kHugePage) % kHugePage;
  if (block > start) munmap(start, static_cast<size_t>(block - start));
  const auto tail = static_cast<size_t>(start + room - (block + size));
  if (tail > 0) munmap(block + size, tail);
  if (size >= kHugePage) madvise(block, size / kHugePage * kHugePage, MADV_HUGEPAGE);  // a wish; no matter if refused
  return block;
}

Header* fetchBlock(size_t size) {
  void* raw = size >= kMapped ? mapBlock(size) : std::aligned_alloc(kHeader, size);
  return raw == nullptr ? nullptr : new (raw) Header{};
}

void returnBlock(Header* block) {
  block->magic = 0;
  if (block->size >= kMapped)
    munmap(block, block->size);
  else
    std::free(block);
}

class Pool {
 public:
  void* take(size_t bytes);
  void give(void* data);
  void release();
  MemoryUse use() const;
  void resetPeak();
  void limit(size_t bytes);

 private:
  Header* reuse(size_t size_class);
  bool dropOldest();

  mutable std::mutex mutex_;
  std::array<std::vector<Header*>, kClasses> free_{};  // of each class, the latest last: it is still in the caches
  size_t in_use_ = 0, peak_ = 0, highest_ = 0, cached_ = 0, limit_ = 0;
  uint64_t fetched_ = 0, frees_ = 0;
};

void* Pool::take(size_t bytes) {
  if (bytes > (size_t{1} << 48)) TORCH_CHECK_WITH(OutOfMemoryError, false, "cannot allocate ", bytes, " bytes");
  const size_t size_class = classOf(roundedUp(bytes + kHeader, kHeader));
  const size_t exact = sizeOf(size_class);
  const size_t size = roundedUp(exact, exact >= kMapped ? kSmallPage : kHeader);
  const std::lock_guard lock(mutex_);
  if (limit_ > 0 && in_use_ + size > limit_)
    TORCH_CHECK_WITH(OutOfMemoryError, false, "cannot allocate ", bytes, " bytes: tensors take ", in_use_,
                     " of at most ", limit_);
  Header* block = reuse(size_class);
  if (block == nullptr) {
    // What waits may take as much as tensors ever took at once, and some more for sizes that change from step to step.
    const size_t allowed = std::max(highest_, in_use_ + size) / 4 * 5 + (size_t{64} << 20);
    while (in_use_ + cached_ + size > allowed && dropOldest()) {
    }
    block = fetchBlock(size);
    while (block == nullptr && dropOldest()) block = fetchBlock(size);
    if (block == nullptr)
      TORCH_CHECK_WITH(OutOfMemoryError, false, "cannot allocate ", bytes, " bytes: the system refuses");
    ++fetched_;
    block->magic = kMagic;
    block->size = size;
    block->size_class = size_class;
  }
  in_use_ += block->size;
  peak_ = std::max(peak_, in_use_);
  highest_ = std::max(highest_, in_use_);
  return reinterpret_cast<char*>(block) + kHeader;
}

// A waiting block of this class, or of the next one: an eighth more slack is better than another block.
Header* Pool::reuse(size_t size_class) {
  for (size_t c = size_class; c < size_class + 2; ++c) {
    if (free_[c].empty()) continue;
    Header* block = free_[c].back();
    free_[c].pop_back();
    cached_ -= block->size;
    return block;
  }
  return nullptr;
}

void Pool::give(void* data) {
  auto* block = reinterpret_cast<Header*>(static_cast<char*>(data) - kHeader);
  // Memory that was allocated before this allocator was there, and is returned by address only.
  if (block->magic != kMagic) {
    std::free(data);
    return;
  }
  const std::lock_guard lock(mutex_);
  in_use_ -= block->size;
  cached_ += block->size;
  block->freed_at = ++frees_;
  free_[block->size_class].push_back(block);
}

// False if nothing waits.
bool Pool::dropOldest() {
  std::vector<Header*>* oldest = nullptr;
  for (auto& list : free_)
    if (!list.empty() && (oldest == nullptr || list.front()->freed_at < oldest->front()->freed_at)) oldest = &list;
  if (oldest == nullptr) return false;
  cached_ -= oldest->front()->size;
  returnBlock(oldest->front());
  oldest->erase(oldest->begin());
  return true;
}

void Pool::release() {
  const std::lock_guard lock(mutex_);
  for (auto& list : free_) {
    for (Header* block : list) returnBlock(block);
    list.clear();
    list.shrink_to_fit();
  }
  cached_ = 0;
  highest_ = in_use_;
}

MemoryUse Pool::use() const {
  const std::lock_guard lock(mutex_);
  return {static_cast<int64_t>(in_use_), static_cast<int64_t>(peak_), static_cast<int64_t>(cached_),
          static_cast<int64_t>(fetched_)};
}

void Pool::resetPeak() {
  const std::lock_guard lock(mutex_);
  peak_ = in_use_;
}

void Pool::limit(size_t bytes) {
  const std::lock_guard lock(mutex_);
  limit_ = bytes;
}

// Never destroyed: tensors in static variables are freed after main.
Pool& pool() {
  static Pool* const kPool = new Pool;
  return *kPool;
}

void giveBack(void* data) {
  if (data != nullptr) pool().give(data);
}

class CachingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    void* data = bytes == 0 ? nullptr : pool().take(bytes);
    return {data, data, &giveBack, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &giveBack; }
  void copy_data(void* to, const void* from, size_t bytes) const override { default_copy_data(to, from, bytes); }
};

}  // namespace

bool installCpuAllocator() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;
#else
  static std::once_flag once;
  // The priority must exceed that of the default (0) only where others are registered; there are none.
  std::call_once(once, [] { c10::SetCPUAllocator(new CachingAllocator, /*priority=*/100); });
  return true;
#endif
}

MemoryUse cpuMemoryUse() {
  return pool().use();
}
void resetCpuMemoryPeak() {
  pool().resetPeak();
}
void releaseCpuMemory() {
  pool().release();
}
void limitCpuMemory(int64_t bytes) {
  pool().limit(static_cast<size_t>(std::max<int64_t>(0, bytes)));
}

void tuneMalloc() {
#ifdef __GLIBC__
  // glibc takes no larger threshold than 32 MiB; above it every block is mapped and unmapped.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  mallopt(M_TOP_PAD, 16 << 20);
#endif
}

void trimMalloc() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace blockyard
