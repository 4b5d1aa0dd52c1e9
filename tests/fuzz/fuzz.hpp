// What the fuzz targets share. A target is given bytes of any kind; whatever it does but to read them or to refuse them
// by an Error that a person can read is a defect: a crash, an overflow, another exception, a false answer, a hang.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace blockyard::fuzz {

// Ends the program, so that libFuzzer keeps the bytes.
[[noreturn]] void defect(const std::string& what);
inline void require(bool holds, const char* what) {
  if (!holds) defect(what);
}

// The input, from front to end.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  // One byte for a choice among `count`; 0 at the end.
  size_t choice(size_t count);
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// Bytes as a file that lies in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  int file_ = -1;
  std::string path_;
};

// The text with which `read` refuses, or "". It must be one line of UTF-8 that is not too long to be read.
std::string refusalOf(void (*read)(void*), void* what);
template <class Read>
std::string refusal(Read read) {
  return refusalOf([](void* what) { (*static_cast<Read*>(what))(); }, &read);
}

}  // namespace blockyard::fuzz
