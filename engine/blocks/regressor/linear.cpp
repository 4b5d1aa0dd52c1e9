// Linear regressor: a last dense layer whose outputs are the predicted numbers.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/head.hpp"
#include "blocks/head_scripts.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::regressor {
namespace {

// How many numbers are predicted for each column of the target.
int64_t perColumn(const Values& values) {
  return values.text("loss") == "quantile" ? static_cast<int64_t>(values.numbers("quantiles").size()) : 1;
}

int64_t outputCount(const Setup& setup) {
  const Signature* target = targetOf(setup.inputs);
  return target == nullptr ? 0 : columnsOf(*target) * perColumn(setup.values);
}

class Linear final : public Block {
 public:
  explicit Linear(const Setup& setup)
      : layer_(setup, outputCount(setup)),
        loss_(setup.values.text("loss")),
        script_(headScript(setup.values, "loss_code")),
        delta_(setup.values.number("delta")),
        quantiles_(loss_ == "quantile" ? setup.values.numbers("quantiles") : Numbers{}) {
    quantile_tensor_ = at::tensor(quantiles_, at::kFloat);
    Meaning meaning;
    if (const Signature* target = targetOf(setup.inputs)) meaning.unit = target->unit;
    keep(meaning);
  }

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor raw = layer_.apply(in["x"]);  // [N, K] or [N, K * Q]
    Batch out{{"logits", raw}};
    if (in.has("target")) {
      adopt(in.packet("target"));
      out.set("loss", loss(raw, in["target"]));
    }
    out.set("values", Packet(loss_ == "poisson" ? raw.exp() : raw, meaning_));
    return out;
  }

  std::vector<NamedTensor> parameters() const override { return layer_.parameters(); }

  State state() const override {
    const Scaling scaling = meaning_->scaling.value_or(Scaling{});
    return {{},
            {{"columns", meaning_->columns},
             {"unit", meaning_->unit},
             {"scaled", meaning_->scaling.has_value()},
             {"scale_offset", scaling.offset},
             {"scale_factor", scaling.factor},
             {"scale_log1p", scaling.log1p}}};
  }

  void loadState(const State& state) override {
    Meaning meaning{.columns = stateTexts(state, "columns"), .unit = stateValue(state, "unit").as<std::string>()};
    if (stateValue(state, "scaled").as<bool>())
      meaning.scaling = Scaling{state.values.number("scale_offset"), state.values.number("scale_factor"),
                                state.values.flag("scale_log1p")};
    layer_.resize(static_cast<int64_t>(meaning.columns.size()));
    meaning_ = std::make_shared<const Meaning>(std::move(meaning));
    adopted_ = true;
  }

 private:
  // What the first target says about itself holds for all predictions.
  void adopt(const Packet& target) {
    if (adopted_) return;
    adopted_ = true;
    keep(target.meaning());
  }

  void keep(const Meaning& target) {
    Meaning out{.scaling = target.scaling, .unit = target.unit.empty() && meaning_ ? meaning_->unit : target.unit};
    const auto per_column = static_cast<int64_t>(std::max<size_t>(1, quantiles_.size()));
    const int64_t columns = layer_.outputs() / per_column;
    for (int64_t i = 0; i < columns; ++i) {
      const bool named = target.columns.size() == static_cast<size_t>(columns);
      const std::string name = named          ? target.columns[static_cast<size_t>(i)]
                               : columns == 1 ? "value"
                                              : "value " + std::to_string(i + 1);
      if (quantiles_.empty()) out.columns.push_back(name);
      for (const double q : quantiles_) out.columns.push_back(name + " (" + Value(q).text() + ")");
    }
    meaning_ = std::make_shared<const Meaning>(std::move(out));
  }

  at::Tensor loss(const at::Tensor& raw, const at::Tensor& given) {
    const at::Tensor target = (given.dim() == 1 ? given.unsqueeze(1) : given).to(raw.scalar_type());  // [N, K]
    if (script_) return script_->call({raw, target});
    if (loss_ == "mae") return at::l1_loss(raw, target);
    if (loss_ == "huber") return at::huber_loss(raw, target, at::Reduction::Mean, delta_);
    if (loss_ == "poisson")
      return at::poisson_nll_loss(raw, target, /*log_input=*/true, /*full=*/false, 1e-8, at::Reduction::Mean);
    if (loss_ == "quantile") {
      // Koenker and Bassett, "Regression quantiles" (1978): an error counts q times above the value, 1 - q times below.
      const at::Tensor& q = matched(quantile_tensor_, raw);                                        // [Q]
      const at::Tensor error = target.unsqueeze(2) - raw.view({raw.size(0), target.size(1), -1});  // [N, K, Q]
      return at::maximum(q * error, (q - 1) * error).mean();
    }
    return at::mse_loss(raw, target);
  }

  LastLayer layer_;
  std::string loss_;
  std::optional<ScriptFunction> script_;  // in place of it
  double delta_;
  Numbers quantiles_;
  at::Tensor quantile_tensor_;  // [Q]
  std::shared_ptr<const Meaning> meaning_;
  bool adopted_ = false;
};

Signatures inferLinear(const Values& values, const Signatures& inputs) {
  if (values.text("loss") == "quantile" && values.numbers("quantiles").empty())
    throw Error({.parameter = "quantiles"}, "expected at least one number between 0 and 1, got none");
  Signature out = tensorOf({inputs.at("x").shape[0], Dim("K")});
  const Signature* target = targetOf(inputs);
  if (target == nullptr) return {{"values", out}};
  if (target->shape.size() > 2)
    throw Error({.port = "target"}, "expected target [N] or [N, K], got " + textOf(target->shape));
  if (const int64_t columns = columnsOf(*target); columns > 0) out.shape[1] = columns * perColumn(values);
  out.unit = target->unit;
  if (const int64_t columns = columnsOf(*target); columns > 0 && !target->open) {
    const Shape wanted{out.shape[0], columns};
    checkHeadScripts(values, {tensorOf(out.shape), tensorOf(wanted)},
                     {tensorOf(out.shape, Element::Float64), tensorOf(wanted, Element::Float64)});
  }
  return {{"values", out}};
}

}  // namespace

BlockType linear() {
  return {.schema =
              {.title = "Linear regressor",
               .doc = "Predicts numbers: a dense layer with one output per target column (for the quantile loss, one "
                      "per column "
                      "and quantile). It learns from the numbers on the port target.",
               .inputs = {{"x", "float[N, F]", "features"},
                          {"target", "target", "the right numbers of each row; needed to train", Wires::Optional}},
               .outputs = {{"values", "float[N, K]", "predicted numbers, scaled as the target is"}},
               .params = withHeadScripts(
                   {{"loss", "mse", Choices{"mse", "mae", "huber", "quantile", "poisson"},
                     "mse: squared error; mae: absolute error; huber: squared up to delta, absolute beyond; quantile: "
                     "a range instead of one number; poisson: counts, through an exponential"},
                    {"delta", 1.0, Range{1e-6, 1e6}, "huber only: error where squared turns into absolute"},
                    {"quantiles", Numbers{0.1, 0.5, 0.9}, Range{0.001, 0.999},
                     "quantile only: shares of rows that lie below"}})},
          .make = make<Linear>,
          .infer = inferLinear,
          .rows_apart = ownLoss};
}

}  // namespace blockyard::regressor
