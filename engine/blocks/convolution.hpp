// What the convolution blocks share: weights as PyTorch makes them, the window, and how sizes follow from it.
#pragma once
#include <ATen/core/Tensor.h>

#include <vector>

#include "blocks/block.hpp"
#include "blocks/picture_kernels.hpp"
#include "blocks/settles.hpp"
#include "blocks/shapes.hpp"

namespace blockyard {

// A convolution over the last `axes` axes (1 or 2) of x float[N, C, ...]; y float[N, out_channels, ...].
class Convolution : public Block, public Settles {
 public:
  Convolution(const Setup& setup, size_t axes);
  Batch forward(const Batch& in, Step& step) override;
  std::vector<NamedTensor> parameters() const override;
  bool settle(bool relu) override;

 private:
  at::Tensor convolve(const at::Tensor& x, const Integers& padding) const;

  Window window_;
  int64_t groups_;
  at::Tensor weight_;                    // [out_channels, C / groups, kernel...]
  at::Tensor bias_;                      // [out_channels]; undefined if there is none
  at::Tensor packed_;                    // the weight as oneDNN wants it; undefined before settle
  std::optional<FewInputs> few_inputs_;  // does without oneDNN; settled only
  bool relu_ = false;                    // y is max(0, y); settled only
};

Signatures inferConvolution(const Values& values, const Signatures& inputs, size_t axes);
std::vector<Param> convolutionParams();

}  // namespace blockyard
