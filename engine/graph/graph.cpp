#include "graph/graph.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace blockyard {
namespace {

// A position in a list of `size` items where one may be put in; -1 is the end.
size_t insertAt(int64_t index, size_t size) {
  if (index == -1) return size;
  if (index < 0 || static_cast<size_t>(index) > size)
    throw Error({}, "expected a position from 0 to " + std::to_string(size) + ", got " + std::to_string(index));
  return static_cast<size_t>(index);
}

size_t existingAt(int64_t index, size_t size, const char* what) {
  if (index < 0 || static_cast<size_t>(index) >= size)
    throw Error({}, std::string("there is no ") + what + " number " + std::to_string(index));
  return static_cast<size_t>(index);
}

template <class T>
auto at(std::vector<T>& list, size_t index) {
  return list.begin() + static_cast<int64_t>(index);
}

bool touches(const Link& link, const NodeId& id) {
  return link.from.node == id || link.to.node == id;
}

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::string complaintOfName(const std::string& name) {
  if (name.empty()) return "a block needs a name";
  if (name == "training" || name == "variables") return "\"" + name + "\" is not free: it names a part of the project";
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (!letter && !isDigit(c) && c != '_' && c != '-')
      return "expected a name of letters, digits, '_' and '-', got \"" + name + "\"";
  }
  return {};
}

OldMember setMember(OrderedJson& object, const std::string& name, const std::optional<OrderedJson>& value,
                    int64_t index) {
  const auto found = object.find(name);
  if (found != object.end()) {
    OldMember old{*found, std::distance(object.begin(), found)};
    if (value) {
      *found = *value;
    } else {
      object.erase(found);
    }
    return old;
  }
  if (!value) return {};
  const size_t place = insertAt(index, object.size());
  OrderedJson out = OrderedJson::object();
  for (const auto& [key, item] : object.items()) {
    if (out.size() == place) out[name] = *value;
    out[key] = item;
  }
  out[name] = *value;
  object = std::move(out);
  return {};
}

Graph::Graph(GraphParts parts) : parts_(std::move(parts)) {
  index(0);
  if (index_.size() != parts_.nodes.size()) throw Error({}, "two blocks have one name");
}

void Graph::index(size_t from) {
  for (size_t i = from; i < parts_.nodes.size(); ++i) index_[parts_.nodes[i].id.name] = i;
}

const Node* Graph::find(const NodeId& id) const {
  const auto it = index_.find(id.name);
  return it == index_.end() ? nullptr : &parts_.nodes[it->second];
}

const Node& Graph::node(const NodeId& id) const {
  if (const Node* found = find(id)) return *found;
  std::vector<std::string> names;
  for (const auto& node : parts_.nodes) names.push_back(node.id.name);
  const std::string near = nearestName(id.name, names);
  throw Error({}, "there is no block \"" + id.name + "\"", near.empty() ? "" : "did you mean \"" + near + "\"?");
}

Node& Graph::mutableNode(const NodeId& id) {
  return const_cast<Node&>(node(id));
}

std::vector<Link> Graph::into(const NodeId& id, const std::string& port) const {
  std::vector<Link> out;
  for (const auto& link : parts_.links)
    if (link.to.node == id && (port.empty() || link.to.port == port)) out.push_back(link);
  return out;
}

std::vector<Link> Graph::outOf(const NodeId& id, const std::string& port) const {
  std::vector<Link> out;
  for (const auto& link : parts_.links)
    if (link.from.node == id && (port.empty() || link.from.port == port)) out.push_back(link);
  return out;
}

bool Graph::wired(const NodeId& id) const {
  return std::any_of(parts_.links.begin(), parts_.links.end(), [&](const Link& link) { return touches(link, id); });
}

// Whether an open port of a composite names the block, which may be gone.
bool Graph::shownOutside(const NodeId& id) const {
  for (const auto* ports : {&parts_.inputs, &parts_.outputs})
    for (const auto& port : *ports)
      for (const auto& open : port.ends)
        if (open.end.node == id) return true;
  return false;
}

NodeId Graph::freeName(const std::string& wanted) const {
  const auto free = [&](const std::string& name) {
    return find({name}) == nullptr && !wired({name}) && !shownOutside({name}) && complaintOfName(name).empty();
  };
  const size_t slash = wanted.rfind('/');
  if (slash == std::string::npos && free(wanted)) return {wanted};
  std::string stem = wanted.substr(slash + 1);  // npos + 1 is 0
  if (slash != std::string::npos && (stem.ends_with("1d") || stem.ends_with("2d"))) stem.resize(stem.size() - 2);
  while (!stem.empty() && isDigit(stem.back())) stem.pop_back();
  for (char& c : stem)
    if (!complaintOfName(std::string(1, c)).empty()) c = '_';
  if (stem.empty()) stem = "block";
  if (free(stem)) return {stem};
  for (int64_t number = 2;; ++number)
    if (const std::string name = stem + std::to_string(number); free(name)) return {name};
}

void Graph::requireFree(const NodeId& id) const {
  if (const std::string problem = complaintOfName(id.name); !problem.empty()) throw Error({}, problem);
  if (find(id) != nullptr) throw Error({.block = id.name}, "another block has this name");
  if (wired(id))
    throw Error({.block = id.name}, "a wire names this block although it is not there", "remove the wire first");
}

Edit Graph::apply(const Edit& edit) {
  return std::visit([this](const auto& what) { return change(what); }, edit.what);
}

Edit Graph::change(const AddNode& edit) {
  requireFree(edit.node.id);
  const size_t place = insertAt(edit.index, parts_.nodes.size());
  std::vector<Link> links = parts_.links;
  for (const auto& [index, link] : edit.links) links.insert(at(links, insertAt(index, links.size())), link);
  parts_.links = std::move(links);
  parts_.nodes.insert(at(parts_.nodes, place), edit.node);
  index(place);
  return RemoveNode{edit.node.id};
}

Edit Graph::change(const RemoveNode& edit) {
  const Node removed = node(edit.id);
  const size_t place = index_.at(edit.id.name);
  AddNode inverse{removed, static_cast<int64_t>(place)};
  for (size_t i = 0; i < parts_.links.size(); ++i)
    if (touches(parts_.links[i], edit.id)) inverse.links.push_back({static_cast<int64_t>(i), parts_.links[i]});
  std::erase_if(parts_.links, [&](const Link& link) { return touches(link, removed.id); });
  parts_.nodes.erase(at(parts_.nodes, place));
  index_.erase(removed.id.name);
  index(place);
  return inverse;
}

Edit Graph::change(const SetParam& edit) {
  if (edit.name.empty()) throw Error({.block = edit.id.name}, "a parameter needs a name");
  if (edit.value.is_null()) throw Error({.block = edit.id.name, .parameter = edit.name}, "expected a value, got null");
  const OldMember old = setMember(mutableNode(edit.id).params, edit.name, edit.value, edit.index);
  if (old.value) return SetParam{edit.id, edit.name, *old.value};
  return ClearParam{edit.id, edit.name};
}

Edit Graph::change(const ClearParam& edit) {
  Node& node = mutableNode(edit.id);
  if (!node.params.contains(edit.name)) throw Error({.block = edit.id.name, .parameter = edit.name}, "is not set");
  const OldMember old = setMember(node.params, edit.name, std::nullopt, -1);
  return SetParam{edit.id, edit.name, *old.value, old.index};
}

Edit Graph::change(const Connect& edit) {
  if (edit.ends == Ends::Exist) {
    node(edit.link.from.node);
    node(edit.link.to.node);
    if (edit.link.from.port.empty() || edit.link.to.port.empty()) throw Error({}, "a wire leads from port to port");
  }
  const size_t place = insertAt(edit.index, parts_.links.size());
  parts_.links.insert(at(parts_.links, place), edit.link);
  return Disconnect{edit.link, static_cast<int64_t>(place)};
}

Edit Graph::change(const Disconnect& edit) {
  size_t place = 0;
  if (edit.index >= 0) {
    place = existingAt(edit.index, parts_.links.size(), "wire");
    if (parts_.links[place] != edit.link) throw Error({}, "the wire at this position is another one");
  } else {
    const auto found = std::find(parts_.links.rbegin(), parts_.links.rend(), edit.link);
    if (found == parts_.links.rend()) throw Error({}, "there is no wire " + edit.link.text());
    place = static_cast<size_t>(std::distance(found, parts_.links.rend())) - 1;
  }
  parts_.links.erase(at(parts_.links, place));
  return Connect{edit.link, static_cast<int64_t>(place), Ends::MayDangle};
}

Edit Graph::change(const Move& edit) {
  Node& node = mutableNode(edit.id);
  return Move{edit.id, std::exchange(node.x, edit.x), std::exchange(node.y, edit.y)};
}

Edit Graph::change(const Rename& edit) {
  Node& node = mutableNode(edit.id);
  if (edit.id == edit.to) return edit;
  requireFree(edit.to);
  if (shownOutside(edit.to))
    throw Error({.block = edit.to.name}, "a port of the composite names this block although it is not there",
                "choose another name");
  const NodeId old = edit.id, fresh = edit.to;  // the edit may refer to the node's own name
  for (auto& link : parts_.links) {
    if (link.from.node == old) link.from.node = fresh;
    if (link.to.node == old) link.to.node = fresh;
  }
  for (auto* ports : {&parts_.inputs, &parts_.outputs})
    for (auto& port : *ports)
      for (auto& open : port.ends)
        if (open.end.node == old) open.end.node = fresh;
  node.id = fresh;
  index_.emplace(fresh.name, index_.at(old.name));
  index_.erase(old.name);
  return Rename{fresh, old};
}

Edit Graph::change(const ChangeType& edit) {
  return ChangeType{edit.id, std::exchange(mutableNode(edit.id).type, edit.type)};
}

Edit Graph::change(const Bypass& edit) {
  return Bypass{edit.id, std::exchange(mutableNode(edit.id).bypassed, edit.on)};
}

Edit Graph::change(const SetTitle& edit) {
  return SetTitle{edit.id, std::exchange(mutableNode(edit.id).title, edit.title)};
}

Edit Graph::change(const SetNote& edit) {
  return SetNote{edit.id, std::exchange(mutableNode(edit.id).note, edit.note)};
}

Edit Graph::change(const AddFrame& edit) {
  const size_t place = insertAt(edit.index, parts_.frames.size());
  parts_.frames.insert(at(parts_.frames, place), edit.frame);
  return RemoveFrame{static_cast<int64_t>(place)};
}

Edit Graph::change(const RemoveFrame& edit) {
  const size_t place = existingAt(edit.index, parts_.frames.size(), "frame");
  AddFrame inverse{parts_.frames[place], edit.index};
  parts_.frames.erase(at(parts_.frames, place));
  return inverse;
}

Edit Graph::change(const SetFrame& edit) {
  const size_t place = existingAt(edit.index, parts_.frames.size(), "frame");
  return SetFrame{edit.index, std::exchange(parts_.frames[place], edit.frame)};
}

Edit Graph::change(const SetTraining& edit) {
  if (edit.name.empty()) throw Error({}, "a training setting needs a name");
  if (edit.value && edit.value->is_null()) throw Error({.parameter = edit.name}, "expected a value, got null");
  const OldMember old = setMember(parts_.training, edit.name, edit.value, edit.index);
  return SetTraining{edit.name, old.value, old.index};
}

Edit Graph::change(const SetVariable& edit) {
  throw Error({.parameter = edit.name}, "a variable belongs to the whole project, not to one pipeline");
}

Edit Graph::change(const RequirePurpose& /*edit*/) {
  throw Error({}, "whether runs need a purpose is said for the whole project, not for one pipeline");
}

Edit Graph::change(const AddComposite& edit) {
  throw Error({}, "the composite \"" + edit.name + "\" belongs to the whole project, not to one pipeline");
}

Edit Graph::change(const RemoveComposite& edit) {
  throw Error({}, "the composite \"" + edit.name + "\" belongs to the whole project, not to one pipeline");
}

Edit Graph::change(const Compound& edit) {
  return applyAll(edit, [this](const Edit& one) { return apply(one); });
}

}  // namespace blockyard
