// What a training leaves, byte by byte: to see that two of them are the same.
#pragma once
#include <string>

#include "training/trainer.hpp"

namespace blockyard::testing {

inline std::string bytesOf(const State& state) {
  std::string out;
  for (const auto& [name, tensor] : state.tensors) {
    const at::Tensor packed = tensor.detach().contiguous();
    out += name + std::string(static_cast<const char*>(packed.const_data_ptr()), packed.nbytes());
  }
  for (const auto& [name, value] : state.values.items()) out += name + value.text();
  return out;
}

inline std::string trained(const Plan& plan, int64_t chunk_rows = 65536) {
  Trainer trainer(plan, {});
  trainer.prepareData(chunk_rows);
  trainer.train();
  return bytesOf(trainer.pipeline().state());
}

}  // namespace blockyard::testing
