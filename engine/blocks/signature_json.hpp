// Signatures as JSON, for bundles and for whoever shows them outside of the process.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "blocks/signature.hpp"

namespace blockyard {

nlohmann::json toJson(const Signature& signature);
nlohmann::json toJson(const Signatures& signatures);
// Throws Error where the JSON is none that toJson has written.
Signature signatureFromJson(const nlohmann::json& json);
Signatures signaturesFromJson(const nlohmann::json& json);

}  // namespace blockyard
