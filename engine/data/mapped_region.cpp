#include "data/mapped_region.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include "base/error.hpp"

namespace blockyard {
namespace {

struct Region {
  const char* data;
  size_t bytes;
  int file;
  int64_t offset;
};

std::shared_mutex mutex;
std::atomic<bool> any = false;

std::vector<Region>& regions() {
  static std::vector<Region> all;
  return all;
}

[[noreturn]] void fail(const char* doing) {
  throw Error({}, std::string("the file of prepared rows cannot be ") + doing + ": " + std::strerror(errno), {},
              Fault::Failed);
}

}  // namespace

MappedRegion::MappedRegion(const void* data, size_t bytes, int file, int64_t offset) : data_(data) {
  const std::unique_lock lock(mutex);
  regions().push_back({static_cast<const char*>(data), bytes, file, offset});
  any = true;
}

MappedRegion::~MappedRegion() {
  const std::unique_lock lock(mutex);
  std::erase_if(regions(), [&](const Region& region) { return region.data == data_; });
  any = !regions().empty();
}

FilePlace filePlaceOf(const void* data) {
  if (!any) return {};
  const auto* const at = static_cast<const char*>(data);
  const std::shared_lock lock(mutex);
  for (const Region& region : regions())
    if (at >= region.data && at < region.data + region.bytes) return {region.file, region.offset + (at - region.data)};
  return {};
}

void readFrom(const FilePlace& place, int64_t at, void* into, size_t bytes) {
  auto* to = static_cast<char*>(into);
  while (bytes > 0) {
    const ssize_t n = ::pread(place.file, to, bytes, place.offset + at);
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) fail("read");
    to += n, at += n, bytes -= static_cast<size_t>(n);
  }
}

void writeTo(const FilePlace& place, int64_t at, const void* from, size_t bytes) {
  const auto* out = static_cast<const char*>(from);
  while (bytes > 0) {
    const ssize_t n = ::pwrite(place.file, out, bytes, place.offset + at);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("written");
    out += n, at += n, bytes -= static_cast<size_t>(n);
  }
}

}  // namespace blockyard
