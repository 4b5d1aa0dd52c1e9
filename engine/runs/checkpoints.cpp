#include "runs/checkpoints.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <tuple>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/value.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

constexpr const char *kPrefix = "step-", *kSuffix = ".safetensors";
constexpr int64_t kUnreadable = std::numeric_limits<int64_t>::max();

std::string nameFor(int64_t step) {
  std::string digits = std::to_string(step);
  if (digits.size() < 8) digits.insert(0, 8 - digits.size(), '0');
  return kPrefix + digits + kSuffix;
}

// The step in a file's name, if it is one of ours.
std::optional<int64_t> stepOf(const std::string& name) {
  int64_t step = -1;
  const size_t begin = std::string_view(kPrefix).size();
  if (name.size() <= begin) return std::nullopt;
  std::from_chars(name.data() + begin, name.data() + name.size(), step);
  return step >= 0 && name == nameFor(step) ? std::optional(step) : std::nullopt;
}

// What a file tells about itself. One that cannot be read counts as the newest, so that loading tries it and tells.
CheckpointInfo infoOf(const fs::path& path, int64_t step) {
  CheckpointInfo out{.step = step, .file = path.filename().string()};
  try {
    const SafetensorsFile file(path);
    const auto text = [&](const char* key) {
      const auto it = file.metadata().find(key);
      return it == file.metadata().end() ? std::string() : it->second;
    };
    out.number = valueFromText(text("number"), Value(0)).as<int64_t>();
    out.best = text("best") == "true";
    if (!text("score").empty()) out.score = valueFromText(text("score"), Value(0.0)).as<double>();
  } catch (const Error&) {
    out.number = kUnreadable;
  }
  return out;
}

void sortBySave(std::vector<CheckpointInfo>& list) {
  std::sort(list.begin(), list.end(), [](const CheckpointInfo& a, const CheckpointInfo& b) {
    return std::tie(a.number, a.step) < std::tie(b.number, b.step);
  });
}

// Half-written files of a process that was killed. Only the one process that trains saves here.
void removeLeftovers(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path name = entry.path().filename();
    if (name.string().front() == '.' && name.extension() == ".tmp") fs::remove(entry.path(), ignored);
  }
}

}  // namespace

CheckpointStore::CheckpointStore(fs::path folder, size_t keep)
    : folder_(std::move(folder)), keep_(keep > 0 ? keep : std::numeric_limits<size_t>::max()) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder_, code))
    if (const auto step = stepOf(entry.path().filename().string())) checkpoints_.push_back(infoOf(entry.path(), *step));
  if (code && code != std::errc::no_such_file_or_directory) throwFileError(folder_, "read the folder", code.value());
  sortBySave(checkpoints_);
}

std::string CheckpointStore::save(int64_t step, const std::vector<TensorView>& tensors, const Metadata& metadata,
                                  std::optional<double> score, bool is_best) {
  makeFolder(folder_);
  removeLeftovers(folder_);
  CheckpointInfo info{.step = step, .file = nameFor(step), .score = score, .best = is_best, .number = 1};
  for (const auto& other : checkpoints_)
    if (other.number != kUnreadable) info.number = std::max(info.number, other.number + 1);
  Metadata all = metadata;
  all["step"] = std::to_string(step);
  all["number"] = std::to_string(info.number);
  all["best"] = is_best ? "true" : "false";
  if (score) all["score"] = Value(*score).text();
  writeHashedSafetensors(folder_ / info.file, tensors, all);
  std::erase_if(checkpoints_, [&](const CheckpointInfo& other) { return other.step == step; });
  checkpoints_.push_back(std::move(info));
  sortBySave(checkpoints_);
  prune(step);
  return nameFor(step);
}

void CheckpointStore::prune(int64_t step) {
  std::vector<CheckpointInfo> kept;
  size_t last = 0;
  bool have_best = false;
  for (auto it = checkpoints_.rbegin(); it != checkpoints_.rend(); ++it) {
    const bool whole = it->number != kUnreadable;
    const bool among_last = whole && it->step <= step && last < keep_;
    const bool best = whole && it->best && !have_best;
    if (among_last) ++last;
    if (best) have_best = true;
    if (among_last || best) {
      kept.push_back(*it);
    } else {
      std::error_code ignored;
      fs::remove(folder_ / it->file, ignored);
    }
  }
  checkpoints_.assign(kept.rbegin(), kept.rend());
}

std::optional<CheckpointStore::Loaded> CheckpointStore::loadFirst(const std::vector<CheckpointInfo>& order) const {
  std::vector<std::string> warnings;
  for (const auto& info : order) {
    try {
      SafetensorsFile file(folder_ / info.file);
      file.verify();
      return Loaded{info, std::move(file), std::move(warnings)};
    } catch (const Error& error) {
      warnings.push_back(std::string("passed over a damaged checkpoint: ") + error.what());
    }
  }
  if (order.empty()) return std::nullopt;
  throw Error({.file = folder_.string()}, "no checkpoint is whole: " + warnings.front(), "train again from the start");
}

std::optional<CheckpointStore::Loaded> CheckpointStore::loadLatest() const {
  return loadFirst({checkpoints_.rbegin(), checkpoints_.rend()});
}

std::optional<CheckpointStore::Loaded> CheckpointStore::loadBest() const {
  std::vector<CheckpointInfo> order(checkpoints_.rbegin(), checkpoints_.rend());
  std::stable_partition(order.begin(), order.end(), [](const CheckpointInfo& info) { return info.best; });
  return loadFirst(order);
}

CheckpointStore::Loaded CheckpointStore::loadStep(int64_t step) const {
  std::string steps;
  for (const CheckpointInfo& info : checkpoints_) {
    steps += (steps.empty() ? "" : ", ") + std::to_string(info.step) + (info.best ? " (the best)" : "");
    if (info.step != step) continue;
    SafetensorsFile file(folder_ / info.file);
    file.verify();
    return {info, std::move(file)};
  }
  throw Error({.file = folder_.string()}, "there is no checkpoint of step " + std::to_string(step),
              steps.empty() ? "the run has no checkpoint" : "there are those of the steps " + steps);
}

}  // namespace blockyard
