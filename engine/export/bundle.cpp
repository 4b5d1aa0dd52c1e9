#include "export/bundle.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "blocks/catalog.hpp"
#include "data/sqlite_file.hpp"
#include "export/answer_flow.hpp"
#include "export/bundle_text.hpp"
#include "export/certificate.hpp"
#include "export/json_rows.hpp"
#include "export/memory_source.hpp"
#include "training/devices.hpp"
#include "training/prepare.hpp"
#include "training/state_file.hpp"

namespace blockyard {
namespace {

// Rows to predict may lie in a file although those to train on did not: made up, or from a database.
bool readsOtherwise(const BlockType& source, const std::string& file) {
  const auto& params = source.schema.params;
  const bool files = std::any_of(params.begin(), params.end(), [](const Param& p) { return p.role == Role::File; });
  return !files || (source.schema.id == "source/sqlite" && !isSqliteFile(file));
}

// What tells the rows apart, before what is said of them.
Table named(const Table& names, const Table& answers) {
  if (names.columns().empty()) return answers;
  std::vector<Table::Shared> columns;
  for (const auto& name : names.columns()) {
    columns.push_back(name);
    if (answers.find(name->name) == nullptr) continue;
    Column renamed = *name;
    renamed.name += " (row)";
    columns.back() = std::make_shared<const Column>(std::move(renamed));
  }
  columns.insert(columns.end(), answers.columns().begin(), answers.columns().end());
  return Table(std::move(columns));
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

}  // namespace

Bundle::Bundle(const std::string& path, PredictOptions options) : Bundle(SafetensorsFile(path), options) {}

Bundle::Bundle(const SafetensorsFile& file, PredictOptions options) : options_(options) {
  if (options_.threads > 0) at::set_num_threads(options_.threads);
  file.verify();
  BundleText text = readBundleText(file.metadata(), file.file());
  plan_ = std::move(text.plan), run_ = std::move(text.run);
  guarded({.file = file.file()}, [&] {
    pipeline_ = std::make_unique<Pipeline>(plan_);
    const KeyedRandom random(0);
    auto& nodes = pipeline_->nodes();
    for (size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].stage != Stage::Source) pipeline_->makeBlock(i, random);
      nodes[i].outputs = std::move(text.outputs.at(nodes[i].plan.id));
    }
    const State state = stateFrom(file);
    pipeline_->loadState(state);
    certificate_ = std::make_unique<const Certificate>(certificateFrom(state));
    pipeline_->moveTo(deviceNamed(options_.device));
  });
}

Bundle::~Bundle() = default;

Certified Bundle::certified() const {
  return {certificate_->rows.rows(), certificate_->part, certificate_->deviation};
}

const Signatures& Bundle::inputs() const {
  return pipeline_->nodes()[pipeline_->source()].outputs;
}

std::vector<std::string> Bundle::unusedColumns() const {
  const auto& nodes = pipeline_->nodes();
  const size_t source = pipeline_->source();
  std::vector<std::string> out;
  for (const auto& [port, signature] : nodes[source].outputs) {
    for (const ColumnInfo& column : signature.columns) {
      const bool used = std::any_of(nodes.begin(), nodes.end(), [&](const PipelineNode& node) {
        return std::any_of(node.plan.inputs.begin(), node.plan.inputs.end(), [&](const auto& input) {
          if (input.from != source || input.port != port) return false;
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

int64_t Bundle::memoryBudget() const {
  constexpr int64_t kUsualMiB = 1024;  // bundles need not tell every setting of the training
  return (plan_.training.has("memory_budget") ? plan_.training.integer("memory_budget") : kUsualMiB) << 20;
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
      setup.may_lack = unusedColumns();
      setup.stop = options_.stop;
      source = type->open(setup);
    });
  } catch (const Error& error) {
    // Hints speak of the settings of a source, which stand in `quotes`.
    const bool settings = error.hint().find('`') != std::string::npos;
    const char* const kept = "; a trained pipeline keeps its settings: correct the file, or train again with others";
    throw Error(error.where(), error.problem(), error.hint() + (settings ? kept : ""), error.fault()).inFile();
  }
  return source;
}

std::shared_ptr<Source> Bundle::openJson(const std::string& text, const std::string& name) const {
  return openRows(holdsJsonLines(text) ? parseJsonLines(text, name) : parseJson(text, name), name);
}

std::shared_ptr<Source> Bundle::openRows(const nlohmann::json& json, const std::string& name) const {
  for (const auto& [port, signature] : inputs()) {
    if (port == "target") continue;
    Batch rows;
    if (signature.kind == Wire::Table)
      rows.set(port, Packet(tableFromJson(json, signature.columns, unusedColumns(), name)));
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
  const c10::InferenceMode no_gradients;  // nor what views and versions of tensors cost
  const int64_t step = rowsAtOnce(source.outputs(), options_.chunk_rows);
  for (int64_t first = 0; first < source.rows(); first += step) {
    const Flow prepared = prepareRows(*pipeline_, source.read(first, step).batch);
    const int64_t rows = prepared[pipeline_->source()].rows();
    std::vector<Table> tables;
    Answers out;
    for (int64_t at = 0; at < rows; at += options_.batch_size) {
      if (options_.stop != nullptr && *options_.stop) return;
      const int64_t count = std::min(options_.batch_size, rows - at);
      const Flow flow = answerRows(*pipeline_, prepared, at, count, device);
      tables.push_back(answersOf(*pipeline_, flow));
      addScores(*pipeline_, flow, out.scores);
    }
    out.table = named(source.rowNames(first, rows), Table::concat(tables));
    out.rows = askedRows(prepared[pipeline_->source()]);
    each(out);
  }
}

}  // namespace blockyard
