// Changes of single pictures, for the blocks that show the network every picture a little different each time: turned,
// cut, in other colors. Definitions and names are torchvision's (transforms.functional); pixels are worked on as
// float32 and rounded once, so results agree with it up to that rounding.
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "blocks/block.hpp"

namespace blockyard {

// One picture that is being worked on. A copy: nothing else sees it.
struct Canvas {
  int64_t channels = 0, height = 0, width = 0;
  float most = 255;             // of a pixel: 255 where the picture is bytes, else 1
  std::vector<float> pixels{};  // [C, H, W]
  std::vector<float> spare{};   // room for a change that cannot be done in place
};

using PictureChange = std::function<void(Canvas&, const KeyedRandom&)>;
// Every picture of `x`, uint8 or float32 [N, C, H, W], changed with random numbers of its own, keyed by (epoch, row):
// the same in any batch and on any number of threads. The layout stays.
Packet changedPictures(const Packet& x, const Step& step, const KeyedRandom& random, const PictureChange& change);
// Infers y as x; throws Error unless it is pictures of uint8 or float32. `color`: with one channel or three.
Signatures inferChanged(const Signatures& inputs, bool color);
// Two ascending numbers, or an Error at the parameter.
std::array<double, 2> rangeOf(const Values& values, const std::string& parameter);
// Between the two numbers of a range, evenly.
double between(const std::array<double, 2>& range, double share);

// ---- where pixels come from

struct Affine {
  double angle = 0;            // degrees, clockwise
  double right = 0, down = 0;  // pixels
  double scale = 1;
  double shear_x = 0, shear_y = 0;  // degrees
  bool about_corner = false;        // the upper left one instead of the middle stays where it is
};
// Nothing outside of the picture: `fill` is there.
void affine(Canvas& canvas, const Affine& how, bool smooth, float fill);
// The rectangle, scaled to the size of the picture (bilinear).
void resizedCrop(Canvas& canvas, int64_t top, int64_t left, int64_t height, int64_t width);
void fillRectangle(Canvas& canvas, int64_t top, int64_t left, int64_t height, int64_t width, float value);

struct Rectangle {
  int64_t top = 0, left = 0, height = 0, width = 0;
};
// A random rectangle whose share of the area and whose proportions (the longer side's share is drawn on a logarithmic
// scale) lie in ranges; nothing if ten tries gave none that fits. Uses the counters 0 to 39 of `random`.
std::optional<Rectangle> randomRectangle(const Canvas& canvas, const std::array<double, 2>& area,
                                         const std::array<double, 2>& ratio, const KeyedRandom& random);

// ---- what becomes of their values; factor 1 changes nothing

void brightness(Canvas& canvas, float factor);
void contrast(Canvas& canvas, float factor);
void saturation(Canvas& canvas, float factor);
void hue(Canvas& canvas, float turn);  // -0.5 to 0.5 of the color circle
void sharpness(Canvas& canvas, float factor);
void posterize(Canvas& canvas, int bits);  // only these upper bits of a byte are kept
void solarize(Canvas& canvas, float threshold);
void autocontrast(Canvas& canvas);
void equalize(Canvas& canvas);  // pictures of bytes
void roundToBytes(Canvas& canvas);

}  // namespace blockyard
