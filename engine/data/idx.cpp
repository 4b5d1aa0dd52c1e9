#include "data/idx.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "data/file_bytes.hpp"

namespace blockyard {
namespace {

constexpr int64_t kMostBytes = int64_t{1} << 40;
constexpr int64_t kReserve = int64_t{1} << 28;
constexpr size_t kUnpackedPiece = size_t{1} << 22;

const char* elementName(uint8_t code) {
  switch (code) {
    case 0x09:
      return "int8";
    case 0x0b:
      return "int16";
    case 0x0c:
      return "int32";
    case 0x0d:
      return "float32";
    case 0x0e:
      return "float64";
    default:
      return nullptr;
  }
}

IdxHeader readHeader(FileBytes& file) {
  const Where where{.file = file.path()};
  const auto take = [&](uint8_t* into, size_t count) {
    if (file.read(reinterpret_cast<char*>(into), count) < count)
      throw Error(where, "the file ends within its IDX header", "get the file again");
  };
  uint8_t magic[4];
  take(magic, 4);
  if (magic[0] != 0 || magic[1] != 0 || (magic[2] != 0x08 && !elementName(magic[2])) || magic[3] == 0)
    throw Error(where, "this is no IDX file: it does not start with 0, 0, element type, number of sizes",
                "IDX files are those of MNIST, e.g. train-images-idx3-ubyte.gz");
  if (magic[2] != 0x08)
    throw Error(where, std::string("expected unsigned bytes in the IDX file, got ") + elementName(magic[2]),
                "use source/array for numbers");
  IdxHeader header;
  for (int i = 0; i < magic[3]; ++i) {
    uint8_t size[4];
    take(size, 4);
    header.sizes.push_back(int64_t{size[0]} << 24 | int64_t{size[1]} << 16 | int64_t{size[2]} << 8 | int64_t{size[3]});
  }
  int64_t bytes = 1;
  for (const int64_t size : header.sizes)
    if (__builtin_mul_overflow(bytes, size, &bytes) || bytes > kMostBytes)
      throw Error(where, "the sizes in the IDX header are absurd", "get the file again");
  return header;
}

}  // namespace

int64_t IdxHeader::bytes() const {
  int64_t bytes = 1;
  for (const int64_t size : sizes) bytes *= size;
  return bytes;
}

IdxHeader readIdxHeader(const std::string& path) {
  FileBytes file(path);
  return readHeader(file);
}

IdxFile readIdx(const std::string& path, Sha256* hash, const std::atomic<bool>* stop, int64_t most_items) {
  FileBytes file(path, hash);
  IdxFile idx{.header = readHeader(file)};
  const int64_t declared = idx.header.bytes();
  const auto lies = [&](const std::string& got) {
    throw Error({.file = path}, "the IDX header declares " + std::to_string(declared) + " bytes, the file holds " + got,
                "the file was cut short or its header is wrong: get it again");
  };
  const auto header_bytes = static_cast<int64_t>(4 + 4 * idx.header.sizes.size());
  if (!file.packed() && file.size() > 0 && file.size() - header_bytes != declared)
    lies(std::to_string(file.size() - header_bytes));
  const bool whole = most_items == 0 || idx.header.items() <= most_items;
  if (!whole) idx.header.sizes.front() = most_items;
  const int64_t wanted = idx.header.bytes();
  // Memory that is not touched costs nothing, so a header that lies costs none.
  idx.bytes.reserve(static_cast<size_t>(std::min(wanted, kReserve)));
  for (int64_t done = 0; done < wanted;) {
    if (stop && stop->load()) throw Error({}, "stopped", {}, Fault::TryAgain);
    const auto piece = static_cast<size_t>(std::min<int64_t>(wanted - done, kUnpackedPiece));
    idx.bytes.resize(static_cast<size_t>(done) + piece);
    const size_t got = file.read(reinterpret_cast<char*>(idx.bytes.data()) + done, piece);
    done += static_cast<int64_t>(got);
    if (got < piece) lies("only " + std::to_string(done));
  }
  char more = 0;
  if (whole && file.read(&more, 1) > 0) lies("more");
  return idx;
}

}  // namespace blockyard
