// Bins: puts the number of an interval in the place of a number.
#include <algorithm>
#include <cmath>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

std::string intervalText(const Numbers& edges, size_t bin) {
  if (edges.empty()) return "all";
  if (bin == 0) return "below " + numberText(edges.front());
  if (bin == edges.size()) return numberText(edges.back()) + " and above";
  return numberText(edges[bin - 1]) + " to " + numberText(edges[bin]);
}

void checkEdges(const Values& values) {
  if (values.text("strategy") != "edges") return;
  const Numbers& edges = values.numbers("edges");
  if (edges.empty()) throw Error({.parameter = "edges"}, "no edge is given", "for example [18, 30, 65]");
  for (size_t i = 0; i + 1 < edges.size(); ++i)
    if (!(edges[i] < edges[i + 1]))
      throw Error({.parameter = "edges"},
                  "expected edges that go up, got " + numberText(edges[i + 1]) + " behind " + numberText(edges[i]));
}

class Bins final : public Block {
 public:
  explicit Bins(const Values& values)
      : wanted_(values.texts("columns")),
        strategy_(values.text("strategy")),
        bins_(values.integer("bins")),
        given_(values.numbers("edges")),
        category_(values.text("output") == "category") {}

  void fit(FitRows& rows) override {
    const auto found = sketched<Quantiles>(rows, wanted_, kNumberColumns, [](const Column&) { return Quantiles(); });
    names_ = found.names;
    edges_.clear();
    for (const Quantiles& sketch : found.sketches) edges_.push_back(strategy_ == "edges" ? given_ : inner(sketch));
  }

  Batch forward(const Batch& in, Step&) override {
    return {{"y", withColumns(in.table("x"), names_, [this](const Column& column, size_t c) {
               const Numbers& edges = edges_[c];
               Column out{.name = column.name};
               if (category_) {
                 out.type = ColumnType::Category;
                 Texts classes;
                 for (size_t bin = 0; bin <= edges.size(); ++bin) classes.push_back(intervalText(edges, bin));
                 out.classes = std::make_shared<const Texts>(std::move(classes));
               }
               for (const double value : column.numbers) {
                 const auto bin = std::upper_bound(edges.begin(), edges.end(), value) - edges.begin();
                 const bool none = std::isnan(value);
                 if (category_) out.codes.push_back(none ? kMissingCode : static_cast<int32_t>(bin));
                 if (!category_) out.numbers.push_back(none ? kMissingNumber : static_cast<double>(bin));
               }
               return std::vector<Column>{std::move(out)};
             })}};
  }

  State state() const override {
    State out;
    out.values.set("columns", names_);
    for (size_t c = 0; c < names_.size(); ++c) out.tensors.emplace("edges:" + names_[c], tensorOf(edges_[c]));
    return out;
  }

  void loadState(const State& state) override {
    names_ = stateTexts(state, "columns");
    edges_.clear();
    for (const auto& name : names_) {
      const auto it = state.tensors.find("edges:" + name);
      const size_t count = it == state.tensors.end() ? 0 : static_cast<size_t>(it->second.numel());
      edges_.push_back(stateNumbers(state, "edges:" + name, count));
    }
  }

 private:
  // Between the bins; those outside of all are not needed. As scikit-learn: bins that no width is left of are one.
  Numbers inner(const Quantiles& sketch) const {
    if (sketch.count() == 0) return {};
    const double low = sketch.at(0), high = sketch.at(1);
    Numbers all;
    for (int64_t i = 0; i <= bins_; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(bins_);
      const double edge = strategy_ == "quantile" ? sketch.at(share) : low + share * (high - low);
      if (all.empty() || edge - all.back() > 1e-8) all.push_back(edge);
    }
    return all.size() < 3 ? Numbers{} : Numbers(all.begin() + 1, all.end() - 1);
  }

  Texts wanted_;
  std::string strategy_;
  int64_t bins_;
  Numbers given_;
  bool category_;
  Texts names_;
  std::vector<Numbers> edges_;  // by column
};

Signatures inferBins(const Values& values, const Signatures& inputs) {
  checkEdges(values);
  Signature out = inputs.at("x");
  const bool category = values.text("output") == "category", given = values.text("strategy") == "edges";
  for (const auto& name : pickColumns(out, values.texts("columns"), kNumberColumns)) {
    ColumnInfo* column = findColumn(out.columns, name);
    if (!category) continue;
    column->type = ColumnType::Category;
    const Numbers& edges = values.numbers("edges");
    for (size_t bin = 0; given && bin <= edges.size(); ++bin) column->classes.push_back(intervalText(edges, bin));
    out.open |= !given;  // the edges come with the training rows
  }
  return {{"y", out}};
}

}  // namespace

BlockType bins() {
  return {
      .schema =
          {.title = "Bins",
           .doc = "Cuts number columns into intervals. The intervals are of equal width between the smallest and the "
                  "largest training value (uniform), hold equally many training values (quantile; exact up to 65,536 "
                  "values a column), or lie between given edges. A value on an edge belongs to the bin above. Missing "
                  "values stay missing.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {columnsParam("number"),
                      {"strategy", "quantile", Choices{"uniform", "quantile", "edges"}, "where the intervals end"},
                      {"bins", 5, Range{2, 1000}, "how many intervals; fewer where many values are the same"},
                      {"edges", Numbers{}, {}, "the given edges, from the smallest to the largest"},
                      {"output", "number", Choices{"number", "category"},
                       "number: of the bin, from 0; category: classes such as \"18 to 30\""}},
           .examples = {{.params = {{"strategy", "edges"}, {"edges", Numbers{18, 65}}, {"output", "category"}},
                         .in_tables = {{"x", "age\n5\n18\n70\n\"\"\n"}},
                         .out_tables = {{"y", "age:category\nbelow 18\n18 to 65\n65 and above\n\"\"\n"}}},
                        {.params = {{"strategy", "uniform"}, {"bins", 2}},
                         .in_tables = {{"x", "a,b\n0,x\n4,y\n5,x\n10,y\n"}},
                         .out_tables = {{"y", "a,b\n0,x\n0,y\n1,x\n1,y\n"}}}},
           .fitted = true},
      .make = make<Bins>,
      .infer = inferBins};
}

}  // namespace blockyard::preprocessor
