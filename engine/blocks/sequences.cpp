#include "blocks/sequences.hpp"

#include <ATen/ATen.h>

namespace blockyard {

Port tokensPort() {
  return {"tokens", "int[N, L]", "the tokens that x was made from; tells where a row is padded", Wires::Optional};
}

Param paddingParam() {
  return {"padding", 0, Range{0, 1 << 26}, "the token that stands for padding, with tokens wired"};
}

void requireSameLength(const Signatures& inputs) {
  const auto tokens = inputs.find("tokens");
  if (tokens == inputs.end()) return;
  const Dim &length = inputs.at("x").shape.at(1), &given = tokens->second.shape.at(1);
  if (length.known() && given.known() && length.size != given.size)
    throw Error({.port = "tokens"}, "expected as many tokens as steps on x, " + length.text() + ", got " + given.text(),
                "wire the tokens from which x was made");
}

at::Tensor presentTokens(const Batch& in, int64_t padding) {
  if (in.has("tokens")) return in["tokens"] != padding;
  const at::Tensor& x = in["x"];
  return at::ones({x.size(0), x.size(1)}, x.options().dtype(at::kBool));
}

}  // namespace blockyard
