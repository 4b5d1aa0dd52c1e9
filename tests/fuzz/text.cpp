// Texts of any encoding become UTF-8, in pieces as at once.
#include "data/encoding.hpp"

#include <optional>

#include "fuzz.hpp"

namespace blockyard::fuzz {
namespace {

std::string readBy(const std::string& path, std::optional<Encoding> wanted, size_t piece) {
  TextStream stream(path, wanted);
  std::string out;
  for (;;) {
    const size_t before = out.size();
    out.resize(before + piece);
    const size_t got = stream.read(out.data() + before, piece);
    require(got <= piece, "more than there was room for");
    out.resize(before + got);
    if (got < piece) break;
  }
  if (stream.encoding() != Encoding::Utf8) require(invalidUtf8(out) == std::string::npos, "no UTF-8 came out");
  return out;
}

}  // namespace
}  // namespace blockyard::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  using namespace blockyard::fuzz;
  Input input(data, size);
  std::optional<Encoding> wanted;
  if (const size_t choice = input.choice(5); choice > 0) wanted = static_cast<Encoding>(choice - 1);
  const size_t piece = 1 + input.choice(32);
  const MemoryFile file(input.rest());
  std::string whole, pieces;
  const std::string refused = refusal([&] { whole = readBy(file.path(), wanted, 1 << 16); });
  const std::string refused_too = refusal([&] { pieces = readBy(file.path(), wanted, piece); });
  require(refused == refused_too, "two readings, two refusals");
  require(!refused.empty() || whole == pieces, "two readings, two texts");
  return 0;
}
