// Which part every row of a source belongs to, by the training settings.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "blocks/source.hpp"

namespace blockyard {

// The names of those settings.
const std::set<std::string>& splitSettings();

// One entry per row. Throws Error for settings that do not fit the data, and if a class has rows to be judged on but
// none to learn from.
std::vector<Part> rowParts(Source& source, const Values& training);

}  // namespace blockyard
