// Pictures of any size at one size: read, decoded, scaled and cut, as they go into a training and into a prediction.
// Scaling is antialiased: the same as Pillow's and torchvision's up to rounding (one step of 255).
#pragma once
#include <string>

#include "data/picture.hpp"

namespace blockyard {

enum class Fit {
  Stretch,  // to the size, whatever that does to the proportions
  Crop,     // scaled until it covers the size, and what sticks out is cut off evenly on both sides
  Pad,      // scaled until it fits into the size, in the middle of black
};
enum class Smoothing { Bilinear, Bicubic };

struct PictureShape {
  int64_t channels = 3;  // 1: grey, 3: RGB
  int64_t height = 0, width = 0;
  Fit fit = Fit::Crop;
  Smoothing smoothing = Smoothing::Bilinear;
};

// One picture into `into`, [C, H, W]. A JPEG that is more than twice as large as needed is decoded at a smaller size.
// Throws Error naming `file`. Any thread.
void fitPicture(std::string_view bytes, const std::string& file, const PictureShape& shape, uint8_t* into);

}  // namespace blockyard
