// NPY, the format of numpy.save: versions 1 to 3, C and Fortran order, either byte order, every element type that is a
// number. Objects are refused: they are pickled Python, which runs code when it is read. An array of an NPZ archive is
// read as a file of its own, see npz.hpp.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "data/npz.hpp"

namespace blockyard {

// What the elements become: floats float32; bool and uint8 uint8; other integers int64.
enum class NpyElement { Float32, Int64, UInt8 };

class NpyFile {
 public:
  // Maps the file; of an archive, reads the header alone. Throws Error if it is no such array or holds fewer or more
  // bytes than its header declares.
  explicit NpyFile(const std::string& path);

  const std::vector<int64_t>& shape() const { return shape_; }  // [N, ...], at least one size, N > 0
  int64_t rows() const { return shape_.front(); }
  int64_t rowSize() const { return row_size_; }  // elements of a row
  NpyElement element() const;
  // What follows looks at the elements: an array of an archive is unpacked at the first call, which throws Error if it
  // is damaged. One thread at a time. The elements as they lie in the file, row-major, if no conversion is needed; else
  // nullptr. Lives as long as this.
  const void* direct() const;
  // Rows [first, first + count) into `into`, row-major, as element() says. Throws Error for an integer beyond int64.
  void copy(int64_t first, int64_t count, void* into) const;
  // All bytes of the file, with its header.
  std::string_view fileBytes() const;
  const std::string& path() const { return path_; }

 private:
  void parseHeader(std::string_view header);
  void parseType(const std::string& type);
  [[noreturn]] void fail(const std::string& problem, const std::string& hint = {}) const;

  const char* data() const { return fileBytes().data() + front_; }

  std::string path_;
  std::unique_ptr<NpzArray> packed_;          // null: a file of its own
  mutable std::unique_ptr<MappedFile> file_;  // null: not unpacked yet
  std::vector<int64_t> shape_;
  int64_t row_size_ = 1;
  char kind_ = 'f';    // f: float, i: integer, u: unsigned, b: bool
  int64_t bytes_ = 4;  // of an element
  bool swapped_ = false, fortran_ = false;
  size_t front_ = 0;  // bytes before the first element
};

}  // namespace blockyard
