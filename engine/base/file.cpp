#include "base/file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBuffer = size_t{1} << 18;

std::string hintFor(int code) {
  switch (code) {
    case ENOSPC:
      return "free some space on that disk, then try again";
    case EDQUOT:
      return "your quota on that disk is used up; free some space, then try again";
    case EFBIG:
      return "the file system or a limit of the shell (ulimit -f) forbids files of this size";
    case EACCES:
    case EPERM:
      return "check the permissions of the file and of its folder";
    case EROFS:
      return "that disk is mounted read-only; choose another folder";
    case EMFILE:
    case ENFILE:
      return "too many files are open; raise ulimit -n";
    default:
      return {};
  }
}

FileHandle openFile(const fs::path& path, int flags, const std::string& doing) {
  int fd = -1;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) throwFileError(path, doing, errno);
  return FileHandle(fd);
}

void writeAll(int fd, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throwFileError(path, "write", errno);
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

void syncAll(int fd, const fs::path& path) {
  int result = 0;
  do result = ::fsync(fd);
  while (result != 0 && errno == EINTR);
  if (result != 0) throwFileError(path, "write", errno);
}

fs::path folderOf(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

// A link is followed, so that the file behind it is replaced and the link stays.
fs::path realPlace(const fs::path& path) {
  std::error_code code;
  if (!fs::is_symlink(path, code)) return path;
  const fs::path target = fs::weakly_canonical(path, code);
  return code ? path : target;
}

}  // namespace

void throwFileError(const fs::path& path, const std::string& doing, int code) {
  // A path that leads nowhere is a mistake of whoever wrote it down, even if the file is to be written.
  const bool input = doing == "read" || doing == "open" || code == ENOENT || code == ENOTDIR || code == EISDIR;
  throw Error({.file = path.string()}, "cannot " + doing + ": " + std::generic_category().message(code), hintFor(code),
              input ? Fault::BadInput : Fault::Failed);
}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

FileHandle::~FileHandle() {
  if (fd_ >= 0) ::close(fd_);
}

int FileHandle::release() {
  return std::exchange(fd_, -1);
}

std::string readFile(const fs::path& path, size_t max_bytes) {
  const FileHandle file = openFile(path, O_RDONLY, "read");
  struct stat info = {};
  if (::fstat(file.get(), &info) != 0) throwFileError(path, "read", errno);
  if (S_ISDIR(info.st_mode)) throwFileError(path, "read", EISDIR);
  const auto refuse_size = [&] {
    throw Error({.file = path.string()}, "expected at most " + std::to_string(max_bytes) + " bytes, the file has more");
  };
  if (info.st_size > 0 && static_cast<size_t>(info.st_size) > max_bytes) refuse_size();
  std::string out(static_cast<size_t>(std::max<off_t>(info.st_size, 0)), '\0');
  size_t used = 0;
  while (true) {  // the size is only a first guess: pipes and /proc files have none, and a file can grow meanwhile
    if (used == out.size()) {
      char probe[4096];
      const ssize_t n = ::read(file.get(), probe, sizeof probe);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throwFileError(path, "read", errno);
      if (n == 0) break;
      out.append(probe, static_cast<size_t>(n));
      used = out.size();
    } else {
      const ssize_t n = ::read(file.get(), out.data() + used, out.size() - used);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throwFileError(path, "read", errno);
      if (n == 0) break;
      used += static_cast<size_t>(n);
    }
    if (used > max_bytes) refuse_size();
  }
  out.resize(used);
  return out;
}

void checkIsFile(const fs::path& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode))
    return;  // one that is not there: whoever opens it says so
  if (S_ISDIR(info.st_mode)) throwFileError(path, "read", EISDIR);
  throw Error({.file = path.string()}, "expected a file, got a pipe or a device",
              "copy what comes from it into a file");
}

std::string readFileFrom(const fs::path& path, uint64_t offset) {
  const FileHandle file = openFile(path, O_RDONLY, "read");
  std::string out;
  size_t used = 0;
  while (true) {
    out.resize(std::max<size_t>(used * 2, 1 << 16));
    const ssize_t n = ::pread(file.get(), out.data() + used, out.size() - used, static_cast<off_t>(offset + used));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throwFileError(path, "read", errno);
    if (n == 0) break;
    used += static_cast<size_t>(n);
  }
  out.resize(used);
  return out;
}

void writeDurably(const fs::path& path, std::string_view bytes) {
  DurableFile file(path);
  file.write(bytes);
  file.commit();
}

void syncFolder(const fs::path& folder) {
  const FileHandle handle = openFile(folder, O_RDONLY | O_DIRECTORY, "sync the folder");
  // Some network file systems cannot sync a folder; the rename itself has succeeded then.
  if (::fsync(handle.get()) != 0 && errno != EINVAL && errno != ENOTSUP) throwFileError(folder, "sync", errno);
}

void makeFolder(const fs::path& path) {
  std::error_code code;
  const bool made = fs::create_directories(path, code);
  if (code) throwFileError(path, "make the folder", code.value());
  if (made) syncFolder(folderOf(path));
}

DurableFile::DurableFile(const fs::path& path) : path_(realPlace(path)) {
  static std::atomic<unsigned> counter = 0;
  struct stat old = {};
  const bool there = ::stat(path.c_str(), &old) == 0;
  if (there && S_ISDIR(old.st_mode)) throwFileError(path, "write", EISDIR);
  if (there && !S_ISREG(old.st_mode)) {
    path_ = path;  // what /dev/stdout leads to has no name of its own
    file_ = openFile(path_, O_WRONLY | O_APPEND, "write");
    return;
  }
  temporary_ = path_;
  temporary_.replace_filename("." + path_.filename().string() + "." + std::to_string(::getpid()) + "-" +
                              std::to_string(counter++) + ".tmp");
  // A leftover of a dead process that had our number; nobody else writes to this name.
  ::unlink(temporary_.c_str());
  try {
    file_ = openFile(temporary_, O_WRONLY | O_CREAT | O_EXCL, "write");
  } catch (const Error& error) {  // the user knows the file, not our temporary name
    throw Error({.file = path_.string()}, error.problem(), error.hint(), error.fault());
  }
  // Best effort: the permissions of the file that is replaced.
  if (there) {
    [[maybe_unused]] const int kept = ::fchmod(file_.get(), old.st_mode & 07777);
  }
}

DurableFile::~DurableFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void DurableFile::write(const void* bytes, size_t size) {
  if (buffer_.size() + size > kBuffer) flush();
  if (size >= kBuffer) {
    writeAll(file_.get(), {static_cast<const char*>(bytes), size}, path_);
  } else {
    buffer_.append(static_cast<const char*>(bytes), size);
  }
}

void DurableFile::flush() {
  writeAll(file_.get(), buffer_, path_);
  buffer_.clear();
}

void DurableFile::commit() {
  flush();
  const bool straight = temporary_.empty();
  if (!straight) syncAll(file_.get(), path_);
  if (::close(file_.release()) != 0) throwFileError(path_, "write", errno);
  if (straight) return;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) throwFileError(path_, "write", errno);
  temporary_.clear();
  syncFolder(folderOf(path_));
}

GrowingFile::GrowingFile(fs::path path)
    : path_(std::move(path)), file_(openFile(path_, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, "write")) {}

void GrowingFile::write(std::string_view bytes) {
  try {
    writeAll(file_.get(), bytes, path_);
  } catch (const Error&) {
    [[maybe_unused]] const int cut = ::ftruncate(file_.get(), static_cast<off_t>(size_));
    throw;
  }
  size_ += bytes.size();
}

void GrowingFile::sync() {
  syncAll(file_.get(), path_);
  syncFolder(folderOf(path_));
}

MappedFile::MappedFile(const fs::path& path) {
  const FileHandle file = openFile(path, O_RDONLY, "read");
  struct stat info = {};
  if (::fstat(file.get(), &info) != 0) throwFileError(path, "read", errno);
  if (S_ISDIR(info.st_mode)) throwFileError(path, "read", EISDIR);
  size_ = static_cast<size_t>(info.st_size);
  if (size_ == 0) return;
  data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data_ == MAP_FAILED) {
    data_ = nullptr;
    throwFileError(path, "read", errno);
  }
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

}  // namespace blockyard
