// Scale target: brings the numbers to be learned to a range that trains well, and notes how to undo it.
#include <ATen/ATen.h>

#include <cmath>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

at::Tensor taken(const at::Tensor& target, bool log1p) {
  const at::Tensor wide = target.to(at::kDouble);
  if (!log1p) return wide;
  if (at::any(wide <= -1).item<bool>())
    throw Error({.port = "x"},
                "the logarithm of 1 + x needs targets above -1, got " + Value(wide.min().item<double>()).text(),
                "use method standard");
  return at::log1p(wide);
}

class ScaleTarget final : public Block {
 public:
  explicit ScaleTarget(const Values& values)
      : minmax_(values.text("method") == "minmax"), scaling_{.log1p = values.text("method") == "log1p_standard"} {}

  void fit(FitRows& rows) override {
    Moments moments;
    bool any = false;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      const at::Tensor values = taken(batch["x"], scaling_.log1p).contiguous();
      moments.add(values.const_data_ptr<double>(), values.numel());
      any = any || values.numel() > 0;
    }
    if (!any) throwNoRows();
    moments.requireFinite("target");
    scaling_.offset = minmax_ ? moments.low() : moments.mean();
    scaling_.factor = minmax_ ? moments.high() - moments.low() : moments.deviation();
    if (moments.count() == 0 || scaling_.factor == 0)
      throw Error({.port = "x"}, "the target has the same value in every training row: there is nothing to learn");
  }

  Batch forward(const Batch& in, Step&) override {
    const Packet& target = in.packet("x");
    if (target.meaning().scaling)
      throw Error({.port = "x"}, "the target has been scaled already", "remove one of the two blocks");
    auto meaning = std::make_shared<Meaning>(target.meaning());
    meaning->scaling = scaling_;
    const at::Tensor scaled = (taken(target.tensor(), scaling_.log1p) - scaling_.offset) / scaling_.factor;
    return {{"y", Packet(scaled.to(at::kFloat), meaning)}};
  }

  State state() const override { return {{{"scaling", tensorOf(Numbers{scaling_.offset, scaling_.factor})}}, {}}; }

  void loadState(const State& state) override {
    const Numbers numbers = stateNumbers(state, "scaling", 2);
    scaling_.offset = numbers[0];
    scaling_.factor = numbers[1];
  }

 private:
  bool minmax_;
  Scaling scaling_;
};

}  // namespace

BlockType scale_target() {
  return {
      .schema =
          {.title = "Scale target",
           .doc =
               "Scales the numbers to be learned: to mean 0 and deviation 1, to the range from 0 to 1, or their "
               "logarithm log(1 + x) to mean 0 and deviation 1. Several targets are scaled as one. Undo target scaling "
               "brings predictions back.",
           .inputs = {{"x", "target"}},
           .outputs = {{"y", "like x"}},
           .params = {{"method", "standard", Choices{"standard", "minmax", "log1p_standard"}, "how to scale"}},
           .examples = {{.params = {{"method", "minmax"}},
                         .in = {{"x", {{3}, {2, 6, 4}}}},
                         .out = {{"y", {{3}, {0, 1, 0.5}}}}},
                        {.in = {{"x", {{3}, {1, 3, 5}}}}, .out = {{"y", {{3}, {-1.2247449, 0, 1.2247449}}}}}},
           .fitted = true},
      .make = make<ScaleTarget>};
}

}  // namespace blockyard::preprocessor
