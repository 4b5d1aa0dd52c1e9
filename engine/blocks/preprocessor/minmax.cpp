// Min-max: scales number columns so that the training rows span a given range.
#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

class MinMax final : public Block {
 public:
  explicit MinMax(const Values& values)
      : wanted_(values.texts("columns")),
        low_(values.number("low")),
        high_(values.number("high")),
        clip_(values.flag("clip")) {}

  void fit(FitRows& rows) override {
    const auto found = sketched<Moments>(rows, wanted_, kMeasuredColumns, [](const Column&) { return Moments(); });
    learned_.columns = found.names;
    for (size_t i = 0; i < found.names.size(); ++i) {
      const Moments& moments = found.sketches[i];
      moments.requireFinite(found.names[i]);
      const bool any = moments.count() > 0;
      const double width = any ? moments.high() - moments.low() : 0;
      learned_.numbers["least"].push_back(any ? moments.low() : 0);
      learned_.numbers["width"].push_back(width == 0 ? 1 : width);
    }
  }

  Batch forward(const Batch& in, Step&) override {
    const Numbers &leasts = learned_.numbers["least"], &widths = learned_.numbers["width"];
    return {{"y", withNumbers(in.table("x"), learned_.columns, [&](double* values, int64_t rows, size_t column) {
               const double least = leasts[column], factor = (high_ - low_) / widths[column];
               for (int64_t i = 0; i < rows; ++i) values[i] = (values[i] - least) * factor + low_;
               if (!clip_) return;
               // In this order a missing value stays one.
               for (int64_t i = 0; i < rows; ++i)
                 values[i] = values[i] < low_ ? low_ : values[i] > high_ ? high_ : values[i];
             })}};
  }

  State state() const override { return learned_.state(); }
  void loadState(const State& state) override { learned_.load(state, {"least", "width"}); }

 private:
  Texts wanted_;
  double low_, high_;
  bool clip_;
  Learned learned_{.numbers = {{"least", {}}, {"width", {}}}};
};

Signatures inferMinmax(const Values& values, const Signatures& inputs) {
  requireLowBelowHigh(values);
  return inferNumbers(values, inputs);
}

}  // namespace

BlockType minmax() {
  return {
      .schema = {.title = "Min-max",
                 .doc =
                     "Scales number columns so that the smallest training value becomes `low` and the largest `high`. "
                     "Missing values stay missing; a constant column becomes `low`.",
                 .inputs = {{"x", "table"}},
                 .outputs = {{"y", "table"}},
                 .params = {columnsParam("number"),
                            {"low", 0.0, {}, "what the smallest training value becomes"},
                            {"high", 1.0, {}, "what the largest training value becomes"},
                            {"clip", false, {}, "cut off later values outside of the range"}},
                 .examples = {{.in_tables = {{"x", "a,b\n2,x\n6,y\n4,\n,x\n"}},
                               .out_tables = {{"y", "a,b\n0,x\n1,y\n0.5,\n,x\n"}}}},
                 .fitted = true},
      .make = make<MinMax>,
      .infer = inferMinmax};
}

}  // namespace blockyard::preprocessor
