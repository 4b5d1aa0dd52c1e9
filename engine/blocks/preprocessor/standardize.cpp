// Standardize: shifts and scales number columns to mean 0 and deviation 1 over the training rows.
#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

class Standardize final : public Block {
 public:
  explicit Standardize(const Values& values) : wanted_(values.texts("columns")) {}

  void fit(FitRows& rows) override {
    const auto found = sketched<Moments>(rows, wanted_, kMeasuredColumns, [](const Column&) { return Moments(); });
    learned_.columns = found.names;
    for (size_t i = 0; i < found.names.size(); ++i) {
      const Moments& moments = found.sketches[i];
      moments.requireFinite(found.names[i]);
      const double deviation = moments.deviation();
      learned_.numbers["mean"].push_back(moments.mean());
      learned_.numbers["deviation"].push_back(deviation == 0 ? 1 : deviation);
    }
  }

  Batch forward(const Batch& in, Step&) override {
    const Numbers &means = learned_.numbers["mean"], &deviations = learned_.numbers["deviation"];
    return {{"y", withNumbers(in.table("x"), learned_.columns, [&](double* values, int64_t rows, size_t column) {
               const double mean = means[column], deviation = deviations[column];
               for (int64_t i = 0; i < rows; ++i) values[i] = (values[i] - mean) / deviation;
             })}};
  }

  State state() const override { return learned_.state(); }
  void loadState(const State& state) override { learned_.load(state, {"mean", "deviation"}); }

 private:
  Texts wanted_;
  Learned learned_{.numbers = {{"mean", {}}, {"deviation", {}}}};
};

}  // namespace

BlockType standardize() {
  return {
      .schema =
          {.title = "Standardize",
           .doc = "Shifts and scales number columns so that over the training rows their mean is 0 and their deviation "
                  "(of the population) is 1. Missing values are left out of both and stay missing; a constant column "
                  "becomes 0.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {columnsParam("number")},
           .examples = {{.in_tables = {{"x", "a,b,c\n1,5,x\n3,5,y\n,5,x\n5,5,y\n"}},
                         .out_tables = {{"y", "a,b,c\n-1.2247448714,0,x\n0,0,y\n,0,x\n1.2247448714,0,y\n"}}}},
           .fitted = true},
      .make = make<Standardize>,
      .infer = inferNumbers};
}

}  // namespace blockyard::preprocessor
