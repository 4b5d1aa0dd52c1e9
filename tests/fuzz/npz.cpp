// NPZ archives: the array of one, unpacked, is as long as it was said to be, and begins as its front does.
#include "data/npz.hpp"

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  const fuzz::MemoryFile file(fuzz::Input(data, size).rest());
  fuzz::refusal([&] {
    const NpzArray array(file.path());
    const std::string front = array.front(256);
    const auto unpacked = array.unpack();
    fuzz::require(unpacked->bytes().size() == array.size(), "unpacked, the array has another size");
    fuzz::require(unpacked->bytes().starts_with(front), "the front of the array is not how it begins");
  });
  return 0;
}
