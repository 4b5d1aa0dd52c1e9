// RandAugment: some changes of a fixed list for every picture while training, all of one strength (Cubuk et al. 2020,
// "RandAugment: practical automated data augmentation with a reduced search space", arXiv:1909.13719).
#include <cmath>
#include <numbers>

#include "blocks/picture_changes.hpp"

namespace blockyard::preprocessor {
namespace {

constexpr double kStrongest = 30;  // magnitude, as torchvision counts
constexpr uint64_t kChanges = 14;

class RandAugment final : public Block {
 public:
  explicit RandAugment(const Setup& setup)
      : changes_(setup.values.integer("changes")),
        strength_(static_cast<double>(setup.values.integer("magnitude")) / kStrongest),
        random_(setup.random.key("randaugment")) {}

  Batch forward(const Batch& in, Step& step) override {
    return {{"y", changedPictures(in.packet("x"), step, random_, [this](Canvas& canvas, const KeyedRandom& random) {
               for (int64_t i = 0; i < changes_; ++i) {
                 const KeyedRandom own = random.key(static_cast<uint64_t>(i));
                 change(canvas, own.below(0, kChanges), own.uniform(1) < 0.5 ? -1 : 1);
                 roundToBytes(canvas);
               }
             })}};
  }

 private:
  // `sign`: to which side, for changes that have two.
  void change(Canvas& canvas, uint64_t which, double sign) const {
    constexpr double kShear = 0.3, kMove = 150.0 / 331, kTurn = 30, kMix = 0.9;
    const double slant = std::atan(sign * kShear * strength_) * 180 / std::numbers::pi;
    const auto moved = [&](int64_t size) { return std::trunc(sign * kMove * strength_ * static_cast<double>(size)); };
    const auto factor = static_cast<float>(1 + sign * kMix * strength_);
    const auto bits = static_cast<int>(8 - std::nearbyint(4 * strength_));
    switch (which) {
      case 0:
        return;
      case 1:
        return affine(canvas, {.shear_x = slant, .about_corner = true}, false, 0);
      case 2:
        return affine(canvas, {.shear_y = slant, .about_corner = true}, false, 0);
      case 3:
        return affine(canvas, {.right = moved(canvas.width)}, false, 0);
      case 4:
        return affine(canvas, {.down = moved(canvas.height)}, false, 0);
      case 5:
        return affine(canvas, {.angle = sign * kTurn * strength_}, false, 0);
      case 6:
        return brightness(canvas, factor);
      case 7:
        return saturation(canvas, factor);
      case 8:
        return contrast(canvas, factor);
      case 9:
        return sharpness(canvas, factor);
      case 10:
        return posterize(canvas, bits);
      case 11:
        return solarize(canvas, static_cast<float>(255 * (1 - strength_)));
      case 12:
        return autocontrast(canvas);
      default:
        return equalize(canvas);
    }
  }

  int64_t changes_;
  double strength_;
  KeyedRandom random_;
};

Signatures inferRandAugment(const Values&, const Signatures& inputs) {
  if (inputs.at("x").element != Element::UInt8)
    throw Error({.port = "x"}, "expected pictures of bytes (uint8), got " + inputs.at("x").text(),
                "put this block in front of the one that scales them");
  return inferChanged(inputs, true);
}

}  // namespace

BlockType rand_augment() {
  return {
      .schema = {.title = "RandAugment",
                 .doc = "While training, applies some changes to every picture, drawn from fourteen: none, slanted, "
                        "moved, turned, other brightness, color, contrast or sharpness, fewer grey values, bright "
                        "ones inverted, contrast stretched or evened out (Cubuk et al. 2020, arXiv:1909.13719; as "
                        "torchvision's RandAugment). One number says how strong. Passes pictures on unchanged when "
                        "it is not training.",
                 .inputs = {{"x", "image[N, C, H, W]"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"changes", 2, Range{0, 14}, "how many are applied, one after the other"},
                            {"magnitude", 9, Range{0, kStrongest}, "how strong they are"}},
                 .examples = {{.in = {{"x", {{1, 1, 1, 2}, {1, 2}, Element::UInt8}}},
                               .out = {{"y", {{1, 1, 1, 2}, {1, 2}, Element::UInt8}}}}},
                 .phase = Phase::EachBatch,
                 .train_only = true},
      .make = make<RandAugment>,
      .infer = inferRandAugment};
}

}  // namespace blockyard::preprocessor
