// Cast: makes columns another type: texts numbers, numbers categories, texts times.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "blocks/columns.hpp"
#include "data/parse_number.hpp"

namespace blockyard::preprocessor {
namespace {

ColumnType typeOf(const Values& values) {
  for (const ColumnType type : kAllColumns)
    if (values.text("type") == nameOf(type)) return type;
  return ColumnType::Number;
}

double numberOf(const std::string& text, ColumnType type) {
  if (type == ColumnType::Time) return timeFromText(text);
  double out = kMissingNumber;
  return parseNumber(text, '.', out) == NumberText::Finite ? out : kMissingNumber;
}

class Cast final : public Block {
 public:
  explicit Cast(const Values& values)
      : wanted_(values.texts("columns")), type_(typeOf(values)), strict_(values.text("unreadable") == "error") {}

  // The classes of a new category column are those of the training rows; others are missing.
  void fit(FitRows& rows) override {
    if (type_ != ColumnType::Category) {
      for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      }
      return;
    }
    std::vector<std::unordered_set<std::string>> seen;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      const Table& table = batch.table("x");
      names_ = picked(table);
      seen.resize(names_.size());
      for (size_t i = 0; i < names_.size(); ++i) {
        const Column& column = table.column(names_[i]);
        if (column.type == ColumnType::Category && column.classes)
          seen[i].insert(column.classes->begin(), column.classes->end());
        else
          for (int64_t row = 0; row < column.rows(); ++row)
            if (!column.missing(row)) seen[i].insert(column.cell(row));
        if (seen[i].size() > kMostClasses)
          throw Error(
              {.parameter = "columns"},
              "column \"" + names_[i] + "\" has more than " + std::to_string(kMostClasses) + " different values",
              "make it numbers with bins, or leave it out");
      }
    }
    classes_.clear();
    for (size_t i = 0; i < names_.size(); ++i) classes_.push_back(sorted(seen[i]));
  }

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    return {{"y", withColumns(table, picked(table),
                              [this](const Column& column, size_t) { return std::vector<Column>{made(column)}; })}};
  }

  State state() const override {
    State out;
    out.values.set("columns", names_);
    for (size_t i = 0; i < names_.size(); ++i) out.values.set("classes:" + names_[i], classes_[i]);
    return out;
  }

  void loadState(const State& state) override {
    names_ = stateTexts(state, "columns");
    classes_.clear();
    for (const auto& name : names_) classes_.push_back(stateTexts(state, "classes:" + name));
  }

 private:
  static constexpr size_t kMostClasses = 65536;

  Texts picked(const Table& table) const {
    if (wanted_.empty()) return {};
    return pickColumns(columnsOf(table), wanted_, kAllColumns);
  }

  // As numbers if all of them are, else by bytes.
  static Texts sorted(const std::unordered_set<std::string>& names) {
    Texts out(names.begin(), names.end());
    const bool numbers =
        std::all_of(out.begin(), out.end(), [](const auto& n) { return !std::isnan(numberOf(n, ColumnType::Number)); });
    std::sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
      const double x = numbers ? numberOf(a, ColumnType::Number) : 0, y = numbers ? numberOf(b, ColumnType::Number) : 0;
      return x != y ? x < y : a < b;
    });
    return out;
  }

  Column made(const Column& column) const {
    if (column.type == type_ && type_ != ColumnType::Category) return column;
    Column out{.name = column.name, .type = type_};
    if (type_ == ColumnType::Category) return asCategory(column);
    if (type_ == ColumnType::Text) {
      for (int64_t row = 0; row < column.rows(); ++row) out.texts.push_back(column.cell(row));
      return out;
    }
    if (column.type == ColumnType::Number || column.type == ColumnType::Time) {
      out.numbers = column.numbers;
      return out;
    }
    for (int64_t row = 0; row < column.rows(); ++row) {
      const std::string text = column.cell(row);
      out.numbers.push_back(text.empty() ? kMissingNumber : numberOf(text, type_));
      if (strict_ && !text.empty() && std::isnan(out.numbers.back()))
        throw Error({.port = "x"},
                    "column \"" + column.name + "\": expected a " + nameOf(type_) + ", got \"" + text + "\"",
                    "set `unreadable` to missing to make such cells missing");
    }
    return out;
  }

  Column asCategory(const Column& column) const {
    Column out{.name = column.name, .type = ColumnType::Category};
    const auto at = std::find(names_.begin(), names_.end(), column.name) - names_.begin();
    const Texts& classes = classes_.at(static_cast<size_t>(at));
    std::unordered_map<std::string, int32_t> codes;
    for (size_t i = 0; i < classes.size(); ++i) codes.emplace(classes[i], static_cast<int32_t>(i));
    for (int64_t row = 0; row < column.rows(); ++row) {
      const auto code = column.missing(row) ? codes.end() : codes.find(column.cell(row));
      out.codes.push_back(code == codes.end() ? kMissingCode : code->second);
    }
    out.classes = std::make_shared<const Texts>(classes);
    return out;
  }

  Texts wanted_;
  ColumnType type_;
  bool strict_;
  Texts names_;                 // of columns that become categories
  std::vector<Texts> classes_;  // by column of names_
};

Signatures inferCast(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  const Texts& wanted = values.texts("columns");
  if (wanted.empty()) return {{"y", out}};
  const ColumnType type = typeOf(values);
  for (const auto& name : pickColumns(out, wanted, kAllColumns)) {
    ColumnInfo* column = findColumn(out.columns, name);
    column->type = type, column->classes.clear();
    out.open |= type == ColumnType::Category;  // its classes come with the training rows
  }
  return {{"y", out}};
}

}  // namespace

BlockType cast() {
  return {
      .schema = {.title = "Cast",
                 .doc = "Makes columns another type. Texts and categories become numbers or times where they read as "
                        "such; numbers and times are seconds since 1970 to each other; categories take the different "
                        "values of the training rows as their classes, and a value that is none of them is missing.",
                 .inputs = {{"x", "table"}},
                 .outputs = {{"y", "table"}},
                 .params = {{"columns", Texts{}, {}, "the columns to change", "", Role::Columns},
                            {"type", "category", Choices{"number", "category", "text", "time"}, "what they become"},
                            {"unreadable", "missing", Choices{"missing", "error"},
                             "what happens to a text that is no number, or no time"}},
                 .examples = {{.params = {{"columns", Texts{"size", "code"}}, {"type", "number"}},
                               .in_tables = {{"x", "size:text,code:category\n12,1.5\nbig,\n"}},
                               .out_tables = {{"y", "size,code\n12,1.5\n,\n"}}},
                              {.params = {{"columns", Texts{"a"}}},
                               .in_tables = {{"x", "a,b\n10,1\n9,2\n10,3\n"}},
                               .out_tables = {{"y", "a:category,b\n10,1\n9,2\n10,3\n"}}}},
                 .fitted = true},
      .make = make<Cast>,
      .infer = inferCast};
}

}  // namespace blockyard::preprocessor
