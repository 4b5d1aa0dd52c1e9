// What weights in 8 bits cost: the pipeline is judged on its test rows as it is, and as a model in 8 bits works it out
// (blocks/eight_bits.hpp). Torch-free; blocks.
#pragma once
#include <filesystem>
#include <map>
#include <string>

namespace blockyard {

struct EightBitLoss {
  std::map<std::string, double> before{}, after{};  // metrics by name
};
// `project_folder` holds the files that it was trained from. Throws Error if they can't be read.
EightBitLoss eightBitLoss(const std::filesystem::path& bundle, const std::string& project_folder);

}  // namespace blockyard
