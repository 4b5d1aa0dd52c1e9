#include "export/bundle.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "blocks/catalog.hpp"
#include "blocks/signature_json.hpp"
#include "data/sqlite_file.hpp"
#include "export/memory_source.hpp"
#include "training/describe_data.hpp"
#include "training/state_file.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

constexpr int64_t kFormat = 1;
constexpr const char* kBundleKey = "blockyard";

// A column, and its name with the block and port that it comes from.
struct Answer {
  Table::Shared column;
  std::string full_name;
};

// Scores and values as columns with names that say what they are. A target's name is enough; that of a class, where the
// rows are `labelled`, says little without what it is a score of.
void addColumns(const PipelineNode& node, const std::string& port, const Packet& packet, bool labelled,
                std::vector<Answer>& answers) {
  if (packet.isTable()) {
    for (const auto& column : packet.table().columns()) answers.push_back({column, node.plan.id + "." + column->name});
    return;
  }
  const at::Tensor values = packet.tensor().to(at::kCPU, at::kDouble).reshape({packet.rows(), -1}).contiguous();
  const Meaning& meaning = packet.meaning();
  const auto& names = meaning.classes.empty() ? meaning.columns : meaning.classes;
  for (int64_t k = 0; k < values.size(1); ++k) {
    const bool named = static_cast<int64_t>(names.size()) == values.size(1);
    const bool of_columns = named && !labelled;
    const std::string of = named                ? names[static_cast<size_t>(k)]
                           : values.size(1) > 1 ? std::to_string(k)
                                                : std::string();
    const std::string place = node.plan.id + "." + port + (of.empty() ? "" : " " + of);
    Column column{.name = of_columns ? of : place};
    const double* data = values.const_data_ptr<double>() + k;
    for (int64_t row = 0; row < values.size(0); ++row) column.numbers.push_back(data[row * values.size(1)]);
    answers.push_back({std::make_shared<const Column>(std::move(column)), place});
  }
}

// Rows to predict may lie in a file although those to train on did not: made up, or from a database.
bool readsOtherwise(const BlockType& source, const std::string& file) {
  const auto& params = source.schema.params;
  const bool files = std::any_of(params.begin(), params.end(), [](const Param& p) { return p.role == Role::File; });
  return !files || (source.schema.id == "source/sqlite" && !isSqliteFile(file));
}

// The answers of one flow as a table.
Table answersOf(const Pipeline& pipeline, const Flow& flow) {
  const Signatures& given = pipeline.nodes()[pipeline.source()].outputs;
  const bool labelled =
      std::any_of(given.begin(), given.end(), [](const auto& output) { return output.second.kind == Wire::Label; });
  std::vector<Answer> answers;
  for (const auto& answer : pipeline.answers())
    if (flow[answer.node].has(answer.port))
      addColumns(pipeline.nodes()[answer.node], answer.port, flow[answer.node].packet(answer.port), labelled, answers);
  // Two heads may answer for the same column, two postprocessors both say "label": the block tells them apart.
  std::map<std::string, int> wanted, times;
  for (const auto& answer : answers) ++wanted[answer.column->name];
  std::vector<Table::Shared> columns;
  for (const auto& [column, full_name] : answers) {
    std::string name = wanted[column->name] > 1 ? full_name : column->name;
    if (const int count = ++times[name]; count > 1) name += " " + std::to_string(count);
    columns.push_back(column);
    if (name == column->name) continue;
    Column renamed = *column;
    renamed.name = name;
    columns.back() = std::make_shared<const Column>(std::move(renamed));
  }
  return Table(std::move(columns));
}

// What tells the rows apart, before what is said of them.
Table named(const Table& names, const Table& answers) {
  std::vector<Table::Shared> columns;
  for (const auto& name : names.columns()) {
    columns.push_back(name);
    if (answers.find(name->name) == nullptr) continue;
    Column renamed = *name;
    renamed.name += " (row)";
    columns.back() = std::make_shared<const Column>(std::move(renamed));
  }
  columns.insert(columns.end(), answers.columns().begin(), answers.columns().end());
  return columns.empty() ? Table(answers.rows()) : Table(std::move(columns));
}

// Columns of the source that no block looks at: nothing takes their port, or every block that does drops them.
std::vector<std::string> unusedColumns(const Pipeline& pipeline) {
  const PipelineNode& source = pipeline.nodes()[pipeline.source()];
  std::vector<std::string> out;
  for (const auto& [port, signature] : source.outputs) {
    for (const ColumnInfo& column : signature.columns) {
      const bool used = std::any_of(pipeline.nodes().begin(), pipeline.nodes().end(), [&](const PipelineNode& node) {
        return std::any_of(node.plan.inputs.begin(), node.plan.inputs.end(), [&](const auto& input) {
          if (input.from != pipeline.source() || input.port != port) return false;
          if (node.type->schema.id != "preprocessor/select") return true;
          const auto& left = node.outputs.at("y").columns;
          return std::any_of(left.begin(), left.end(), [&](const ColumnInfo& c) { return c.name == column.name; });
        });
      });
      if (!used) out.push_back(column.name);
    }
  }
  return out;
}

// Adds the final scores of every classifier: those of a calibration in place of those that it took.
void addScores(const Pipeline& pipeline, const Flow& flow, std::vector<ClassScores>& into) {
  const auto& nodes = pipeline.nodes();
  const auto is_final = [&](size_t index) {
    for (size_t later = index + 1; later < nodes.size(); ++later)
      for (const auto& input : nodes[later].plan.inputs)
        if (input.from == index && input.port == "scores" && flow[later].has("scores")) return false;
    return true;
  };
  size_t count = 0;
  for (size_t index = 0; index < nodes.size(); ++index) {
    if (!flow[index].has("scores") || !is_final(index)) continue;
    const Packet& packet = flow[index].packet("scores");
    if (packet.isTable() || packet.meaning().classes.empty()) continue;
    const at::Tensor values = packet.tensor().to(at::kCPU, at::kFloat).reshape({packet.rows(), -1}).contiguous();
    if (values.size(1) != static_cast<int64_t>(packet.meaning().classes.size())) continue;
    if (into.size() == count) into.push_back({nodes[index].plan.id, packet.meaning().classes, {}});
    const float* data = values.const_data_ptr<float>();
    std::vector<float>& out = into[count++].values;
    out.insert(out.end(), data, data + values.numel());
  }
}

// The rows as the source gives them, without the target.
Table askedRows(const Batch& given) {
  for (const auto& [port, packet] : given.items())
    if (packet.isTable() && port != "target") return packet.table();
  return Table(given.rows());
}

Json readBundleJson(const SafetensorsFile& file) {
  const auto it = file.metadata().find(kBundleKey);
  if (it == file.metadata().end())
    throw Error({.file = file.file()}, "expected a trained pipeline, got a safetensors file of somebody else",
                "\"blockyard export\" writes one");
  Json json = parseJson(it->second, file.file());
  const int64_t format = json.value("format", int64_t{0});
  if (format > kFormat)
    throw Error(
        {.file = file.file()},
        "the bundle has format " + std::to_string(format) + ", this version knows up to " + std::to_string(kFormat),
        "install a newer Blockyard");
  return json;
}

}  // namespace

void saveBundle(const Trainer& trainer, const std::string& run, const std::string& path) {
  const StateViews views(trainer.pipeline().state());
  Json nodes = Json::object();
  for (const auto& node : trainer.pipeline().nodes()) nodes[node.plan.id] = {{"outputs", toJson(node.outputs)}};
  Metadata metadata = views.metadata();
  metadata["format"] = "pt";  // what tools for PyTorch look for
  metadata[kBundleKey] = Json{
      {"format", kFormat},
      {"plan", toJson(trainer.plan())},
      {"run", run},
      {"data_card", toJson(dataCard(trainer.plan(), *trainer.data().source))},
      {"blocks", nodes}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  writeHashedSafetensors(path, views.tensors(), metadata);
}

Bundle::Bundle(const std::string& path, PredictOptions options) : options_(options) {
  if (options_.threads > 0) at::set_num_threads(options_.threads);
  const SafetensorsFile file(path);
  file.verify();
  const Json json = readBundleJson(file);
  guarded({.file = path}, [&] {
    plan_ = planFromJson(json.at("plan"));
    run_ = json.value("run", std::string());
    pipeline_ = std::make_unique<Pipeline>(plan_);
    const KeyedRandom random(0);
    auto& nodes = pipeline_->nodes();
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].stage != Stage::Source) pipeline_->makeBlock(i, random);
      nodes[i].outputs = signaturesFromJson(json.at("blocks").at(nodes[i].plan.id).at("outputs"));
    }
    pipeline_->loadState(stateFrom(file));
    pipeline_->moveTo(deviceNamed(options_.device));
  });
}

Bundle::~Bundle() = default;

const Signatures& Bundle::inputs() const {
  return pipeline_->nodes()[pipeline_->source()].outputs;
}

std::shared_ptr<Source> Bundle::open(const std::string& file) const {
  const PipelineNode& node = pipeline_->nodes()[pipeline_->source()];
  const BlockType* type = node.type;
  Values values = node.plan.values;
  if (const auto features = inputs().find("features"); features != inputs().end() && readsOtherwise(*type, file)) {
    type = &blockType("source/table");
    values =
        completeValues(type->schema.params,
                       {{"target", node.plan.values.has("target") ? node.plan.values.texts("target") : Texts{"y"}}});
  }
  // The source's first file parameter takes the new file; its further files (labels, test sets) are left out.
  bool first = true;
  for (const auto& param : type->schema.params) {
    if (param.role != Role::File || !param.fallback.is<std::string>()) continue;
    values.set(param.name, first ? file : std::string());
    first = false;
  }
  if (first) throw Error({.block = node.plan.id}, "this source reads no file, so there is none to predict on");
  std::shared_ptr<Source> source;
  try {
    guarded({.file = file}, [&] {
      SourceSetup setup{.values = values, .memory_budget = memoryBudget(), .threads = options_.threads};
      setup.expected = &inputs();
      setup.all_files = false;
      setup.may_lack = unusedColumns(*pipeline_);
      setup.stop = options_.stop;
      source = type->open(setup);
    });
  } catch (const Error& error) {
    throw error.inFile();
  }
  return source;
}

std::shared_ptr<Source> Bundle::openJson(const std::string& text, const std::string& name) const {
  return openRows(parseJson(text, name), name);
}

std::shared_ptr<Source> Bundle::openRows(const nlohmann::json& json, const std::string& name) const {
  for (const auto& [port, signature] : inputs()) {
    if (port == "target") continue;
    Batch rows;
    if (signature.kind == Wire::Table)
      rows.set(port, Packet(tableFromJson(json, signature.columns, unusedColumns(*pipeline_), name)));
    else
      rows.set(port, Packet(tensorFromJson(json, signature, name)));
    return std::make_shared<MemorySource>(std::move(rows), Signatures{{port, signature}});
  }
  throw Error({.file = name}, "this pipeline's source gives nothing but a target");
}

void Bundle::predict(Source& source, const std::function<void(const Table&)>& each) {
  answer(source, [&](const Answers& answers) { each(answers.table); });
}

void Bundle::answer(Source& source, const std::function<void(const Answers&)>& each) {
  const at::Device device = deviceNamed(options_.device);
  const at::NoGradGuard no_grad;
  const KeyedRandom random(0);
  const int64_t step = rowsAtOnce(source.outputs(), options_.chunk_rows);
  for (int64_t first = 0; first < source.rows(); first += step) {
    Flow prepared(pipeline_->nodes().size());
    prepared[pipeline_->source()] = source.read(first, step).batch;
    pipeline_->runStage(Stage::Prepare, prepared, false, random);
    const int64_t rows = prepared[pipeline_->source()].rows();
    std::vector<Table> tables;
    Answers out;
    for (int64_t at = 0; at < rows; at += options_.batch_size) {
      if (options_.stop != nullptr && *options_.stop) return;
      const int64_t count = std::min(options_.batch_size, rows - at);
      Flow flow(prepared.size());
      for (const auto& cut : pipeline_->cuts()) {
        if (!prepared[cut.node].has(cut.port)) continue;
        const Packet part = prepared[cut.node].packet(cut.port).slice(at, count);
        flow[cut.node].set(cut.port, part.isTable() ? part : Packet(part.tensor().to(device), part.sharedMeaning()));
      }
      pipeline_->runStage(Stage::Live, flow, false, random);
      pipeline_->runStage(Stage::Answer, flow, false, random);
      tables.push_back(answersOf(*pipeline_, flow));
      addScores(*pipeline_, flow, out.scores);
    }
    out.table = named(source.rowNames(first, rows), Table::concat(tables));
    out.rows = askedRows(prepared[pipeline_->source()]);
    each(out);
  }
}

}  // namespace blockyard
