#include "data/file_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"

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

struct FileBytes::Inflater {
  z_stream stream{};
  std::vector<char> input = std::vector<char>(kInputBytes);
  bool ended = false;  // the current member is complete

  Inflater() {
    // 15 + 16: gzip only, largest window.
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw Error({}, "out of memory", {}, Fault::OutOfMemory);
  }
  ~Inflater() { inflateEnd(&stream); }
};

FileBytes::FileBytes(std::string path, Sha256* hash)
    : path_(std::move(path)), hash_(hash), file_(openForReading(path_)) {
  struct stat info {};
  if (::fstat(file_.get(), &info) == 0 && S_ISREG(info.st_mode)) size_ = info.st_size;
  ::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  std::string head(2, '\0');
  head.resize(readRaw(head.data(), head.size()));
  head_ = std::move(head);
  if (head_ == "\x1f\x8b") inflater_ = std::make_unique<Inflater>();
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

size_t FileBytes::inflateSome(char* into, size_t count) {
  z_stream& stream = inflater_->stream;
  stream.next_out = reinterpret_cast<Bytef*>(into);
  stream.avail_out = static_cast<uInt>(std::min<size_t>(count, 1 << 30));
  const uInt room = stream.avail_out;
  while (stream.avail_out == room) {
    if (stream.avail_in == 0) {
      stream.next_in = reinterpret_cast<Bytef*>(inflater_->input.data());
      stream.avail_in = static_cast<uInt>(readRaw(inflater_->input.data(), inflater_->input.size()));
      if (stream.avail_in == 0) {
        if (inflater_->ended) return 0;
        throw Error({.file = path_}, "the gzip data ends too early", "the file was cut short: get it again");
      }
    }
    if (inflater_->ended) {
      // Files packed piece by piece hold several members one after the other; zeros behind the last one are padding.
      while (stream.avail_in > 0 && *stream.next_in == 0) ++stream.next_in, --stream.avail_in;
      if (stream.avail_in == 0) continue;
      inflateReset(&stream);
      inflater_->ended = false;
    }
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END)
      inflater_->ended = true;
    else if (result != Z_OK && result != Z_BUF_ERROR)
      throw Error({.file = path_}, std::string("the gzip data is damaged: ") + (stream.msg ? stream.msg : "unknown"),
                  "get the file again");
  }
  return room - stream.avail_out;
}

size_t FileBytes::read(char* into, size_t count) {
  if (!inflater_) return readRaw(into, count);
  size_t done = 0;
  while (done < count) {
    const size_t got = inflateSome(into + done, count - done);
    if (got == 0) break;
    done += got;
  }
  return done;
}

std::string pathFrom(const std::string& folder, const std::string& path) {
  const std::filesystem::path p(path);
  return path.empty() || folder.empty() || p.is_absolute() ? path : (std::filesystem::path(folder) / p).string();
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
