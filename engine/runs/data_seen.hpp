// DataSeen: what a run has read, for a later look at whether it is still the same: the files with size and time of
// change, which a glance can compare, and how many rows and which columns they held. Plain data. Any thread.
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

struct DataSeen {
  int64_t rows = 0;
  std::vector<std::string> columns{};  // empty if the source gives no table
  std::vector<DataFile> files{};       // empty in runs of older versions
};

// `file` is what it is called, `path` where it lies.
DataFile lookAtFile(const std::string& file, const std::filesystem::path& path);

nlohmann::json toJson(const DataSeen& seen);
DataSeen dataSeenFrom(const JsonPlace& place);

}  // namespace blockyard
