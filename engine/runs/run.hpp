// Run: the record of one training on disk, in <project>/runs/<id>/run.json, enough to repeat it: the frozen plan, seed,
// overrides, versions, machine, fingerprint of the data, and what came out. Beside it lie the journal, checkpoints and
// notes (runs/notes).
// Written durably at each change. Calls block; any thread, and several processes may change the same run.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "runs/data_card.hpp"
#include "runs/data_seen.hpp"
#include "runs/machine.hpp"
#include "runs/notes.hpp"

namespace blockyard {

// "20261121-114530-042a": the start in UTC to the millisecond, so that ids sort by time, and a random digit.
struct RunId {
  std::string text{};
  auto operator<=>(const RunId&) const = default;
};

// Interrupted: the process was gone before it could say how the run ended.
enum class RunState { Running, Done, Stopped, Failed, Diverged, Interrupted };
const char* nameOf(RunState state);  // "running", "done", "stopped", "failed", "diverged", "interrupted"

// A live change of the learning rate: from the step after `step` on the schedule's rate is multiplied by `factor`, too.
struct RateChange {
  int64_t step = 0;
  double factor = 1;
  bool operator==(const RateChange&) const = default;
};

// Where a run began that goes on from a checkpoint of another one with other settings.
struct BranchPoint {
  std::string run{};
  int64_t step = 0;
};

using MetricValues = std::map<std::string, double>;   // by name: "accuracy"
using Results = std::map<std::string, MetricValues>;  // by part: "train", "validation", "test"

// Which training of a study this is.
struct StudyPlace {
  std::string study{};  // name; empty: of none
  int64_t trial = 0;
  int64_t seed = 0;
  int64_t fold = 0;
  auto operator<=>(const StudyPlace&) const = default;
};

struct RunRecord {
  RunId id{};
  RunState state = RunState::Running;  // as recorded; see Run::shownState()
  std::string started{}, ended{};      // UTC, "2026-11-21T11:45:30Z"
  std::string purpose{};
  nlohmann::json plan{};  // null: none
  std::string plan_hash{};
  int64_t seed = 0;
  Texts overrides{};  // as given: "conv1.channels=32"
  StudyPlace study{};
  std::string data_fingerprint{};
  DataSeen data{};
  std::optional<BranchPoint> parent{};            // nothing: it began with weights of its own
  std::string repeats{};                          // id of the run that this one does again; empty: none
  std::vector<RateChange> rate_changes{};         // in their order
  DataCard card{};                                // empty in runs of older versions
  std::map<std::string, std::string> versions{};  // "blockyard", "libtorch", "compiler"
  Machine machine{};
  Owner owner{};
  Results results{};
  std::string weights_sha256{};  // of all that was learned, at the end of a run that is done; see hashOf(State)
  int64_t parameter_count = 0;
  int64_t epochs = 0, steps = 0;
  double seconds = 0;
  std::string error{};
  Texts artifacts{};  // files in the run's folder
};

nlohmann::json toJson(const RunRecord& record);
RunRecord runFromJson(const nlohmann::json& json, const std::string& file);

class Run {
 public:
  // Makes the folder. Id, state, start, machine (but for its gpu), owner and the compiler's version are filled in here.
  static Run create(const std::filesystem::path& project_folder, RunRecord record);
  // `name` is an id, its beginning if only one begins so, or "last" of no study. Throws Error with the nearest id.
  static Run open(const std::filesystem::path& project_folder, const std::string& name);

  const RunId& id() const { return record_.id; }
  const std::filesystem::path& folder() const { return folder_; }
  const RunRecord& record() const { return record_; }  // as last read or written here
  // As recorded, except that a run whose process is gone is interrupted. For a process that cannot be looked for from
  // here the files tell: gone if none of them has changed for ten minutes.
  RunState shownState() const;

  // Changes what is on disk now, which may be newer than record(), and writes it.
  void update(const std::function<void(RunRecord&)>& change);
  // This process goes on with the run: state running, owner and machine of today. Throws Error if it is running
  // elsewhere.
  void resume();
  // The end: the state, the time, and the sentence of the error if there was one.
  void finish(RunState state, const std::string& error = {});

 private:
  Run(std::filesystem::path folder, RunRecord record) : folder_(std::move(folder)), record_(std::move(record)) {}
  std::filesystem::path folder_;
  RunRecord record_;
};

// A folder below runs/: its record, or what is wrong with it.
struct RunEntry {
  RunId id{};
  std::optional<RunRecord> record{};
  RunNotes notes{};
  RunState shown = RunState::Interrupted;  // see Run::shownState()
  std::string damage{};
};
// All runs, by id. A project that has none yet gives an empty list.
std::vector<RunEntry> listRuns(const std::filesystem::path& project_folder);
// Where the runs of a project lie.
std::filesystem::path runsFolder(const std::filesystem::path& project_folder);

// One of them, by its folder. Never throws: what is wrong is in `damage`.
RunEntry readRun(const std::filesystem::path& run_folder);

// For whoever wants a run that is running to stand still.
Error stillRunning(const std::filesystem::path& run_folder, const RunRecord& record);

}  // namespace blockyard
