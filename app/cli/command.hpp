// What the verbs of the command share: how a verb is described, what it is called with, and how things are named on the
// command line. A verb is one file: its options, its work, its description; verbs.cpp lists them.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "terminal.hpp"

namespace blockyard::cli {

// What every verb is called with.
struct Context {
  bool json = false;   // for machines: one object, or one per line where things happen over time
  bool quiet = false;  // no progress, no advice
  Terminal out;
  Terminal err;

  void print(std::string_view text) const { out.write(text); }
  void printJson(const nlohmann::json& value) const;  // in one line
  // Something a person may want to know, on standard error, unless --quiet or --json.
  void say(const std::string& text) const;
  // The same for what must not be missed; with --json {"notice": ...}.
  void warn(const std::string& text) const;
};

// Returns the exit code; throws Error.
using Work = std::function<int(Context&)>;

struct Verb {
  const char* name;
  const char* summary;   // one line
  const char* examples;  // lines, shown first in the help
  // Declares the arguments on `app` and returns what is to be done. Null if the verb only has verbs of its own.
  Work (*declare)(CLI::App& app) = nullptr;
  std::vector<Verb> verbs{};
  bool hidden = false;  // for the program itself; no help lists it
};

// All verbs, in the order of the help.
const std::vector<Verb>& verbs();

// The line that a mistake on the command line throws: exit code 2.
[[noreturn]] void throwUsage(const std::string& problem, const std::string& hint = {});

// {"where": {...}, "problem": ..., "hint": ..., "exit": 3}; empty parts are left out.
nlohmann::json toJson(const Error& error);
nlohmann::json toJson(const Where& where);

// Seconds since this process was started.
double processSeconds();
// The most memory that this process has held, in MB (1e6 bytes).
double peakMemoryMb();

}  // namespace blockyard::cli
