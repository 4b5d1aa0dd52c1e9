// What a column holds, as the command shows it.
#pragma once
#include "command.hpp"
#include "data/profile.hpp"

namespace blockyard::cli {

// "2.7 to 6.3, mean 4.2", "male 168, female 165", "mean length 12, longest 80"; empty if nothing is there.
std::string valuesText(const ColumnProfile& column);
nlohmann::json toJson(const ColumnProfile& column);
// null for NaN and infinity, which JSON lacks.
nlohmann::json jsonNumber(double value);

}  // namespace blockyard::cli
