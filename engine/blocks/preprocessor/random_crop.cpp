// Random crop: a random part of every picture, scaled to its whole size, while training.
#include "blocks/picture_changes.hpp"

namespace blockyard::preprocessor {
namespace {

class RandomCrop final : public Block {
 public:
  explicit RandomCrop(const Setup& setup)
      : area_(rangeOf(setup.values, "area")),
        ratio_(rangeOf(setup.values, "ratio")),
        random_(setup.random.key("crop")) {}

  Batch forward(const Batch& in, Step& step) override {
    return {{"y", changedPictures(in.packet("x"), step, random_, [this](Canvas& canvas, const KeyedRandom& random) {
               const auto part = randomRectangle(canvas, area_, ratio_, random);
               if (part) resizedCrop(canvas, part->top, part->left, part->height, part->width);
             })}};
  }

 private:
  std::array<double, 2> area_, ratio_;
  KeyedRandom random_;
};

Signatures inferRandomCrop(const Values& values, const Signatures& inputs) {
  rangeOf(values, "area");
  rangeOf(values, "ratio");
  return inferChanged(inputs, false);
}

}  // namespace

BlockType random_crop() {
  return {.schema = {.title = "Random crop",
                     .doc = "While training, cuts a random part out of every picture and scales it to the size of the "
                            "picture (as torchvision's RandomResizedCrop). Where no part of the wanted kind fits, the "
                            "picture stays whole. Passes pictures on unchanged when it is not training.",
                     .inputs = {{"x", "image[N, C, H, W]|tensor[N, C, H, W]"}},
                     .outputs = {{"y", "like x"}},
                     .params = {{"area", Numbers{0.3, 1.0}, Range{0, 1},
                                 "smallest and largest share of the area that is kept"},
                                {"ratio", Numbers{0.75, 4.0 / 3}, Range{0.01, 100},
                                 "smallest and largest ratio of the part's width to its height"}},
                     .examples = {{.in = {{"x", {{1, 1, 1, 2}, {1, 2}}}}, .out = {{"y", {{1, 1, 1, 2}, {1, 2}}}}}},
                     .phase = Phase::EachBatch,
                     .train_only = true},
          .make = make<RandomCrop>,
          .infer = inferRandomCrop};
}

}  // namespace blockyard::preprocessor
