// The work behind check(), one file per question: names and settings (check_settings), wires (check_wires), what they
// carry (check_signatures), synthetic training rows (check_synthesis), fixes (check_fixes). Inside this folder only.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "blocks/catalog.hpp"
#include "graph/check.hpp"

namespace blockyard {

class Checker {
 public:
  Checker(const Graph& graph, const CheckOptions& options);
  Checked run();

 private:
  // A block of the graph with its wires, by number.
  struct Entry {
    const Node* node = nullptr;
    const BlockType* type = nullptr;  // null: unknown
    std::vector<size_t> in{};         // numbers of valid links, in the order of the graph
    std::vector<size_t> out{};
    bool in_cycle = false;  // on a cycle or behind one
    bool used = false;      // takes part in an answer
  };
  // A link both of whose ends are there.
  struct Wire {
    const Link* link = nullptr;
    size_t from = 0, to = 0;
  };

  // check_settings.cpp
  void checkBlocks();
  void checkParams(Entry& entry);
  void checkTraining();
  void checkDevice(const std::string& device);
  // check_synthesis.cpp
  void checkSynthesis();
  void checkBalance();
  void checkWeights();
  // check_wires.cpp
  void checkLinks();
  bool checkEnds(const Link& link);
  void checkCounts();
  void sortBlocks();
  bool reportCycle(const std::vector<size_t>& waiting, std::vector<bool>& cut);
  void markUsed();
  void checkStructure();
  bool mustBeWired(const Entry& entry, const Port& port) const;
  void checkMissing(const Entry& entry, const Port& port);
  // check_signatures.cpp
  void inferAll();
  void inferBlock(const Entry& entry);
  void inferBypassed(const Entry& entry);
  void peekSource(const Entry& entry, const Values& values);
  void checkOutputs(const Entry& entry);
  bool gatherInputs(const Entry& entry, Signatures& inputs);
  bool checkPatterns(const Entry& entry, const Signatures& inputs, bool all_known);
  void checkKind(const Entry& entry);

  Problem& report(Severity severity, Where where, std::string problem, std::string hint = {});
  void finish();
  bool isHead(const Entry& entry) const;
  size_t numberOf(const NodeId& id) const { return numbers_.at(id.name); }

  const Graph& graph_;
  const CheckOptions& options_;
  Variables variables_;
  Checked out_;
  std::vector<Entry> entries_;
  std::vector<Wire> wires_;
  std::unordered_map<std::string, size_t> numbers_;
  std::vector<size_t> order_;
  bool has_head_ = false;
  int searches_left_ = 20;  // a search for fixing blocks takes a while; nobody reads more than these
};

// Blocks that, put on the wire, make it fit `pattern`: edits that insert one (or two in a row). `given` is what the
// wire carries now.
std::vector<Fix> insertionFixes(const Graph& graph, const Link& link, const Signature& given,
                                const std::string& pattern);

// The settings with every default; for trying out a block.
Values defaultValues(const BlockType& type);
// Whether a block of kind `to` may stand behind one of kind `from`; if not, why.
std::string complaintOfOrder(Kind from, Kind to);

}  // namespace blockyard
