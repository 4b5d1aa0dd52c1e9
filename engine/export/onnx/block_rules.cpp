#include "export/onnx/block_rules.hpp"

#include <ATen/ATen.h>

#include <algorithm>

namespace blockyard {
namespace {

constexpr const char* kNoSplit = "the format has no operator that splits texts as the block does";
constexpr const char* kSplitHint = "export the bundle, which holds any block";

const BlockEntry kEntries[] = {
    {"preprocessor/select", rules::select},
    {"preprocessor/rename", rules::rename},
    {"preprocessor/cast", rules::cast},
    {"preprocessor/formula", rules::formula},
    {"preprocessor/date_parts", rules::dateParts},
    {"preprocessor/filter_rows", rules::passOn},
    {"preprocessor/drop_duplicates", rules::passOn},
    {"preprocessor/impute", rules::impute},
    {"preprocessor/clip", rules::clip},
    {"preprocessor/clip_quantiles", rules::clipQuantiles},
    {"preprocessor/power", rules::power},
    {"preprocessor/bins", rules::bins},
    {"preprocessor/standardize", rules::standardize},
    {"preprocessor/minmax", rules::minmax},
    {"preprocessor/one_hot", rules::lookUp},
    {"preprocessor/ordinal", rules::lookUp},
    {"preprocessor/target_encode", rules::lookUp},
    {"preprocessor/to_features", rules::toFeatures},
    {"preprocessor/image_scale", rules::imageScale},
    {"preprocessor/spectrum", rules::spectrum},
    {"postprocessor/class_label", rules::classLabel},
    {"postprocessor/top_k", rules::topK},
    {"postprocessor/threshold", rules::threshold},
    {"postprocessor/best_threshold", rules::bestThreshold},
    {"postprocessor/best_value", rules::bestValue},
    {"postprocessor/values_table", rules::valuesTable},
    {"preprocessor/text_normalize", nullptr, "the format has no operators that rewrite texts as the block does",
     kSplitHint},
    {"preprocessor/tokenize", nullptr, kNoSplit, kSplitHint},
    {"preprocessor/tf_idf", nullptr, kNoSplit, kSplitHint},
    {"preprocessor/hash_features", nullptr, kNoSplit, kSplitHint},
    {"preprocessor/join", nullptr, "it looks rows up in a second file, which the format can't hold", kSplitHint},
};

}  // namespace

const BlockEntry* findBlockRule(const std::string& id) {
  const auto* found = std::find_if(std::begin(kEntries), std::end(kEntries), [&](const auto& e) { return e.id == id; });
  return found == std::end(kEntries) ? nullptr : found;
}

OnnxBatch tableOf(std::vector<OnnxColumn> columns, const std::string& port) {
  return {{port, {.table = true, .columns = std::move(columns)}}};
}

OnnxBatch tensorOf(const OnnxValue& value, const std::string& port) {
  return {{port, {.tensor = value}}};
}

OnnxValue BlockToWrite::single(const OnnxColumn& column) const {
  if (column.width == 1) return column.value;
  return op("Gather", {column.value, graph.integers({column.at})}, column.value.type, {{"axis", int64_t{1}}});
}

OnnxValue BlockToWrite::sideBySide(const std::vector<OnnxColumn>& columns) const {
  OnnxValues parts;
  for (size_t i = 0; i < columns.size();) {
    const OnnxColumn& first = columns[i];
    // A run of all columns of one value is that value.
    size_t run = 0;
    while (first.at == 0 && run < static_cast<size_t>(first.width) && i + run < columns.size() &&
           columns[i + run].value.name == first.value.name && columns[i + run].at == static_cast<int64_t>(run))
      ++run;
    const bool whole = run == static_cast<size_t>(first.width);
    parts.push_back(whole ? first.value : single(first));
    i += whole ? run : 1;
  }
  for (OnnxValue& part : parts) part = graph.cast(part, OnnxType::Double);
  return parts.size() == 1 ? parts.front() : op("Concat", parts, OnnxType::Double, {{"axis", int64_t{1}}});
}

}  // namespace blockyard
