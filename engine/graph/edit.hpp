// What a graph consists of, and the edits that change it. Plain data: an Edit can be kept, undone and grouped, and the
// inverse of every edit is an edit. Torch-free.
#pragma once
#include <compare>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace blockyard {

// Keeps the order of keys: a project file is read by people and in diffs.
using OrderedJson = nlohmann::ordered_json;

// The name of a block in its graph: "conv1". Letters, digits, '_', '-' and anything beyond ASCII.
struct NodeId {
  std::string name{};
  auto operator<=>(const NodeId&) const = default;
};
// What is wrong with a name for a block, or empty.
std::string complaintOfName(const std::string& name);

// A block on the canvas. It may be wrong in every way; check() says how.
struct Node {
  NodeId id{};
  std::string type{};                          // in the catalogue: "extractor/conv2d"; may be unknown
  OrderedJson params = OrderedJson::object();  // only what the user has set; texts may name ${variables}
  double x = 0, y = 0;                         // on the canvas
  bool bypassed = false;                       // passes its input on unchanged
  std::string title{};                         // shown instead of the block's title
  std::string note{};
  OrderedJson extra = OrderedJson::object();  // fields of the file that this version does not know
  bool operator==(const Node&) const = default;
};

struct End {
  NodeId node{};
  std::string port{};
  std::string text() const { return node.name + "." + port; }
  auto operator<=>(const End&) const = default;
};
// A wire is the value of its two ends. The order of the wires into one port is the order of its slots.
struct Link {
  End from{};
  End to{};
  std::string text() const { return from.text() + " -> " + to.text(); }
  auto operator<=>(const Link&) const = default;
};

// A titled rectangle behind blocks, or a note if it holds text.
struct Frame {
  std::string title{};
  std::string text{};
  double x = 0, y = 0, width = 0, height = 0;
  OrderedJson extra = OrderedJson::object();
  bool operator==(const Frame&) const = default;
};

// A port of a block inside a composite that the composite shows. The outer wire is put in as wire number `slot` of the
// port, if that takes many.
struct OpenEnd {
  End end{};
  int64_t slot = 0;
  std::string text() const { return end.text() + (slot > 0 ? ":" + std::to_string(slot) : ""); }
  bool operator==(const OpenEnd&) const = default;
};
// An input or output of a composite, under a name of its own.
struct OpenPort {
  std::string name{};
  std::vector<OpenEnd> ends{};
  bool operator==(const OpenPort&) const = default;
};

// The content of a graph, in the order of the file.
struct GraphParts {
  std::vector<Node> nodes{};
  std::vector<Link> links{};
  std::vector<Frame> frames{};
  OrderedJson training = OrderedJson::object();  // only what the user has set
  OrderedJson extra = OrderedJson::object();     // fields of the file that this version does not know
  std::vector<OpenPort> inputs{}, outputs{};     // of a composite; see graph/composite.hpp
};

struct PlacedLink {
  int64_t index = 0;
  Link link{};
  bool operator==(const PlacedLink&) const = default;
};

// In all edits: index -1 is the end of the list; a position in the file is part of what undo brings back.
// `links` are put back as they were, each at its index in the list it leads to.
struct AddNode {
  Node node{};
  int64_t index = -1;
  std::vector<PlacedLink> links{};
};
// Takes its links along.
struct RemoveNode {
  NodeId id{};
};
struct SetParam {
  NodeId id{};
  std::string name{};
  OrderedJson value{};
  int64_t index = -1;
};
struct ClearParam {
  NodeId id{};
  std::string name{};
};
// Whether a wire may lead to a block that is not there: only when undo brings such a wire back.
enum class Ends { Exist, MayDangle };
struct Connect {
  Link link{};
  int64_t index = -1;
  Ends ends = Ends::Exist;
};
// The last of equal wires if no index is given.
struct Disconnect {
  Link link{};
  int64_t index = -1;
};
struct Move {
  NodeId id{};
  double x = 0, y = 0;
};
struct Rename {
  NodeId id{};
  NodeId to{};
};
struct ChangeType {
  NodeId id{};
  std::string type{};
};
struct Bypass {
  NodeId id{};
  bool on = true;
};
struct SetTitle {
  NodeId id{};
  std::string title{};
};
struct SetNote {
  NodeId id{};
  std::string note{};
};
struct AddFrame {
  Frame frame{};
  int64_t index = -1;
};
struct RemoveFrame {
  int64_t index = 0;
};
struct SetFrame {
  int64_t index = 0;
  Frame frame{};
};
// No value: back to the default.
struct SetTraining {
  std::string name{};
  std::optional<OrderedJson> value{};
  int64_t index = -1;
};
// A variable of the whole project; no value removes it. Only Project::apply takes it.
struct SetVariable {
  std::string name{};
  std::optional<OrderedJson> value{};
  int64_t index = -1;
};
// Whether every run of the project has to say what it is for. Only Project::apply takes it.
struct RequirePurpose {
  bool on = true;
};
// A composite of the whole project, at its place among the pipelines. Only Project::apply takes these.
struct AddComposite {
  std::string name{};
  GraphParts parts{};
  int64_t index = -1;
};
struct RemoveComposite {
  std::string name{};
};

struct Edit;
// Several edits as one act, in this order; all or none.
struct Compound {
  std::string label{};
  std::vector<Edit> edits;  // without {}: it would need Edit whole, here
};

struct Edit {
  using What = std::variant<AddNode, RemoveNode, SetParam, ClearParam, Connect, Disconnect, Move, Rename, ChangeType,
                            Bypass, SetTitle, SetNote, AddFrame, RemoveFrame, SetFrame, SetTraining, SetVariable,
                            RequirePurpose, AddComposite, RemoveComposite, Compound>;
  What what;

  template <class T>
  requires std::constructible_from<What, T> Edit(T edit) : what(std::move(edit)) {}
};

// Sets, or with no value removes, a member of an object and returns what SetTraining and the like need to undo it: the
// old value and, if the member was there, its position.
struct OldMember {
  std::optional<OrderedJson> value{};
  int64_t index = -1;
};
OldMember setMember(OrderedJson& object, const std::string& name, const std::optional<OrderedJson>& value,
                    int64_t index);

}  // namespace blockyard
