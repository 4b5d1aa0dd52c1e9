#include "graph/upgrade.hpp"

#include <vector>

#include "base/error.hpp"
#include "graph/project.hpp"

namespace blockyard {
namespace {

using Upgrade = void (*)(OrderedJson& document);
// kSteps[i] takes format i + 1 to i + 2.
const std::vector<Upgrade> kSteps = {};

}  // namespace

void upgradeDocument(OrderedJson& document, const std::string& file) {
  if (!document.is_object())
    throw Error({.file = file}, "expected a project as a JSON object", "is this a .blockyard file?");
  const auto format = document.find("format");
  if (format == document.end() || !format->is_number_integer() || format->get<int64_t>() < 1)
    throw Error({.file = file}, "/format: expected the number of the format, from 1 up", "is this a .blockyard file?");
  const auto given = format->get<int64_t>();
  if (given > kProjectFormat)
    throw Error({.file = file},
                "/format: the file has format " + std::to_string(given) + ", this version reads up to " +
                    std::to_string(kProjectFormat),
                "open it with a newer Blockyard");
  for (auto i = static_cast<size_t>(given) - 1; i < kSteps.size(); ++i) kSteps[i](document);
  *format = kProjectFormat;
}

}  // namespace blockyard
