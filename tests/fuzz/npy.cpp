// NPY files: every row can be had, and in pieces the same as at once.
#include "data/npy.hpp"

#include <cstring>
#include <vector>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  const fuzz::MemoryFile file(fuzz::Input(data, size).rest());
  fuzz::refusal([&] {
    const NpyFile npy(file.path());
    fuzz::require(npy.rows() > 0 && npy.rowSize() > 0, "an array without elements");
    const size_t bytes = npy.element() == NpyElement::Int64 ? 8 : npy.element() == NpyElement::Float32 ? 4 : 1;
    const auto row = static_cast<size_t>(npy.rowSize()) * bytes;
    std::vector<char> whole(static_cast<size_t>(npy.rows()) * row), again(whole.size());
    npy.copy(0, npy.rows(), whole.data());
    for (int64_t i = 0; i < npy.rows(); ++i) npy.copy(i, 1, again.data() + static_cast<size_t>(i) * row);
    fuzz::require(whole == again, "rows one by one differ from all at once");
    if (npy.direct() != nullptr)
      fuzz::require(std::memcmp(npy.direct(), whole.data(), whole.size()) == 0, "direct() differs from copy()");
  });
  return 0;
}
