// Drives a training from its start to its end: shows its progress and turns
// signals into a clean stop.
#pragma once
#include "command.hpp"
#include "training/messages.hpp"

namespace blockyard::cli {

struct Driven {
  Started started{};
  Finished finished{};
  std::vector<EpochDone> epochs{};
  double started_at = 0;     // processSeconds() when the data was ready
  double first_step_at = 0;  // and when the first steps were heard of
};

// Throws the Error of a training that failed.
Driven drive(Start start, const Context& context);

// What a training left behind: the scores on standard output, the one that it
// watched among them, what to do next on standard error. The plan knows their units.
void printScores(const std::map<std::string, std::map<std::string, double>>& metrics, const std::string& monitor,
                 const nlohmann::json& plan, const Context& context);

// Trains: a new run, or going on with one. Saves the trained pipeline into the
// run's folder and to `bundle` if that is not empty, and prints the end of it.
// Returns the exit code. `project` is what the user calls it, for the advice.
int trainAndReport(Start start, const std::string& bundle, const std::string& project, const Context& context);

// A Start that goes on with a run of the project, from the checkpoint of a step, from the "best" one, or if `at` is
// empty from the latest.
Start resumed(const std::string& run, const std::string& project, const std::string& at = {});
// A Start that trains again what a run of the project has trained.
Start repeated(const std::string& run, const std::string& project);

}  // namespace blockyard::cli
