// ScriptFunction: a function that a user has written as TorchScript text, compiled inside the process without Python.
//
//   def forward(x: Tensor, w: Tensor) -> Tensor:
//       return torch.relu(x @ w)
//
// A project may come from a stranger, so the compiled graph, with every function it calls, is checked against a list of
// pure tensor operators (script_operators.cpp) before it is ever run: a script can neither reach files nor print,
// neither change its inputs nor draw random numbers. Exactly the graph that was checked is run. Immutable; call is safe
// from any thread.
#pragma once
#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "blocks/signature.hpp"

namespace blockyard {

class ScriptFunction {
 public:
  // Compiles `code`, which must define forward with so many Tensors as arguments and one Tensor as result. Throws Error
  // at `parameter` with the line in the text.
  ScriptFunction(const std::string& code, size_t arguments, std::string parameter = "code");

  // Throws Error at the parameter and line. Gradients flow.
  at::Tensor call(std::vector<at::Tensor> arguments) const;
  // What it makes of such arguments, by running it on tensors without data, or else on small ones. Free sizes are tried
  // with two numbers each: what changes with them is free. Throws Error at the parameter and line.
  Signature infer(const std::vector<Signature>& arguments) const;
  // The same for a loss or a metric: throws Error unless the result is a single number.
  void requireNumber(const std::vector<Signature>& arguments) const;
  // For a loss: throws Error unless the result follows from the first argument, so that gradients flow back to it.
  void requireGradient(const std::vector<Signature>& arguments) const;

 private:
  struct Compiled;
  at::Tensor tried(const std::vector<Signature>& arguments, const std::map<std::string, int64_t>& sizes) const;

  std::string parameter_;
  std::shared_ptr<const Compiled> compiled_;
};

// Why an operator of a compiled script ("aten::relu") may not be used; nullptr if it may.
const char* operatorRefused(const std::string& name);
// The name among the operators a script may use that is nearest to a mistyped one; empty if none is near.
std::string nearestOperator(const std::string& name);

}  // namespace blockyard
