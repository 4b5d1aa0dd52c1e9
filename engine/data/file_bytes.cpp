#include "data/file_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "data/remote.hpp"

namespace blockyard {
namespace {

constexpr size_t kInputBytes = size_t{1} << 16;

FileHandle openForReading(const std::string& path) {
  if (path.empty()) throw Error({}, "no file is named", "set the parameter `file`");
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throwFileError(path, "open", errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) throwFileError(path, "open", errno);
  if (S_ISDIR(info.st_mode)) throw Error({.file = path}, "expected a file, got a folder", "name a file in it");
  return file;
}

}  // namespace

class FileBytes::Unpacker {
 public:
  explicit Unpacker(FileBytes& file) : file_(file) {}
  virtual ~Unpacker() = default;
  virtual size_t some(char* into, size_t count) = 0;

 protected:
  // More packed bytes; 0 at the end of the file.
  size_t refill() { return file_.readRaw(input_.data(), input_.size()); }
  [[noreturn]] void cutShort(const char* format) const {
    throw Error({.file = file_.path_}, std::string("the ") + format + " data ends too early",
                "the file was cut short: get it again");
  }
  [[noreturn]] void damaged(const char* format, const char* problem) const {
    throw Error({.file = file_.path_},
                std::string("the ") + format + " data is damaged: " + (problem ? problem : "unknown"),
                "get the file again");
  }

  FileBytes& file_;
  std::vector<char> input_ = std::vector<char>(kInputBytes);
};

class FileBytes::Gzip final : public Unpacker {
 public:
  explicit Gzip(FileBytes& file) : Unpacker(file) {
    // 15 + 16: gzip only, largest window.
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) throw Error({}, "out of memory", {}, Fault::OutOfMemory);
  }
  ~Gzip() override { inflateEnd(&stream_); }

  size_t some(char* into, size_t count) override {
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(std::min<size_t>(count, 1 << 30));
    const uInt room = stream_.avail_out;
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0) {
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(refill());
        if (stream_.avail_in == 0) {
          if (ended_) return 0;
          cutShort("gzip");
        }
      }
      if (ended_) {
        // Files packed piece by piece hold several members one after the other; zeros behind the last one are padding.
        while (stream_.avail_in > 0 && *stream_.next_in == 0) ++stream_.next_in, --stream_.avail_in;
        if (stream_.avail_in == 0) continue;
        inflateReset(&stream_);
        ended_ = false;
      }
      const int result = ::inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_STREAM_END)
        ended_ = true;
      else if (result != Z_OK && result != Z_BUF_ERROR)
        damaged("gzip", stream_.msg);
    }
    return room - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool ended_ = false;  // the current member is complete
};

// Frames one after the other, and frames to skip, are the library's business.
class FileBytes::Zstandard final : public Unpacker {
 public:
  explicit Zstandard(FileBytes& file) : Unpacker(file), stream_(ZSTD_createDStream()) {
    if (!stream_) throw Error({}, "out of memory", {}, Fault::OutOfMemory);
  }
  ~Zstandard() override { ZSTD_freeDStream(stream_); }

  size_t some(char* into, size_t count) override {
    ZSTD_outBuffer out{into, count, 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size && !flushing_) {
        in_ = {input_.data(), refill(), 0};
        if (in_.size == 0) {
          if (ended_) return 0;
          cutShort("Zstandard");
        }
      }
      const size_t left = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(left)) damaged("Zstandard", ZSTD_getErrorName(left));
      ended_ = left == 0;
      flushing_ = !ended_ && out.pos == out.size;  // there may be more without further input
    }
    return out.pos;
  }

 private:
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool ended_ = false;     // the current frame is complete
  bool flushing_ = false;  // the last call has filled all room
};

FileBytes::FileBytes(std::string path, Sha256* hash)
    : path_(std::move(path)), hash_(hash), file_(openForReading(path_)) {
  struct stat info {};
  if (::fstat(file_.get(), &info) == 0 && S_ISREG(info.st_mode)) size_ = info.st_size;
  ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  std::string head(4, '\0');
  head.resize(readRaw(head.data(), head.size()));
  head_ = std::move(head);
  if (head_.starts_with("\x1f\x8b")) unpacker_ = std::make_unique<Gzip>(*this);
  if (head_ == "\x28\xb5\x2f\xfd") unpacker_ = std::make_unique<Zstandard>(*this);
}

FileBytes::~FileBytes() = default;

size_t FileBytes::readRaw(char* into, size_t count) {
  size_t done = std::min(count, head_.size() - head_used_);
  std::memcpy(into, head_.data() + head_used_, done);
  head_used_ += done;
  while (done < count) {
    const ssize_t got = ::read(file_.get(), into + done, count - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throwFileError(path_, "read", errno);
    if (got == 0) break;
    if (hash_) hash_->update(into + done, static_cast<size_t>(got));
    position_ += got;
    done += static_cast<size_t>(got);
  }
  return done;
}

size_t FileBytes::read(char* into, size_t count) {
  if (!unpacker_) return readRaw(into, count);
  size_t done = 0;
  while (done < count) {
    const size_t got = unpacker_->some(into + done, count - done);
    if (got == 0) break;
    done += got;
  }
  return done;
}

std::string pathFrom(const std::string& folder, const std::string& path) {
  const std::filesystem::path p(path);
  return path.empty() || folder.empty() || p.is_absolute() || isRemote(path)
             ? path
             : (std::filesystem::path(folder) / p).string();
}

std::string firstBytes(const std::string& path, size_t count) {
  const FileHandle file = openForReading(path);
  std::string bytes(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t got = ::pread(file.get(), bytes.data() + done, count - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throwFileError(path, "read", errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace blockyard
