// Script: a preparation step of your own, as TorchScript text.
#include "blocks/script_block.hpp"

namespace blockyard::preprocessor {

BlockType script() {
  return {.schema = {.title = "Script",
                     .doc = std::string("Prepares tensors or pictures with a function of your own, batch by batch. ") +
                            kScriptRules,
                     .inputs = {{"x", "image[N, ...]|tensor[N, ...]"}},
                     .outputs = {{"y", "tensor[N, ...]"}},
                     .params = {codeParam()},
                     .examples =
                         {{.params = {{"code",
                                       "def forward(x: Tensor) -> Tensor:\n    return torch.log1p(x.clamp_min(0))\n"}},
                           .in = {{"x", {{2, 1}, {-1, 0}}}},
                           .out = {{"y", {{2, 1}, {0, 0}}}}}},
                     .phase = Phase::EachBatch},
          .make = make<ScriptBlock>,
          .infer = inferScriptBlock};
}

}  // namespace blockyard::preprocessor
