#include "data/mapped_region.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

namespace blockyard {
namespace {

// The system maps what lies around a page that is touched, too (fault_around_bytes).
constexpr int64_t kAround = int64_t{64} << 10;
constexpr int64_t kPage = 4096;

struct Region {
  void* data;
  size_t bytes;
};

std::mutex mutex;
std::vector<Region>& regions() {
  static std::vector<Region> all;
  return all;
}
std::atomic<bool> any = false;
std::atomic<int64_t> budget = int64_t{1} << 30;
std::atomic<int64_t> touched = 0;

}  // namespace

MappedRegion::MappedRegion(void* data, size_t bytes) : data_(data), bytes_(bytes) {
  const std::lock_guard lock(mutex);
  regions().push_back({data, bytes});
  any = true;
}

MappedRegion::~MappedRegion() {
  const std::lock_guard lock(mutex);
  std::erase_if(regions(), [&](const Region& region) { return region.data == data_; });
  any = !regions().empty();
}

void setMappedBudget(int64_t bytes) {
  budget = bytes;
}

void mappedWasTouched(int64_t places, int64_t bytes) {
  if (!any) return;
  const int64_t now = touched += std::max(places * kAround, bytes);
  if (now < budget / 2 || touched.exchange(0) < budget / 2) return;  // somebody else has seen it, too
  const std::lock_guard lock(mutex);
  for (const Region& region : regions()) {
    const auto from = (reinterpret_cast<uintptr_t>(region.data) + kPage - 1) / kPage * kPage;
    const auto to = (reinterpret_cast<uintptr_t>(region.data) + region.bytes) / kPage * kPage;
    if (to > from) ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
}

}  // namespace blockyard
