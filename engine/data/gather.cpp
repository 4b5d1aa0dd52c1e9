#include "data/gather.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/error.hpp"
#include "data/mapped_region.hpp"

namespace blockyard {
namespace {

// By all threads: memory that was never touched costs more to get from the system than to write.
void copyBytes(char* into, const char* from, int64_t bytes) {
  constexpr int64_t kTaskBytes = 1 << 20;
  at::parallel_for(0, bytes, kTaskBytes, [&](int64_t begin, int64_t end) {
    std::memcpy(into + begin, from + begin, static_cast<size_t>(end - begin));
  });
}

// Many rows, on pages of the usual size: they are picked one by one, where huge pages gain nothing that could be
// measured, and in a virtual machine a huge page can take milliseconds to come, a quarter of a second for 100 MB.
at::Tensor smallPages(at::IntArrayRef sizes, at::ScalarType type, size_t bytes) {
  constexpr size_t kMany = size_t{16} << 20;
  void* const memory =
      bytes < kMany ? MAP_FAILED : ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return at::empty(sizes, type);
  return at::from_blob(
      memory, sizes, [bytes](void* data) { ::munmap(data, bytes); }, type);
}

}  // namespace

at::Tensor rowTensor(at::IntArrayRef sizes, at::ScalarType type, int64_t memory_budget) {
  int64_t bytes = static_cast<int64_t>(c10::elementSize(type));
  for (const int64_t size : sizes) bytes *= size;
  if (bytes <= memory_budget) return smallPages(sizes, type, static_cast<size_t>(bytes));

  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/blockyard-rows-XXXXXX";
  const int file = ::mkostemp(path.data(), O_CLOEXEC);
  const auto fail = [&](const char* what) -> Error {
    return {{.file = path},
            std::string(what) + ": " + std::strerror(errno),
            "free some space, or point TMPDIR to a folder with room",
            Fault::Failed};
  };
  if (file < 0) throw fail("a temporary file for the prepared rows could not be made");
  ::unlink(path.c_str());
  const int code = ::posix_fallocate(file, 0, bytes);  // now, not with a SIGBUS in the middle of training
  if (code != 0) {
    ::close(file);
    errno = code;
    throw fail("there is no room for the prepared rows");
  }
  void* memory = ::mmap(nullptr, static_cast<size_t>(bytes), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) {
    const int reason = errno;
    ::close(file);
    errno = reason;
    throw fail("the prepared rows could not be mapped");
  }
  auto region = std::make_shared<MappedRegion>(memory, static_cast<size_t>(bytes), file);
  return at::from_blob(
      memory, sizes,
      [bytes, file, region = std::move(region)](void* data) mutable {
        region.reset();
        ::munmap(data, static_cast<size_t>(bytes));
        ::close(file);
      },
      type);
}

at::Tensor sliceRows(const at::Tensor& rows, int64_t first, int64_t count) {
  at::Tensor slice = rows.narrow(0, first, count);
  const FilePlace place = filePlaceOf(slice.const_data_ptr());
  if (place.file < 0 || slice.numel() == 0) return slice;
  at::Tensor out = at::empty(slice.sizes(), slice.options());
  readFrom(place, 0, out.mutable_data_ptr(), out.nbytes());
  return out;
}

void putRows(const at::Tensor& rows, int64_t first, const at::Tensor& into) {
  const at::Tensor slice = into.narrow(0, first, rows.size(0));
  // What differs from the rows before is converted, or refused, by LibTorch.
  if (rows.sizes() != slice.sizes() || rows.scalar_type() != slice.scalar_type() || !rows.is_contiguous()) {
    slice.copy_(rows);
    return;
  }
  if (rows.nbytes() == 0) return;
  if (const FilePlace place = filePlaceOf(slice.const_data_ptr()); place.file >= 0)
    writeTo(place, 0, rows.const_data_ptr(), rows.nbytes());
  else
    copyBytes(static_cast<char*>(slice.mutable_data_ptr()), static_cast<const char*>(rows.const_data_ptr()),
              static_cast<int64_t>(rows.nbytes()));
}

at::Tensor gatherRows(const at::Tensor& rows, const std::vector<int64_t>& picks, Memory memory, bool parallel) {
  std::vector<int64_t> sizes = rows.sizes().vec();
  sizes[0] = static_cast<int64_t>(picks.size());
  at::Tensor out = at::empty(sizes, rows.options().pinned_memory(memory == Memory::Pinned));
  const size_t width = rows.size(0) == 0 ? 0 : rows.nbytes() / static_cast<size_t>(rows.size(0));
  const auto* from = static_cast<const char*>(rows.const_data_ptr());
  auto* into = static_cast<char*>(out.mutable_data_ptr());
  // The rows lie anywhere in memory: the next ones are on their way while one is copied.
  constexpr size_t kAhead = 16, kLine = 64;
  const FilePlace place = filePlaceOf(from);
  const auto copy = [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      if (place.file >= 0) {
        readFrom(place, picks[i] * static_cast<int64_t>(width), into + i * width, width);
        continue;
      }
      if (i + kAhead < picks.size()) {
        const char* const soon = from + static_cast<size_t>(picks[i + kAhead]) * width;
        for (size_t byte = 0; byte < width && byte < 16 * kLine; byte += kLine) __builtin_prefetch(soon + byte);
      }
      std::memcpy(into + i * width, from + static_cast<size_t>(picks[i]) * width, width);
    }
  };
  const auto count = static_cast<int64_t>(picks.size());
  constexpr int64_t kTaskBytes = 1 << 15;  // less is done sooner than a thread wakes up
  if (parallel)
    at::parallel_for(0, count, std::max<int64_t>(1, kTaskBytes / std::max<int64_t>(1, static_cast<int64_t>(width))),
                     copy);
  else
    copy(0, count);
  return out;
}

}  // namespace blockyard
