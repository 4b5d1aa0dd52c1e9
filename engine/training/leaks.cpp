#include "training/leaks.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "training/data_files.hpp"
#include "training/row_parts.hpp"
#include "training/source_of.hpp"

namespace blockyard {
namespace {

// So much of the target is not told by one column alone in honest data.
constexpr double kTellsAll = 0.995;
constexpr double kManyDuplicates = 0.005;
constexpr const char* kAccepted = "accepted_warnings";

std::string shortText(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", number);
  return text.data();
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

enum class NamedLike { No, Perhaps, Surely };

// Does one of the words of a column's name say that it stands for somebody or something that may come again? "id" alone
// may also number kinds of things.
NamedLike namedLikeGroup(const std::string& name) {
  static const std::set<std::string> kSure = {
      "patient", "subject", "person",  "user",   "customer", "client",  "household", "family",   "member",
      "account", "device",  "machine", "sensor", "vehicle",  "station", "store",     "shop",     "school",
      "doctor",  "speaker", "session", "group",  "animal",   "site",    "specimen",  "recording"};
  static const std::set<std::string> kPerhaps = {"id", "ids", "nbr", "no", "number", "code", "key"};
  NamedLike found = name.ends_with("Id") || name.ends_with("ID") ? NamedLike::Perhaps : NamedLike::No;  // customerId
  std::string word;
  for (const char c : lower(name) + " ") {
    if (c >= 'a' && c <= 'z') {
      word += c;
      continue;
    }
    if (kSure.count(word) > 0) return NamedLike::Surely;
    if (kPerhaps.count(word) > 0) found = NamedLike::Perhaps;
    word.clear();
  }
  return found;
}

void addUnlessAccepted(NamedProblem found, const Values& training, std::vector<Problem>& out) {
  const std::vector<std::string>& before = training.texts(kAccepted);
  if (std::find(before.begin(), before.end(), found.name) != before.end()) return;
  OrderedJson accepted = OrderedJson::array();
  for (const std::string& each : before) accepted.push_back(each);
  accepted.push_back(found.name);
  if (found.problem.severity == Severity::Warning)
    found.problem.fixes.push_back({"this is meant: do not warn again", SetTraining{kAccepted, accepted}});
  out.push_back(std::move(found.problem));
}

class Judge {
 public:
  Judge(const LeakFacts& facts, NodeId source, const Graph& graph, const Checked& checked)
      : facts_(facts), source_(std::move(source)), graph_(graph), checked_(checked) {
    split_ = checked.training.text("split");
  }

  std::vector<Problem> problems() {
    if (facts_.rows < kLeakLeastRows) return {};
    for (const ColumnFacts& column : facts_.columns)
      if (column.tells >= kTellsAll && isUsed(column.name)) targetTold(column);
    const bool mixes = split_ == "random" || split_ == "stratified";
    if (mixes && !facts_.could_be_equal_by_chance &&
        static_cast<double>(facts_.duplicates) >= kManyDuplicates * static_cast<double>(facts_.rows))
      duplicates();
    for (const ColumnFacts& column : facts_.columns) {
      if (mixes && isGroup(column)) groupOnBothSides(column);
      if (column.empty && isUsed(column.name)) holdsNothing(column);
      if (column.is_time && column.distinct > 1 && mixes) timeIsMixed(column);
      if (column.is_time && split_ == "order" && !column.rises) timeRunsBackwards(column);
    }
    return std::move(out_);
  }

 private:
  // Does a block other than one that chooses columns take the column?
  bool isUsed(const std::string& column) const {
    for (const auto& [id, inputs] : checked_.inputs) {
      const Node* const node = graph_.find(id);  // none: it is inside a composite
      if (node != nullptr && node->type == "preprocessor/select") continue;
      for (const auto& [slot, signature] : inputs)
        for (const ColumnInfo& info : signature.columns)
          if (info.name == column) return true;
    }
    return false;
  }

  bool isGroup(const ColumnFacts& column) const {
    // Not one name for all rows, nor one for each.
    constexpr int64_t kLeastGroups = 10, kMostRowsOfUnsure = 50;
    const NamedLike named = namedLikeGroup(column.name);
    const bool comes_again = column.distinct * 50 < facts_.rows * 49;
    const bool could_be = column.whole_values && !column.is_time && column.distinct >= kLeastGroups && comes_again;
    return could_be && (named == NamedLike::Surely ||
                        (named == NamedLike::Perhaps && column.distinct * kMostRowsOfUnsure >= facts_.rows));
  }

  std::string rowsText() const {
    return facts_.rows < kLeakRows ? "in the " + std::to_string(facts_.rows) + " rows"
                                   : "in the first " + std::to_string(facts_.rows) + " rows";
  }

  void add(const std::string& name, Where where, std::string problem, std::string hint, std::vector<Fix> fixes) {
    addUnlessAccepted(
        {name, {Severity::Warning, std::move(where), std::move(problem), std::move(hint), std::move(fixes)}},
        checked_.training, out_);
  }

  void targetTold(const ColumnFacts& column) {
    std::string how = " (correlation " + shortText(column.tells) + " ";
    if (column.measure == "lambda")
      how = " (" + shortText(100 * column.tells) + " % of the errors of a blind guess are gone ";
    std::vector<Fix> fixes;
    if (auto without = leaveOut(column.name)) fixes.push_back({"leave " + column.name + " out", *std::move(without)});
    add("target:" + column.name, {.block = source_.name},
        "the column " + column.name + " alone tells the target" + how + rowsText() + ")",
        "if it is not yet known when predicting, leave it out", std::move(fixes));
  }

  void holdsNothing(const ColumnFacts& column) {
    std::vector<Fix> fixes;
    if (auto without = leaveOut(column.name)) fixes.push_back({"leave " + column.name + " out", *std::move(without)});
    add("empty:" + column.name, {.block = source_.name}, "the column " + column.name + " holds no value " + rowsText(),
        "there is nothing to learn from: leave it out", std::move(fixes));
  }

  void duplicates() {
    add("duplicates", {.block = source_.name},
        std::to_string(facts_.duplicates) +
            (facts_.duplicates == 1 ? " row occurs more than once " : " rows occur more than once ") + rowsText() +
            "; a " + split_ + " split puts equal rows on both sides, and the test rows are no longer unseen",
        "drop the duplicates, or split by a group or by time", {});
  }

  void groupOnBothSides(const ColumnFacts& column) {
    add("group:" + column.name, {.block = "training", .parameter = "split"},
        "rows of one " + column.name + " (" + std::to_string(column.distinct) + " different ones " + rowsText() +
            ") come to both sides of a " + split_ + " split",
        "if new ones are to be predicted, split by group", {splitBy("group", column.name)});
  }

  void timeIsMixed(const ColumnFacts& column) {
    add("time:" + column.name, {.block = "training", .parameter = "split"},
        "the rows have times (" + column.name + "), and a " + split_ +
            " split trains on rows that are later than those it is judged on",
        "if the future is to be predicted, split by time", {splitBy("time", column.name)});
  }

  void timeRunsBackwards(const ColumnFacts& column) {
    add("order:" + column.name, {.block = "training", .parameter = "split"},
        "the rows are split in their order, but " + column.name + " does not rise from row to row", "split by time",
        {splitBy("time", column.name)});
  }

  static Fix splitBy(const std::string& how, const std::string& column) {
    return {"split by " + how + ", " + column,
            Compound{"split by " + how, {SetTraining{"split", how}, SetTraining{"split_column", column}}}};
  }

  // A select block on every wire that carries the column away from the source.
  std::optional<Edit> leaveOut(const std::string& column) const {
    Compound edits{"leave " + column + " out", {}};
    Graph scratch = graph_;
    std::map<std::string, NodeId> made;  // by port of the source
    for (const Link& link : graph_.links()) {
      if (link.from.node != source_) continue;
      const auto outputs = checked_.outputs.find(source_);
      if (outputs == checked_.outputs.end()) return std::nullopt;
      const auto signature = outputs->second.find(link.from.port);
      if (signature == outputs->second.end() || signature->second.kind != Wire::Table) continue;
      if (made.count(link.from.port) == 0) {
        const Node &from = graph_.node(link.from.node), &to = graph_.node(link.to.node);
        Node node{.id = scratch.freeName("preprocessor/select"), .type = "preprocessor/select"};
        node.params["columns"] = OrderedJson::array({column});
        node.params["mode"] = "drop";
        node.x = (from.x + to.x) / 2, node.y = (from.y + to.y) / 2;
        edits.edits.emplace_back(AddNode{node});
        scratch.apply(edits.edits.back());
        edits.edits.emplace_back(Connect{{link.from, {node.id, "x"}}});
        made[link.from.port] = node.id;
      }
      edits.edits.emplace_back(Disconnect{link});
      edits.edits.emplace_back(Connect{{{made[link.from.port], "y"}, link.to}});
    }
    if (edits.edits.empty()) return std::nullopt;
    return edits;
  }

  const LeakFacts& facts_;
  NodeId source_;
  const Graph& graph_;
  const Checked& checked_;
  std::string split_;
  std::vector<Problem> out_;
};

// Which rows a source reads, and how they are split: another key, other facts.
std::string keyOf(const FoundSource& source, const std::string& folder, const Values& training) {
  std::string key = source.type->schema.id + toJson(source.values).dump() + folder;
  const nlohmann::json settings = toJson(training);
  for (const std::string& name : splitSettings()) key += settings.at(name).dump() + " ";
  for (const DataFile& seen : lookAtFiles({.source = source.files}, folder))
    key += "\n" + seen.file + " " + std::to_string(seen.bytes) + " " + std::to_string(seen.modified);
  return key;
}

}  // namespace

std::vector<Problem> leaksIn(const LeakFacts& facts, const NodeId& source, const Graph& graph, const Checked& checked) {
  return Judge(facts, source, graph, checked).problems();
}

std::vector<Problem> LeakGuard::look(const Project& project, const std::string& pipeline, const Checked& checked,
                                     const std::atomic<bool>* stop) {
  try {
    const auto source = sourceOf(project, pipeline, checked);
    if (!source || !checked.training.has(kAccepted)) return {};
    if (const std::string key = keyOf(*source, project.folder(), checked.training); key != key_) {
      SourceSetup setup{.values = source->values, .folder = project.folder(), .most_rows = kLeakRows};
      setup.stop = stop;
      const std::unique_ptr<Source> rows = source->type->open(setup);
      facts_ = lookForLeaks(*rows, stop);
      split_ = lookAtSplit(*rows, checked.training, rows->rows() < kLeakRows && !rows->partial());
      key_ = key;
    }
    std::vector<Problem> out = leaksIn(facts_, source->id, project.graph(pipeline), checked);
    for (NamedProblem& found : splitProblems(split_, checked.training.text("split")))
      addUnlessAccepted(std::move(found), checked.training, out);
    return out;
  } catch (const std::exception&) {  // the checks say what cannot be read
    return {};
  }
}

}  // namespace blockyard
