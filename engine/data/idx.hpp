// IDX, the format of MNIST and its relatives: a header with element type and sizes, then the elements, all big-endian.
// Often packed as .gz.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/sha256.hpp"

namespace blockyard {

struct IdxHeader {
  std::vector<int64_t> sizes{};
  int64_t items() const { return sizes.empty() ? 0 : sizes.front(); }
  int64_t bytes() const;  // of all elements
};

// A file of unsigned bytes, as pictures and labels are: the only element type that the known sets use.
struct IdxFile {
  IdxHeader header{};
  std::vector<uint8_t> bytes{};  // row-major
};

// The header alone. Throws Error if the file is no IDX file of unsigned bytes.
IdxHeader readIdxHeader(const std::string& path);
// The whole file; throws Error if it holds fewer or more bytes than its header declares, before taking memory for them.
// With `hash`, the bytes on disk are added to it. With `most_items`, only so many are read, and the header that is
// returned says how many those are.
IdxFile readIdx(const std::string& path, Sha256* hash = nullptr, const std::atomic<bool>* stop = nullptr,
                int64_t most_items = 0);

}  // namespace blockyard
