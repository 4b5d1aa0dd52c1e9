#include "export/example_rows.hpp"

#include <ATen/ATen.h>

#include <array>

namespace blockyard {
namespace {

constexpr std::array<int64_t, 3> kRows{5, 7, 3};

// Kinds of values, from those that nearly every pipeline takes on: a logarithm wants them above 0, an embedding whole
// and small, a text that is read as a number must be one.
enum class Made { Small, Counted, Normal, Large };
constexpr Made kAttempts[] = {Made::Counted, Made::Small, Made::Normal, Made::Large};

double valueOf(Made kind, const KeyedRandom& random, uint64_t i) {
  switch (kind) {
    case Made::Small:
      return static_cast<double>(random.below(i, 2));
    case Made::Counted:
      return 1 + static_cast<double>(random.below(i, 3));
    case Made::Normal:
      return random.normal(i);
    case Made::Large:
      return 100 + 10 * random.normal(i);
  }
  return 0;
}

Column columnOf(const ColumnInfo& info, int64_t rows, Made kind, const KeyedRandom& random) {
  Column out{.name = info.name, .type = info.type};
  out.classes = std::make_shared<const std::vector<std::string>>(info.classes);
  for (int64_t i = 0; i < rows; ++i) {
    const auto at = static_cast<uint64_t>(i);
    const double value = valueOf(kind, random, at);
    if (info.type == ColumnType::Number) out.numbers.push_back(value);
    if (info.type == ColumnType::Time) out.numbers.push_back(1.6e9 + 86400 * value);
    if (info.type == ColumnType::Text) out.texts.push_back(kind == Made::Normal ? "a word" : numberText(value));
    if (info.type == ColumnType::Category)
      out.codes.push_back(info.classes.empty() ? kMissingCode
                                               : static_cast<int32_t>(random.below(at, info.classes.size())));
  }
  return out;
}

Packet packetOf(const Signature& signature, int64_t rows, Made kind, const KeyedRandom& random) {
  if (signature.kind == Wire::Table) {
    std::vector<Table::Shared> columns;
    for (const auto& info : signature.columns)
      columns.push_back(std::make_shared<const Column>(columnOf(info, rows, kind, random.key(info.name))));
    return {columns.empty() ? Table(rows) : Table(std::move(columns))};
  }
  std::vector<int64_t> sizes{rows};
  for (size_t i = 1; i < signature.shape.size(); ++i) {
    if (!signature.shape[i].known())
      throw Error({}, "size " + signature.shape[i].name + " of " + signature.text() + " is free",
                  "put a block before it that fixes the size");
    sizes.push_back(signature.shape[i].size);
  }
  at::Tensor values = at::empty(sizes, at::kDouble);
  for (int64_t i = 0; i < values.numel(); ++i)
    values.mutable_data_ptr<double>()[i] = valueOf(kind, random, static_cast<uint64_t>(i));
  static const std::map<Element, at::ScalarType> kTypes{{Element::Float32, at::kFloat},
                                                        {Element::Float64, at::kDouble},
                                                        {Element::Int64, at::kLong},
                                                        {Element::UInt8, at::kByte},
                                                        {Element::Bool, at::kBool}};
  auto meaning = std::make_shared<Meaning>();
  meaning->classes = signature.classes;
  return {values.to(kTypes.at(signature.element)), meaning};
}

Flow flowOf(const Pipeline& pipeline, int64_t rows, Made kind) {
  Flow flow(pipeline.nodes().size());
  const PipelineNode& source = pipeline.nodes()[pipeline.source()];
  for (const auto& [port, signature] : source.outputs)
    if (port != "target")
      flow[pipeline.source()].set(port,
                                  packetOf(signature, rows, kind, KeyedRandom(static_cast<uint64_t>(rows)).key(port)));
  for (const Stage stage : {Stage::Prepare, Stage::Live, Stage::Answer})
    pipeline.runStage(stage, flow, false, KeyedRandom(0));
  return flow;
}

}  // namespace

ExampleFlows::ExampleFlows(const Pipeline& pipeline) {
  std::optional<Error> first;
  for (const Made kind : kAttempts) {
    try {
      for (size_t i = 0; i < kRows.size(); ++i) flows_[i] = flowOf(pipeline, kRows[i], kind);
      return;
    } catch (const Error& error) {
      if (!first) first = error;
    }
  }
  throw *first;
}

}  // namespace blockyard
