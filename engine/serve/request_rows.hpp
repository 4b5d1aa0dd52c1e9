// Bodies of requests as rows, in three manners:
//   Rows           JSON, CSV or a picture in, a list of objects out: as `blockyard predict` reads and writes them
//   Invocations    MLflow's scoring protocol, https://mlflow.org/docs/latest/deployment/deploy-model-locally.html
//   OpenInference  Open Inference Protocol, version 2: https://github.com/kserve/open-inference-protocol
// In the last one a pipeline that starts with a table has an input per column, others have one tensor; every column of
// the answers is an output. Torch-free.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "blocks/signature.hpp"

namespace blockyard {

enum class Manner { Rows, Invocations, OpenInference };

constexpr const char* kRequestBody = "request";  // what a body is called in a message

// What is to be filled in of what a pipeline's source gives: the first port that is not the target. Throws Error if
// there is none.
const std::pair<const std::string, Signature>& inputOf(const Signatures& inputs);

// A body that is JSON as rows that Bundle::openRows takes. Throws Error at the place in the body.
nlohmann::json requestRows(Manner manner, const Signatures& inputs, std::string_view body);

}  // namespace blockyard
