#include "training/row_parts.hpp"

#include <ATen/ATen.h>

#include "data/split.hpp"

namespace blockyard {
namespace {

constexpr int64_t kReadRows = 8192;

// The port that carries classes, or nothing.
std::string labelPort(const Source& source) {
  for (const auto& [port, signature] : source.outputs())
    if (signature.kind == Wire::Label) return port;
  return {};
}

std::vector<int64_t> classesOf(Source& source, const std::string& port) {
  std::vector<int64_t> out;
  out.reserve(static_cast<size_t>(source.rows()));
  for (int64_t first = 0; first < source.rows(); first += kReadRows) {
    const at::Tensor codes = source.readPort(port, first, kReadRows).tensor().to(at::kLong).contiguous();
    out.insert(out.end(), codes.const_data_ptr<int64_t>(), codes.const_data_ptr<int64_t>() + codes.numel());
  }
  return out;
}

}  // namespace

const std::set<std::string>& splitSettings() {
  static const std::set<std::string> kNames = {"seed",       "split", "split_column", "validation_share",
                                               "test_share", "folds", "fold"};
  return kNames;
}

std::vector<Part> rowParts(Source& source, const Values& training) {
  const SplitSettings settings{.how = training.text("split"),
                               .validation_share = training.number("validation_share"),
                               .test_share = training.number("test_share"),
                               .folds = training.integer("folds"),
                               .fold = training.integer("fold"),
                               .seed = static_cast<uint64_t>(training.integer("seed"))};
  SplitRows rows{.rows = source.rows()};
  const std::string label = labelPort(source);
  if (!label.empty()) rows.classes = classesOf(source, label);
  if (settings.how == "stratified" && label.empty())
    throw Error({.parameter = "training.split"},
                "a stratified split needs a target of classes, and the source gives none",
                "use training.split=random, or set the source's target_kind to label");
  Table column;
  if (settings.how == "time" || settings.how == "group") {
    const std::string& name = training.text("split_column");
    if (name.empty())
      throw Error({.parameter = "training.split_column"},
                  "the split by " + settings.how + " needs a column, and none is named");
    column = source.splitColumns({name});
    rows.column = &column.column(name);
  }
  if (settings.how == "given") rows.given = source.givenParts();
  std::vector<Part> parts = splitRows(settings, rows);
  keepWindowsApart(parts, source.spans(), settings.how);
  checkPartsNotEmpty(parts);
  if (!label.empty()) checkClassesInTraining(parts, rows.classes, source.outputs().at(label).classes);
  return parts;
}

}  // namespace blockyard
