// IDX files, plain and packed.
#include "data/idx.hpp"

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  fuzz::Input input(data, size);
  const auto most = static_cast<int64_t>(input.choice(4));
  const fuzz::MemoryFile file(input.rest());
  fuzz::refusal([&] {
    Sha256 hash;
    const IdxFile idx = readIdx(file.path(), &hash, nullptr, most);
    fuzz::require(static_cast<int64_t>(idx.bytes.size()) == idx.header.bytes(), "sizes and bytes disagree");
    fuzz::require(most == 0 || idx.header.items() <= most, "more items than were asked for");
    fuzz::require(readIdxHeader(file.path()).sizes.size() == idx.header.sizes.size(), "two headers");
  });
  return 0;
}
