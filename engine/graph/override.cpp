// Settings from the command line become edits of the project, so that a run from there and one from the window with the
// same changes are the same run.
#include "base/error.hpp"
#include "base/file.hpp"
#include "blocks/catalog.hpp"
#include "graph/json_text.hpp"
#include "graph/project.hpp"
#include "graph/settle.hpp"
#include "graph/training_settings.hpp"

namespace blockyard {
namespace {

// What a setting names: a parameter with its type, or a variable (param is null).
struct Target {
  std::string block{};  // "training", "variables" or a block
  std::string name{};
  const Param* param = nullptr;
  bool bypass = false;
};

[[noreturn]] void refuse(Where where, const std::string& problem, const std::string& hint) {
  throw Error(std::move(where), problem, hint, Fault::Usage);
}

const Param* requireParam(const std::vector<Param>& params, const std::string& name, const Where& where) {
  if (const Param* param = findParam(params, name)) return param;
  refuse(where, "there is no such parameter", didYouMean(name, namesOf(params)));
}

const Node& findBlock(const Graph& graph, const std::string& name) {
  if (const Node* node = graph.find({name})) return *node;
  std::vector<std::string> names{"training", "variables"};
  for (const auto& node : graph.nodes()) names.push_back(node.id.name);
  refuse({}, "there is no block \"" + name + "\"", didYouMean(name, names));
}

Target findTarget(const Project& project, const std::string& pipeline, const std::string& block,
                  const std::string& name) {
  const Where where{.block = block, .parameter = name};
  if (block == "training") return {block, name, requireParam(trainingParams(), name, where)};
  if (block == "variables") {
    std::vector<std::string> names;
    for (const auto& [key, value] : project.variables.items()) names.push_back(key);
    if (!project.variables.contains(name)) refuse(where, "there is no such variable", didYouMean(name, names));
    return {block, name};
  }
  const Node& node = findBlock(project.graph(pipeline), block);
  const BlockType* type = findBlockType(node.type);
  if (type == nullptr) refuse(where, "the block \"" + node.type + "\" is unknown here, so it cannot be set", "");
  if (name == "bypassed" && type->schema.findParam(name) == nullptr) return {block, name, nullptr, true};
  return {block, name, requireParam(type->schema.params, name, where)};
}

// Without a value: back to the default.
Edit editFor(const Target& target, std::optional<OrderedJson> value) {
  if (target.block == "training") return SetTraining{target.name, std::move(value)};
  if (target.block == "variables") return SetVariable{target.name, std::move(value)};
  if (target.bypass) return Bypass{{target.block}, value && value->get<bool>()};
  if (value) return SetParam{{target.block}, target.name, std::move(*value)};
  return ClearParam{{target.block}, target.name};
}

// A text that names a variable is kept as it is: its type is known only when the variables are replaced.
bool namesVariable(const OrderedJson& value) {
  return value.is_string() && value.get_ref<const std::string&>().find("${") != std::string::npos;
}

// A variable has no schema: a number stays a number, everything else keeps its type.
OrderedJson variableFromText(const std::string& text, const OrderedJson& old) {
  Value like = valueFromJson(nlohmann::json(old));
  if (like.is<int64_t>()) like = 0.0;
  const Value value = valueFromText(text, like);
  if (value.is<double>() && value.as<double>() == static_cast<double>(static_cast<int64_t>(value.as<double>())))
    return static_cast<int64_t>(value.as<double>());
  return toJson(value);
}

void requireFit(const Target& target, const Value& value) {
  const std::string problem = target.param == nullptr ? "" : complaint(*target.param, value);
  if (!problem.empty()) throw Error({}, problem);
}

OrderedJson valueFor(const Project& project, const Target& target, const std::string& text) {
  if (namesVariable(text)) return text;
  if (target.block == "variables") return variableFromText(text, project.variables.at(target.name));
  const Value value = valueFromText(text, target.bypass ? Value(false) : target.param->fallback);
  requireFit(target, value);
  return toJson(value);
}

OrderedJson valueFor(const Target& target, const OrderedJson& json) {
  if (namesVariable(json) || target.block == "variables") return json;
  if (target.param != nullptr) settledValue(*target.param, json);
  if (target.bypass) valueFromJson(nlohmann::json(json), Value(false));
  return json;
}

}  // namespace

Edit editFromSetting(const Project& project, const std::string& pipeline, const std::string& setting) {
  const size_t equals = setting.find('='), dot = setting.find('.');
  if (equals == std::string::npos || dot == std::string::npos || dot > equals || dot == 0 || dot + 1 == equals)
    refuse({}, "expected block.parameter=value, got \"" + setting + "\"", "for example training.epochs=20");
  const Target target =
      findTarget(project, pipeline, setting.substr(0, dot), setting.substr(dot + 1, equals - dot - 1));
  try {
    return editFor(target, valueFor(project, target, setting.substr(equals + 1)));
  } catch (const Error& error) {
    refuse({.block = target.block, .parameter = target.name}, error.problem(), error.hint());
  }
}

Edit editFromConfig(const Project& project, const std::string& pipeline, std::string_view text,
                    const std::string& file) {
  const OrderedJson config = parseOrdered(text, file);
  if (!config.is_object()) refuse({.file = file}, "expected an object {block: {parameter: value}}", "");
  Compound out{"Settings of " + file, {}};
  for (const auto& [block, members] : config.items()) {
    if (!members.is_object())
      refuse({.file = file},
             pointerStep(block) + ": expected an object {parameter: value}, got " + members.dump().substr(0, 60), "");
    for (const auto& [name, value] : members.items()) {
      try {
        const Target target = findTarget(project, pipeline, block, name);
        if (!value.is_null()) {
          out.edits.push_back(editFor(target, valueFor(target, value)));
        } else if (target.param == nullptr || block == "training" ||
                   project.graph(pipeline).node({block}).params.contains(name)) {
          out.edits.push_back(editFor(target, std::nullopt));
        }
      } catch (const Error& error) {
        refuse({.file = file}, pointerStep(block) + pointerStep(name) + ": " + error.problem(), error.hint());
      }
    }
  }
  return out;
}

void applySet(Project& project, const std::string& pipeline, const std::string& setting) {
  project.apply(pipeline, editFromSetting(project, pipeline, setting));
}

void applyConfig(Project& project, const std::string& pipeline, const std::filesystem::path& file) {
  project.apply(pipeline, editFromConfig(project, pipeline, readFile(file), file.string()));
}

}  // namespace blockyard
