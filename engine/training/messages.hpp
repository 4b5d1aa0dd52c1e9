// Everything that crosses between the engine thread and whoever watches it (the window, the command), by value.
// Torch-free.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "graph/plan.hpp"
#include "runs/event_format.hpp"
#include "runs/run.hpp"

namespace blockyard {

class Pipeline;
class Trainer;
struct PreparedData;
struct Preview;

// ---- from outside to the engine

// A checkpoint of another run that a new one goes on from.
struct BranchFrom {
  BranchPoint point{};
  std::string file{};  // the checkpoint, or the copy of it that a branch keeps
};

struct Start {
  Plan plan{};
  std::string purpose{};                   // one line: why this run
  std::vector<std::string> overrides{};    // what was set on the command line, for the record
  std::string snapshot{};                  // snapshotText() of the project, kept with the run; may be empty
  std::string resume{};                    // id of a run to go on with; empty for a new one
  int64_t at = -1;                         // with `resume`: the step whose checkpoint is meant; -1: the latest one
  std::optional<BranchFrom> branch{};      // a new run that begins with what another had learned
  std::string repeats{};                   // id of the run that is done again; empty: none
  std::vector<RateChange> rate_changes{};  // of a run that is repeated: made again at their steps
  StudyPlace study{};                      // of a training that belongs to a study, which holds the project's lock
  int64_t stop_after_epochs = 0;           // stop there as the user would, to go on later; 0: never
  bool keep_run = true;                    // false: nothing is written (dry run, benchmark)
  // Engine thread, once, after a training that ended well: the moment to export. May be empty. Gets the run's folder.
  std::function<void(const Trainer&, const std::string&)> trained{};
};
struct Pause {};
struct Continue {};
struct Stop {};  // after the batch, with a clean checkpoint
struct SetLearningRate {
  double factor = 1;  // multiplies whatever the schedule says; recorded with its step, and made again in a repetition
};
struct PreviewPort {    // answered after the batch with Previewed; not at all if the training ends before
  int64_t number = 0;   // comes back with the answer
  std::string block{};  // in the plan that is trained
  std::string port{};
  int64_t rows = 0;  // of the source, from the first one on
};
using Command = std::variant<Start, Pause, Continue, Stop, SetLearningRate, PreviewPort>;

// ---- from the engine to outside

struct Preparing {  // reading, fitting, preparing
  std::string what{};
  double share = 0;  // 0 to 1
};
struct Started {
  std::string run{};     // id; empty if no run is kept
  std::string folder{};  // of the run
  std::string device{};
  int64_t parameters = 0;                             // trainable numbers
  int64_t rows[3] = {0, 0, 0};                        // train, validation, test
  int64_t epochs = 0, steps = 0;                      // steps per epoch
  int64_t first_step = 0;                             // not 0 when resumed
  std::map<std::string, int64_t> block_parameters{};  // of each block that has weights, by its id
  std::vector<std::string> fitted{};  // blocks without weights that have been fitted to the training rows
};
struct StepDone {
  int64_t step = 0, epoch = 0;  // step counts from 1 over the whole run
  double loss = 0;              // mean since the last message
  double learning_rate = 0;
  double rows_per_second = 0;
  double seconds_left = 0;  // estimate
  double gradient_norm =
      0;  // of all gradients together at this step, before clipping; 0: not measured since the last message
};
// Of one step now and then: where its time went. Mean over the steps that were measured so far.
struct BlockTimes {
  struct Times {
    std::string block{};
    double forward_ms = 0, backward_ms = 0;
  };
  int64_t step = 0;
  double step_ms = 0;  // the whole: forward, backward, optimizer; without waiting for the batch
  std::vector<Times> blocks{};
};
// How the weights and their last gradients are distributed, now and then.
struct Histograms {
  struct Of {
    std::string parameter{};                  // "block.weight"
    events::Histogram values{}, gradients{};  // without gradient: no buckets
  };
  int64_t step = 0;
  std::vector<Of> parameters{};
};
struct EpochDone {
  int64_t epoch = 0;  // from 1
  int64_t step = 0;
  double train_loss = 0;
  std::map<std::string, double> validation{};  // metrics; empty without validation rows
  double seconds = 0;
  bool best = false;
};
struct Saved {  // a checkpoint
  int64_t step = 0;
  std::string file{};
};
struct Paused {};
struct Notice {  // something the user should know, and training goes on
  std::string text{};
};
struct Previewed {
  int64_t number = 0;
  std::shared_ptr<const Preview> preview{};  // null if there is an error
  std::optional<Error> error{};
};
struct Failed {
  Error error;
};
struct Finished {
  std::string run{};
  std::string state{};  // "done", "stopped"
  int64_t step = 0, epochs = 0;
  double seconds = 0;
  std::map<std::string, std::map<std::string, double>> metrics{};  // by part, then by name
};
using Event = std::variant<Preparing, Started, StepDone, BlockTimes, Histograms, EpochDone, Saved, Paused, Notice,
                           Previewed, Failed, Finished>;

}  // namespace blockyard
