// Conv1d: learned filters that slide along sequences.
#include "blocks/convolution.hpp"

namespace blockyard::extractor {
namespace {

class Conv1d final : public Convolution {
 public:
  explicit Conv1d(const Setup& setup) : Convolution(setup, 1) {}
};

}  // namespace

BlockType conv1d() {
  return {
      .schema =
          {.title = "Convolution 1d",
           .doc =
               "Slides learned filters along sequences, such as sound or sensor readings: every output is a weighted "
               "sum of a short window of all input channels.",
           .inputs = {{"x", "float[N, C, L]", "sequences: rows, channels, length"}},
           .outputs = {{"y", "float[N, out_channels, L]"}},
           .params = convolutionParams()},
      .make = make<Conv1d>,
      .infer = [](const Values& values, const Signatures& inputs) { return inferConvolution(values, inputs, 1); }};
}

}  // namespace blockyard::extractor
