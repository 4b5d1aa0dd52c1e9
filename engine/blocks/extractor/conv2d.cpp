// Conv2d: learned filters that slide over pictures.
#include "blocks/convolution.hpp"

namespace blockyard::extractor {
namespace {

class Conv2d final : public Convolution {
 public:
  explicit Conv2d(const Setup& setup) : Convolution(setup, 2) {}
};

}  // namespace

BlockType conv2d() {
  return {
      .schema =
          {.title = "Convolution 2d",
           .doc = "Slides learned filters over pictures: every output is a weighted sum of a small window of all input "
                  "channels. Weights start uniform in ±1/sqrt(inputs of a filter), as PyTorch's nn.Conv2d does.",
           .inputs = {{"x", "float[N, C, H, W]", "pictures: rows, channels, height, width"}},
           .outputs = {{"y", "float[N, out_channels, H, W]"}},
           .params = convolutionParams()},
      .make = make<Conv2d>,
      .infer = [](const Values& values, const Signatures& inputs) { return inferConvolution(values, inputs, 2); }};
}

}  // namespace blockyard::extractor
