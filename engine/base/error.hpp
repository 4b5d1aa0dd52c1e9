// What a user can cause is one type with an address: where it happened, what was expected and what came, what to do.
// Thrown once, caught at three doors only: the engine thread, the command's main, an action of the window.
// Bugs of ours are assertions, not Errors.
#pragma once
#include <cstdint>
#include <exception>
#include <string>

namespace blockyard {

// The class of a failure; the number is the exit code of the command.
enum class Fault {
  Failed = 1,       // the run failed
  Usage = 2,        // the command line makes no sense
  BadInput = 3,     // bad project or data
  NoDevice = 4,     // the wanted device is missing
  OutOfMemory = 5,  // memory of the host or of the device
  Diverged = 6,     // NaN or Inf
  TryAgain = 75,    // preempted, or somebody else holds the project
};

// The address of a failure. Every part may be empty; line and column count from 1, 0 means unknown.
struct Where {
  std::string block{};      // id in the graph: "conv1"
  std::string port{};       // port of that block
  std::string parameter{};  // parameter of that block
  std::string file{};
  int64_t line = 0;
  int64_t column = 0;

  // "conv1.x", "table, parameter file", "data.csv:12:5"; empty if nothing is known.
  std::string text() const;
};

class Error : public std::exception {
 public:
  // `problem` says what was expected and what came; `hint` what to do about it (may be empty).
  Error(Where where, std::string problem, std::string hint = {}, Fault fault = Fault::BadInput);

  const Where& where() const { return where_; }
  const std::string& problem() const { return problem_; }
  const std::string& hint() const { return hint_; }
  Fault fault() const { return fault_; }
  // "place: problem (hint)" in one line.
  const char* what() const noexcept override { return text_.c_str(); }
  // The same error, with the parts of `outer` filled in where this one has none. For callers that know more.
  Error at(const Where& outer) const;
  // The same error, placed by its file alone if it has one. For callers whose user named the file, not a parameter.
  Error inFile() const;

 private:
  Where where_;
  std::string problem_, hint_, text_;
  Fault fault_;
};

}  // namespace blockyard
