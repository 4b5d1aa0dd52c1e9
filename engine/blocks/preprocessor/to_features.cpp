// To features: lays the columns of a table side by side as one float32 tensor, the form in which a network takes them.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <limits>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

// What is wrong with a column that is no number, as an Error; and what to do about it.
void requireNumbers(const ColumnInfo& column, const std::string& parameter) {
  if (column.type == ColumnType::Number || column.type == ColumnType::Time) return;
  const bool category = column.type == ColumnType::Category;
  throw Error({.port = "x", .parameter = parameter},
              "expected columns of numbers, but \"" + column.name + "\" is " + nameOf(column.type),
              category ? "insert One-hot or Ordinal code before, or leave the column out with Select columns"
                       : "leave the column out with Select columns; TF-IDF, Hash features and Tokenize work on texts");
}

// The columns of the two outputs, in this order.
struct Plan {
  Texts features{};
  Texts codes{};
};

Plan planOf(const Values& values, const std::vector<ColumnInfo>& columns, bool open) {
  Plan out{.codes = values.texts("codes").empty()
                        ? Texts{}
                        : pickColumns(columns, values.texts("codes"), kAllColumns, "codes", open)};
  const auto codes = setOf(out.codes);
  for (const auto& name : pickColumns(columns, values.texts("columns"), kAllColumns, "columns", open))
    if (codes.count(name) == 0) out.features.push_back(name);
  const auto features = setOf(out.features);
  for (const auto& column : columns) {
    if (features.count(column.name) > 0) requireNumbers(column, values.texts("columns").empty() ? "" : "columns");
    if (codes.count(column.name) > 0) requireNumbers(column, "codes");
  }
  return out;
}

// A block of rows that stays in the first cache while its columns are written one after the other.
constexpr int64_t kBlockRows = 128;

class ToFeatures final : public Block {
 public:
  explicit ToFeatures(const Values& values) : values_(values) {}

  Batch forward(const Batch& in, Step& step) override {
    const Table& table = in.table("x");
    const Plan plan = planOf(values_, columnsOf(table), false);
    return {{"y", packed<float>(table, plan.features, step)}, {"codes", packed<int64_t>(table, plan.codes, step)}};
  }

 private:
  template <class T>
  static bool fits(double v) {
    if constexpr (std::is_same_v<T, float>) return std::abs(v) <= std::numeric_limits<float>::max();
    return std::abs(v) <= 9007199254740992.0 && v == std::floor(v);
  }

  template <class T>
  static Packet packed(const Table& table, const Texts& names, const Step& step) {
    const int64_t rows = table.rows(), width = static_cast<int64_t>(names.size());
    std::vector<const double*> columns;
    for (const auto& name : names) columns.push_back(table.column(name).numbers.data());
    at::Tensor out = at::empty({rows, width}, c10::CppTypeToScalarType<T>::value);  // [N, F]
    T* to = out.template mutable_data_ptr<T>();
    std::atomic<bool> all_fit{true};
    at::parallel_for(0, (rows + kBlockRows - 1) / kBlockRows, 64, [&](int64_t begin, int64_t end) {
      bool fit = true;
      for (int64_t block = begin; block < end; ++block) {
        const int64_t first = block * kBlockRows, last = std::min(rows, first + kBlockRows);
        for (int64_t c = 0; c < width; ++c) {
          const double* from = columns[static_cast<size_t>(c)];
          for (int64_t r = first; r < last; ++r) {
            fit &= fits<T>(from[r]);
            to[r * width + c] = static_cast<T>(fits<T>(from[r]) ? from[r] : 0);
          }
        }
      }
      if (!fit) all_fit = false;
    });
    if (!all_fit) refuse<T>(table, names, step);
    auto meaning = std::make_shared<Meaning>();
    meaning->columns = names;
    return {out, meaning};
  }

  // Names the first row that has a value which does not fit, and its first such column.
  template <class T>
  [[noreturn]] static void refuse(const Table& table, const Texts& names, const Step& step) {
    for (int64_t r = 0; r < table.rows(); ++r) {
      for (const auto& name : names) {
        const double v = table.column(name).numbers[static_cast<size_t>(r)];
        if (fits<T>(v)) continue;
        const int64_t row = 1 + (step.rowIds().defined() ? step.rowIds().const_data_ptr<int64_t>()[r] : r);
        const std::string where = "column \"" + name + "\", row " + std::to_string(row);
        if (std::isnan(v)) throw Error({.port = "x"}, where + ": the value is missing", "insert Impute before");
        const char* const wanted = std::is_same_v<T, float> ? "a number that float32 can hold" : "a whole number";
        throw Error(
            {.port = "x"}, where + ": expected " + wanted + ", got " + numberText(v),
            std::is_same_v<T, float> ? "insert Quantile clip or Standardize before" : "insert Ordinal code before");
      }
    }
    throw Error({.port = "x"}, "a value does not fit");
  }

  Values values_;
};

Signatures inferToFeatures(const Values& values, const Signatures& inputs) {
  const Signature& in = inputs.at("x");
  const Plan plan = planOf(values, in.columns, in.open);
  if (plan.features.empty() && plan.codes.empty() && !in.open)
    throw Error({.port = "x"}, "expected at least one column of numbers, got none");
  const auto size = [&](const Texts& names, const char* free_name) {
    return in.open && names.empty() ? Dim(free_name) : Dim(static_cast<int64_t>(names.size()));
  };
  return {{"y", {.shape = {"N", size(plan.features, "F")}}},
          {"codes", {.element = Element::Int64, .shape = {"N", size(plan.codes, "L")}}}};
}

}  // namespace

BlockType to_features() {
  return {
      .schema =
          {.title = "To features",
           .doc =
               "Lays the columns of a table side by side as one float32 tensor, a row of the table in each row. Takes "
               "numbers and times (seconds since 1970). Columns listed under `codes` go to the output codes as "
               "integers, for an embedding.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "float[N, F]"}, {"codes", "int[N, L]", "the columns listed under `codes`"}},
           .params =
               {columnsParam("remaining"),
                {"codes", Texts{}, {}, "columns of whole numbers that go to the output codes", "", Role::Columns}},
           .examples = {{.in_tables = {{"x", "a,b\n1,5\n2,6\n3,7\n"}}, .out = {{"y", {{3, 2}, {1, 5, 2, 6, 3, 7}}}}},
                        {.params = {{"codes", Texts{"b"}}},
                         .in_tables = {{"x", "a,b\n1,5\n2,6\n"}},
                         .out = {{"y", {{2, 1}, {1, 2}}}, {"codes", {{2, 1}, {5, 6}, Element::Int64}}}}}},
      .make = make<ToFeatures>,
      .infer = inferToFeatures};
}

}  // namespace blockyard::preprocessor
