// DataSeen: what a run has read, for a later look at whether it is still the same: the files with size and time of
// change, which a glance can compare, how many rows and which columns they held, and which of the rows were not used.
// Plain data. Any thread.
#pragma once
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace blockyard {

class JsonPlace;

struct DataFile {
  std::string file{};    // as the settings of the source name it
  int64_t bytes = -1;    // -1: it was not there
  int64_t modified = 0;  // nanoseconds since 1970, UTC
  bool operator==(const DataFile&) const = default;
};

// Rows that a block did not want to be used, by what they would have been for.
struct RowsLeftOut {
  std::string block{};
  int64_t train = 0, validation = 0, test = 0;
  bool operator==(const RowsLeftOut&) const = default;
};

struct DataSeen {
  int64_t rows = 0;
  std::vector<std::string> columns{};           // empty if the source gives no table
  std::vector<DataFile> files{};                // empty in runs of older versions
  std::vector<RowsLeftOut> left_out{};          // by the blocks that may leave rows out, in their order
  int64_t train = 0, validation = 0, test = 0;  // rows that were used as what; all 0 in runs of older versions
  int64_t rowsUsed() const { return train + validation + test; }
};

// `file` is what it is called, `path` where it lies.
DataFile lookAtFile(const std::string& file, const std::filesystem::path& path);

nlohmann::json toJson(const DataSeen& seen);
DataSeen dataSeenFrom(const JsonPlace& place);

}  // namespace blockyard
