// blockyard blocks: the catalogue, and the full reference of one block.
#include <set>

#include "base/value.hpp"
#include "blocks/catalog.hpp"
#include "graph/training_settings.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

const char* roleName(Role role) {
  switch (role) {
    case Role::File:
      return "file";
    case Role::Column:
      return "column";
    case Role::Columns:
      return "columns";
    case Role::Code:
      return "code";
    case Role::Plain:
      break;
  }
  return "";
}

const char* wiresName(Wires wires) {
  return wires == Wires::One ? "one" : wires == Wires::Optional ? "optional" : "many";
}

std::string boundText(double bound) {
  return bound == static_cast<int64_t>(bound) ? countText(static_cast<int64_t>(bound)) : Value(bound).text();
}

// "0 to 0.95", "at least 1", "relu, gelu, tanh"; empty if anything goes.
std::string limitText(const Param& param) {
  if (const auto* choices = std::get_if<Choices>(&param.limit)) {
    std::string text;
    for (const auto& choice : *choices) text += (text.empty() ? "" : ", ") + (choice.empty() ? "\"\"" : choice);
    return "one of " + text;
  }
  const auto* range = std::get_if<Range>(&param.limit);
  if (range == nullptr) return "";
  constexpr double kHuge = 1e15;  // as good as no limit
  const bool low = range->low > -kHuge, high = range->high < kHuge;
  if (low && high) return boundText(range->low) + " to " + boundText(range->high);
  return low ? "at least " + boundText(range->low) : high ? "at most " + boundText(range->high) : "";
}

std::string fallbackText(const Value& value) {
  const std::string text = value.text();
  return text.empty() ? "\"\"" : text;
}

Json portJson(const Port& port) {
  return {{"name", port.name}, {"pattern", port.pattern}, {"doc", port.doc}, {"wires", wiresName(port.wires)}};
}

Json paramJson(const Param& param) {
  Json json = {{"name", param.name},
               {"type", param.fallback.typeName()},
               {"default", toJson(param.fallback)},
               {"doc", param.doc}};
  if (const auto* choices = std::get_if<Choices>(&param.limit)) json["choices"] = *choices;
  if (const auto* range = std::get_if<Range>(&param.limit)) {
    json["range"] = {std::isinf(range->low) ? Json() : Json(range->low),
                     std::isinf(range->high) ? Json() : Json(range->high)};
  }
  if (!param.unit.empty()) json["unit"] = param.unit;
  if (param.role != Role::Plain) json["holds"] = roleName(param.role);
  return json;
}

Json blockJson(const BlockSchema& schema) {
  Json json = {{"id", schema.id},         {"kind", nameOf(schema.kind)}, {"title", schema.title},
               {"doc", schema.doc},       {"version", schema.version},   {"fitted", schema.fitted},
               {"inputs", Json::array()}, {"outputs", Json::array()},    {"params", Json::array()}};
  for (const auto& port : schema.inputs) json["inputs"].push_back(portJson(port));
  for (const auto& port : schema.outputs) json["outputs"].push_back(portJson(port));
  for (const auto& param : schema.params) json["params"].push_back(paramJson(param));
  if (schema.train_only) json["train_only"] = true;
  return json;
}

std::string tensorText(const ExampleTensor& tensor) {
  constexpr size_t kMost = 12;
  std::string shape, data;
  for (const auto size : tensor.shape) shape += (shape.empty() ? "" : ", ") + std::to_string(size);
  for (size_t i = 0; i < tensor.data.size() && i < kMost; ++i)
    data += (i == 0 ? "" : ", ") + shortNumber(tensor.data[i]);
  if (tensor.data.size() > kMost) data += ", …";
  return "[" + shape + "]  " + data;
}

std::string indented(std::string_view text, const std::string& indent) {
  std::string out;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    out += indent + std::string(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string exampleText(const Example& example) {
  std::string out;
  for (const auto& [name, value] : example.params.items()) out += "  " + name + " = " + fallbackText(value) + "\n";
  for (const auto& [port, tensor] : example.in) out += "  in  " + port + " " + tensorText(tensor) + "\n";
  for (const auto& [port, csv] : example.in_tables) out += "  in  " + port + "\n" + indented(csv, "      ");
  for (const auto& [port, tensor] : example.out) out += "  out " + port + " " + tensorText(tensor) + "\n";
  for (const auto& [port, csv] : example.out_tables) out += "  out " + port + "\n" + indented(csv, "      ");
  return out;
}

std::string portsText(const Terminal& terminal, const char* title, const std::vector<Port>& ports) {
  if (ports.empty()) return "";
  TextTable table({"  name", "carries", "", ""});
  for (const auto& port : ports) {
    const char* wires = port.wires == Wires::One        ? ""
                        : port.wires == Wires::Optional ? "may be left open"
                                                        : "takes many wires";
    table.add({"  " + port.name, port.pattern, wires, port.doc});
  }
  std::string text = table.text(terminal);
  return "\n" + terminal.bold(title) + "\n" + text.substr(text.find('\n') + 1);
}

void printReference(const Context& context, const BlockSchema& schema) {
  const Terminal& terminal = context.out;
  const auto width = static_cast<size_t>(std::clamp(terminal.width(), 60, 120));
  std::string out = terminal.bold(schema.title) + "  " + schema.id + "\n" + wrapped(schema.doc, width, "");
  if (schema.fitted)
    out += schema.kind == Kind::Postprocessor ? "It is fitted on the validation rows after the training.\n"
                                              : "It is fitted on the training rows before the training begins.\n";
  if (schema.train_only) out += "It works while training only, and passes everything on unchanged otherwise.\n";
  out += portsText(terminal, "Inputs", schema.inputs) + portsText(terminal, "Outputs", schema.outputs);
  if (!schema.params.empty()) out += "\n" + terminal.bold("Parameters") + "\n";
  for (const auto& param : schema.params) {
    const std::string limit = limitText(param), role = roleName(param.role);
    out += "  " + terminal.bold(param.name) + " = " + fallbackText(param.fallback) +
           terminal.dim(std::string("   ") + param.fallback.typeName() + (role.empty() ? "" : ", a " + role) +
                        (limit.empty() ? "" : ", " + limit) + (param.unit.empty() ? "" : ", in " + param.unit)) +
           "\n" + wrapped(param.doc, width, "      ");
  }
  for (const auto& example : schema.examples) {
    out += "\n" + terminal.bold("Example") + "\n" + exampleText(example);
  }
  context.print(out);
}

// "dropout" is enough where only one block is called so.
const BlockSchema& schemaNamed(const std::string& name) {
  std::vector<const BlockSchema*> found;
  for (const auto& type : catalog()) {
    if (type.schema.id.ends_with("/" + name)) found.push_back(&type.schema);
  }
  if (found.size() == 1) return *found[0];
  if (found.size() > 1) {
    std::string ids;
    for (const auto* schema : found) ids += (ids.empty() ? "" : ", ") + schema->id;
    throwUsage("several blocks are called \"" + name + "\"", "give the whole id: " + ids);
  }
  try {
    return blockType(name).schema;
  } catch (const Error& error) {
    throw Error(error.where(), error.problem(), error.hint().empty() ? "blockyard blocks lists them all" : error.hint(),
                Fault::Usage);
  }
}

struct Options {
  std::string id{};
  std::string kind{};
};

void requireKind(const std::string& kind) {
  std::vector<std::string> known;
  for (int i = 0; i <= static_cast<int>(Kind::Postprocessor); ++i) known.emplace_back(nameOf(static_cast<Kind>(i)));
  if (std::find(known.begin(), known.end(), kind) != known.end()) return;
  const std::string nearest = nearestName(kind, known);
  std::string all;
  for (const auto& name : known) all += (all.empty() ? "" : ", ") + name;
  throwUsage("there is no kind \"" + kind + "\"",
             nearest.empty() ? "one of " + all : "did you mean \"" + nearest + "\"?");
}

int list(const Options& options, const Context& context) {
  if (!options.kind.empty()) requireKind(options.kind);
  Json json = Json::array();
  TextTable table({"id", "title", "what it does"});
  for (const auto& type : catalog()) {
    const BlockSchema& schema = type.schema;
    if (!options.kind.empty() && options.kind != nameOf(schema.kind)) continue;
    if (context.json) json.push_back(blockJson(schema));
    table.add({schema.id, schema.title, schema.doc.substr(0, schema.doc.find('\n'))});
  }
  if (context.json) {
    context.printJson({{"blocks", json}});
  } else {
    context.print(table.text(context.out));
    context.say("blockyard blocks ID tells everything about one of them, blockyard blocks training about the training");
  }
  return 0;
}

// What a training can be told, in the form of a block's reference.
const BlockSchema& trainingSchema() {
  static const BlockSchema kSchema = {
      .title = "Training settings",
      .doc =
          "How a pipeline is trained. They stand under \"training\" in the project file; --set training.NAME=VALUE "
          "changes one for a run.",
      .params = trainingParams(),
      .id = "training"};
  return kSchema;
}

int run(const Options& options, const Context& context) {
  if (options.id.empty()) return list(options, context);
  const BlockSchema& schema = options.id == "training" ? trainingSchema() : schemaNamed(options.id);
  if (context.json) {
    context.printJson(blockJson(schema));
  } else {
    printReference(context, schema);
  }
  return 0;
}

}  // namespace

Verb blocksVerb() {
  return {"blocks", "List the blocks, or explain one or the training settings",
          "blockyard blocks                    # all of them\n"
          "blockyard blocks --kind extractor   # the layers\n"
          "blockyard blocks conv2d             # ports, parameters and an example of one\n"
          "blockyard blocks training           # epochs, batch size, optimizer, split, ...",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            app.add_option("ID", options->id, "a block: extractor/conv2d, or conv2d where only one is called so");
            app.add_option("--kind", options->kind, "only blocks of this kind: source, preprocessor, extractor, ...")
                ->type_name("KIND");
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
