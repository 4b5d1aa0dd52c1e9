// What every picture format gives: its header, and its pixels as they lie in the file. For data/picture.cpp alone,
// which checks the size in between and brings what comes to what was asked for.
#pragma once
#include <optional>

#include "data/picture.hpp"

namespace blockyard {

struct PictureHeader {
  int64_t channels = 0, height = 0, width = 0;  // as stored, before the rotation
  int orientation = 1;                          // of EXIF: 1 is upright
};

// Throws Error naming `file`: what is wrong, and what to do.
[[noreturn]] void refusePicture(const std::string& file, const std::string& problem,
                                const std::string& hint = "the file may have been cut short");

// Each throws Error. Pixels have 1, 3 or 4 channels, whatever is least work but no less than `wish.channels` needs.
PictureHeader pngHeader(std::string_view bytes, const std::string& file);
Pixels pngPixels(std::string_view bytes, const std::string& file, const PictureHeader& header, const PictureWish& wish);
// The pixels of a PNG file that is whole and of the usual kind; nothing for another one.
std::optional<Pixels> usualPngPixels(std::string_view bytes, const PictureHeader& header, const PictureWish& wish);
PictureHeader jpegHeader(std::string_view bytes, const std::string& file);
Pixels jpegPixels(std::string_view bytes, const std::string& file, const PictureHeader& header,
                  const PictureWish& wish);
PictureHeader bmpHeader(std::string_view bytes, const std::string& file);
Pixels bmpPixels(std::string_view bytes, const std::string& file, const PictureHeader& header, const PictureWish& wish);
PictureHeader tiffHeader(std::string_view bytes, const std::string& file);
Pixels tiffPixels(std::string_view bytes, const std::string& file, const PictureHeader& header,
                  const PictureWish& wish);
PictureHeader webpHeader(std::string_view bytes, const std::string& file);
Pixels webpPixels(std::string_view bytes, const std::string& file, const PictureHeader& header,
                  const PictureWish& wish);

// The orientation, 1 to 8, that EXIF data gives (it is laid out as a TIFF file); 1 if it gives none or is damaged.
int exifOrientation(std::string_view exif);
// The picture as its orientation wants it shown.
Pixels upright(Pixels pixels, int orientation);

}  // namespace blockyard
