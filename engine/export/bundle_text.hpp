// What stands in a bundle beside its tensors: the plan, and what the ports of every block carry. Torch-free.
#pragma once
#include <map>
#include <string>

#include "base/safetensors.hpp"
#include "graph/plan.hpp"

namespace blockyard {

constexpr int64_t kBundleFormat = 1;
constexpr const char* kBundleKey = "blockyard";  // of the metadata: everything that is no tensor

struct BundleText {
  Plan plan{};
  std::string run{};
  std::map<std::string, Signatures> outputs{};  // by block, of every block of the plan
};

// Throws Error naming `file` if it is not a bundle, of a newer version or damaged.
BundleText readBundleText(const Metadata& metadata, const std::string& file);

}  // namespace blockyard
