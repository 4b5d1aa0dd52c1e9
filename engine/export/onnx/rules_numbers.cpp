// Rules of blocks that change numbers. The columns that a block changes go through the graph side by side.
#include <ATen/ATen.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <numbers>

#include "blocks/columns.hpp"
#include "export/onnx/block_rules.hpp"

namespace blockyard::rules {
namespace {

OnnxValue row(BlockToWrite& block, const Numbers& values) {
  return block.graph.constant(tensorOf(values));  // [columns]
}
OnnxValue same(BlockToWrite& block, const char* op, const OnnxValue& a, const OnnxValue& b) {
  return block.op(op, {a, b}, OnnxType::Double);
}
OnnxValue truth(BlockToWrite& block, const char* op, const OnnxValue& a, const OnnxValue& b) {
  return block.op(op, {a, b}, OnnxType::Bool);
}
OnnxValue chosen(BlockToWrite& block, const OnnxValue& condition, const OnnxValue& yes, const OnnxValue& no) {
  return block.op("Where", {condition, yes, no}, yes.type);
}
OnnxValue isMissing(BlockToWrite& block, const OnnxValue& x) {
  return block.op("IsNaN", {x}, OnnxType::Bool);
}

std::vector<OnnxColumn> columnsNamed(const BlockToWrite& block, const Texts& names) {
  std::vector<OnnxColumn> out;
  for (const auto& name : names)
    for (const OnnxColumn& column : block.columns())
      if (column.name == name) out.push_back(column);
  return out;
}

// The table with what `change` makes of the named columns, double [N, names] both ways, in their places.
using Change = std::function<OnnxValue(const OnnxValue& x)>;
OnnxBatch withNumbers(BlockToWrite& block, const Texts& names, const Change& change) {
  if (names.empty()) return tableOf(block.columns());
  const OnnxValue made = change(block.sideBySide(columnsNamed(block, names)));
  std::vector<OnnxColumn> out = block.columns();
  for (OnnxColumn& column : out) {
    const auto at = std::find(names.begin(), names.end(), column.name);
    if (at == names.end()) continue;
    column = {
        .name = column.name, .value = made, .at = at - names.begin(), .width = static_cast<int64_t>(names.size())};
  }
  return tableOf(std::move(out));
}

Learned learned(const BlockToWrite& block, std::initializer_list<const char*> names) {
  Learned out;
  out.load(block.state, names);
  return out;
}

// A missing value is neither below nor above, and stays.
OnnxValue clipped(BlockToWrite& block, const OnnxValue& x, const OnnxValue& low, const OnnxValue& high) {
  const OnnxValue below = chosen(block, truth(block, "Less", x, low), low, x);
  return chosen(block, truth(block, "Greater", x, high), high, below);
}

}  // namespace

OnnxBatch standardize(BlockToWrite& block) {
  const Learned known = learned(block, {"mean", "deviation"});
  return withNumbers(block, known.columns, [&](const OnnxValue& x) {
    return same(block, "Div", same(block, "Sub", x, row(block, known.numbers.at("mean"))),
                row(block, known.numbers.at("deviation")));
  });
}

OnnxBatch minmax(BlockToWrite& block) {
  const Learned known = learned(block, {"least", "width"});
  const double low = block.values().number("low"), high = block.values().number("high");
  Numbers factors = known.numbers.at("width");
  for (double& factor : factors) factor = (high - low) / factor;
  return withNumbers(block, known.columns, [&](const OnnxValue& x) {
    const OnnxValue from_least = same(block, "Sub", x, row(block, known.numbers.at("least")));
    const OnnxValue out = same(block, "Add", same(block, "Mul", from_least, row(block, factors)), block.number(low));
    return block.values().flag("clip") ? clipped(block, out, block.number(low), block.number(high)) : out;
  });
}

OnnxBatch clip(BlockToWrite& block) {
  const Texts names =
      pickColumns(columnsOf(block.example_in.table("x")), block.values().texts("columns"), {ColumnType::Number});
  return withNumbers(block, names, [&](const OnnxValue& x) {
    return clipped(block, x, block.number(block.values().number("low")), block.number(block.values().number("high")));
  });
}

OnnxBatch clipQuantiles(BlockToWrite& block) {
  const Learned known = learned(block, {"low", "high"});
  return withNumbers(block, known.columns, [&](const OnnxValue& x) {
    return clipped(block, x, row(block, known.numbers.at("low")), row(block, known.numbers.at("high")));
  });
}

OnnxBatch impute(BlockToWrite& block) {
  const Texts names = stateTexts(block.state, "columns"), classes = stateTexts(block.state, "categories");
  const Numbers numbers = stateNumbers(block.state, "numbers", names.size());
  const auto is_number = [](const OnnxColumn& c) { return c.type == ColumnType::Number || c.type == ColumnType::Time; };
  Texts number_names;
  Numbers fillings;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!is_number(columnsNamed(block, {names[i]}).front())) continue;
    number_names.push_back(names[i]);
    fillings.push_back(numbers[i]);
  }
  OnnxValue filled, missing;  // [N, numbers]
  const auto width = static_cast<int64_t>(number_names.size());
  if (width > 0) {
    const OnnxValue x = block.sideBySide(columnsNamed(block, number_names));
    const OnnxValue gaps = isMissing(block, x);
    filled = chosen(block, gaps, row(block, fillings), x);
    missing = block.graph.cast(gaps, OnnxType::Double);
  }
  std::vector<OnnxColumn> out;
  for (const OnnxColumn& column : block.columns()) {
    const auto at = std::find(names.begin(), names.end(), column.name) - names.begin();
    out.push_back(column);
    if (at == static_cast<int64_t>(names.size())) continue;
    OnnxColumn& made = out.back();
    OnnxColumn flags{.name = column.name + "_missing"};
    if (is_number(column)) {
      const auto place = std::find(number_names.begin(), number_names.end(), column.name) - number_names.begin();
      made.value = filled, made.at = place, made.width = width;
      flags.value = missing, flags.at = place, flags.width = width;
    } else {
      const std::string& name = classes[static_cast<size_t>(at)];
      const auto code = std::find(made.classes.begin(), made.classes.end(), name) - made.classes.begin();
      if (code == static_cast<int64_t>(made.classes.size())) made.classes.push_back(name);
      const OnnxValue gaps = truth(block, "Equal", column.value, block.graph.integer(kMissingCode));
      made.value = block.op("Where", {gaps, block.graph.integer(code), column.value}, OnnxType::Int64);
      flags.value = block.graph.cast(gaps, OnnxType::Double);
    }
    if (block.values().flag("indicator")) out.push_back(flags);
  }
  return tableOf(std::move(out));
}

namespace {

// (exp(power * logs) - 1) / power, and the logs themselves where the power is 0; powers by column.
OnnxValue powered(BlockToWrite& block, const OnnxValue& logs, const Numbers& powers) {
  Numbers safe = powers;
  at::Tensor none = at::zeros({static_cast<int64_t>(powers.size())}, at::kBool);
  for (size_t i = 0; i < powers.size(); ++i) {
    none.mutable_data_ptr<bool>()[i] = powers[i] == 0;
    safe[i] = powers[i] == 0 ? 1 : powers[i];
  }
  const OnnxValue factor = row(block, safe);
  const OnnxValue raised = block.op("Exp", {same(block, "Mul", logs, factor)}, OnnxType::Double);
  const OnnxValue out = same(block, "Div", same(block, "Sub", raised, block.number(1)), factor);
  return none.any().item<bool>() ? chosen(block, block.graph.constant(none), logs, out) : out;
}

OnnxValue logOf1And(BlockToWrite& block, const OnnxValue& x) {
  return block.op("Log", {same(block, "Add", x, block.number(1))}, OnnxType::Double);
}

OnnxValue yeoJohnson(BlockToWrite& block, const OnnxValue& x, const Numbers& lambdas) {
  Numbers below = lambdas;
  for (double& lambda : below) lambda = 2 - lambda;
  const OnnxValue zero = block.number(0);
  const OnnxValue at_least_0 = truth(block, "GreaterOrEqual", x, zero);
  const OnnxValue minus = block.op("Neg", {x}, OnnxType::Double);
  const OnnxValue up = powered(block, logOf1And(block, chosen(block, at_least_0, x, zero)), lambdas);
  const OnnxValue down = powered(block, logOf1And(block, chosen(block, at_least_0, zero, minus)), below);
  return chosen(block, at_least_0, up, block.op("Neg", {down}, OnnxType::Double));
}

OnnxValue boxCox(BlockToWrite& block, const OnnxValue& x, const Numbers& lambdas) {
  const OnnxValue above_0 = truth(block, "Greater", x, block.number(0));
  const OnnxValue logs = block.op("Log", {chosen(block, above_0, x, block.number(1))}, OnnxType::Double);
  return chosen(block, above_0, powered(block, logs, lambdas), block.number(kMissingNumber));
}

}  // namespace

OnnxBatch power(BlockToWrite& block) {
  const Learned known = learned(block, {"lambda", "mean", "deviation"});
  const std::string& method = block.values().text("method");
  return withNumbers(block, known.columns, [&](const OnnxValue& x) {
    const Numbers& lambdas = known.numbers.at("lambda");
    OnnxValue out;
    if (method == "yeo_johnson") out = yeoJohnson(block, x, lambdas);
    if (method == "box_cox") out = boxCox(block, x, lambdas);
    if (method == "log1p") out = logOf1And(block, x);
    if (method == "sqrt") out = block.op("Sqrt", {x}, OnnxType::Double);
    if (method == "log1p" || method == "sqrt")
      out = chosen(block, block.op("IsInf", {out}, OnnxType::Bool), block.number(kMissingNumber), out);
    if (block.values().flag("standardize"))
      out = same(block, "Div", same(block, "Sub", out, row(block, known.numbers.at("mean"))),
                 row(block, known.numbers.at("deviation")));
    return chosen(block, isMissing(block, x), x, out);
  });
}

// The number of edges that are not above the value. Both are compared as float32, in which numbers come in: a value
// written like an edge is then equal to it.
OnnxBatch bins(BlockToWrite& block) {
  std::vector<OnnxColumn> out = block.columns();
  for (const auto& name : stateTexts(block.state, "columns")) {
    const auto column = std::find_if(out.begin(), out.end(), [&](const auto& c) { return c.name == name; });
    const at::Tensor edges = block.state.tensors.at("edges:" + name).to(at::kFloat);
    const OnnxValue x = block.single(*column), missing = isMissing(block, x);
    const OnnxValue reached =
        block.op("GreaterOrEqual", {block.graph.cast(x, OnnxType::Float), block.graph.constant(edges.reshape({1, -1}))},
                 OnnxType::Bool);
    const OnnxValue bin =
        edges.numel() == 0
            ? block.graph.constant(at::zeros({1, 1}, at::kLong))
            : block.op("ReduceSum", {block.graph.cast(reached, OnnxType::Int64), block.graph.integers({1})},
                       OnnxType::Int64, {{"keepdims", int64_t{1}}});
    const Column& made = block.example_out.table("y").column(name);
    if (made.type == ColumnType::Category)
      *column = {.name = name,
                 .type = ColumnType::Category,
                 .classes = *made.classes,
                 .value = block.op("Where", {missing, block.graph.integer(kMissingCode), bin}, OnnxType::Int64)};
    else
      *column = {
          .name = name,
          .value = chosen(block, missing, block.number(kMissingNumber), block.graph.cast(bin, OnnxType::Double))};
  }
  return tableOf(std::move(out));
}

// The block multiplies and adds by channel, in a kernel of its own.
OnnxBatch imageScale(BlockToWrite& block) {
  const Values& values = block.values();
  const auto channels = static_cast<size_t>(block.example_in["x"].size(1));
  const double scale = values.number("scale");
  Numbers means(channels, 0), deviations(channels, 1);
  const std::string& normalize = values.text("normalize");
  if (normalize == "fitted") {
    means = stateNumbers(block.state, "mean", channels);
    deviations = stateNumbers(block.state, "deviation", channels);
  }
  const auto given = [&](const char* name) {
    const Numbers& all = values.numbers(name);
    return all.size() == 1 ? Numbers(channels, all.front()) : all;
  };
  if (normalize == "given") means = given("mean"), deviations = given("deviation");
  Numbers factor, offset;
  for (size_t c = 0; c < channels; ++c) {
    factor.push_back(scale / deviations[c]);
    offset.push_back(-means[c] / deviations[c]);
  }
  const auto by_channel = [&](const Numbers& numbers) {
    return block.graph.constant(tensorOf(numbers).to(at::kFloat).view({-1, 1, 1}));
  };
  const OnnxValue x = block.graph.cast(block.in.at("x").tensor, OnnxType::Float);
  const OnnxValue scaled = block.op("Mul", {x, by_channel(factor)}, OnnxType::Float);
  return tensorOf(block.op("Add", {scaled, by_channel(offset)}, OnnxType::Float));
}

// The block doubles numbers in place, in a part of a tensor, which no trace can follow.
OnnxBatch spectrum(BlockToWrite& block) {
  const Values& values = block.values();
  const int64_t window = block.example_in["x"].size(-1);
  OnnxValue x = block.graph.cast(block.in.at("x").tensor, OnnxType::Double);  // [N, C, W]
  if (values.flag("remove_mean"))
    x = same(
        block, "Sub", x,
        block.op("ReduceMean", {x}, OnnxType::Double, {{"axes", std::vector<int64_t>{-1}}, {"keepdims", int64_t{1}}}));
  double weight = static_cast<double>(window);
  if (values.text("taper") == "hann") {
    const at::Tensor taper = at::hann_window(window, true, at::kDouble);
    x = same(block, "Mul", x, block.graph.constant(taper));
    weight = taper.square().sum().item<double>();
  }
  const OnnxValue signal = block.op("Unsqueeze", {x, block.graph.integers({3})}, OnnxType::Double);
  // [N, C, W / 2 + 1, 2]: real and imaginary parts
  const OnnxValue parts = block.op("DFT", {signal}, OnnxType::Double, {{"axis", int64_t{2}}, {"onesided", int64_t{1}}});
  const OnnxValue squares = block.op("ReduceSumSquare", {parts}, OnnxType::Double,
                                     {{"axes", std::vector<int64_t>{3}}, {"keepdims", int64_t{0}}});
  at::Tensor factors = at::full({window / 2 + 1}, 2 / weight, at::kDouble);
  factors[0] = 1 / weight;
  if (window % 2 == 0) factors[window / 2] = 1 / weight;
  OnnxValue power = same(block, "Mul", squares, block.graph.constant(factors));
  if (values.text("scale") == "amplitude") power = block.op("Sqrt", {power}, OnnxType::Double);
  if (values.text("scale") == "log") {
    const OnnxValue above = same(block, "Max", power, block.number(values.number("floor")));
    power = same(block, "Mul", block.op("Log", {above}, OnnxType::Double), block.number(10 * std::numbers::log10e));
  }
  return tensorOf(block.graph.cast(power, OnnxType::Float));
}

}  // namespace blockyard::rules
