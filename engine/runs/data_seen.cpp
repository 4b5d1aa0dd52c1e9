#include "runs/data_seen.hpp"

#include <algorithm>
#include <chrono>

#include "base/json.hpp"

namespace blockyard {

namespace {

// When it was changed; a folder, when a file came or went. 0 if it is not there.
int64_t changeOf(const std::filesystem::path& path) {
  std::error_code code;
  const auto time = std::filesystem::last_write_time(path, code);
  if (code) return 0;
  const auto since = std::chrono::file_clock::to_sys(time).time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

// A folder, by what lies below it: the bytes of the files together, and the latest change.
DataFile lookAtFolder(const std::string& file, const std::filesystem::path& path) {
  DataFile out{.file = file, .bytes = 0, .modified = changeOf(path)};
  std::error_code code;
  for (std::filesystem::recursive_directory_iterator at(path, code), end; !code && at != end; at.increment(code)) {
    std::error_code gone;
    if (at->is_directory(gone)) out.modified = std::max(out.modified, changeOf(at->path()));
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
  return {.file = file, .bytes = static_cast<int64_t>(bytes), .modified = changeOf(path)};
}

nlohmann::json toJson(const DataSeen& seen) {
  nlohmann::json files = nlohmann::json::array();
  for (const DataFile& file : seen.files)
    files.push_back({{"file", file.file}, {"bytes", file.bytes}, {"modified", file.modified}});
  nlohmann::json left_out = nlohmann::json::array();
  for (const RowsLeftOut& rows : seen.left_out)
    left_out.push_back(
        {{"block", rows.block}, {"train", rows.train}, {"validation", rows.validation}, {"test", rows.test}});
  return {{"rows", seen.rows},
          {"columns", seen.columns},
          {"files", files},
          {"left_out", left_out},
          {"parts", {{"train", seen.train}, {"validation", seen.validation}, {"test", seen.test}}}};
}

DataSeen dataSeenFrom(const JsonPlace& place) {
  DataSeen out{.rows = place.integer("rows", 0)};
  if (const auto columns = place.find("columns")) out.columns = columns->texts();
  if (const auto files = place.find("files"))
    for (const JsonPlace& file : files->items())
      out.files.push_back({file.text("file", ""), file.integer("bytes", -1), file.integer("modified", 0)});
  if (const auto left_out = place.find("left_out"))
    for (const JsonPlace& rows : left_out->items())
      out.left_out.push_back(
          {rows.text("block", ""), rows.integer("train", 0), rows.integer("validation", 0), rows.integer("test", 0)});
  if (const auto parts = place.find("parts"))
    out.train = parts->integer("train", 0), out.validation = parts->integer("validation", 0),
    out.test = parts->integer("test", 0);
  return out;
}

}  // namespace blockyard
