#include "runs/data_seen.hpp"

#include <algorithm>
#include <chrono>

#include "base/json.hpp"

namespace blockyard {

namespace {

// A folder, by the files below it: their bytes together, and the latest change.
DataFile lookAtFolder(const std::string& file, const std::filesystem::path& path) {
  DataFile out{.file = file, .bytes = 0};
  std::error_code code;
  for (std::filesystem::recursive_directory_iterator at(path, code), end; !code && at != end; at.increment(code)) {
    std::error_code gone;
    if (!at->is_regular_file(gone)) continue;
    const DataFile inside = lookAtFile(file, at->path());
    out.bytes += std::max<int64_t>(0, inside.bytes);
    out.modified = std::max(out.modified, inside.modified);
  }
  return out;
}

}  // namespace

DataFile lookAtFile(const std::string& file, const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) return lookAtFolder(file, path);
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
