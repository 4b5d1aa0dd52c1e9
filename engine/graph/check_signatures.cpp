// What every wire carries, from the sources on, and whether it fits the port where it ends.
#include <algorithm>

#include "blocks/source_setup.hpp"
#include "graph/checker.hpp"

namespace blockyard {
namespace {

// "x", "x:1", "x:2": the name of wire number `index` of a port.
std::string slotOf(const std::string& port, size_t index) {
  return index == 0 ? port : port + ":" + std::to_string(index);
}

// The source that a mismatch of label and target comes from can often give the other of the two.
void addTargetFix(Problem& problem, const Node& from, const BlockType* type, const std::string& pattern,
                  const Signature& given) {
  const bool wants_label = pattern.starts_with("label"), wants_target = pattern.starts_with("target");
  const bool other = (wants_label && given.kind == Wire::Target) || (wants_target && given.kind == Wire::Label);
  const Param* param = type == nullptr || !other ? nullptr : type->schema.findParam("target_kind");
  const auto* choices = param == nullptr ? nullptr : std::get_if<Choices>(&param->limit);
  if (choices == nullptr) return;
  for (const std::string& kind : wants_label ? Choices{"label", "class", "category"} : Choices{"target", "number"})
    if (std::find(choices->begin(), choices->end(), kind) != choices->end()) {
      problem.fixes.push_back(
          {"set " + from.id.name + ".target_kind = " + kind, SetParam{from.id, "target_kind", kind}});
      return;
    }
}

}  // namespace

std::optional<Link> wireThrough(const Graph& graph, const NodeId& bypassed, const std::string& port) {
  const std::vector<Link> links = graph.into(bypassed);
  for (const auto& link : links)
    if (link.to.port == port) return link;
  if (links.empty()) return std::nullopt;
  return links.front();
}

std::string complaintOfOrder(Kind from, Kind to) {
  const bool raw = from == Kind::Source || from == Kind::Preprocessor;
  const bool head =
      from == Kind::Classifier || from == Kind::Regressor || from == Kind::Generator || from == Kind::Agent;
  if (to == Kind::Preprocessor && !raw)
    return std::string("a preprocessor works before the model, so it cannot take what comes from ") +
           (from == Kind::Extractor ? "an " : "a ") + nameOf(from);
  if (to == Kind::Extractor && (head || from == Kind::Postprocessor))
    return std::string("an extractor works before the head, so it cannot take what comes from a ") + nameOf(from);
  return {};
}

void Checker::checkKind(const Entry& entry) {
  for (const size_t wire : entry.in) {
    const BlockType* from = entries_[wires_[wire].from].type;
    if (from == nullptr || entries_[wires_[wire].from].node->bypassed) continue;
    const Link& link = *wires_[wire].link;
    const std::string problem = complaintOfOrder(from->schema.kind, entry.type->schema.kind);
    if (!problem.empty())
      report(Severity::Error, {.block = link.to.node.name, .port = link.to.port}, problem)
          .fixes.push_back({"remove the wire", Disconnect{link}});
  }
}

void Checker::inferAll() {
  if (order_.size() != entries_.size()) {  // behind a cycle nothing is known; before it everything is
    for (size_t i = 0; i < entries_.size(); ++i)
      if (entries_[i].type != nullptr && entries_[i].type->schema.kind == Kind::Source) inferBlock(entries_[i]);
    return;
  }
  for (const size_t number : order_) {
    const Entry& entry = entries_[number];
    if (entry.type == nullptr) continue;
    if (entry.node->bypassed) {
      inferBypassed(entry);
    } else {
      checkKind(entry);
      inferBlock(entry);
    }
  }
}

// What arrives at each slot, as far as it is known; false if something is not.
bool Checker::gatherInputs(const Entry& entry, Signatures& inputs) {
  bool all_known = true;
  for (const auto& port : entry.type->schema.inputs) {
    size_t index = 0;
    for (const size_t wire : entry.in) {
      const Link& link = *wires_[wire].link;
      if (link.to.port != port.name) continue;
      const auto outputs = out_.outputs.find(link.from.node);
      const auto given =
          outputs == out_.outputs.end() ? Signatures::const_iterator{} : outputs->second.find(link.from.port);
      if (outputs != out_.outputs.end() && given != outputs->second.end()) {
        inputs[slotOf(port.name, index)] = given->second;
      } else {
        all_known = false;
      }
      ++index;
    }
    if (index == 0 && port.wires != Wires::Optional) all_known = false;
    if (index > 1 && port.wires != Wires::Many) all_known = false;
  }
  return all_known;
}

// Whether every known input fits its port; each that does not is reported, with blocks that would make it fit.
bool Checker::checkPatterns(const Entry& entry, const Signatures& inputs, bool all_known) {
  Bindings bindings;
  bool fits = true;
  for (const auto& port : entry.type->schema.inputs) {
    size_t index = 0;
    for (const size_t wire : entry.in) {
      const Link& link = *wires_[wire].link;
      if (link.to.port != port.name) continue;
      const auto given = inputs.find(slotOf(port.name, index++));
      if (given == inputs.end()) continue;
      const auto expected = match(port.pattern, given->second, bindings);
      if (!expected) continue;
      fits = false;
      Problem& problem = report(Severity::Error, {.block = entry.node->id.name, .port = port.name},
                                "expected " + *expected + ", got " + given->second.text());
      const Entry& from = entries_[wires_[wire].from];
      addTargetFix(problem, *from.node, from.type, port.pattern, given->second);
      if (searches_left_ > 0 && problem.fixes.empty()) {
        --searches_left_;
        problem.fixes = insertionFixes(graph_, link, given->second, port.pattern);
        if (!problem.fixes.empty()) problem.hint = problem.fixes.front().label;
      }
    }
  }
  return fits && all_known;
}

void Checker::inferBlock(const Entry& entry) {
  const NodeId& id = entry.node->id;
  Signatures inputs;
  const bool all_known = gatherInputs(entry, inputs);
  const bool fits = checkPatterns(entry, inputs, all_known);
  const auto values = out_.values.find(id);
  if (!inputs.empty()) out_.inputs.emplace(id, inputs);
  if (!fits || values == out_.values.end()) return;
  if (entry.type->schema.kind == Kind::Source && entry.type->peek != nullptr) return peekSource(entry, values->second);
  try {
    out_.outputs.emplace(id, inferOutputs(*entry.type, values->second, inputs));
    checkOutputs(entry);
  } catch (const Error& error) {
    report(Severity::Error, error.at({.block = id.name}).where(), error.problem(), error.hint());
  } catch (const std::exception& error) {
    report(Severity::Error, {.block = id.name}, error.what());
  }
}

// A wire from an output that does not exist with these settings: the target of a table whose target column is not set.
void Checker::checkOutputs(const Entry& entry) {
  const auto& outputs = out_.outputs.at(entry.node->id);
  for (const size_t wire : entry.out) {
    const std::string& port = wires_[wire].link->from.port;
    if (outputs.count(port) > 0) continue;
    const bool param = entry.type->schema.findParam(port) != nullptr;
    report(Severity::Error, {.block = entry.node->id.name, .port = port, .parameter = param ? port : ""},
           "this output gives nothing with these settings", param ? "set the parameter " + port : "");
    return;
  }
}

void Checker::peekSource(const Entry& entry, const Values& values) {
  const NodeId& id = entry.node->id;
  const std::string key = entry.type->schema.id + '\n' + options_.folder + '\n' +
                          toJson(values).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  PeekCache own;
  PeekCache& cache = options_.cache == nullptr ? own : *options_.cache;
  auto found = cache.answers.find(key);
  if (found == cache.answers.end()) {
    if (options_.peek == Peek::No) return;
    PeekCache::Answer answer;
    try {
      answer.outputs = entry.type->peek({.values = values, .folder = options_.folder});
    } catch (const Error& error) {
      answer.error = error;
    } catch (const std::exception& error) {
      answer.error = Error({}, error.what());
    }
    found = cache.answers.emplace(key, std::move(answer)).first;
  }
  if (!found->second.error) {
    out_.outputs.emplace(id, found->second.outputs);
    return checkOutputs(entry);
  }
  const Error error = found->second.error->at({.block = id.name});
  const std::string hint = dataHint(error.where().file);
  Problem& problem = report(Severity::Error, error.where(), error.problem(), hint.empty() ? error.hint() : hint);
  if (error.where().parameter == "missing_target")
    problem.fixes.push_back({"leave such rows out", SetParam{id, "missing_target", "drop"}});
}

// A bypassed block hands its input on; that only works if the two are of one kind.
void Checker::inferBypassed(const Entry& entry) {
  const NodeId& id = entry.node->id;
  Signatures inputs;
  gatherInputs(entry, inputs);
  if (!inputs.empty()) out_.inputs.emplace(id, inputs);
  for (const auto& port : entry.type->schema.outputs) {
    const bool wanted = std::any_of(entry.out.begin(), entry.out.end(),
                                    [&](size_t wire) { return wires_[wire].link->from.port == port.name; });
    const auto link = wireThrough(graph_, id, port.name);
    if (!link) {
      if (wanted)
        report(Severity::Error, {.block = id.name, .port = port.name}, "is bypassed and has no input to pass on",
               "switch it on again")
            .fixes.push_back({"switch on", Bypass{id, false}});
      continue;
    }
    const auto outputs = out_.outputs.find(link->from.node);
    if (outputs == out_.outputs.end()) continue;
    const auto given = outputs->second.find(link->from.port);
    if (given == outputs->second.end()) continue;
    const bool like = port.pattern.starts_with("like ") || port.pattern == "any";
    Bindings bindings;
    Signature kind_only = given->second;
    const std::string pattern = port.pattern.substr(0, port.pattern.find('['));
    if (wanted && !like && match(pattern, kind_only, bindings)) {
      report(Severity::Error, {.block = id.name, .port = port.name},
             "is bypassed, but its input is " + given->second.text() + " and its output " + port.pattern,
             "switch it on again")
          .fixes.push_back({"switch on", Bypass{id, false}});
      continue;
    }
    out_.outputs[id].emplace(port.name, given->second);
  }
}

std::optional<Problem> complaintOfWire(const Graph& graph, const Checked& checked, const Link& link) {
  const Where where{.block = link.to.node.name, .port = link.to.port};
  const auto refused = [&](const std::string& problem, const std::string& hint = {}) {
    return Problem{Severity::Error, where, problem, hint, {}};
  };
  const Node *from = graph.find(link.from.node), *to = graph.find(link.to.node);
  if (from == nullptr || to == nullptr) return refused("a wire leads from block to block");
  std::vector<NodeId> open{link.from.node};  // everything before the new wire
  for (size_t i = 0; i < open.size(); ++i) {
    if (open[i] == link.to.node) return refused("this wire would close a cycle");
    for (const auto& wire : graph.into(open[i]))
      if (std::find(open.begin(), open.end(), wire.from.node) == open.end()) open.push_back(wire.from.node);
  }
  const BlockType *source = findBlockType(from->type), *sink = findBlockType(to->type);
  if (source == nullptr || sink == nullptr) return std::nullopt;
  const Port* port = sink->schema.findInput(link.to.port);
  if (port == nullptr || source->schema.findOutput(link.from.port) == nullptr) return refused("there is no such port");
  if (port->wires != Wires::Many && !graph.into(link.to.node, link.to.port).empty())
    return refused("takes one wire and has it", "remove the other wire first");
  if (const std::string order = complaintOfOrder(source->schema.kind, sink->schema.kind); !order.empty())
    return refused(order);
  const auto outputs = checked.outputs.find(link.from.node);
  if (outputs == checked.outputs.end()) return std::nullopt;
  const auto given = outputs->second.find(link.from.port);
  if (given == outputs->second.end()) return std::nullopt;
  Bindings bindings;
  const auto expected = match(port->pattern, given->second, bindings);
  if (!expected) return std::nullopt;
  Problem problem = refused("expected " + *expected + ", got " + given->second.text());
  problem.fixes = insertionFixes(graph, link, given->second, port->pattern);
  return problem;
}

}  // namespace blockyard
