// Recurrent layers (LSTM, GRU): what the two share. Weights are named and start as those of PyTorch's nn.LSTM and
// nn.GRU.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "blocks/sequences.hpp"

namespace blockyard {

// One layer in one direction over x [N, L, F] with its four weights: the outputs [N, L, hidden].
using RunLayer = at::Tensor (*)(const at::Tensor& x, const std::vector<at::Tensor>& weights, int64_t hidden);

class Recurrent final : public Block {
 public:
  // `gates`: how many rows of weights a hidden unit has (LSTM 4, GRU 3).
  Recurrent(const Setup& setup, int64_t gates, RunLayer run);

  Batch forward(const Batch& in, Step& step) override;
  std::vector<NamedTensor> parameters() const override { return weights_; }

 private:
  std::vector<at::Tensor> weightsOf(int64_t layer, int64_t direction) const;

  RunLayer run_;
  int64_t hidden_, layers_, directions_, padding_;
  std::vector<NamedTensor> weights_;  // four for each layer and direction
};

// Schema and inference for a layer of that name.
BlockType recurrentType(const std::string& title, const std::string& doc, MakeBlock make);

}  // namespace blockyard
