// Script: a layer of your own, as TorchScript text, with learned weights if it names some.
#include <charconv>
#include <cmath>

#include "blocks/script_block.hpp"

namespace blockyard::extractor {
namespace {

struct Weight {
  std::string name{};
  std::vector<int64_t> shape{};
};

// "w=[64, 32]" or "w=64x32".
Weight weightFrom(const std::string& text) {
  const auto refuse = [&] {
    throw Error({.parameter = "weights"},
                "expected a name and its sizes such as w=[64, 32] or w=64x32, got \"" + text + "\"");
  };
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) refuse();
  Weight out{.name = text.substr(0, equals)};
  const char *at = text.data() + equals + 1, *end = text.data() + text.size();
  while (at < end) {
    if (std::string_view("[], x").find(*at) != std::string_view::npos) {
      ++at;
      continue;
    }
    int64_t size = 0;
    const auto [next, code] = std::from_chars(at, end, size);
    if (code != std::errc() || size < 1 || size > (1 << 24)) refuse();
    out.shape.push_back(size);
    at = next;
  }
  return out;
}

std::vector<Weight> weightsOf(const Values& values) {
  std::vector<Weight> out;
  double elements = 0;
  for (const auto& text : values.texts("weights")) {
    out.push_back(weightFrom(text));
    double count = 1;
    for (const int64_t size : out.back().shape) count *= static_cast<double>(size);
    elements += count;
    for (size_t i = 0; i + 1 < out.size(); ++i)
      if (out[i].name == out.back().name)
        throw Error({.parameter = "weights"}, "two weights are named \"" + out.back().name + "\"");
  }
  if (elements > 1e9) throw Error({.parameter = "weights"}, "expected at most a billion numbers in all weights");
  return out;
}

std::vector<Signature> argumentsOf(const Values& values, const Signatures& inputs) {
  std::vector<Signature> out;
  for (int64_t i = 0; inputs.count(portSlot("x", i)) > 0; ++i) out.push_back(inputs.at(portSlot("x", i)));
  for (const auto& weight : weightsOf(values))
    out.push_back({.shape = Shape(weight.shape.begin(), weight.shape.end())});
  return out;
}

class Script final : public Block {
 public:
  explicit Script(const Setup& setup)
      : script_(setup.values.text("code"), argumentsOf(setup.values, setup.inputs).size()) {
    for (const auto& [name, shape] : weightsOf(setup.values)) {
      int64_t inputs = 1;  // to one output, if the first size counts outputs
      for (size_t i = shape.size() > 1 ? 1 : 0; i < shape.size(); ++i) inputs *= shape[i];
      const double bound = 1 / std::sqrt(static_cast<double>(inputs));
      weights_.push_back({name, setup.uniform(name, shape, bound).requires_grad_()});
    }
  }

  Batch forward(const Batch& in, Step&) override {
    std::vector<at::Tensor> arguments = in.all("x");
    for (const auto& weight : weights_) arguments.push_back(weight.tensor);
    return {{"y", script_.call(std::move(arguments))}};
  }

  std::vector<NamedTensor> parameters() const override { return weights_; }

 private:
  ScriptFunction script_;
  std::vector<NamedTensor> weights_;
};

Signatures inferExtractorScript(const Values& values, const Signatures& inputs) {
  const std::vector<Signature> arguments = argumentsOf(values, inputs);
  return {{"y", inferScript(ScriptFunction(values.text("code"), arguments.size()), arguments)}};
}

}  // namespace

BlockType script() {
  return {
      .schema = {.title = "Script",
                 .doc = std::string(
                            "A layer of your own. The arguments of forward are the wires on x in their order, then the "
                            "learned weights. ") +
                        kScriptRules,
                 .inputs = {{"x", "tensor[N, ...]", "one wire or more", Wires::Many}},
                 .outputs = {{"y", "tensor[N, ...]"}},
                 .params = {codeParam(),
                            {"weights",
                             Texts{},
                             {},
                             "learned weights with their sizes, such as w=64x32 (outputs first); they start uniform in "
                             "±1/sqrt(inputs)"}},
                 .examples = {{.params = {{"code",
                                           "def forward(x: Tensor) -> Tensor:\n    return torch.relu(x) * 2\n"}},
                               .in = {{"x", {{1, 2}, {-1, 3}}}},
                               .out = {{"y", {{1, 2}, {0, 6}}}}}}},
      .make = make<Script>,
      .infer = inferExtractorScript};
}

}  // namespace blockyard::extractor
