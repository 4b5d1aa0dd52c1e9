#include "data/npy.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "data/csv_block.hpp"

namespace blockyard {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr int64_t kMostSizes = 32;
constexpr size_t kMostHeader = 1 << 20;  // of an array that is packed

static_assert(std::endian::native == std::endian::little);

template <class T>
T load(const char* at, bool swapped) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, at, sizeof(T));
  if (swapped) std::reverse(bytes, bytes + sizeof(T));
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

float halfToFloat(uint16_t half) {
  const int exponent = half >> 10 & 31, mantissa = half & 1023;
  float value = 0;
  if (exponent == 31)
    value = mantissa ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
  else if (exponent == 0)
    value = std::ldexp(static_cast<float>(mantissa), -24);
  else
    value = std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
  return half & 0x8000 ? -value : value;
}

// Calls visit(element of the file) for each element of the rows, in row-major order of the array.
template <class Visit>
void walk(const std::vector<int64_t>& shape, bool fortran, int64_t row_size, int64_t first, int64_t count,
          Visit visit) {
  if (!fortran) {
    for (int64_t i = first * row_size; i < (first + count) * row_size; ++i) visit(i);
    return;
  }
  std::vector<int64_t> stride(shape.size(), 1), at(shape.size(), 0);
  for (size_t d = 1; d < shape.size(); ++d) stride[d] = stride[d - 1] * shape[d - 1];
  for (int64_t row = first; row < first + count; ++row) {
    int64_t place = row;
    for (int64_t i = 0; i < row_size; ++i) {
      visit(place);
      // The next index: the last size runs fastest.
      for (size_t d = shape.size() - 1; d > 0; --d) {
        place += stride[d];
        if (++at[d] < shape[d]) break;
        place -= stride[d] * shape[d];
        at[d] = 0;
      }
    }
  }
}

}  // namespace

NpyFile::NpyFile(const std::string& path) : path_(path) {
  if (isNpz(path))
    packed_ = std::make_unique<NpzArray>(path);
  else
    file_ = std::make_unique<MappedFile>(path);
  const std::string head = packed_ ? packed_->front(kMostHeader) : std::string();
  const std::string_view bytes = packed_ ? std::string_view(head) : file_->bytes();
  if (bytes.starts_with("PK\x03\x04"))
    fail("this is an NPZ archive, not one array", "give it a name that ends in .npz");
  if (bytes.size() < 10 || !bytes.starts_with(kMagic))
    fail("this is no NPY file: it does not start with \\x93NUMPY", "save it with numpy.save");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3)
    fail("NPY version " + std::to_string(version) + " is not known", "save it with numpy.save");
  const size_t front = version == 1 ? 10 : 12;
  if (bytes.size() < front) fail("the file ends within its NPY header", "get the file again");
  const size_t length =
      version == 1 ? load<uint16_t>(bytes.data() + 8, false) : load<uint32_t>(bytes.data() + 8, false);
  if (bytes.size() - front < length) fail("the file ends within its NPY header", "get the file again");
  parseHeader(bytes.substr(front, length));
  front_ = front + length;
  int64_t declared = bytes_;
  for (const int64_t size : shape_)
    if (__builtin_mul_overflow(declared, size, &declared))
      fail("the sizes in the NPY header are absurd", "get the file again");
  const auto real = static_cast<int64_t>((packed_ ? packed_->size() : bytes.size()) - front_);
  if (real != declared)
    fail("the NPY header declares " + std::to_string(declared) + " bytes, the file holds " + std::to_string(real),
         "the file was cut short or its header is wrong: get it again");
  if (shape_.front() == 0 || declared == 0) fail("there are no elements in the array");
  row_size_ = declared / bytes_ / shape_.front();
}

std::string_view NpyFile::fileBytes() const {
  if (!file_) file_ = packed_->unpack();
  return file_->bytes();
}

void NpyFile::fail(const std::string& problem, const std::string& hint) const {
  if (packed_) packed_->unpack();  // whose checksum tells a damaged archive from an array of a wrong kind
  throw Error({.file = path_}, problem, hint);
}

// The header is a Python dict: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }.
void NpyFile::parseHeader(std::string_view header) {
  const auto value_of = [&](const std::string& key) {
    size_t at = header.find("'" + key + "'");
    if (at == std::string_view::npos) fail("the NPY header lacks '" + key + "'");
    at = header.find_first_not_of(" :", at + key.size() + 2);
    return at == std::string_view::npos ? std::string_view{} : header.substr(at);
  };
  const std::string_view type = value_of("descr");
  if (type.starts_with("[")) fail("the array has named fields", "save each field as an array of its own");
  const size_t end = type.find('\'', 1);
  if (!type.starts_with("'") || end == std::string_view::npos)
    fail("the element type in the NPY header is not readable");
  parseType(std::string(type.substr(1, end - 1)));
  fortran_ = value_of("fortran_order").starts_with("True");
  std::string_view sizes = value_of("shape");
  if (!sizes.starts_with("(") || sizes.find(')') == std::string_view::npos)
    fail("the shape in the NPY header is not readable");
  sizes = sizes.substr(1, sizes.find(')') - 1);
  for (size_t i = 0; i < sizes.size();) {
    if (!std::isdigit(static_cast<unsigned char>(sizes[i]))) {
      if (sizes[i] != ' ' && sizes[i] != ',') fail("the shape in the NPY header is not readable");
      ++i;
      continue;
    }
    int64_t size = 0;
    for (; i < sizes.size() && std::isdigit(static_cast<unsigned char>(sizes[i])); ++i)
      if (__builtin_mul_overflow(size, 10, &size) || __builtin_add_overflow(size, sizes[i] - '0', &size))
        fail("the sizes in the NPY header are absurd", "get the file again");
    shape_.push_back(size);
  }
  if (shape_.empty()) fail("the array is a single number without rows", "its first size must be the rows");
  if (static_cast<int64_t>(shape_.size()) > kMostSizes)
    fail("the array has more than " + std::to_string(kMostSizes) + " sizes");
}

void NpyFile::parseType(const std::string& type) {
  const std::string name = "elements of type " + quoteField(type);
  if (type.find('O') != std::string::npos)
    fail("the array holds Python objects, which are not read because they can run code",
         "convert it to numbers: array.astype(float)");
  if (type.size() < 3 || std::string("<>|=").find(type[0]) == std::string::npos)
    fail("the array holds " + name + ", expected numbers");
  kind_ = type[1];
  bytes_ = type.size() == 3 ? type[2] - '0' : 0;
  swapped_ = type[0] == '>' && bytes_ > 1;
  const auto power = [&](int64_t from) { return bytes_ >= from && bytes_ <= 8 && (bytes_ & (bytes_ - 1)) == 0; };
  const bool known =
      (kind_ == 'f' && power(2)) || ((kind_ == 'i' || kind_ == 'u') && power(1)) || (kind_ == 'b' && bytes_ == 1);
  if (!known)
    fail("the array holds " + name + ", expected numbers", "convert it to numbers: array.astype(\"float32\")");
}

NpyElement NpyFile::element() const {
  if (kind_ == 'f') return NpyElement::Float32;
  return bytes_ == 1 && kind_ != 'i' ? NpyElement::UInt8 : NpyElement::Int64;
}

const void* NpyFile::direct() const {
  const bool same = (kind_ == 'f' && bytes_ == 4) || (kind_ == 'i' && bytes_ == 8) || element() == NpyElement::UInt8;
  if (!same || swapped_ || (fortran_ && shape_.size() > 1)) return nullptr;
  const char* const elements = data();
  return reinterpret_cast<uintptr_t>(elements) % static_cast<uintptr_t>(bytes_) == 0 ? elements : nullptr;
}

void NpyFile::copy(int64_t first, int64_t count, void* into) const {
  const char* const elements = data();
  const auto each = [&](auto* out, auto convert) {
    walk(shape_, fortran_, row_size_, first, count, [&](int64_t i) { *out++ = convert(elements + i * bytes_); });
  };
  auto* const floats = static_cast<float*>(into);
  auto* const integers = static_cast<int64_t*>(into);
  const bool swapped = swapped_;
  switch (kind_ == 'f' ? 10 + bytes_ : kind_ == 'i' ? 20 + bytes_ : 30 + bytes_) {
    case 12:
      return each(floats, [=](const char* p) { return halfToFloat(load<uint16_t>(p, swapped)); });
    case 14:
      return each(floats, [=](const char* p) { return load<float>(p, swapped); });
    case 18:
      return each(floats, [=](const char* p) { return static_cast<float>(load<double>(p, swapped)); });
    case 21:
      return each(integers, [=](const char* p) { return int64_t{load<int8_t>(p, false)}; });
    case 22:
      return each(integers, [=](const char* p) { return int64_t{load<int16_t>(p, swapped)}; });
    case 24:
      return each(integers, [=](const char* p) { return int64_t{load<int32_t>(p, swapped)}; });
    case 28:
      return each(integers, [=](const char* p) { return load<int64_t>(p, swapped); });
    case 31:
      return each(static_cast<uint8_t*>(into), [=](const char* p) { return static_cast<uint8_t>(*p); });
    case 32:
      return each(integers, [=](const char* p) { return int64_t{load<uint16_t>(p, swapped)}; });
    case 34:
      return each(integers, [=](const char* p) { return int64_t{load<uint32_t>(p, swapped)}; });
    default:
      return each(integers, [=, this](const char* p) {
        const auto value = load<uint64_t>(p, swapped);
        if (value > uint64_t{INT64_MAX})
          fail("the integer " + std::to_string(value) + " in the array is too large",
               "convert it to numbers: array.astype(\"float64\")");
        return static_cast<int64_t>(value);
      });
  }
}

}  // namespace blockyard
