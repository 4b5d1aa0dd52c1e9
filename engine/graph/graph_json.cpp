#include "graph/graph_json.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "graph/json_text.hpp"

namespace blockyard {
namespace {

constexpr size_t kLongestPaste = size_t{8} << 20;

[[noreturn]] void refuse(const std::string& pointer, const std::string& expected, const OrderedJson& got) {
  std::string text = got.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  throw Error({}, pointer + ": expected " + expected + ", got " + text);
}

// A whole number is written without a point: [0, 120], not [0.0, 120.0].
OrderedJson coordinate(double v) {
  if (v == std::floor(v) && std::abs(v) < 1e15) return static_cast<int64_t>(v);
  return v;
}

// Takes the members of an object one by one; those not taken are its unknown fields.
class Members {
 public:
  Members(const OrderedJson& json, std::string pointer) : pointer_(std::move(pointer)), rest_(json) {
    if (!json.is_object()) refuse(pointer_.empty() ? "/" : pointer_, "an object", json);
  }

  std::string pointer(const std::string& name) const { return pointer_ + pointerStep(name); }
  OrderedJson take(const std::string& name, const char* expected, OrderedJson fallback,
                   bool (*fits)(const OrderedJson&)) {
    const auto found = rest_.find(name);
    if (found == rest_.end()) return fallback;
    if (!fits(*found)) refuse(pointer(name), expected, *found);
    OrderedJson out = std::move(*found);
    rest_.erase(name);
    return out;
  }
  std::string text(const std::string& name) {
    return take(name, "a text", "", [](const OrderedJson& j) { return j.is_string(); }).get<std::string>();
  }
  OrderedJson object(const std::string& name) {
    return take(name, "an object", OrderedJson::object(), [](const OrderedJson& j) { return j.is_object(); });
  }
  OrderedJson list(const std::string& name) {
    return take(name, "a list", OrderedJson::array(), [](const OrderedJson& j) { return j.is_array(); });
  }
  bool flag(const std::string& name) {
    return take(name, "true or false", false, [](const OrderedJson& j) { return j.is_boolean(); }).get<bool>();
  }
  std::vector<double> numbers(const std::string& name, size_t count) {
    const OrderedJson json = list(name);
    const bool fits =
        json.empty() || (json.size() == count &&
                         std::all_of(json.begin(), json.end(), [](const OrderedJson& j) { return j.is_number(); }));
    if (!fits) refuse(pointer(name), "a list of " + std::to_string(count) + " numbers", json);
    if (json.empty()) return std::vector<double>(count, 0.0);
    return json.get<std::vector<double>>();
  }
  OrderedJson rest() && { return std::move(rest_); }

 private:
  std::string pointer_;
  OrderedJson rest_;
};

void append(OrderedJson& json, const OrderedJson& extra) {
  for (const auto& [key, value] : extra.items()) json[key] = value;
}

OrderedJson nodeJson(const Node& node) {
  OrderedJson out = {{"block", node.type}};
  if (!node.params.empty()) out["params"] = node.params;
  if (node.bypassed) out["bypassed"] = true;
  if (!node.title.empty()) out["title"] = node.title;
  if (!node.note.empty()) out["note"] = node.note;
  out["at"] = {coordinate(node.x), coordinate(node.y)};
  append(out, node.extra);
  return out;
}

// A known block has no parameter that is an object, a null or a list of lists; an unknown one may have anything.
void requireValues(const Node& node, const std::string& pointer) {
  if (findBlockType(node.type) == nullptr) return;
  for (const auto& [name, value] : node.params.items()) {
    const bool nested = value.is_array() && std::any_of(value.begin(), value.end(), [](const OrderedJson& item) {
                          return item.is_structured() || item.is_null();
                        });
    if (value.is_null() || value.is_object() || nested)
      refuse(pointer + pointerStep(name), "a flag, a number, a text or a list of them", value);
  }
}

Node nodeFromJson(const std::string& name, const OrderedJson& json, const std::string& pointer) {
  if (const std::string problem = complaintOfName(name); !problem.empty()) throw Error({}, pointer + ": " + problem);
  Members members(json, pointer);
  Node out{.id = {name}, .type = members.text("block"), .params = members.object("params")};
  const std::vector<double> at = members.numbers("at", 2);
  out.x = at[0], out.y = at[1];
  out.bypassed = members.flag("bypassed");
  out.title = members.text("title");
  out.note = members.text("note");
  out.extra = std::move(members).rest();
  requireValues(out, pointer + "/params");
  return out;
}

OrderedJson frameJson(const Frame& frame) {
  OrderedJson out = OrderedJson::object();
  if (!frame.title.empty()) out["title"] = frame.title;
  if (!frame.text.empty()) out["text"] = frame.text;
  out["rect"] = {coordinate(frame.x), coordinate(frame.y), coordinate(frame.width), coordinate(frame.height)};
  append(out, frame.extra);
  return out;
}

Frame frameFromJson(const OrderedJson& json, const std::string& pointer) {
  Members members(json, pointer);
  Frame out{.title = members.text("title"), .text = members.text("text")};
  const std::vector<double> rect = members.numbers("rect", 4);
  out.x = rect[0], out.y = rect[1], out.width = rect[2], out.height = rect[3];
  out.extra = std::move(members).rest();
  return out;
}

bool readEnd(std::string_view text, End& out) {
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return false;
  out = {{std::string(text.substr(0, dot))}, std::string(text.substr(dot + 1))};
  return true;
}

Link linkFromJson(const OrderedJson& json, const std::string& pointer) {
  const char* expected = "a wire as \"block.port -> block.port\"";
  if (!json.is_string()) refuse(pointer, expected, json);
  const auto& text = json.get_ref<const std::string&>();
  const size_t arrow = text.find(" -> ");
  Link out;
  if (arrow == std::string::npos || !readEnd(std::string_view(text).substr(0, arrow), out.from) ||
      !readEnd(std::string_view(text).substr(arrow + 4), out.to))
    refuse(pointer, expected, json);
  return out;
}

OrderedJson portsJson(const std::vector<OpenPort>& ports) {
  OrderedJson out = OrderedJson::object();
  for (const auto& port : ports) {
    OrderedJson& ends = out[port.name] = OrderedJson::array();
    for (const auto& open : port.ends) ends.push_back(open.text());
  }
  return out;
}

OpenEnd openEndFromJson(const OrderedJson& json, const std::string& pointer) {
  const char* expected = "a port as \"block.port\", or \"block.port:1\" for its second wire";
  OpenEnd out;
  if (!json.is_string() || !readEnd(json.get_ref<const std::string&>(), out.end)) refuse(pointer, expected, json);
  const size_t colon = out.end.port.rfind(':');
  if (colon == std::string::npos) return out;
  const std::string digits = out.end.port.substr(colon + 1);
  if (digits.empty() || digits.size() > 6 || digits.find_first_not_of("0123456789") != std::string::npos)
    refuse(pointer, expected, json);
  out.slot = std::stoll(digits);
  out.end.port.resize(colon);
  return out;
}

std::vector<OpenPort> portsFromJson(const OrderedJson& json, const std::string& pointer) {
  std::vector<OpenPort> out;
  for (const auto& [name, ends] : json.items()) {
    OpenPort port{.name = name};
    const std::string place = pointer + pointerStep(name);
    if (!ends.is_array()) refuse(place, "a list of ports", ends);
    for (size_t i = 0; i < ends.size(); ++i)
      port.ends.push_back(openEndFromJson(ends[i], place + "/" + std::to_string(i)));
    out.push_back(std::move(port));
  }
  return out;
}

}  // namespace

OrderedJson toJson(const Graph& graph) {
  OrderedJson out = OrderedJson::object();
  OrderedJson& blocks = out["blocks"] = OrderedJson::object();
  for (const auto& node : graph.nodes()) blocks.push_back({node.id.name, nodeJson(node)});
  OrderedJson& wires = out["wires"] = OrderedJson::array();
  for (const auto& link : graph.links()) wires.push_back(link.text());
  if (!graph.inputs().empty()) out["inputs"] = portsJson(graph.inputs());
  if (!graph.outputs().empty()) out["outputs"] = portsJson(graph.outputs());
  if (!graph.training().empty()) out["training"] = graph.training();
  OrderedJson frames = OrderedJson::array();
  for (const auto& frame : graph.frames()) frames.push_back(frameJson(frame));
  if (!frames.empty()) out["frames"] = std::move(frames);
  append(out, graph.extra());
  return out;
}

Graph graphFromJson(const OrderedJson& json, const std::string& pointer) {
  Members members(json, pointer);
  GraphParts parts;
  const OrderedJson blocks = members.object("blocks"), wires = members.list("wires"), frames = members.list("frames");
  for (const auto& [name, block] : blocks.items())
    parts.nodes.push_back(nodeFromJson(name, block, members.pointer("blocks") + pointerStep(name)));
  for (size_t i = 0; i < wires.size(); ++i)
    parts.links.push_back(linkFromJson(wires[i], members.pointer("wires") + "/" + std::to_string(i)));
  for (size_t i = 0; i < frames.size(); ++i)
    parts.frames.push_back(frameFromJson(frames[i], members.pointer("frames") + "/" + std::to_string(i)));
  parts.inputs = portsFromJson(members.object("inputs"), members.pointer("inputs"));
  parts.outputs = portsFromJson(members.object("outputs"), members.pointer("outputs"));
  parts.training = members.object("training");
  parts.extra = std::move(members).rest();
  return Graph(std::move(parts));
}

std::string copyText(const Graph& graph, const std::vector<NodeId>& chosen) {
  const std::set<NodeId> ids(chosen.begin(), chosen.end());
  GraphParts parts;
  for (const auto& node : graph.nodes())
    if (ids.count(node.id) > 0) parts.nodes.push_back(node);
  for (const auto& link : graph.links())
    if (ids.count(link.from.node) > 0 && ids.count(link.to.node) > 0) parts.links.push_back(link);
  return layoutText(toJson(Graph(std::move(parts))), 2);
}

Edit pasteEdit(const Graph& graph, const std::string& text, double dx, double dy, std::vector<NodeId>* pasted) {
  if (text.size() > kLongestPaste)
    throw Error({}, "expected blocks as JSON text of at most 8 MiB, got " + std::to_string(text.size() >> 20) + " MiB");
  const Graph given = graphFromJson(parseOrdered(text, "the clipboard"));
  if (given.nodes().empty()) throw Error({}, "the text holds no blocks", "copy blocks on the canvas first");
  Graph scratch = graph;  // names that the paste itself takes are not free either
  std::map<NodeId, NodeId> names;
  Compound out{"Paste", {}};
  for (Node node : given.nodes()) {
    const NodeId fresh = scratch.freeName(node.id.name);
    names.emplace(node.id, fresh);
    node.id = fresh;
    node.x += dx, node.y += dy;
    out.edits.emplace_back(AddNode{node});
    scratch.apply(out.edits.back());
    if (pasted != nullptr) pasted->push_back(fresh);
  }
  for (Link link : given.links()) {
    const auto from = names.find(link.from.node), to = names.find(link.to.node);
    if (from == names.end() || to == names.end()) continue;
    link.from.node = from->second, link.to.node = to->second;
    out.edits.emplace_back(Connect{link});
  }
  return out;
}

}  // namespace blockyard
