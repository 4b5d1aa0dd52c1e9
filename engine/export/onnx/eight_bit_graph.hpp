// A graph's products and convolutions by fixed weights, in 8 bits: DynamicQuantizeLinear before, MatMulInteger or
// ConvInteger by weights in uint8 (blocks/eight_bits.hpp), the scales and the bias behind. A quarter of the bytes. The
// weights are unsigned, because signed ones overflow on processors with AVX2 only.
#pragma once
#include "export/onnx/onnx_graph.hpp"

namespace blockyard {

// How many of them there were.
int64_t toEightBits(OnnxGraph& graph);

}  // namespace blockyard
