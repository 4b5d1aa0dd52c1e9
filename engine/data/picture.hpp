// Pictures from files: PNG and JPEG to bytes of [C, H, W]. Sizes are read from the header and checked before anything
// is decoded, so that a small file cannot ask for a large memory. Pure functions, usable from any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace blockyard {

enum class PictureFormat { None, Png, Jpeg };
// By the first bytes, whatever the file is called.
PictureFormat pictureFormat(std::string_view bytes);

struct PictureSize {
  int64_t channels = 0;  // as stored: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
  int64_t height = 0;
  int64_t width = 0;
};

struct Picture {
  int64_t channels = 0, height = 0, width = 0;
  std::vector<uint8_t> bytes{};  // [C, H, W]
};

constexpr int64_t kMaxPixels = int64_t{1} << 28;  // of one picture

// From the header alone. Throws Error naming `file` if it is no picture, is damaged or has more than `max_pixels`.
PictureSize pictureSize(std::string_view bytes, const std::string& file, int64_t max_pixels = kMaxPixels);

// Decodes to `channels` (1: grey, 3: RGB, 4: RGB and alpha; 0: 1 or 3, as stored, alpha left out). 16-bit samples
// become 8-bit; colors become grey with the weights of ITU-R 601 (as Pillow does); where alpha is left out, the colors
// stay as stored. Throws Error as pictureSize does, and for data that ends early.
Picture decodePicture(std::string_view bytes, const std::string& file, int64_t channels = 0,
                      int64_t max_pixels = kMaxPixels);

}  // namespace blockyard
