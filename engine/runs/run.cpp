#include "runs/run.hpp"

#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <future>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "runs/lock.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int64_t kFormat = 1;
constexpr std::chrono::minutes kQuiet{10};
constexpr std::array<const char*, 6> kStates = {"running", "done", "stopped", "failed", "diverged", "interrupted"};

fs::path recordFile(const fs::path& folder) {
  return folder / "run.json";
}

// The time in an id, in milliseconds since 1970; nothing if it is none of ours.
std::optional<int64_t> timeOf(const std::string& id) {
  std::tm parts{};
  const char* const rest = ::strptime(id.c_str(), "%Y%m%d-%H%M%S-", &parts);
  if (rest == nullptr || id.size() != 20) return std::nullopt;
  return int64_t{1000} * ::timegm(&parts) + std::atoi(id.substr(16, 3).c_str());
}

// Of now, or a millisecond after the newest of `ids` where the clock was set back: the last one started sorts last.
std::string newId(const std::vector<std::string>& ids) {
  uint8_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random) random = static_cast<uint8_t>(::clock());
  auto time = static_cast<int64_t>(secondsNow() * 1000);
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    const auto last = timeOf(*id);
    if (last && *last >= time) time = *last + 1;
    if (last) break;
  }
  const std::time_t seconds = time / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::string out(text, std::strftime(text, sizeof text, "%Y%m%d-%H%M%S-", &parts));
  for (const int64_t unit : {100, 10, 1}) out += static_cast<char>('0' + time % 1000 / unit % 10);
  return out + "0123456789abcdef"[random & 15];
}

RunState stateFrom(const JsonPlace& place) {
  const auto it = std::find(kStates.begin(), kStates.end(), place.text());
  if (it == kStates.end()) place.expected("a state of a run");
  return static_cast<RunState>(it - kStates.begin());
}

Results resultsFrom(const JsonPlace& place) {
  Results out;
  for (const auto& [part, metrics] : place.members())
    for (const auto& [name, value] : metrics.members()) out[part][name] = value.number();
  return out;
}

Json toJson(const StudyPlace& place) {
  if (place.study.empty()) return nullptr;
  return {{"name", place.study}, {"trial", place.trial}, {"seed", place.seed}, {"fold", place.fold}};
}

StudyPlace studyFrom(const JsonPlace& place) {
  if (place.json().is_null()) return {};
  return {place["name"].text(), place["trial"].integer(), place["seed"].integer(), place["fold"].integer()};
}

Texts textsAt(const JsonPlace& place, const std::string& name) {
  const auto found = place.find(name);
  return found ? found->texts() : Texts{};
}

// Reads the record and keeps the members that this version does not know, for the next write.
RunRecord readRecord(const fs::path& folder, Json& json) {
  json = readJson(recordFile(folder));
  return runFromJson(json, recordFile(folder).string());
}

void writeRecord(const fs::path& folder, const RunRecord& record, Json before) {
  const Json known = toJson(record);
  if (!before.is_object()) before = Json::object();
  for (const auto& [name, value] : known.items()) before[name] = value;
  writeDurably(recordFile(folder), dumpJson(before));
}

std::vector<std::string> idsIn(const fs::path& project_folder) {
  std::vector<std::string> out;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(runsFolder(project_folder), code)) {
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (name.front() != '.' && entry.is_directory(ignored)) out.push_back(name);
  }
  if (code && code != std::errc::no_such_file_or_directory)
    throwFileError(runsFolder(project_folder), "read the folder", code.value());
  std::sort(out.begin(), out.end());
  return out;
}

// A process that died while it made the folder: there is no record yet, and nothing but temporary files.
bool neverBegan(const fs::path& folder) {
  std::error_code code;
  if (fs::exists(recordFile(folder), code)) return false;
  for (const auto& entry : fs::directory_iterator(folder, code))
    if (entry.path().filename().string().front() != '.') return false;
  return !code;
}

// The newest run that a person has started: trainings of a study come in dozens, and none of them is meant. The newest
// of all if there are no others.
std::string lastId(const fs::path& project_folder, const std::vector<std::string>& ids) {
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    const RunEntry entry = readRun(runsFolder(project_folder) / *id);
    if (!entry.record && neverBegan(runsFolder(project_folder) / *id)) continue;
    if (!entry.record || entry.record->study.study.empty()) return *id;
  }
  return ids.back();
}

std::string findId(const fs::path& project_folder, const std::string& name) {
  const auto ids = idsIn(project_folder);
  const std::string place = runsFolder(project_folder).string();
  if (ids.empty()) throw Error({.file = place}, "there is no run yet", "train one first");
  if (name == "last") return lastId(project_folder, ids);
  std::vector<std::string> begin_so;
  for (const auto& id : ids) {
    if (id == name) return id;
    if (!name.empty() && id.rfind(name, 0) == 0) begin_so.push_back(id);
  }
  if (begin_so.size() == 1) return begin_so.front();
  if (begin_so.size() > 1)
    throw Error({.file = place}, std::to_string(begin_so.size()) + " runs begin with \"" + name + "\"",
                "the newest of them is " + begin_so.back());
  const std::string near = nearestName(name, ids);
  throw Error({.file = place}, "there is no run \"" + name + "\"",
              near.empty() ? "the newest is " + ids.back() : "did you mean " + near + "?");
}

RunState shownStateOf(const RunRecord& record, const fs::path& folder) {
  if (record.state != RunState::Running) return record.state;
  if (const auto alive = isAlive(record.owner)) return *alive ? RunState::Running : RunState::Interrupted;
  std::error_code ignored;
  auto newest = fs::file_time_type::min();
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    newest = std::max(newest, entry.last_write_time(ignored));
  return fs::file_time_type::clock::now() - newest < kQuiet ? RunState::Running : RunState::Interrupted;
}

}  // namespace

fs::path runsFolder(const fs::path& project_folder) {
  return project_folder / "runs";
}

const char* nameOf(RunState state) {
  return kStates[static_cast<size_t>(state)];
}

Json toJson(const RunRecord& record) {
  Json results = Json::object();
  for (const auto& [part, metrics] : record.results) results[part] = metrics;
  Json changes = Json::array();
  for (const RateChange& change : record.rate_changes)
    changes.push_back({{"step", change.step}, {"factor", change.factor}});
  return {{"format", kFormat},
          {"id", record.id.text},
          {"state", nameOf(record.state)},
          {"started", record.started},
          {"ended", record.ended},
          {"purpose", record.purpose},
          {"plan", record.plan},
          {"plan_hash", record.plan_hash},
          {"seed", record.seed},
          {"overrides", record.overrides},
          {"study", toJson(record.study)},
          {"data_fingerprint", record.data_fingerprint},
          {"data", toJson(record.data)},
          {"data_card", toJson(record.card)},
          {"parent", record.parent ? Json{{"run", record.parent->run}, {"step", record.parent->step}} : Json()},
          {"repeats", record.repeats},
          {"rate_changes", changes},
          {"weights_sha256", record.weights_sha256},
          {"versions", record.versions},
          {"machine", toJson(record.machine)},
          {"owner", toJson(record.owner)},
          {"results", results},
          {"parameter_count", record.parameter_count},
          {"epochs", record.epochs},
          {"steps", record.steps},
          {"seconds", record.seconds},
          {"error", record.error},
          {"artifacts", record.artifacts}};
}

RunRecord runFromJson(const Json& json, const std::string& file) {
  const JsonPlace place(json, file);
  const int64_t format = place["format"].integer();
  if (format > kFormat)
    place["format"].refuse("made by a newer version: format " + std::to_string(format),
                           "update this program to open it");
  if (format < 1) place["format"].expected("a number from 1 up");
  RunRecord out;
  out.id.text = place["id"].text();
  out.state = stateFrom(place["state"]);
  out.started = place.text("started", "");
  out.ended = place.text("ended", "");
  out.purpose = place.text("purpose", "");
  if (const auto plan = place.find("plan")) out.plan = plan->json();
  out.plan_hash = place.text("plan_hash", "");
  out.seed = place.integer("seed", 0);
  out.overrides = textsAt(place, "overrides");
  if (const auto study = place.find("study")) out.study = studyFrom(*study);
  out.data_fingerprint = place.text("data_fingerprint", "");
  if (const auto data = place.find("data")) out.data = dataSeenFrom(*data);
  if (const auto card = place.find("data_card")) out.card = dataCardFrom(*card);
  if (const auto parent = place.find("parent"); parent && !parent->json().is_null())
    out.parent = BranchPoint{(*parent)["run"].text(), (*parent)["step"].integer()};
  out.repeats = place.text("repeats", "");
  if (const auto changes = place.find("rate_changes"))
    for (const auto& change : changes->items())
      out.rate_changes.push_back({change["step"].integer(), change["factor"].number()});
  out.weights_sha256 = place.text("weights_sha256", "");
  if (const auto versions = place.find("versions"))
    for (const auto& [name, text] : versions->members()) out.versions[name] = text.text();
  if (const auto machine = place.find("machine")) out.machine = machineFromJson(*machine);
  if (const auto owner = place.find("owner")) out.owner = ownerFromJson(*owner);
  if (const auto results = place.find("results")) out.results = resultsFrom(*results);
  out.parameter_count = place.integer("parameter_count", 0);
  out.epochs = place.integer("epochs", 0);
  out.steps = place.integer("steps", 0);
  out.seconds = place.number("seconds", 0);
  out.error = place.text("error", "");
  out.artifacts = textsAt(place, "artifacts");
  return out;
}

Run Run::create(const fs::path& project_folder, RunRecord record) {
  makeFolder(runsFolder(project_folder));
  fs::path folder;
  for (int attempt = 0;; ++attempt) {
    record.id.text = newId(idsIn(project_folder));
    folder = runsFolder(project_folder) / record.id.text;
    if (::mkdir(folder.c_str(), 0777) == 0) break;
    if (errno != EEXIST || attempt > 100) throwFileError(folder, "make the folder", errno);
  }
  const std::string gpu = record.machine.gpu;
  record.machine = thisMachine();
  record.machine.gpu = gpu;
  record.owner = thisProcess();
  record.state = RunState::Running;
  record.started = utcText(secondsNow());
  record.versions.emplace("compiler", __VERSION__);
  try {
    writeRecord(folder, record, {});
    syncFolder(runsFolder(project_folder));
  } catch (...) {  // no folder without a record
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    throw;
  }
  return {folder, std::move(record)};
}

Run Run::open(const fs::path& project_folder, const std::string& name) {
  const fs::path folder = runsFolder(project_folder) / findId(project_folder, name);
  Json json;
  RunRecord record = readRecord(folder, json);
  return {folder, std::move(record)};
}

RunState Run::shownState() const {
  return shownStateOf(record_, folder_);
}

void Run::update(const std::function<void(RunRecord&)>& change) {
  const FolderLock lock(folder_);
  Json json;
  RunRecord record = readRecord(folder_, json);
  change(record);
  writeRecord(folder_, record, json);
  record_ = std::move(record);
}

void Run::resume() {
  update([&](RunRecord& record) {
    const Owner self = thisProcess();
    const bool ours = record.owner.pid == self.pid && record.owner.process_start == self.process_start;
    if (!ours && shownStateOf(record, folder_) == RunState::Running) throw stillRunning(folder_, record);
    const std::string gpu = record.machine.gpu;
    record.machine = thisMachine();
    record.machine.gpu = gpu;
    record.owner = self;
    record.state = RunState::Running;
    record.ended.clear();
    record.error.clear();
  });
}

void Run::finish(RunState state, const std::string& error) {
  update([&](RunRecord& record) {
    record.state = state;
    record.ended = utcText(secondsNow());
    record.error = error;
  });
}

RunEntry readRun(const fs::path& run_folder) {
  RunEntry entry{.id = {run_folder.filename().string()}};
  try {
    Json json;
    entry.record = readRecord(run_folder, json);
    entry.shown = shownStateOf(*entry.record, run_folder);
    entry.notes = readNotes(run_folder);
  } catch (const Error& error) {
    entry.damage = error.what();
  }
  return entry;
}

Error stillRunning(const fs::path& run_folder, const RunRecord& record) {
  return {{.file = run_folder.string()},
          "this run is running (pid " + std::to_string(record.owner.pid) + " on " + record.owner.host + ")",
          "wait for its end, or stop it",
          Fault::TryAgain};
}

std::vector<RunEntry> listRuns(const fs::path& project_folder) {
  const std::vector<std::string> ids = idsIn(project_folder);
  std::vector<std::optional<RunEntry>> read(ids.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < ids.size(); i = next++)
      if (const fs::path folder = runsFolder(project_folder) / ids[i]; !neverBegan(folder)) read[i] = readRun(folder);
  };
  // Records are long texts: where there are many, several threads read them.
  constexpr size_t kWorthAThread = 50, kMostThreads = 8;
  const size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::future<void>> others;
  for (size_t i = 1; i < std::min({kMostThreads, cores, ids.size() / kWorthAThread}); ++i)
    others.push_back(std::async(std::launch::async, work));
  work();
  for (auto& each : others) each.get();
  std::vector<RunEntry> out;
  for (auto& entry : read)
    if (entry) out.push_back(std::move(*entry));
  return out;
}

}  // namespace blockyard
