// DataCard: what a person should know about the data that a run has learned from. Written into each run and each
// exported pipeline. Plain data. Any thread.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace blockyard {

class JsonPlace;

struct CardColumn {
  std::string name{};
  std::string type{};  // number, category, text, time; label, target; or the signature of a tensor
  int64_t missing = 0;
  bool operator==(const CardColumn&) const = default;
};

struct DataCard {
  std::string source{};       // the block that reads it: "source/table"
  std::string origin{};       // where it comes from, as its user has said
  std::string licence{};      // as its user has said
  std::string fingerprint{};  // SHA-256 of what was read
  int64_t rows = 0;
  int64_t looked_at = 0;  // the first rows, which missing values and notes are about
  std::vector<CardColumn> columns{};
  std::vector<std::string> notes{};  // known problems: "humidity: 34 % missing"
  bool operator==(const DataCard&) const = default;
};

nlohmann::json toJson(const DataCard& card);
DataCard dataCardFrom(const JsonPlace& place);

}  // namespace blockyard
