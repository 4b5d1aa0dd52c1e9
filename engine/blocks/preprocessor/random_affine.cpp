// Random affine: turns, moves, scales and slants every picture a little while training.
#include "blocks/picture_changes.hpp"

namespace blockyard::preprocessor {
namespace {

class RandomAffine final : public Block {
 public:
  explicit RandomAffine(const Setup& setup)
      : degrees_(setup.values.number("degrees")),
        translate_(setup.values.number("translate")),
        shear_(setup.values.number("shear")),
        scale_(rangeOf(setup.values, "scale")),
        smooth_(setup.values.text("smoothing") == "bilinear"),
        fill_(static_cast<float>(setup.values.number("fill"))),
        random_(setup.random.key("affine")) {}

  Batch forward(const Batch& in, Step& step) override {
    return {{"y", changedPictures(in.packet("x"), step, random_, [this](Canvas& canvas, const KeyedRandom& random) {
               const auto sided = [&](uint64_t counter) { return 2 * random.uniform(counter) - 1; };
               Affine how{.angle = degrees_ * sided(0), .scale = between(scale_, random.uniform(1))};
               how.right = translate_ * static_cast<double>(canvas.width) * sided(2);
               how.down = translate_ * static_cast<double>(canvas.height) * sided(3);
               how.shear_x = shear_ * sided(4);
               affine(canvas, how, smooth_, fill_);
             })}};
  }

 private:
  double degrees_, translate_, shear_;
  std::array<double, 2> scale_;
  bool smooth_;
  float fill_;
  KeyedRandom random_;
};

Signatures inferRandomAffine(const Values& values, const Signatures& inputs) {
  rangeOf(values, "scale");
  return inferChanged(inputs, false);
}

}  // namespace

BlockType random_affine() {
  return {
      .schema = {.title = "Random affine",
                 .doc = "While training, turns, moves, scales and slants every picture at random (as torchvision's "
                        "RandomAffine). In the next epoch it is changed in another way. Passes pictures on "
                        "unchanged when it is not training.",
                 .inputs = {{"x", "image[N, C, H, W]|tensor[N, C, H, W]"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"degrees", 10.0, Range{0, 180}, "how far a picture is turned at most, to each side",
                             "degrees"},
                            {"translate", 0.0, Range{0, 1},
                             "how far it is moved at most, as a share of its width and height"},
                            {"scale", Numbers{1.0, 1.0}, Range{0.01, 100}, "smallest and largest scale"},
                            {"shear", 0.0, Range{0, 80}, "how far it is slanted at most, to each side", "degrees"},
                            {"smoothing", "bilinear", Choices{"bilinear", "nearest"}, "what lies between two pixels"},
                            {"fill", 0.0, Range{0, 255}, "value of the pixels that come from outside"}},
                 .examples = {{.in = {{"x", {{1, 1, 1, 2}, {1, 2}}}}, .out = {{"y", {{1, 1, 1, 2}, {1, 2}}}}}},
                 .phase = Phase::EachBatch,
                 .train_only = true},
      .make = make<RandomAffine>,
      .infer = inferRandomAffine};
}

}  // namespace blockyard::preprocessor
