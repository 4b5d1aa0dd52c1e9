#include "runs/data_seen.hpp"

#include <chrono>

#include "base/json.hpp"

namespace blockyard {

DataFile lookAtFile(const std::string& file, const std::filesystem::path& path) {
  std::error_code code;
  const auto bytes = std::filesystem::file_size(path, code);
  if (code) return {.file = file};
  const auto time = std::filesystem::last_write_time(path, code);
  if (code) return {.file = file};
  const auto since = std::chrono::file_clock::to_sys(time).time_since_epoch();
  return {.file = file,
          .bytes = static_cast<int64_t>(bytes),
          .modified = std::chrono::duration_cast<std::chrono::nanoseconds>(since).count()};
}

nlohmann::json toJson(const DataSeen& seen) {
  nlohmann::json files = nlohmann::json::array();
  for (const DataFile& file : seen.files)
    files.push_back({{"file", file.file}, {"bytes", file.bytes}, {"modified", file.modified}});
  return {{"rows", seen.rows}, {"columns", seen.columns}, {"files", files}};
}

DataSeen dataSeenFrom(const JsonPlace& place) {
  DataSeen out{.rows = place.integer("rows", 0)};
  if (const auto columns = place.find("columns")) out.columns = columns->texts();
  if (const auto files = place.find("files"))
    for (const JsonPlace& file : files->items())
      out.files.push_back({file.text("file", ""), file.integer("bytes", -1), file.integer("modified", 0)});
  return out;
}

}  // namespace blockyard
