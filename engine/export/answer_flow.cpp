#include "export/answer_flow.hpp"

#include <algorithm>

namespace blockyard {
namespace {

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

}  // namespace

Flow prepareRows(const Pipeline& pipeline, Batch rows) {
  Flow flow(pipeline.nodes().size());
  flow[pipeline.source()] = std::move(rows);
  pipeline.runStage(Stage::Prepare, flow, false, KeyedRandom(0));
  return flow;
}

Flow answerRows(const Pipeline& pipeline, const Flow& prepared, int64_t first, int64_t count, at::Device device) {
  const KeyedRandom random(0);
  Flow flow(prepared.size());
  for (const auto& cut : pipeline.cuts()) {
    if (!prepared[cut.node].has(cut.port)) continue;
    const Packet part = prepared[cut.node].packet(cut.port).slice(first, count);
    flow[cut.node].set(cut.port, part.isTable() ? part : Packet(part.tensor().to(device), part.sharedMeaning()));
  }
  pipeline.runStage(Stage::Live, flow, false, random);
  pipeline.runStage(Stage::Answer, flow, false, random);
  return flow;
}

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

}  // namespace blockyard
