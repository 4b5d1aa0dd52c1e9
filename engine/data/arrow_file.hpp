// Parquet, Arrow IPC and Feather files, also those in S3 storage (data/remote.hpp); tables written as Parquet. Their
// library is large and slow to load, so it lives in a plug-in (data/arrow) that is opened with the first such file.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "data/row_block.hpp"
#include "data/table.hpp"

namespace blockyard {

struct ArrowOptions {
  std::vector<std::string> only{};      // these columns, in this order; empty: all
  std::vector<std::string> may_lack{};  // of these, those that are not there are left out
  std::map<std::string, ColumnType> types{};
  std::vector<std::string> missing{};  // texts that stand for a missing value
  bool may_be_empty = false;           // columns without rows are no mistake
  int threads = 1;
  const std::atomic<bool>* stop = nullptr;
};

// Told by the first bytes of the file; an object in S3 storage is always taken for one.
bool isArrowFile(const std::string& path);
// Throws Error, also if this build has no plug-in.
std::unique_ptr<TableReader> openArrowFile(const std::string& path, const ArrowOptions& options);

// What a Table does not tell of its columns, by name.
struct ParquetTypes {
  std::set<std::string> whole{};  // columns of numbers that are all whole: int64
  std::set<std::string> times{};  // columns of text that hold times in UTC: timestamps, as columns of times
};
// The bytes of a Parquet file with these rows; what is missing is null. Throws Error, also if this build has no
// plug-in.
std::string parquetOf(const Table& table, const ParquetTypes& types = {});

// What the plug-in offers under the name kArrowEntry. The version is raised with every change of the types above.
constexpr int kArrowVersion = 4;
constexpr const char* kArrowEntry = "blockyardArrow";
struct ArrowPlugin {
  int version = 0;
  std::unique_ptr<TableReader> (*open)(const std::string& path, const ArrowOptions& options) = nullptr;
  // See data/remote.hpp.
  std::vector<std::string> (*list_remote)(const std::string& prefix) = nullptr;
  std::string (*remote_identity)(const std::string& address) = nullptr;
  std::string (*parquet)(const Table& table, const ParquetTypes& types) = nullptr;
};

}  // namespace blockyard
