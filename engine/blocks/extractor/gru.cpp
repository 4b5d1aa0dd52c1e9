// GRU: reads a sequence step by step, with fewer weights than an LSTM (Cho et al., arXiv:1406.1078, in the form of
// cuDNN and PyTorch).
#include <ATen/ATen.h>

#include "blocks/recurrent.hpp"

namespace blockyard::extractor {
namespace {

at::Tensor runGru(const at::Tensor& x, const std::vector<at::Tensor>& weights, int64_t hidden) {
  const at::Tensor start = at::zeros({1, x.size(0), hidden}, x.options());
  return std::get<0>(at::gru(x, start, weights, true, 1, 0, false, false, true));
}

std::unique_ptr<Block> makeGru(const Setup& setup) {
  return std::make_unique<Recurrent>(setup, 3, runGru);
}

}  // namespace

BlockType gru() {
  return recurrentType("GRU",
                       "Reads a sequence of vectors step by step and keeps a state, by gated recurrent units: like "
                       "LSTM, with fewer weights.",
                       makeGru);
}

}  // namespace blockyard::extractor
