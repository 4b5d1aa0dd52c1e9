#include "blocks/state_lists.hpp"

#include <ATen/ATen.h>

namespace blockyard {

Texts stateTexts(const State& state, const std::string& name) {
  const Value& value = stateValue(state, name);
  if (value.is<Texts>()) return value.as<Texts>();
  if (value.is<Integers>() && value.as<Integers>().empty()) return {};
  throw Error({}, "the saved state holds " + value.text() + " as \"" + name + "\", expected a list of texts");
}

at::Tensor tensorOf(const Numbers& numbers) {
  return at::from_blob(const_cast<double*>(numbers.data()), {static_cast<int64_t>(numbers.size())}, at::kDouble)
      .clone();
}

Numbers stateNumbers(const State& state, const std::string& name, size_t count) {
  at::Tensor tensor = at::empty({static_cast<int64_t>(count)}, at::kDouble);
  restore(state, name, tensor);
  return {tensor.const_data_ptr<double>(), tensor.const_data_ptr<double>() + count};
}

}  // namespace blockyard
