// One-hot: turns every category column into number columns of 0 and 1, one for each class.
#include <algorithm>
#include <numeric>

#include "blocks/vocabulary.hpp"

namespace blockyard::preprocessor {
namespace {

std::string columnName(const std::string& column, const std::string& part) {
  return column + "=" + part;
}

// The column for all classes that have none of their own, and the one for missing cells.
constexpr const char* kOther = "(other)";
constexpr const char* kMissing = "(missing)";

class OneHot final : public Block {
 public:
  explicit OneHot(const Values& values)
      : wanted_(values.texts("columns")),
        max_classes_(static_cast<size_t>(values.integer("max_classes"))),
        other_(values.flag("other")),
        missing_(values.text("missing") == "column") {}

  void fit(FitRows& rows) override {
    vocabulary_ = Vocabulary::learned(rows, wanted_);
    layOut();
  }

  Batch forward(const Batch& in, Step&) override {
    return {{"y", withColumns(in.table("x"), vocabulary_.columns(),
                              [this](const Column& column, size_t index) { return expanded(column, index); })}};
  }

  State state() const override { return vocabulary_.state(); }

  void loadState(const State& state) override {
    vocabulary_ = Vocabulary::from(state);
    layOut();
  }

 private:
  // The columns that one category column becomes: their names, and which of them a class (by its place) sets to 1.
  struct Layout {
    Texts names{};
    std::vector<int64_t> column_of_class{};  // -1: none
    int64_t other = -1;
    int64_t missing = -1;
  };

  void layOut() {
    layouts_.clear();
    for (const auto& entry : vocabulary_.entries) layouts_.push_back(layoutOf(entry));
  }

  Layout layoutOf(const Vocabulary::Entry& entry) const {
    const bool limited = max_classes_ > 0 && entry.classes.size() > max_classes_;
    std::vector<size_t> kept(entry.classes.size());
    std::iota(kept.begin(), kept.end(), size_t{0});
    if (limited) {
      std::stable_sort(kept.begin(), kept.end(), [&](size_t a, size_t b) { return entry.counts[a] > entry.counts[b]; });
      kept.resize(max_classes_);
      std::sort(kept.begin(), kept.end());
    }
    Layout out;
    out.column_of_class.assign(entry.classes.size(), -1);
    const auto add = [&](const std::string& part) {
      out.names.push_back(columnName(entry.column, part));
      return static_cast<int64_t>(out.names.size()) - 1;
    };
    for (const size_t place : kept) out.column_of_class[place] = add(entry.classes[place]);
    if (limited && other_) out.other = add(kOther);
    if (missing_) out.missing = add(kMissing);
    return out;
  }

  std::vector<Column> expanded(const Column& column, size_t index) const {
    const Layout& layout = layouts_[index];
    std::vector<Column> out;
    for (const auto& name : layout.names)
      out.push_back({.name = name, .numbers = std::vector<double>(static_cast<size_t>(column.rows()), 0.0)});
    std::vector<double*> target_of_code;
    const auto target = [&](int64_t at) { return at < 0 ? nullptr : out[static_cast<size_t>(at)].numbers.data(); };
    for (const int64_t place : placesIn(vocabulary_.entries[index], column)) {
      const int64_t own = place < 0 ? -1 : layout.column_of_class[static_cast<size_t>(place)];
      target_of_code.push_back(target(own < 0 ? layout.other : own));
    }
    double* missing = target(layout.missing);
    for (size_t i = 0; i < column.codes.size(); ++i) {
      const int32_t code = column.codes[i];
      if (double* to = code < 0 ? missing : target_of_code[static_cast<size_t>(code)]) to[i] = 1;
    }
    return out;
  }

  Texts wanted_;
  size_t max_classes_;  // 0: no limit
  bool other_, missing_;
  Vocabulary vocabulary_;
  std::vector<Layout> layouts_;  // by entry of vocabulary_
};

// How many columns come out is known from the classes alone. Which classes are kept by max_classes is not: their names
// are written as col=#1, col=#2, ... until the block has been fitted.
Signatures inferOneHot(const Values& values, const Signatures& inputs) {
  const Signature& in = inputs.at("x");
  const auto picked = setOf(pickColumns(in, values.texts("columns"), {ColumnType::Category}));
  const auto most = static_cast<size_t>(values.integer("max_classes"));
  Signature out = in;
  out.columns.clear();
  for (const auto& column : in.columns) {
    if (picked.count(column.name) == 0) {
      out.columns.push_back(column);
      continue;
    }
    const auto add = [&](const std::string& part) { out.columns.push_back({.name = columnName(column.name, part)}); };
    const bool limited = most > 0 && column.classes.size() > most;
    for (size_t i = 0; i < (limited ? most : column.classes.size()); ++i)
      add(limited ? std::string("#").append(std::to_string(i + 1)) : column.classes[i]);
    out.open = out.open || limited;  // which classes are frequent shows in the training rows
    if (limited && values.flag("other")) add(kOther);
    if (values.text("missing") == "column") add(kMissing);
  }
  return {{"y", out}};
}

}  // namespace

BlockType one_hot() {
  return {.schema =
              {.title = "One-hot",
               .doc = "Replaces every category column by number columns of 0 and 1, one for each class, named "
                      "\"column=class\". A class that no training row has gives 0 in all of them.",
               .inputs = {{"x", "table"}},
               .outputs = {{"y", "table"}},
               .params = {columnsParam("category"),
                          {"max_classes", 0, Range{0, 100000},
                           "keep only so many classes of a column, the most frequent ones; 0: all"},
                          {"other", true, {}, "where classes are left out, count them in a column \"column=(other)\""},
                          {"missing", "zero", Choices{"zero", "column"},
                           "a missing cell: 0 in all columns, or 1 in a column \"column=(missing)\""}},
               .examples = {{.in_tables = {{"x", "a,b\n1,x\n2,y\n3,\n4,x\n"}},
                             .out_tables = {{"y", "a,b=x,b=y\n1,1,0\n2,0,1\n3,0,0\n4,1,0\n"}}},
                            {.params = {{"missing", "column"}},
                             .in_tables = {{"x", "b\nx\ny\n\"\"\n"}},
                             .out_tables = {{"y", "b=x,b=y,b=(missing)\n1,0,0\n0,1,0\n0,0,1\n"}}}},
               .fitted = true},
          .make = make<OneHot>,
          .infer = inferOneHot};
}

}  // namespace blockyard::preprocessor
