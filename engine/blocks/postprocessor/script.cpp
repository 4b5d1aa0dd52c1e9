// Script: a last step of your own from the model's answer to the one you want, as TorchScript text.
#include "blocks/script_block.hpp"

namespace blockyard::postprocessor {

BlockType script() {
  return {.schema =
              {.title = "Script",
               .doc = "Turns the model's answers into others with a function of your own. " + std::string(kScriptRules),
               .inputs = {{"x", "tensor[N, ...]"}},
               .outputs = {{"y", "tensor[N, ...]"}},
               .params = {codeParam()},
               .examples = {{.params = {{"code",
                                         "def forward(x: Tensor) -> Tensor:\n    return x / x.sum(1, keepdim=True)\n"}},
                             .in = {{"x", {{2, 2}, {1, 3, 2, 2}}}},
                             .out = {{"y", {{2, 2}, {0.25, 0.75, 0.5, 0.5}}}}}}},
          .make = make<ScriptBlock>,
          .infer = inferScriptBlock};
}

}  // namespace blockyard::postprocessor
