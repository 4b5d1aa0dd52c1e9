// What a script makes of its arguments, found by running it: see ScriptFunction::infer.
#include <ATen/ATen.h>

#include <map>

#include "blocks/script.hpp"

namespace blockyard {
namespace {

constexpr std::pair<Element, at::ScalarType> kElementTypes[] = {{Element::Float32, at::kFloat},
                                                                {Element::Float64, at::kDouble},
                                                                {Element::Int64, at::kLong},
                                                                {Element::UInt8, at::kByte},
                                                                {Element::Bool, at::kBool}};

at::ScalarType typeOf(Element element) {
  for (const auto& [ours, theirs] : kElementTypes)
    if (ours == element) return theirs;
  return at::kFloat;
}

// Two numbers for every free size, all of them different, so that a size of the result tells where it comes from.
using Sizes = std::map<std::string, int64_t>;
std::pair<Sizes, Sizes> trialSizes(const std::vector<Signature>& arguments) {
  std::pair<Sizes, Sizes> out;
  int64_t next = 3;
  for (const auto& argument : arguments) {
    for (const auto& dim : argument.shape) {
      if (dim.known() || !out.first.emplace(dim.name, next).second) continue;
      out.second.emplace(dim.name, next + 1);
      next += 2;
    }
  }
  return out;
}

std::vector<at::Tensor> zerosLike(const std::vector<Signature>& arguments, const Sizes& sizes, at::Device device) {
  std::vector<at::Tensor> out;
  for (const auto& argument : arguments) {
    std::vector<int64_t> shape;
    for (const auto& dim : argument.shape) shape.push_back(dim.known() ? dim.size : sizes.at(dim.name));
    out.push_back(at::zeros(shape, at::TensorOptions(typeOf(argument.element)).device(device)));
  }
  return out;
}

}  // namespace

at::Tensor ScriptFunction::tried(const std::vector<Signature>& arguments, const Sizes& sizes) const {
  const auto run = [&](at::Device device) { return call(zerosLike(arguments, sizes, device)); };
  const at::NoGradGuard no_grad;
  try {
    return run(at::kMeta);
  } catch (const Error&) {
    return run(at::kCPU);  // some operators work on real data only, and so does a look at a value
  }
}

Signature ScriptFunction::infer(const std::vector<Signature>& arguments) const {
  const auto [sizes, other_sizes] = trialSizes(arguments);
  const at::Tensor one = tried(arguments, sizes), other = tried(arguments, other_sizes);
  Signature out{.kind = Wire::Tensor};
  const auto* element = std::find_if(std::begin(kElementTypes), std::end(kElementTypes),
                                     [&](const auto& pair) { return pair.second == one.scalar_type(); });
  if (element == std::end(kElementTypes))
    throw Error({.parameter = parameter_},
                std::string("expected a result of float32, float64, int64, uint8 or bool, got ") +
                    c10::toString(one.scalar_type()));
  out.element = element->first;
  if (one.dim() != other.dim()) {
    out.open = true;
    out.shape = {"N"};
    return out;
  }
  for (int64_t axis = 0; axis < one.dim(); ++axis) {
    if (one.size(axis) == other.size(axis)) {
      out.shape.emplace_back(one.size(axis));
      continue;
    }
    std::string name = "d" + std::to_string(axis);
    for (const auto& [free_name, size] : sizes)
      if (size == one.size(axis) && other_sizes.at(free_name) == other.size(axis)) name = free_name;
    out.shape.emplace_back(name);
  }
  return out;
}

void ScriptFunction::requireNumber(const std::vector<Signature>& arguments) const {
  const Signature out = infer(arguments);
  if (!out.shape.empty() || (out.element != Element::Float32 && out.element != Element::Float64))
    throw Error({.parameter = parameter_}, "expected a single number of type float32, got " + out.text(),
                "end with .mean()");
}

void ScriptFunction::requireGradient(const std::vector<Signature>& arguments) const {
  const auto sizes = trialSizes(arguments).first;
  std::vector<at::Tensor> tensors = zerosLike(arguments, sizes, at::kCPU);
  tensors.front().requires_grad_();
  const at::AutoGradMode with_gradients(true);
  if (!call(std::move(tensors)).requires_grad())
    throw Error({.parameter = parameter_}, "expected a loss that depends on its first argument, got a constant",
                "nothing could be learned from it");
}

}  // namespace blockyard
