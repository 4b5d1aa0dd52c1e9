// A trial of the examination (tests/blocks/trial.hpp) as an ONNX model of one block, with rows to ask it about and the
// block's own answers.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "../blocks/trial.hpp"

namespace blockyard {

struct OnnxTrial {
  std::string model{};         // bytes
  nlohmann::json in{}, out{};  // by name: {"type": "float", "shape": [7, 1], "data": [...]}; texts, numbers, "nan"
};

// Throws Error if the block can't be written.
OnnxTrial onnxTrial(const Trial& trial);
// A trained pipeline with the first rows of the files in `folder`, its project's, that it was trained from, and what it
// answers: the columns of a prediction, and "probabilities" of the first classifier.
OnnxTrial onnxRows(const std::string& bundle, const std::string& folder, int64_t rows);

}  // namespace blockyard
