#include "graph/project.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "graph/graph_json.hpp"
#include "graph/json_text.hpp"
#include "graph/upgrade.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

constexpr int kOpenLevels = 4;  // document, pipelines, a pipeline, its blocks: each block is one line
constexpr size_t kMostBases = 16;
const std::string kComposites = "composites";
constexpr const char* kPurposeRequired = "purpose_required";

const PipelineGraph* findPipeline(const Project& project, const std::string& name) {
  const auto found = std::find_if(project.pipelines.begin(), project.pipelines.end(),
                                  [&](const PipelineGraph& each) { return each.name == name; });
  return found == project.pipelines.end() ? nullptr : &*found;
}

const OrderedJson* member(const OrderedJson& document, const char* name, const char* expected,
                          bool (OrderedJson::*fits)() const noexcept, const std::string& file) {
  const auto found = document.find(name);
  if (found == document.end()) return nullptr;
  if (!((*found).*fits)()) {
    const std::string got = found->dump().substr(0, 60);
    throw Error({.file = file}, std::string("/") + name + ": expected " + expected + ", got " + got);
  }
  return &*found;
}

std::string textMember(const OrderedJson& document, const char* name, const std::string& file) {
  const OrderedJson* found = member(document, name, "a text", &OrderedJson::is_string, file);
  return found == nullptr ? "" : found->get<std::string>();
}

// The document of `text`, upgraded; `open` holds the files whose base is being read.
OrderedJson parsedDocument(std::string_view text, const fs::path& file) {
  OrderedJson document = parseOrdered(text, file.string());
  upgradeDocument(document, file.string());
  return document;
}

// The content of the base of `document`, its own bases merged in; null if it has none.
OrderedJson baseDocument(const OrderedJson& document, const fs::path& file, std::vector<fs::path>& open) {
  const std::string base = textMember(document, "base", file.string());
  if (base.empty()) return nullptr;
  const fs::path path = fs::weakly_canonical(file.parent_path() / base);
  open.push_back(fs::weakly_canonical(file));
  if (std::find(open.begin(), open.end(), path) != open.end() || open.size() > kMostBases) {
    std::string circle;
    for (const auto& one : open) circle += one.filename().string() + " -> ";
    throw Error({.file = file.string()}, "/base: the bases form a circle: " + circle + path.filename().string());
  }
  OrderedJson own = parsedDocument(readFile(path), path);
  const OrderedJson below = baseDocument(own, path, open);
  own.erase("base");
  own.erase("format");
  return below.is_null() ? own : merged(below, own);
}

Project projectFromDocument(const OrderedJson& document, const fs::path& file) {
  Project out;
  out.file = file;
  out.name = textMember(document, "name", file.string());
  out.doc = textMember(document, "doc", file.string());
  if (out.name.empty()) out.name = file.stem().string();
  if (const auto* variables = member(document, "variables", "an object", &OrderedJson::is_object, file.string()))
    out.variables = *variables;
  if (const auto* required =
          member(document, kPurposeRequired, "true or false", &OrderedJson::is_boolean, file.string()))
    out.purpose_required = required->get<bool>();
  for (const char* key : {"pipelines", "composites"}) {
    const auto* pipelines = member(document, key, "an object", &OrderedJson::is_object, file.string());
    if (pipelines == nullptr) continue;
    for (const auto& [name, pipeline] : pipelines->items()) {
      const std::string pointer = std::string("/") + key + pointerStep(name);
      if (findPipeline(out, name) != nullptr)
        throw Error({.file = file.string()}, pointer + ": expected a name of its own, got that of a pipeline");
      try {
        out.pipelines.push_back({name, graphFromJson(pipeline, pointer), key == kComposites});
      } catch (const Error& error) {
        throw error.at({.file = file.string()});
      }
    }
  }
  for (const auto& [name, value] : document.items())
    if (name != "format" && name != "name" && name != "doc" && name != "base" && name != "variables" &&
        name != kPurposeRequired && name != "pipelines" && name != kComposites)
      out.extra[name] = value;
  return out;
}

// Everything but format and base.
OrderedJson content(const Project& project) {
  OrderedJson out = {{"name", project.name}};
  if (!project.doc.empty()) out["doc"] = project.doc;
  if (!project.variables.empty()) out["variables"] = project.variables;
  if (project.purpose_required) out[kPurposeRequired] = true;
  OrderedJson& pipelines = out["pipelines"] = OrderedJson::object();
  OrderedJson composites = OrderedJson::object();
  for (const auto& pipeline : project.pipelines)
    (pipeline.composite ? composites : pipelines)[pipeline.name] = toJson(pipeline.graph);
  if (!composites.empty()) out[kComposites] = std::move(composites);
  for (const auto& [name, value] : project.extra.items()) out[name] = value;
  return out;
}

const PipelineGraph& pipelineOf(const Project& project, const std::string& name) {
  const std::string& wanted = name.empty() ? project.defaultPipeline() : name;
  if (const PipelineGraph* found = findPipeline(project, wanted)) return *found;
  std::vector<std::string> names;
  for (const auto& pipeline : project.pipelines) names.push_back(pipeline.name);
  const std::string near = nearestName(wanted, names);
  throw Error({.file = project.file.string()}, "there is no pipeline \"" + wanted + "\"",
              near.empty() ? "" : "did you mean \"" + near + "\"?");
}

}  // namespace

std::string Project::folder() const {
  const fs::path absolute = fs::absolute(file.empty() ? fs::path("x") : file);
  return absolute.lexically_normal().parent_path().string();
}

const std::string& Project::defaultPipeline() const {
  const PipelineGraph* first = nullptr;
  for (const auto& pipeline : pipelines) {
    if (pipeline.composite) continue;
    if (pipeline.name == "main") return pipeline.name;
    if (first == nullptr) first = &pipeline;
  }
  if (first == nullptr) throw Error({.file = file.string()}, "the project has no pipeline");
  return first->name;
}

const Graph* Project::composite(const std::string& name) const {
  const PipelineGraph* found = findPipeline(*this, name);
  return found != nullptr && found->composite ? &found->graph : nullptr;
}

const Graph& Project::graph(const std::string& pipeline) const {
  return pipelineOf(*this, pipeline).graph;
}
Graph& Project::graph(const std::string& pipeline) {
  return const_cast<Graph&>(pipelineOf(*this, pipeline).graph);
}

Edit Project::apply(const std::string& pipeline, const Edit& edit) {
  if (const auto* variable = std::get_if<SetVariable>(&edit.what)) {
    if (variable->name.empty()) throw Error({}, "a variable needs a name");
    if (variable->value && variable->value->is_null()) throw Error({}, "expected a value for the variable, got null");
    const OldMember old = setMember(variables, variable->name, variable->value, variable->index);
    return SetVariable{variable->name, old.value, old.index};
  }
  if (const auto* require = std::get_if<RequirePurpose>(&edit.what))
    return RequirePurpose{std::exchange(purpose_required, require->on)};
  if (const auto* add = std::get_if<AddComposite>(&edit.what)) {
    if (const std::string problem = complaintOfName(add->name); !problem.empty()) throw Error({}, problem);
    if (findPipeline(*this, add->name) != nullptr) throw Error({}, "there is a pipeline \"" + add->name + "\" already");
    const auto size = static_cast<int64_t>(pipelines.size()), index = add->index < 0 ? size : add->index;
    if (index > size) throw Error({}, "there is no place " + std::to_string(index) + " among the pipelines");
    pipelines.insert(pipelines.begin() + index, {add->name, Graph(add->parts), true});
    return RemoveComposite{add->name};
  }
  if (const auto* remove = std::get_if<RemoveComposite>(&edit.what)) {
    if (composite(remove->name) == nullptr) throw Error({}, "there is no composite \"" + remove->name + "\"");
    const auto index = findPipeline(*this, remove->name) - pipelines.data();
    AddComposite inverse{remove->name, pipelines[static_cast<size_t>(index)].graph.parts(), index};
    pipelines.erase(pipelines.begin() + index);
    return inverse;
  }
  if (const auto* compound = std::get_if<Compound>(&edit.what))
    return applyAll(*compound, [&](const Edit& one) { return apply(pipeline, one); });
  return graph(pipeline).apply(edit);
}

Project projectFromText(std::string_view text, const fs::path& file) {
  OrderedJson document = parsedDocument(text, file);
  std::vector<fs::path> open;
  OrderedJson below = baseDocument(document, file, open);
  const std::string base = textMember(document, "base", file.string());
  if (below.is_null()) return projectFromDocument(document, file);
  document.erase("base");
  Project out = projectFromDocument(merged(below, document), file);
  out.base = base;
  out.base_document = content(projectFromDocument(below, file.parent_path() / base));
  return out;
}

Project loadProject(const fs::path& file) {
  return projectFromText(readFile(file), file);
}

std::string projectText(const Project& project) {
  OrderedJson out = {{"format", kProjectFormat}};
  if (project.base.empty()) {
    out.update(content(project));
  } else {
    out["base"] = project.base;
    out.update(difference(project.base_document, content(project)));
  }
  return layoutText(out, kOpenLevels);
}

void requirePurpose(const Project& project, const std::string& purpose) {
  if (project.purpose_required && purpose.find_first_not_of(" \t") == std::string::npos)
    throw Error({.file = project.file.string()}, "this project wants to know of every run what it is for",
                "say it in one line: --purpose \"...\"", Fault::Usage);
}

void saveProject(const Project& project, const fs::path& file) {
  writeDurably(file, projectText(project));
}

}  // namespace blockyard
