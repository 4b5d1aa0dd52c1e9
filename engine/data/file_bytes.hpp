// FileBytes: the bytes of a file from front to end, unpacked if it is gzip or Zstandard (told by its first bytes, not
// by its name). Hashes the file's own bytes on the way. One thread at a time.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "base/sha256.hpp"

namespace blockyard {

class FileBytes {
 public:
  // Throws Error if the file cannot be opened or is a folder. With `hash`, every byte of the file is added to it.
  explicit FileBytes(std::string path, Sha256* hash = nullptr);
  ~FileBytes();
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  // Fills `into` with up to `count` bytes; fewer only at the end, 0 if nothing is left. Throws Error if the file cannot
  // be read or its packed data is damaged or cut short.
  size_t read(char* into, size_t count);
  const std::string& path() const { return path_; }
  bool packed() const { return unpacker_ != nullptr; }
  // Bytes of the file as it lies on disk, and how many of them have been taken. The size is 0 if it is not known (a
  // pipe).
  int64_t size() const { return size_; }
  int64_t position() const { return position_; }

 private:
  class Unpacker;  // a way of packing
  class Gzip;
  class Zstandard;
  size_t readRaw(char* into, size_t count);

  std::string path_;
  Sha256* hash_;
  FileHandle file_;
  int64_t size_ = 0, position_ = 0;
  std::string head_;  // the first bytes, read to see what the file is
  size_t head_used_ = 0;
  std::unique_ptr<Unpacker> unpacker_;
};

// The file at `path`, seen from `folder` if it is relative.
std::string pathFrom(const std::string& folder, const std::string& path);
// Up to `count` first bytes as they lie on disk. Throws Error if the file cannot be read.
std::string firstBytes(const std::string& path, size_t count);

}  // namespace blockyard
