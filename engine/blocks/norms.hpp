// Batch norm and layer norm as parts of a block: shared by the blocks of that name and by blocks that hold several
// layers.
#pragma once
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "blocks/block.hpp"

namespace blockyard {

// Brings every channel to mean 0 and deviation 1 over the batch while training, over all that was seen otherwise
// (Ioffe and Szegedy, "Batch normalization", ICML 2015).
class BatchNorm {
 public:
  explicit BatchNorm(int64_t channels, double momentum = 0.1, double epsilon = 1e-5, bool affine = true);

  at::Tensor apply(const at::Tensor& x, bool training) const;  // [N, C, ...]; updates the running values while training
  void addParameters(const std::string& prefix, std::vector<NamedTensor>& out) const;
  void addState(const std::string& prefix, State& out) const;
  void loadState(const std::string& prefix, const State& state);

 private:
  double momentum_, epsilon_;
  at::Tensor weight_, bias_;               // [C]; undefined without affine
  at::Tensor running_mean_, running_var_;  // [C]
};

// Brings the last sizes of every row to mean 0 and deviation 1 (Ba et al., "Layer normalization", 2016).
class LayerNorm {
 public:
  explicit LayerNorm(std::vector<int64_t> shape, double epsilon = 1e-5, bool affine = true);

  at::Tensor apply(const at::Tensor& x) const;  // [N, ..., shape]
  void addParameters(const std::string& prefix, std::vector<NamedTensor>& out) const;

 private:
  std::vector<int64_t> shape_;
  double epsilon_;
  at::Tensor weight_, bias_;  // shape; undefined without affine
};

}  // namespace blockyard
