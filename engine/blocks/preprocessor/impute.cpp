// Impute: fills missing cells with what the training rows suggest, or with a constant.
#include <algorithm>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

const ColumnTypes kImputedColumns = {ColumnType::Number, ColumnType::Time, ColumnType::Category};

std::string indicatorName(const std::string& column) {
  return column + "_missing";
}

// What fills one column; which of the two is used follows from the column's type.
struct Filling {
  double number = 0;
  std::string name{};
};

// Sees one column of the training rows, as far as the strategy needs it.
class Filler {
 public:
  Filler(const Values& values, const Column& column)
      : type_(column.type),
        strategy_(values.text(type_ == ColumnType::Category ? "categories" : "numbers")),
        constant_{values.number("number"), values.text("category")} {}

  void add(const Column& column) {
    if (strategy_ == "mean") moments_.add(column);
    if (strategy_ == "median") quantiles_.add(column);
    if (strategy_ == "most_frequent") counts_.add(column);
  }

  Filling filling(const std::string& column) const {
    Filling out;
    if (strategy_ == "constant") return constant_;
    if (strategy_ == "mean" && moments_.count() > 0) {
      moments_.requireFinite(column);
      return {.number = moments_.mean()};
    }
    if (strategy_ == "median" && quantiles_.count() > 0) return {.number = quantiles_.at(0.5)};
    if (strategy_ == "most_frequent" && counts_.tooMany())
      throw Error({.parameter = "numbers"},
                  "column \"" + column + "\" has more than " + std::to_string(Counts::kMost) +
                      " different numbers; none of them is frequent",
                  "use median or mean");
    if (strategy_ == "most_frequent" && counts_.mostFrequent(out.number)) {
      if (type_ == ColumnType::Category) out.name = (*counts_.classes())[static_cast<size_t>(out.number)];
      return out;
    }
    throw Error(
        {.port = "x"},
        "column \"" + column + "\" has no value in any training row, so there is no " + strategy_ + " to fill in",
        "leave the column out with Select columns, or fill in a constant");
  }

 private:
  ColumnType type_;
  std::string strategy_;
  Filling constant_;
  Moments moments_;
  Quantiles quantiles_;
  Counts counts_;
};

// The code of a class, which is added to the list if it is not there yet.
int32_t codeOf(Column& column, const std::string& name) {
  static const std::vector<std::string> kNone;
  const auto& classes = column.classes ? *column.classes : kNone;
  const auto at = std::find(classes.begin(), classes.end(), name) - classes.begin();
  if (at == static_cast<int64_t>(classes.size())) {
    auto longer = classes;
    longer.push_back(name);
    column.classes = std::make_shared<const std::vector<std::string>>(std::move(longer));
  }
  return static_cast<int32_t>(at);
}

void fill(Column& column, const Filling& filling) {
  for (double& v : column.numbers) v = v == v ? v : filling.number;
  if (column.type != ColumnType::Category) return;
  const int32_t code = codeOf(column, filling.name);
  for (int32_t& c : column.codes) c = c < 0 ? code : c;
}

class Impute final : public Block {
 public:
  explicit Impute(const Values& values) : values_(values), indicator_(values.flag("indicator")) {}

  void fit(FitRows& rows) override {
    const auto found = sketched<Filler>(rows, values_.texts("columns"), kImputedColumns,
                                        [this](const Column& column) { return Filler(values_, column); });
    names_ = found.names;
    for (size_t i = 0; i < names_.size(); ++i) fillings_.push_back(found.sketches[i].filling(names_[i]));
  }

  Batch forward(const Batch& in, Step&) override {
    return {{"y", withColumns(in.table("x"), names_, [this](const Column& column, size_t index) {
               std::vector<Column> out{column};
               if (indicator_) {
                 Column& flags = out.emplace_back(Column{.name = indicatorName(column.name)});
                 flags.numbers.resize(static_cast<size_t>(column.rows()));
                 for (int64_t i = 0; i < column.rows(); ++i)
                   flags.numbers[static_cast<size_t>(i)] = column.missing(i) ? 1 : 0;
               }
               fill(out.front(), fillings_[index]);
               return out;
             })}};
  }

  State state() const override {
    Numbers numbers;
    Texts classes;
    for (const auto& filling : fillings_) {
      numbers.push_back(filling.number);
      classes.push_back(filling.name);
    }
    return {{{"numbers", tensorOf(numbers)}}, {{"columns", names_}, {"categories", classes}}};
  }

  void loadState(const State& state) override {
    names_ = stateTexts(state, "columns");
    const Numbers numbers = stateNumbers(state, "numbers", names_.size());
    const Texts classes = stateTexts(state, "categories");
    if (classes.size() != names_.size())
      throw Error({}, "the saved state has another number of categories than of columns");
    fillings_.clear();
    for (size_t i = 0; i < names_.size(); ++i) fillings_.push_back({numbers[i], classes[i]});
  }

 private:
  Values values_;
  bool indicator_;
  Texts names_;
  std::vector<Filling> fillings_;  // by column of names_
};

Signatures inferImpute(const Values& values, const Signatures& inputs) {
  const Signature& in = inputs.at("x");
  const auto picked = setOf(pickColumns(in, values.texts("columns"), kImputedColumns));
  Signature out = in;
  out.columns.clear();
  for (const auto& column : in.columns) {
    ColumnInfo& filled = out.columns.emplace_back(column);
    if (picked.count(column.name) == 0) continue;
    const std::string& name = values.text("category");
    const bool constant = column.type == ColumnType::Category && values.text("categories") == "constant";
    if (constant && !contains(filled.classes, name)) filled.classes.push_back(name);
    if (values.flag("indicator")) out.columns.push_back({.name = indicatorName(column.name)});
  }
  return {{"y", out}};
}

}  // namespace

BlockType impute() {
  return {
      .schema =
          {.title = "Impute",
           .doc =
               "Fills missing cells of number, time and category columns with a value learned from the training rows, "
               "or with a constant. The median is exact up to 65,536 values a column; beyond that its rank is off "
               "by less than 0.01 %.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {columnsParam("number, time and category"),
                      {"numbers", "median", Choices{"mean", "median", "most_frequent", "constant"},
                       "what fills numbers and times"},
                      {"number", 0.0, {}, "the constant for numbers"},
                      {"categories", "most_frequent", Choices{"most_frequent", "constant"}, "what fills categories"},
                      {"category", "missing", {}, "the constant for categories; becomes a class of its own"},
                      {"indicator", false, {}, "add a column \"<name>_missing\" of 0 and 1 after each column"}},
           .examples = {{.in_tables = {{"x", "a,b\n1,x\n,x\n3,y\n8,\n"}},
                         .out_tables = {{"y", "a,b\n1,x\n3,x\n3,y\n8,x\n"}}},
                        {.params = {{"columns", Texts{"a"}}, {"numbers", "mean"}, {"indicator", true}},
                         .in_tables = {{"x", "a,b\n1,x\n,\n3,y\n"}},
                         .out_tables = {{"y", "a,a_missing,b\n1,0,x\n2,1,\n3,0,y\n"}}}},
           .fitted = true},
      .make = make<Impute>,
      .infer = inferImpute};
}

}  // namespace blockyard::preprocessor
