// State as safetensors: for checkpoints and bundles.
#pragma once
#include <string>
#include <vector>

#include "base/safetensors.hpp"
#include "blocks/block.hpp"

namespace blockyard {

// With tensors of its own.
State copied(const State& state);

// SHA-256 of all tensors and values, equal if and only if they are, byte for byte.
std::string hashOf(const State& state);

// The tensors of a state on the CPU, packed, with views of their bytes. The values go into the metadata as JSON.
class StateViews {
 public:
  explicit StateViews(const State& state);
  const std::vector<TensorView>& tensors() const { return views_; }
  const Metadata& metadata() const { return metadata_; }

 private:
  std::vector<at::Tensor> kept_;
  std::vector<TensorView> views_;
  Metadata metadata_;
};

// Copies of the tensors in the file, and the values. Throws Error if the file is none of ours.
State stateFrom(const SafetensorsFile& file);

}  // namespace blockyard
