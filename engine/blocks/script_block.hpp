// What the script blocks of all kinds share: tensors in on port x, the script's answer out on port y, row by row.
#pragma once
#include "blocks/block.hpp"
#include "blocks/script.hpp"

namespace blockyard {

constexpr const char* kScriptRules =
    "The text is TorchScript: a function forward on Tensors, with the functions of torch. It may use pure tensor "
    "operators "
    "only: no files, no printing, no random numbers, no changes in place.";

// The parameter `code`, with a script that passes x on as its default.
Param codeParam();
// What comes out for these arguments: rows must stay rows. Names of classes stay while the shape does.
Signature inferScript(const ScriptFunction& script, const std::vector<Signature>& arguments);

// One wire in, one out.
class ScriptBlock final : public Block {
 public:
  explicit ScriptBlock(const Values& values) : script_(values.text("code"), 1) {}
  Batch forward(const Batch& in, Step& step) override;

 private:
  ScriptFunction script_;
};
Signatures inferScriptBlock(const Values& values, const Signatures& inputs);

}  // namespace blockyard
