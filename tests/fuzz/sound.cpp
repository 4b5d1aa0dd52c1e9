// Sound files: whatever can be read in one go can be read piece by piece, and from any place.
#include "data/sound.hpp"

#include <algorithm>
#include <vector>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  constexpr int64_t kMost = 1 << 15;  // samples that are compared
  fuzz::Input input(data, size);
  const int64_t piece = 1 + static_cast<int64_t>(input.choice(256));
  const fuzz::MemoryFile file(input.rest());
  fuzz::refusal([&] {
    SoundFile sound(file.path());
    const int64_t channels = sound.channels(), count = std::min(sound.samples(), kMost / channels + 1);
    std::vector<float> whole(static_cast<size_t>(count * channels)), pieces(whole.size());
    sound.read(0, count, whole.data());
    // Pieces from behind, where the first one that is read is not where the file stands.
    for (int64_t end = count; end > 0; end -= std::min(piece * 16, end)) {
      const int64_t first = std::max<int64_t>(0, end - piece * 16);
      sound.read(first, end - first, pieces.data() + first * channels);
    }
    fuzz::require(whole == pieces, "piece by piece, it sounds different");
  });
  return 0;
}
