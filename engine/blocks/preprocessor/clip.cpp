// Clip: moves values beyond two fixed bounds onto these.
#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

class Clip final : public Block {
 public:
  explicit Clip(const Values& values)
      : wanted_(values.texts("columns")), low_(values.number("low")), high_(values.number("high")) {}

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    return {{"y", withNumbers(table, pickColumns(columnsOf(table), wanted_, kNumberColumns),
                              [&](double* values, int64_t rows, size_t) {
                                for (int64_t i = 0; i < rows; ++i)
                                  values[i] = values[i] < low_ ? low_ : values[i] > high_ ? high_ : values[i];
                              })}};
  }

 private:
  Texts wanted_;
  double low_, high_;
};

Signatures inferClip(const Values& values, const Signatures& inputs) {
  requireLowBelowHigh(values);
  pickColumns(inputs.at("x"), values.texts("columns"), kNumberColumns);
  return {{"y", inputs.at("x")}};
}

}  // namespace

BlockType clip() {
  return {.schema = {.title = "Clip",
                     .doc = "Moves the values of number columns that lie beyond two bounds onto these bounds. Missing "
                            "values stay missing. For bounds that follow from the data, see Quantile clip.",
                     .inputs = {{"x", "table"}},
                     .outputs = {{"y", "table"}},
                     .params = {columnsParam("number"),
                                {"low", 0.0, {}, "values below become this"},
                                {"high", 1.0, {}, "values above become this"}},
                     .examples = {{.params = {{"low", 0.0}, {"high", 120.0}},
                                   .in_tables = {{"x", "age,b\n-1,x\n30,y\n,x\n999,y\n"}},
                                   .out_tables = {{"y", "age,b\n0,x\n30,y\n,x\n120,y\n"}}}}},
          .make = make<Clip>,
          .infer = inferClip};
}

}  // namespace blockyard::preprocessor
