// The block that a pipeline reads its rows with, as the checks see it. Torch-free.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "blocks/block_type.hpp"
#include "graph/check.hpp"

namespace blockyard {

struct FoundSource {
  NodeId id{};
  const BlockType* type = nullptr;
  Values values{};                   // complete
  std::vector<std::string> files{};  // as its settings name them
};

// Nothing if the pipeline has no source whose settings are right. `checked` is of `pipeline`.
std::optional<FoundSource> sourceOf(const Project& project, const std::string& pipeline, const Checked& checked);
// The files that a source's settings name.
std::vector<std::string> filesIn(const BlockType& type, const Values& values);

}  // namespace blockyard
