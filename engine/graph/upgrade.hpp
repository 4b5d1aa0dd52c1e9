// A file format is a promise: what an older version wrote can be read. One function per step, one sample file per
// format in tests/formats.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace blockyard {

// Brings a project document to the format of this version. Throws Error if it has no format or a newer one.
void upgradeDocument(nlohmann::ordered_json& document, const std::string& file);

}  // namespace blockyard
