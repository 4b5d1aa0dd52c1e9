// A trial of the examination (tests/blocks/trial.hpp) as an exported model of one block, with rows to ask it about and
// the block's own answers.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "../blocks/trial.hpp"

namespace blockyard {

enum class Written { Onnx, OnnxInt8, TorchScript };

struct ExportTrial {
  std::string model{};         // bytes
  nlohmann::json in{}, out{};  // by name: {"type": "float", "shape": [7, 1], "data": [...]}; texts, numbers, "nan"
};

// Throws Error if the block can't be written.
ExportTrial exportTrial(const Trial& trial, Written as);
// A trained pipeline with the first rows of the files in `folder`, its project's, that it was trained from, and what it
// answers: the columns of a prediction, and "probabilities" of the first classifier.
ExportTrial exportRows(const std::string& bundle, const std::string& folder, int64_t rows, Written as);

}  // namespace blockyard
