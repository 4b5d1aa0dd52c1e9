// Checks: everything that is wrong with a graph, at once, each problem with its place and, where there is one, a fix;
// and what every wire carries, inferred from the sources on. Runs at every edit while wiring and before every run.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/gpu_driver.hpp"
#include "blocks/signature.hpp"
#include "graph/graph.hpp"
#include "graph/project.hpp"

namespace blockyard {

enum class Severity { Error, Warning };

// An edit that solves a problem, and how a menu calls it: "insert One-hot".
struct Fix {
  std::string label{};
  Edit edit;
};

struct Problem {
  Severity severity = Severity::Error;
  Where where{};  // block "training" for the training settings
  std::string problem{};
  std::string hint{};
  std::vector<Fix> fixes{};

  Error error() const { return {where, problem, hint}; }
  // "conv1.x: expected float[N, C, H, W], got float32 [N, 784] (hint)".
  std::string text() const { return error().what(); }
};

// What sources said when their files were looked into; kept between checks so that a keystroke opens no file. Forget it
// when files may have changed.
class PeekCache {
 public:
  struct Answer {
    Signatures outputs{};
    std::optional<Error> error{};
  };
  std::map<std::string, Answer> answers{};  // by block, settings and folder
  std::optional<GpuDriver> driver{};        // of this machine; asked where a pipeline wants a GPU
};

// Whether sources may open their files. If not, nothing is known behind a source unless the cache has it.
enum class Peek { Yes, No };

struct CheckOptions {
  std::string folder{};  // the project's: relative paths start here
  OrderedJson variables = OrderedJson::object();
  Peek peek = Peek::Yes;
  PeekCache* cache = nullptr;  // may be null
};

struct Checked {
  std::vector<Problem> problems{};  // errors first, in the order of the graph
  // What is known of each port: outputs by port, inputs by slot ("x", "x:1"). A block behind a wrong one has no entry.
  std::map<NodeId, Signatures> outputs{};
  std::map<NodeId, Signatures> inputs{};
  // Complete settings of each block whose parameters are right, variables replaced; and of the training.
  std::map<NodeId, Values> values{};
  Values training{};
  // Blocks that take part, inputs before those who use them, otherwise in the order of the file. Empty if there is a
  // cycle.
  std::vector<NodeId> order{};

  bool ok() const;  // no errors; there may be warnings
  // Throws the first error, saying how many others there are.
  void requireOk() const;
};

Checked check(const Graph& graph, const CheckOptions& options);
// The same for a pipeline of a project, with its variables and folder.
Checked check(const Project& project, const std::string& pipeline, Peek peek = Peek::Yes, PeekCache* cache = nullptr);

// What is wrong with a wire that is about to be drawn, or nothing; fast enough for every move of the mouse. `checked`
// is of the graph as it is.
std::optional<Problem> complaintOfWire(const Graph& graph, const Checked& checked, const Link& link);

// Where the output of a bypassed block comes from: the wire into the input of the same name, else its first wire;
// nullopt if nothing arrives.
std::optional<Link> wireThrough(const Graph& graph, const NodeId& bypassed, const std::string& port);

}  // namespace blockyard
