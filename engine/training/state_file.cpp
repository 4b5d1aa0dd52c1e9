#include "training/state_file.hpp"

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "data/tensor_dtype.hpp"

namespace blockyard {
namespace {

constexpr const char* kValuesKey = "values";

}  // namespace

State copied(const State& state) {
  State out{.values = state.values};
  for (const auto& [name, tensor] : state.tensors) out.tensors.emplace(name, tensor.detach().clone());
  return out;
}

std::string hashOf(const State& state) {
  const StateViews views(state);
  return contentHash(views.tensors(), views.metadata());
}

StateViews::StateViews(const State& state) {
  for (const auto& [name, tensor] : state.tensors) {
    const auto dtype = fileDtype(tensor.scalar_type());
    if (!dtype)
      throw Error({},
                  "a tensor of type " + std::string(at::toString(tensor.scalar_type())) + " can't be saved: " + name);
    kept_.push_back(tensor.detach().cpu().contiguous());
    const at::Tensor& kept = kept_.back();
    views_.push_back(
        {name, *dtype, kept.sizes().vec(), {static_cast<const char*>(kept.const_data_ptr()), kept.nbytes()}});
  }
  metadata_[kValuesKey] = toJson(state.values).dump();
}

State stateFrom(const SafetensorsFile& file) {
  State out;
  const auto values = file.metadata().find(kValuesKey);
  if (values == file.metadata().end())
    throw Error({.file = file.file()}, "expected a file written by Blockyard, got safetensors without \"values\"");
  out.values = valuesFromJson(parseJson(values->second, file.file()));
  for (const auto& view : file.tensors()) {
    const auto type = scalarType(view.dtype);
    if (!type)
      throw Error({.file = file.file()},
                  "the tensor " + view.name + " has the type " + nameOf(view.dtype) + ", which is not used here");
    at::Tensor tensor = at::empty(view.shape, *type);
    std::copy(view.bytes.begin(), view.bytes.end(), static_cast<char*>(tensor.mutable_data_ptr()));
    out.tensors.emplace(view.name, std::move(tensor));
  }
  return out;
}

}  // namespace blockyard
