// ErrorExamples: the test rows that a run was most wrong about, as a person reads them: what was true, what it said,
// and what the row holds. Written into the run's folder when it ends, so that a report needs neither the data nor the
// trained model. Plain data; any thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace blockyard {

constexpr const char* kErrorsFile = "errors-test.json";  // in the run's folder

struct ErrorExample {
  int64_t row = 0;                                                // in the source, from 0
  std::string name{};                                             // by what the source tells it apart; may be empty
  std::string truth{}, answer{};                                  // class, labels or number, in its own unit
  double probability = std::numeric_limits<double>::quiet_NaN();  // of the answer; NaN for numbers
  double truth_probability = std::numeric_limits<double>::quiet_NaN();  // of what was true; NaN if it has none
  double wrongness = 0;                                                 // see ErrorExamples::measure
  std::vector<std::pair<std::string, std::string>> columns{};  // of a table: name and cell, "" if missing; may be cut
  std::string picture{};                                       // PNG as base64; empty: the row is none
};

struct ErrorExamples {
  std::string part = "test";
  std::string head{};                    // the block whose answers these are
  std::string measure{};                 // what the rows are sorted by: "loss" or "absolute error"
  int64_t rows = 0;                      // judged
  int64_t wrong = 0;                     // of them; all that are not exact for numbers
  std::vector<ErrorExample> examples{};  // the worst first; of classes and labels only rows with a wrong answer
};

nlohmann::json toJson(const ErrorExamples& examples);
ErrorExamples errorExamplesFromJson(const nlohmann::json& json, const std::string& file);
// Nothing if the run has written none. Throws Error for a damaged file.
std::optional<ErrorExamples> errorExamplesOf(const std::filesystem::path& run_folder);

}  // namespace blockyard
