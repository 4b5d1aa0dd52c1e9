// Color jitter: other brightness, contrast, saturation and hue for every picture while training.
#include <algorithm>

#include "blocks/picture_changes.hpp"

namespace blockyard::preprocessor {
namespace {

class ColorJitter final : public Block {
 public:
  explicit ColorJitter(const Setup& setup)
      : brightness_(setup.values.number("brightness")),
        contrast_(setup.values.number("contrast")),
        saturation_(setup.values.number("saturation")),
        hue_(setup.values.number("hue")),
        random_(setup.random.key("jitter")) {}

  Batch forward(const Batch& in, Step& step) override {
    return {{"y", changedPictures(in.packet("x"), step, random_,
                                  [this](Canvas& canvas, const KeyedRandom& random) { change(canvas, random); })}};
  }

 private:
  void change(Canvas& canvas, const KeyedRandom& random) const {
    const auto factor = [&](uint64_t counter, double strength) {
      return static_cast<float>(between({std::max(0.0, 1 - strength), 1 + strength}, random.uniform(counter)));
    };
    // In random order, as each changes what the next one sees.
    std::array<int, 4> order = {0, 1, 2, 3};
    for (uint64_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random.below(10 + i, i + 1)]);
    for (const int which : order) {
      if (which == 0 && brightness_ > 0) brightness(canvas, factor(0, brightness_));
      if (which == 1 && contrast_ > 0) contrast(canvas, factor(1, contrast_));
      if (which == 2 && saturation_ > 0) saturation(canvas, factor(2, saturation_));
      if (which == 3 && hue_ > 0) hue(canvas, static_cast<float>(hue_ * (2 * random.uniform(3) - 1)));
    }
  }

  double brightness_, contrast_, saturation_, hue_;
  KeyedRandom random_;
};

Signatures inferColorJitter(const Values&, const Signatures& inputs) {
  return inferChanged(inputs, true);
}

}  // namespace

BlockType color_jitter() {
  return {.schema = {.title = "Color jitter",
                     .doc = "While training, changes brightness, contrast, saturation and hue of every picture at "
                            "random, in random order (as torchvision's ColorJitter). Takes bytes, or numbers from 0 to "
                            "1. Passes pictures on unchanged when it is not training.",
                     .inputs = {{"x", "image[N, C, H, W]|tensor[N, C, H, W]"}},
                     .outputs = {{"y", "like x"}},
                     .params = {{"brightness", 0.2, Range{0, 10}, "0.2: the light is multiplied by 0.8 to 1.2"},
                                {"contrast", 0.2, Range{0, 10}, "the same for the distance from the mean grey"},
                                {"saturation", 0.2, Range{0, 10}, "the same for the distance from grey of each pixel"},
                                {"hue", 0.0, Range{0, 0.5},
                                 "how far colors are turned at most, to each side, as a share of the color circle"}},
                     .examples = {{.in = {{"x", {{1, 1, 1, 2}, {0.5, 1}}}}, .out = {{"y", {{1, 1, 1, 2}, {0.5, 1}}}}}},
                     .phase = Phase::EachBatch,
                     .train_only = true},
          .make = make<ColorJitter>,
          .infer = inferColorJitter};
}

}  // namespace blockyard::preprocessor
