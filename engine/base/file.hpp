// Files that survive: every file of ours is written to a temporary name beside its place, synced and renamed, so that a
// crash or a full disk leaves the old file or the new one, never half of it. Errors name the path, the reason of the
// system and what to do. Plain blocking calls, usable from any thread; an object belongs to one thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

namespace blockyard {

// The whole file. Throws Error if it cannot be read or has more than `max_bytes`.
std::string readFile(const std::filesystem::path& path, size_t max_bytes = std::numeric_limits<size_t>::max());

// Throws Error if something else than a file is there: a pipe would be waited for without end.
void checkIsFile(const std::filesystem::path& path);

// What stands behind the first `offset` bytes; empty if there is nothing.
std::string readFileFrom(const std::filesystem::path& path, uint64_t offset);

// Replaces the file, or makes it. Throws Error; the old file is whole then.
void writeDurably(const std::filesystem::path& path, std::string_view bytes);

// Brings the names in a folder to the disk. Throws Error.
void syncFolder(const std::filesystem::path& folder);

// Makes the folder and its parents. Throws Error.
void makeFolder(const std::filesystem::path& path);

// Error for a failed call: "cannot <doing>: <reason of the system>", with a hint where one helps. `code` is an errno.
[[noreturn]] void throwFileError(const std::filesystem::path& path, const std::string& doing, int code);

// An open file, closed at the end. -1 is none.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int fd) : fd_(fd) {}
  FileHandle(FileHandle&& other) noexcept : fd_(other.release()) {}
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();
  int get() const { return fd_; }
  int release();

 private:
  int fd_ = -1;
};

// A file that is written piece by piece and appears at its place only at commit(). What is no regular file - a pipe, a
// terminal, /dev/stdout - is never replaced: it gets the bytes as they come.
class DurableFile {
 public:
  explicit DurableFile(const std::filesystem::path& path);
  ~DurableFile();  // without commit(): nothing has happened
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;

  void write(const void* bytes, size_t size);
  void write(std::string_view bytes) { write(bytes.data(), bytes.size()); }
  // Syncs the file, renames it to its place and syncs the folder. Once, as the last call.
  void commit();

 private:
  void flush();
  std::filesystem::path path_, temporary_;  // no temporary name: written straight to its place
  FileHandle file_;
  std::string buffer_;
};

// A new file that grows: what was flushed survives a crash of the program, what was synced a crash of the machine.
class GrowingFile {
 public:
  // Throws Error if the file is there already.
  explicit GrowingFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  // To the system, at once. If it throws, the file ends where it did before.
  void write(std::string_view bytes);
  void sync();  // to the disk

 private:
  std::filesystem::path path_;
  FileHandle file_;
  uint64_t size_ = 0;
};

// A file as memory, read-only. Throws Error if it cannot be opened.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace blockyard
