#include "export/onnx/write_onnx.hpp"

#include <ATen/ATen.h>

#include "export/bundle.hpp"
#include "export/onnx/aten_node.hpp"
#include "export/onnx/eight_bit_graph.hpp"
#include "export/onnx/pipeline_graph.hpp"

namespace blockyard {

OnnxModel onnxOf(const Pipeline& pipeline, const std::vector<WireStart>& answers, const std::string& run,
                 Weights weights) {
  const at::NoGradGuard no_grad;
  PipelineGraph made = pipelineGraph(pipeline, ExampleFlows(pipeline), answers, run, writeTraced);
  if (weights == Weights::EightBits) toEightBits(made.graph);
  leaveOutUnused(made.graph.file());
  OnnxModel out{.inputs = made.graph.file().inputs, .outputs = made.graph.file().outputs};
  for (const GraphAnswer& answer : made.answers)
    if (!answer.classes.empty()) out.classes[answer.name] = answer.classes;
  out.bytes = made.graph.finish();
  return out;
}

OnnxModel onnxOf(Bundle& bundle, Weights weights) {
  return onnxOf(bundle.pipeline(), bundle.pipeline().answers(), bundle.run(), weights);
}

}  // namespace blockyard
