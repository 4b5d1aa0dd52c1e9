// Head: what classifiers and regressors share - a last dense layer of their own, made for what the target holds, and
// what is known about the target, kept in the state so that a loaded head works without one.
//
// forward with a target puts "loss" (a scalar, the mean over the rows) into the batch, and "logits" (the raw outputs of
// the last layer) in any case; both are for the trainer and on no wire. fit gets the target only: the network's
// features of the training rows do not exist yet.
#pragma once
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "blocks/block.hpp"
#include "blocks/state_lists.hpp"

namespace blockyard {

// y = x W' + b with W [outputs, features], starting as PyTorch's nn.Linear does.
class LastLayer {
 public:
  // `outputs` 0: not known yet, the weights come with resize.
  LastLayer(const Setup& setup, int64_t outputs);
  // Weights of zeros with so many outputs, if there are none yet: to be overwritten with saved ones.
  void resize(int64_t outputs);

  at::Tensor apply(const at::Tensor& x) const;  // [N, F] -> [N, outputs]; never of less than 32 bits
  std::vector<NamedTensor> parameters() const;
  int64_t outputs() const { return weight_.defined() ? weight_.size(0) : 0; }

 private:
  int64_t features_;
  at::Tensor weight_, bias_;
};

// `constant` brought, once, to the element type and device of `like`: a copy at each step would stop a captured graph.
const at::Tensor& matched(at::Tensor& constant, const at::Tensor& like);
// The signature on the optional port `target`, or nullptr.
const Signature* targetOf(const Signatures& inputs);
// Number of classes of that target; 0 if it is not known.
int64_t classCount(const Signatures& inputs);
// Number of columns of a target [N] or [N, K]; 0 if it is not known.
int64_t columnsOf(const Signature& target);

}  // namespace blockyard
