// Pictures of all formats: what can be decoded has the size that its header gave and the channels that were asked for,
// and looks the same again; a smaller one is no smaller than was asked for.
#include "data/picture.hpp"

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  using fuzz::require;
  constexpr int64_t kMost = int64_t{1} << 20;  // pixels
  constexpr int64_t kChannels[] = {0, 1, 3, 4};
  fuzz::Input input(data, size);
  const int64_t channels = kChannels[input.choice(4)];
  const auto least = static_cast<int64_t>(input.choice(64));
  const std::string_view bytes = input.rest();
  fuzz::refusal([&] {
    const PictureSize shown = pictureSize(bytes, "a", kMost);
    const Picture picture = decodePicture(bytes, "a", channels, kMost);
    require(picture.height == shown.height && picture.width == shown.width, "another size than the header gave");
    require(channels == 0 ? picture.channels == 1 || picture.channels == 3 : picture.channels == channels,
            "other channels than were asked for");
    const auto count = static_cast<size_t>(picture.channels * picture.height * picture.width);
    require(picture.bytes.size() == count, "another number of bytes than there are pixels");
    require(decodePicture(bytes, "a", channels, kMost).bytes == picture.bytes, "decoded again, it looks different");
    const Pixels smaller = decodePixels(
        bytes, "a", {.channels = channels, .max_pixels = kMost, .least_height = least, .least_width = least});
    require(smaller.height <= picture.height && smaller.width <= picture.width, "larger than the picture");
    require(smaller.height >= std::min(least, picture.height) && smaller.width >= std::min(least, picture.width),
            "smaller than was asked for");
    require(smaller.bytes.size() == static_cast<size_t>(smaller.channels * smaller.height * smaller.width),
            "another number of bytes than there are pixels");
  });
  return 0;
}
