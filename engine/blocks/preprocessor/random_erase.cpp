// Random erase: covers a random rectangle of some pictures while training, so that the network looks at all of them.
#include "blocks/picture_changes.hpp"

namespace blockyard::preprocessor {
namespace {

class RandomErase final : public Block {
 public:
  explicit RandomErase(const Setup& setup)
      : share_(setup.values.number("share")),
        area_(rangeOf(setup.values, "area")),
        ratio_(rangeOf(setup.values, "ratio")),
        value_(static_cast<float>(setup.values.number("value"))),
        random_(setup.random.key("erase")) {}

  Batch forward(const Batch& in, Step& step) override {
    return {{"y", changedPictures(in.packet("x"), step, random_, [this](Canvas& canvas, const KeyedRandom& random) {
               constexpr uint64_t kWhether = 100;  // behind the counters of the rectangle
               if (random.uniform(kWhether) >= share_) return;
               const auto part = randomRectangle(canvas, area_, ratio_, random);
               if (part) fillRectangle(canvas, part->top, part->left, part->height, part->width, value_);
             })}};
  }

 private:
  double share_;
  std::array<double, 2> area_, ratio_;
  float value_;
  KeyedRandom random_;
};

Signatures inferRandomErase(const Values& values, const Signatures& inputs) {
  rangeOf(values, "area");
  rangeOf(values, "ratio");
  return inferChanged(inputs, false);
}

}  // namespace

BlockType random_erase() {
  return {.schema = {.title = "Random erase",
                     .doc = "While training, covers a random rectangle of some pictures with one value (Zhong et al. "
                            "2020, arXiv:1708.04896; as torchvision's RandomErasing). Passes pictures on unchanged "
                            "when it is not training.",
                     .inputs = {{"x", "image[N, C, H, W]|tensor[N, C, H, W]"}},
                     .outputs = {{"y", "like x"}},
                     .params = {{"share", 0.5, Range{0, 1}, "share of pictures in which a rectangle is covered"},
                                {"area", Numbers{0.02, 0.33}, Range{0, 1},
                                 "smallest and largest share of the area that is covered"},
                                {"ratio", Numbers{0.3, 3.3}, Range{0.01, 100},
                                 "smallest and largest ratio of the rectangle's width to its height"},
                                {"value", 0.0, Range{0, 255}, "what it is covered with, in units of the pixels"}},
                     .examples = {{.in = {{"x", {{1, 1, 1, 2}, {1, 2}}}}, .out = {{"y", {{1, 1, 1, 2}, {1, 2}}}}}},
                     .phase = Phase::EachBatch,
                     .train_only = true},
          .make = make<RandomErase>,
          .infer = inferRandomErase};
}

}  // namespace blockyard::preprocessor
