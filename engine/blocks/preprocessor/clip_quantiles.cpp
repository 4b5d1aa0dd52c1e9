// Quantile clip: moves values beyond two quantiles of the training rows onto these, so that outliers lose their weight.
#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

class ClipQuantiles final : public Block {
 public:
  explicit ClipQuantiles(const Values& values)
      : wanted_(values.texts("columns")), low_share_(values.number("low")), high_share_(values.number("high")) {}

  void fit(FitRows& rows) override {
    const auto found = sketched<Quantiles>(rows, wanted_, kNumberColumns, [](const Column&) { return Quantiles(); });
    learned_.columns = found.names;
    for (const Quantiles& quantiles : found.sketches) {
      const bool any = quantiles.count() > 0;
      learned_.numbers["low"].push_back(any ? quantiles.at(low_share_) : -std::numeric_limits<double>::infinity());
      learned_.numbers["high"].push_back(any ? quantiles.at(high_share_) : std::numeric_limits<double>::infinity());
    }
  }

  Batch forward(const Batch& in, Step&) override {
    const Numbers &lows = learned_.numbers["low"], &highs = learned_.numbers["high"];
    return {{"y", withNumbers(in.table("x"), learned_.columns, [&](double* values, int64_t rows, size_t column) {
               const double low = lows[column], high = highs[column];
               for (int64_t i = 0; i < rows; ++i)
                 values[i] = values[i] < low ? low : values[i] > high ? high : values[i];
             })}};
  }

  State state() const override { return learned_.state(); }
  void loadState(const State& state) override { learned_.load(state, {"low", "high"}); }

 private:
  Texts wanted_;
  double low_share_, high_share_;
  Learned learned_{.numbers = {{"low", {}}, {"high", {}}}};
};

Signatures inferClipQuantiles(const Values& values, const Signatures& inputs) {
  requireLowBelowHigh(values);
  pickColumns(inputs.at("x"), values.texts("columns"), kNumberColumns);
  return {{"y", inputs.at("x")}};
}

}  // namespace

BlockType clip_quantiles() {
  return {
      .schema = {.title = "Quantile clip",
                 .doc =
                     "Moves the values of number columns that lie beyond two quantiles of the training rows onto these "
                     "quantiles. Exact up to 65,536 values a column; beyond that the rank is off by less than 0.01 %. "
                     "Missing values stay missing.",
                 .inputs = {{"x", "table"}},
                 .outputs = {{"y", "table"}},
                 .params = {columnsParam("number"),
                            {"low", 0.01, Range{0, 1}, "share of the training values below the lower bound"},
                            {"high", 0.99, Range{0, 1}, "share of the training values below the upper bound"}},
                 .examples = {{.params = {{"low", 0.25}, {"high", 0.75}},
                               .in_tables = {{"x", "a,b\n1,x\n2,y\n3,\n4,x\n100,x\n,y\n"}},
                               .out_tables = {{"y", "a,b\n2,x\n2,y\n3,\n4,x\n4,x\n,y\n"}}}},
                 .fitted = true},
      .make = make<ClipQuantiles>,
      .infer = inferClipQuantiles};
}

}  // namespace blockyard::preprocessor
