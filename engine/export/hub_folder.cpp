#include "export/hub_folder.hpp"

#include <nlohmann/json.hpp>

#include "base/value.hpp"
#include "export/bundle.hpp"
#include "export/predict_files.hpp"
#include "report/run_markdown.hpp"
#include "training/pipeline.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string textOf(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json describe(const Signature& signature) {
  Json out{{"kind", signature.text()}};
  for (const ColumnInfo& column : signature.columns) {
    Json one{{"name", column.name}, {"type", nameOf(column.type)}};
    if (!column.classes.empty()) one["classes"] = column.classes;
    out["columns"].push_back(one);
  }
  if (!signature.classes.empty()) out["classes"] = signature.classes;
  if (!signature.unit.empty()) out["unit"] = signature.unit;
  return out;
}

Json describe(const Signatures& signatures) {
  Json out = Json::object();
  for (const auto& [port, signature] : signatures) out[port] = describe(signature);
  return out;
}

const char* textOf(Stage stage) {
  switch (stage) {
    case Stage::Source:
      return "source";
    case Stage::Prepare:
      return "preprocessing, once for each row";
    case Stage::Live:
      return "model";
    case Stage::Answer:
      return "postprocessing";
  }
  return "";
}

Json describe(const Pipeline& pipeline, const PipelineNode& node) {
  Json out{{"id", node.plan.id},          {"type", node.type->schema.id},         {"does", node.type->schema.doc},
           {"stage", textOf(node.stage)}, {"settings", toJson(node.plan.values)}, {"outputs", describe(node.outputs)}};
  for (const auto& input : node.plan.inputs)
    out["inputs"][input.slot] = pipeline.nodes()[input.from].plan.id + "." + input.port;
  if (!node.block) return out;
  const State state = node.block->state();
  for (const auto& each : node.block->parameters()) out["tensors"].push_back(node.plan.id + "." + each.name);
  for (const auto& [name, tensor] : state.tensors) out["tensors"].push_back(node.plan.id + "." + name);
  const Json learned = toJson(state.values);
  if (!learned.empty()) out["learned"] = learned;
  return out;
}

Json blocksOf(const Bundle& bundle, const Pipeline& pipeline) {
  Json blocks = Json::array();
  for (const auto& node : pipeline.nodes()) blocks.push_back(describe(pipeline, node));
  return {{"format", 1}, {"run", bundle.run()}, {"blocks", blocks}};
}

Json configOf(const Bundle& bundle, const Pipeline& pipeline, const std::string& task) {
  Json out{{"model_type", "blockyard"},
           {"library_name", "blockyard"},
           {"run", bundle.run()},
           {"inputs", describe(bundle.inputs())}};
  if (!task.empty()) out["pipeline_tag"] = task;
  for (const WireStart& answer : pipeline.answers()) {
    const auto& node = pipeline.nodes()[answer.node];
    const auto signature = node.outputs.find(answer.port);
    if (signature != node.outputs.end()) out["outputs"][node.plan.id + "." + answer.port] = describe(signature->second);
  }
  for (const size_t head : pipeline.heads()) {
    const auto& outputs = pipeline.nodes()[head].outputs;
    const auto scores = outputs.find("scores");
    if (scores == outputs.end() || scores->second.classes.empty() || out.contains("id2label")) continue;
    int64_t place = 0;
    for (const std::string& name : scores->second.classes) {
      out["id2label"][std::to_string(place)] = name;
      out["label2id"][name] = place++;
    }
  }
  return out;
}

std::string usage(const Bundle& bundle) {
  return "\n## How to use it\n\n"
         "The file model.safetensors is the whole trained pipeline, with preprocessing and postprocessing:\n\n"
         "    blockyard predict model.safetensors " +
         newRowsFile(bundle.plan()) +
         "\n    blockyard serve model.safetensors\n\n"
         "The weights alone, by the names of blocks, without Blockyard:\n\n"
         "    from safetensors.torch import load_file\n"
         "    weights = load_file(\"model.safetensors\")\n\n"
         "config.json says what comes in and what comes out, pipeline.json what every block does, which settings it "
         "has, "
         "what it has learned and which of the tensors are its own.\n";
}

}  // namespace

FolderFiles hubFolder(const fs::path& file, std::string bytes) {
  Bundle bundle(file.string());
  const Pipeline& pipeline = bundle.pipeline();
  std::string card, task;
  if (fs::exists(file.parent_path() / "run.json")) {
    const RunFacts facts = runFacts(file.parent_path());
    card = runMarkdown(facts);
    task = taskOf(facts);
  } else {
    card =
        "---\nlibrary_name: blockyard\ntags:\n- blockyard\n---\n\n# " + bundle.run() +
        "\n\nThe record of the run was not kept beside the pipeline: of its data and scores nothing is known here.\n";
  }
  return {{"README.md", card + usage(bundle)},
          {"config.json", textOf(configOf(bundle, pipeline, task))},
          {kHubBundle, std::move(bytes)},
          {"pipeline.json", textOf(blocksOf(bundle, pipeline))}};
}

}  // namespace blockyard
