// LSTM: reads a sequence step by step with a state that it can keep for long (Hochreiter and Schmidhuber, Neural
// Computation 9(8), 1997).
#include <ATen/ATen.h>

#include "blocks/recurrent.hpp"

namespace blockyard::extractor {
namespace {

at::Tensor runLstm(const at::Tensor& x, const std::vector<at::Tensor>& weights, int64_t hidden) {
  const at::Tensor start = at::zeros({1, x.size(0), hidden}, x.options());
  return std::get<0>(at::lstm(x, {start, start}, weights, true, 1, 0, false, false, true));
}

std::unique_ptr<Block> makeLstm(const Setup& setup) {
  return std::make_unique<Recurrent>(setup, 4, runLstm);
}

}  // namespace

BlockType lstm() {
  return recurrentType("LSTM",
                       "Reads a sequence of vectors step by step and keeps a state, long short-term memory: what it "
                       "has read decides what it keeps and what it forgets.",
                       makeLstm);
}

}  // namespace blockyard::extractor
