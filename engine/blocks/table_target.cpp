#include "blocks/table_target.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "base/error.hpp"

namespace blockyard {
namespace {

// Classes that say yes or no, as a number.
std::optional<float> truth(const std::string& name) {
  for (const char* yes : {"true", "True", "TRUE", "yes", "Yes", "1"})
    if (name == yes) return 1.0F;
  for (const char* no : {"false", "False", "FALSE", "no", "No", "0"})
    if (name == no) return 0.0F;
  return std::nullopt;
}

std::vector<float> numbersOf(const Column& column) {
  if (column.type == ColumnType::Number) return {column.numbers.begin(), column.numbers.end()};
  std::vector<float> truths, numbers;
  if (column.type == ColumnType::Category)
    for (const std::string& name : *column.classes)
      if (const auto value = truth(name)) truths.push_back(*value);
  if (column.type != ColumnType::Category || truths.size() != column.classes->size())
    throw Error({.parameter = "target"},
                "expected numbers in the target \"" + column.name + "\", got " + nameOf(column.type) + " values",
                column.type == ColumnType::Category ? "set `target_kind` to label to predict its classes"
                                                    : "choose another column");
  for (const int32_t code : column.codes)
    numbers.push_back(code < 0 ? std::numeric_limits<float>::quiet_NaN() : truths[static_cast<size_t>(code)]);
  return numbers;
}

// By class, 1 if it is one of `positive`, else 0.
std::vector<int32_t> truthOf(const TableRows& rows, const Texts& positive, const Texts& classes) {
  for (const auto& name : positive) {
    if (std::find(classes.begin(), classes.end(), name) != classes.end() || rows.partial() || rows.predicting())
      continue;
    const std::string near = nearestName(name, classes);
    throw Error({.parameter = "positive"}, "the target has no class \"" + name + "\"",
                near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  std::vector<int32_t> out;
  for (const auto& name : classes)
    out.push_back(std::find(positive.begin(), positive.end(), name) != positive.end() ? 1 : 0);
  return out;
}

}  // namespace

TableTarget::TableTarget(const TableRows& rows, const SourceSetup& setup) : labelled_(rows.labelled()) {
  const RowStore& store = rows.store();
  auto meaning = std::make_shared<Meaning>();
  signature_ = {.kind = rows.labelled() ? Wire::Label : Wire::Target, .shape = {"N"}, .open = rows.partial()};
  if (labelled_) {
    signature_.element = Element::Int64;
    // A class that was not trained on is as good as missing: there is no score to compare it with.
    const Texts& classes = *store.classTable(rows.targets()[0]).classes();
    const Texts positive = setup.values.has("positive") ? setup.values.texts("positive") : Texts{};
    if (!positive.empty()) truth_ = truthOf(rows, positive, classes);
    signature_.classes = setup.expected     ? setup.expected->at("target").classes
                         : positive.empty() ? classes
                                            : Texts{"other", positive.size() == 1 ? positive[0] : "positive"};
    meaning->classes = signature_.classes;
  } else {
    if (rows.targets().size() > 1) signature_.shape.push_back(static_cast<int64_t>(rows.targets().size()));
    signature_.unit = meaning->unit = setup.values.text("unit");
    for (const size_t c : rows.targets()) {
      meaning->columns.push_back(store.columns()[c].name);
      numbersOf(*store.read(0, 0, {c}).columns()[0]);  // throws if they are none
    }
  }
  meaning_ = std::move(meaning);
}

Packet TableTarget::packet(const Table& table) const {
  const int64_t n = table.rows();
  if (labelled_) {
    const std::vector<int32_t>& codes = table.columns()[0]->codes;
    const auto most = static_cast<int32_t>(meaning_->classes.size());
    at::Tensor labels = at::empty({n}, at::kLong);
    std::transform(codes.begin(), codes.end(), labels.mutable_data_ptr<int64_t>(), [&](int32_t code) {
      if (!truth_.empty()) return code < 0 ? -1 : truth_[static_cast<size_t>(code)];
      return code < most ? code : -1;
    });
    return {labels, meaning_};
  }
  const auto k = static_cast<int64_t>(table.columns().size());
  at::Tensor values = at::empty({n, k}, at::kFloat);
  float* const into = values.mutable_data_ptr<float>();
  for (int64_t j = 0; j < k; ++j) {
    const std::vector<float> numbers = numbersOf(*table.columns()[static_cast<size_t>(j)]);
    for (int64_t i = 0; i < n; ++i) into[i * k + j] = numbers[static_cast<size_t>(i)];
  }
  return {k == 1 ? values.squeeze(1) : values, meaning_};
}

Table columnsForSplit(const RowStore& store, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const ColumnSpec& column : store.columns()) known.push_back(column.name);
  std::vector<size_t> picks;
  for (const std::string& name : names) {
    const auto at = std::find(known.begin(), known.end(), name);
    if (at == known.end()) {
      const std::string near = nearestName(name, known);
      throw Error({.parameter = "split_column"}, "there is no column \"" + name + "\"",
                  near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    picks.push_back(static_cast<size_t>(at - known.begin()));
  }
  return store.read(0, store.rows(), picks);
}

}  // namespace blockyard
