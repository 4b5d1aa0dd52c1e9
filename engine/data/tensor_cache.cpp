#include "data/tensor_cache.hpp"

#include <ATen/ATen.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/safetensors.hpp"
#include "data/mapped_region.hpp"
#include "data/tensor_dtype.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

// An entry's file bears the time of its last use, with these nanoseconds. Whoever writes into the file gives it others,
// so that it is seen, without being read, to be no longer what was put there. Disks that keep whole seconds show 0.
constexpr int64_t kUntouched = 421'000'000;

bool isUntouched(int file) {
  struct stat info {};
  return ::fstat(file, &info) == 0 && (info.st_mtim.tv_nsec == kUntouched || info.st_mtim.tv_nsec == 0);
}

bool markAsUsed(int file) {
  const timespec now = {.tv_sec = ::time(nullptr), .tv_nsec = kUntouched};
  const timespec times[2] = {now, now};
  return ::futimens(file, times) == 0;
}

// Tensors are numbered so that their order survives the file's own.
std::string nameOf(size_t index) {
  return std::to_string(index);
}

}  // namespace

// A file as memory that outlives its name.
class CacheEntry::Map {
 public:
  Map(int file, size_t size, const fs::path& path) : file_(::dup(file)), size_(size) {
    data_ = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (data_ == MAP_FAILED) throwFileError(path, "map", errno);
    region_.emplace(data_, size_, file_.get());
  }
  ~Map() {
    region_.reset();
    ::munmap(data_, size_);
  }
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
  char* bytes() const { return static_cast<char*>(data_); }

 private:
  FileHandle file_;
  void* data_ = nullptr;
  size_t size_;
  std::optional<MappedRegion> region_{};
};

CacheEntry::CacheEntry(fs::path place, fs::path temporary, const std::string& head, uint64_t size)
    : place_(std::move(place)), temporary_(std::move(temporary)) {
  const FileHandle file(::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) throwFileError(temporary_, "write", errno);
  // Who sweeps sees by the lock that somebody is at work here. No lock (some network disks): it is not swept either.
  static_cast<void>(::flock(file.get(), LOCK_EX | LOCK_NB));
  // Now, not with a SIGBUS in the middle of the work.
  if (const int code = ::posix_fallocate(file.get(), 0, static_cast<off_t>(size)); code != 0) {
    ::unlink(temporary_.c_str());
    throwFileError(temporary_, "keep prepared rows", code);
  }
  try {
    map_ = std::make_shared<Map>(file.get(), size, temporary_);
  } catch (...) {
    ::unlink(temporary_.c_str());
    throw;
  }
  std::memcpy(map_->bytes(), head.data(), head.size());
  file_ = ::dup(file.get());  // shares the lock
}

CacheEntry::~CacheEntry() {
  if (file_ < 0) return;
  ::unlink(temporary_.c_str());
  ::close(file_);
}

void CacheEntry::commit() {
  // The mark comes behind the bytes, which change the time when they go to the disk.
  if (::fsync(file_) != 0 || !markAsUsed(file_) || ::fsync(file_) != 0) throwFileError(temporary_, "write", errno);
  std::error_code code;
  fs::rename(temporary_, place_, code);
  if (code) throwFileError(place_, "write", code.value());
  ::close(std::exchange(file_, -1));
  syncFolder(place_.parent_path());
}

std::optional<std::vector<at::Tensor>> TensorCache::find(const std::string& key) const {
  const fs::path path = folder_.fileOf(key);
  std::error_code code;
  if (!fs::exists(path, code)) return std::nullopt;
  try {
    struct Kept {
      SafetensorsFile mapped;
      FileHandle file;
      std::vector<std::unique_ptr<MappedRegion>> regions{};  // they go first
    };
    auto kept =
        std::make_shared<Kept>(Kept{SafetensorsFile(path), FileHandle(::open(path.c_str(), O_RDONLY | O_CLOEXEC))});
    const std::vector<TensorView>& views = kept->mapped.tensors();  // in the order of the file
    if (kept->file.get() < 0 || views.empty() || !isUntouched(kept->file.get())) return std::nullopt;
    const auto in_all = static_cast<int64_t>(fs::file_size(path));
    const char* const end = views.back().bytes.data() + views.back().bytes.size();
    std::vector<at::Tensor> out;
    for (size_t i = 0; i < views.size(); ++i) {
      const TensorView& view = kept->mapped.at(nameOf(i));
      const auto type = scalarType(view.dtype);
      if (!type) return std::nullopt;
      // Rows are only read; LibTorch has no tensor of constant bytes.
      char* const bytes = const_cast<char*>(view.bytes.data());
      kept->regions.push_back(
          std::make_unique<MappedRegion>(bytes, view.bytes.size(), kept->file.get(), in_all - (end - bytes)));
      out.push_back(at::from_blob(
          bytes, view.shape, [kept](void* /*data*/) {}, *type));
    }
    markAsUsed(kept->file.get());  // on a read-only disk nothing is kept track of
    return out;
  } catch (const Error&) {  // no entry of ours, or a damaged one: it is made again, and replaced
    return std::nullopt;
  }
}

std::unique_ptr<CacheEntry> TensorCache::begin(const std::string& key, const std::vector<CachedShape>& shapes,
                                               const std::string& what) const {
  std::vector<TensorView> views;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const auto dtype = fileDtype(shapes[i].type);
    if (!dtype) return nullptr;
    size_t bytes = sizeOf(*dtype);
    for (const int64_t size : shapes[i].sizes) bytes *= static_cast<size_t>(size);
    views.push_back({nameOf(i), *dtype, shapes[i].sizes, std::string_view(static_cast<const char*>(nullptr), bytes)});
  }
  const SafetensorsLayout layout = safetensorsLayout(views, {{kCachedWhatKey, what}});
  if (!folder_.makeRoom(static_cast<int64_t>(layout.size))) return nullptr;
  std::unique_ptr<CacheEntry> entry(
      new CacheEntry(folder_.fileOf(key), folder_.unfinishedFileOf(key), layout.head, layout.size));
  for (size_t i = 0; i < shapes.size(); ++i)
    entry->tensors_.push_back(at::from_blob(
        entry->map_->bytes() + layout.offsets[i], shapes[i].sizes, [map = entry->map_](void* /*data*/) {},
        shapes[i].type));
  return entry;
}

}  // namespace blockyard
