#include "export/onnx/write_onnx.hpp"

#include <ATen/ATen.h>

#include "export/bundle.hpp"
#include "export/onnx/aten_node.hpp"
#include "export/onnx/pipeline_graph.hpp"

namespace blockyard {

OnnxModel onnxOf(const Pipeline& pipeline, const std::vector<WireStart>& answers, const std::string& run) {
  const at::NoGradGuard no_grad;
  PipelineGraph made = pipelineGraph(pipeline, ExampleFlows(pipeline), answers, run, writeTraced);
  leaveOutUnused(made.graph.file());
  OnnxModel out{.inputs = made.graph.file().inputs, .outputs = made.graph.file().outputs};
  for (const GraphAnswer& answer : made.answers)
    if (!answer.classes.empty()) out.classes[answer.name] = answer.classes;
  out.bytes = made.graph.finish();
  return out;
}

OnnxModel onnxOf(Bundle& bundle) {
  return onnxOf(bundle.pipeline(), bundle.pipeline().answers(), bundle.run());
}

}  // namespace blockyard
