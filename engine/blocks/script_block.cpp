#include "blocks/script_block.hpp"

namespace blockyard {

Param codeParam() {
  return {"code", "def forward(x: Tensor) -> Tensor:\n    return x\n", {}, "what to compute", "", Role::Code};
}

Signature inferScript(const ScriptFunction& script, const std::vector<Signature>& arguments) {
  const Signature& x = arguments.front();
  Signature out = script.infer(arguments);
  if (out.shape.empty() || !(out.shape.front() == x.shape.front()))
    throw Error({.parameter = "code"},
                "expected a result with one row for each row of x, " + textOf(x.shape) + ", got " + out.text());
  if (out.shape == x.shape) {
    out.classes = x.classes;
    if (out.element == Element::UInt8) out.kind = x.kind;
  }
  return out;
}

Batch ScriptBlock::forward(const Batch& in, Step&) {
  const Packet& x = in.packet("x");
  const at::Tensor y = script_.call({x.tensor()});
  return {{"y", y.sizes() == x.tensor().sizes() ? Packet(y, x.sharedMeaning()) : Packet(y)}};
}

Signatures inferScriptBlock(const Values& values, const Signatures& inputs) {
  return {{"y", inferScript(ScriptFunction(values.text("code"), 1), {inputs.at("x")})}};
}

}  // namespace blockyard
