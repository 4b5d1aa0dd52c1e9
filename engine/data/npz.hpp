// NPZ, the format of numpy.savez: a ZIP archive of NPY files, stored or deflated. A path names one of its arrays behind
// the archive: "pictures.npz/train_images".
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/file.hpp"

namespace blockyard {

// Where a path leads: `file` is on the disk, `array` in it, empty if the path names none or `file` is no archive.
struct NpzPath {
  std::string file{}, array{};
};
NpzPath npzPath(const std::string& path);
// Whether the path leads into an archive, by its name alone.
bool isNpz(const std::string& path);

// One array of an archive: an NPY file that is unpacked when it is needed. One thread at a time.
class NpzArray {
 public:
  // Finds the array that the path names, or the only one. Throws Error, at the archive, if the file cannot be opened,
  // is no archive, or holds no such array.
  explicit NpzArray(const std::string& path);
  ~NpzArray();

  size_t size() const { return size_; }  // bytes, unpacked
  // The first bytes of the NPY file, at most `count`. Throws Error if they are damaged.
  std::string front(size_t count) const;
  // All of it, in a temporary file that is mapped into memory. Throws Error if it is damaged.
  std::unique_ptr<MappedFile> unpack() const;

 private:
  struct Archive;
  class Reader;
  void find(const std::string& wanted);
  [[noreturn]] void fail(const std::string& problem, const std::string& hint) const;

  std::string file_, name_;
  std::unique_ptr<Archive> archive_;
  unsigned long long index_ = 0;
  size_t size_ = 0;
};

}  // namespace blockyard
