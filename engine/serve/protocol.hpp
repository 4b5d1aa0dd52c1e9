// What requests and replies look like, in the manners of request_rows.hpp.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "serve/http.hpp"
#include "serve/models.hpp"
#include "serve/request_rows.hpp"

namespace blockyard {

// How the lane of a model makes rows from a body of a content type. What is wrong with it comes out on the lane's
// thread, as Error.
Lane::Rows rowsOf(Manner manner, const std::string& type, std::string body);
// The answers, or what was wrong: 400, 500 where it was not the request's fault.
HttpReply replyOf(Manner manner, const HttpRequest& request, const Model& model, const LaneResult& result);

HttpReply jsonReply(const nlohmann::ordered_json& json);

// A model's inputs and outputs as the Open Inference Protocol describes them.
nlohmann::ordered_json metadataOf(const Model& model);
// The same as a person fills them in: columns with their types and classes, or what kind of file is wanted.
nlohmann::ordered_json formOf(const Model& model);

}  // namespace blockyard
