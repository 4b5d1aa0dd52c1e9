// Mixing the rows of a training batch in pairs, once they are numbers and before the model reads them.
//
//   mixup   Zhang et al., "mixup: beyond empirical risk minimization" (ICLR 2018): x = lambda x_i + (1 - lambda) x_j
//   cutmix  Yun et al., "CutMix" (ICCV 2019): a box of picture j in picture i; lambda is the share outside of the box
//
// lambda ~ Beta(alpha, alpha), one for each batch, as in the authors' code; j is a permutation of the batch. The loss
// is lambda loss(f(x), target_i) + (1 - lambda) loss(f(x), target_j), whatever the head's loss is.
#pragma once
#include <ATen/core/Tensor.h>

#include <string>

#include "base/random.hpp"
#include "blocks/block.hpp"

namespace blockyard {

enum class MixHow { MixUp, CutMix };

// A number from Beta(alpha, alpha), alpha > 0; `random` is used up.
double betaNumber(const KeyedRandom& random, double alpha);

class BatchMix {
 public:
  // For a batch of `rows` rows; `random` is keyed by the step.
  BatchMix(MixHow how, double alpha, int64_t rows, const KeyedRandom& random);

  // With what chance would choose: lambda, and the centre of CutMix's box as shares of width and height.
  BatchMix(MixHow how, double lambda, at::Tensor partners, double across = 0.5, double down = 0.5);

  double lambda() const { return lambda_; }
  const at::Tensor& partners() const { return partners_; }  // int64 [N]: j of row i, on the CPU

  // What the model reads: float [N, ...] mixed. Throws Error for CutMix of anything but pictures [N, C, H, W]. The
  // share of the first picture follows from whole pixels, and is the lambda of the loss from then on.
  at::Tensor mixed(const at::Tensor& x);
  // A target [N, ...] of the partners.
  at::Tensor ofPartners(const at::Tensor& target) const;

 private:
  at::Tensor partnersOn(at::Device device) const;

  MixHow how_;
  double lambda_;
  double side_, across_, down_;  // the box: its side and its centre, as shares of the picture
  at::Tensor partners_;
};

}  // namespace blockyard
