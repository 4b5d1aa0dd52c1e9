// Pictures from files: JPEG, PNG, BMP, TIFF and WebP to bytes. Grey, 16 bits, palettes, alpha and CMYK become what is
// asked for, and a rotation that the camera has noted (EXIF) is done. Sizes are read from the header and checked before
// anything is decoded, so that a small file cannot ask for a large memory. Pure functions, usable from any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace blockyard {

enum class PictureFormat { None, Png, Jpeg, Bmp, Tiff, WebP };
// By the first bytes, whatever the file is called.
PictureFormat pictureFormat(std::string_view bytes);
// By the ending of its name: .jpg, .jpeg, .png, .bmp, .tif, .tiff, .webp in any case; and of other formats that people
// have (.gif, .heic, ...), so that such a file is told to be unreadable rather than left out without a word.
bool hasPictureEnding(std::string_view name);

// A folder of pictures: a file with such an ending lies in it or below, and no project beside it. Looks no deeper than
// three folders, and at few files.
bool holdsPictures(const std::string& folder);

struct PictureSize {
  int64_t channels = 0;  // as stored: 1 grey, 2 grey and alpha, 3 colors, 4 colors and alpha
  int64_t height = 0;    // as it is shown
  int64_t width = 0;
};

// Pixels beside each other, as decoders and resizing want them.
struct Pixels {
  int64_t height = 0, width = 0, channels = 0;
  std::vector<uint8_t> bytes{};  // [H, W, C]
};

struct Picture {
  int64_t channels = 0, height = 0, width = 0;
  std::vector<uint8_t> bytes{};  // [C, H, W]
};

constexpr int64_t kMaxPixels = int64_t{1} << 28;  // of one picture

// From the header alone. Throws Error naming `file` if it is no picture, is damaged or has more than `max_pixels`.
PictureSize pictureSize(std::string_view bytes, const std::string& file, int64_t max_pixels = kMaxPixels);

struct PictureWish {
  int64_t channels = 0;  // 1: grey, 3: RGB, 4: RGB and alpha; 0: 1 or 3, as stored
  int64_t max_pixels = kMaxPixels;
  // The picture is going to be made smaller, but not below this: a JPEG may come at a half, a quarter or an eighth of
  // its size as long as it is not smaller than this. 0: as large as it is.
  int64_t least_height = 0, least_width = 0;
};

// 16-bit samples become 8-bit; colors become grey with the weights of ITU-R 601 (as Pillow does); where alpha is left
// out, the colors stay as stored. Throws Error as pictureSize does, and for data that ends early.
Pixels decodePixels(std::string_view bytes, const std::string& file, const PictureWish& wish = {});
// The same, channel by channel.
Picture decodePicture(std::string_view bytes, const std::string& file, int64_t channels = 0,
                      int64_t max_pixels = kMaxPixels);

}  // namespace blockyard
