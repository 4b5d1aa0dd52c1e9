#include "exam.hpp"

#include <ATen/ATen.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "blocks/example.hpp"
#include "try_block.hpp"

namespace blockyard {
namespace {

bool isModelPart(const Trial& trial) {
  const Kind kind = trial.type->schema.kind;
  return kind == Kind::Extractor || kind == Kind::Classifier || kind == Kind::Regressor || kind == Kind::Generator;
}

Step stepFor(const Batch& in, bool training, uint64_t key = 5) {
  return {training, KeyedRandom(key), training ? at::arange(in.rows(), at::kLong) : at::Tensor()};
}

Batch ran(Block& block, const Batch& in, bool training, uint64_t key = 5) {
  Step step = stepFor(in, training, key);
  return block.forward(in, step);
}

// The outputs that are ports: the loss and the raw outputs of heads are not.
Batch portsOf(const Trial& trial, const Batch& out) {
  Batch ports;
  for (const auto& port : trial.type->schema.outputs)
    if (out.has(port.name)) ports.set(port.name, out.packet(port.name));
  return ports;
}

Batch copied(const Batch& batch) {
  Batch out;
  for (const auto& [slot, packet] : batch.items())
    out.set(slot, packet.isTable() ? packet : Packet(packet.tensor().clone(), packet.sharedMeaning()));
  return out;
}

// Parameters and running values in another element type or on another device, in place.
void convert(Block& block, const at::TensorOptions& options) {
  for (auto& [name, tensor] : block.parameters()) tensor.set_data(tensor.detach().to(options));
  for (auto& [name, tensor] : block.state().tensors)
    if (tensor.is_floating_point()) tensor.set_data(tensor.detach().to(options));
}

Batch converted(const Batch& batch, const at::TensorOptions& options, bool only_numbers) {
  Batch out;
  for (const auto& [slot, packet] : batch.items()) {
    const bool leave = packet.isTable() || (only_numbers && !packet.tensor().is_floating_point());
    out.set(slot, leave ? packet : Packet(packet.tensor().to(options), packet.sharedMeaning()));
  }
  return out;
}

// --- the questions

std::string mismatch(const Signature& expected, const Packet& got, int64_t rows) {
  const std::string wanted = "inferred " + expected.text() + ", ";
  if (got.isTable() != (expected.kind == Wire::Table)) return wanted + (got.isTable() ? "got a table" : "got a tensor");
  if (got.rows() != rows) return wanted + "got " + std::to_string(got.rows()) + " rows of " + std::to_string(rows);
  if (got.isTable()) {
    if (expected.open) return {};
    std::vector<ColumnInfo> real;
    for (const auto& column : got.table().columns())
      real.push_back({column->name, column->type, column->classes ? *column->classes : Texts{}});
    return real == expected.columns ? "" : wanted + "but the columns or their classes are others";
  }
  static const std::map<Element, at::ScalarType> kTypes{{Element::Float32, at::kFloat},
                                                        {Element::Float64, at::kDouble},
                                                        {Element::Int64, at::kLong},
                                                        {Element::UInt8, at::kByte},
                                                        {Element::Bool, at::kBool}};
  const at::Tensor& tensor = got.tensor();
  if (tensor.scalar_type() != kTypes.at(expected.element)) return wanted + "got " + c10::toString(tensor.scalar_type());
  bool fits = tensor.dim() == static_cast<int64_t>(expected.shape.size());
  for (size_t i = 1; fits && i < expected.shape.size(); ++i)
    fits = !expected.shape[i].known() || expected.shape[i].size == tensor.size(static_cast<int64_t>(i));
  return fits ? "" : wanted + "got " + c10::str(tensor.sizes());
}

std::string inferredIsReal(const Trial& trial) {
  const auto block = trial.block();
  Signatures free = trial.inputs;
  for (auto& [slot, signature] : free)
    for (size_t i = 1; i < signature.shape.size(); ++i) signature.shape[i] = Dim("S" + std::to_string(i));
  const Signatures vague = inferOutputs(*trial.type, trial.values, free);
  for (const bool training : {false, true}) {
    const Batch out = ran(*block, trial.rows, training);
    for (const auto& port : trial.type->schema.outputs) {
      if (!out.has(port.name) && training) continue;
      if (!out.has(port.name)) return port.name + ": nothing came out";
      for (const Signatures* signatures : {&trial.outputs, &vague})
        if (const auto wrong = mismatch(signatures->at(port.name), out.packet(port.name), kTrialRows); !wrong.empty())
          return port.name + ": " + wrong;
    }
  }
  return {};
}

std::string settingsSurvive(const Trial& trial) {
  const Values back = valuesFromJson(nlohmann::json::parse(toJson(trial.values).dump()));
  if (completeValues(trial.type->schema.params, back) == trial.values) return {};
  return "expected " + toJson(trial.values).dump() + ", got " + toJson(back).dump();
}

std::string sameSeedSameResult(const Trial& trial) {
  const auto first = trial.block(3), second = trial.block(3), third = trial.block(4);
  const auto a = first->parameters(), b = second->parameters(), c = third->parameters();
  for (size_t i = 0; i < a.size(); ++i) {
    if (!at::equal(a[i].tensor, b[i].tensor)) return a[i].name + " differs for the same seed";
    const bool constant = at::equal(a[i].tensor, a[i].tensor.flatten()[0].expand_as(a[i].tensor));
    if (!constant && at::equal(a[i].tensor, c[i].tensor)) return a[i].name + " is the same for another seed";
    if (!a[i].tensor.is_same(first->parameters()[i].tensor)) return a[i].name + " is another tensor at each call";
    if (!a[i].tensor.requires_grad()) return a[i].name + " takes no gradient";
  }
  return difference(ran(*first, trial.rows, true), ran(*second, trial.rows, true), 0);
}

std::string inputsStay(const Trial& trial) {
  const auto block = trial.block();
  for (const bool training : {true, false}) {
    const Batch before = copied(trial.rows);
    ran(*block, trial.rows, training);
    if (const auto changed = difference(before, trial.rows, 0); !changed.empty())
      return "an input was changed: " + changed;
  }
  return {};
}

// What a scalar is made of: the loss of a head, else the outputs with fixed random weights.
at::Tensor scalarOf(const Batch& out) {
  if (out.has("loss")) return out["loss"];
  at::Tensor sum;
  for (const auto& [name, packet] : out.items()) {
    if (!packet.tensor().is_floating_point()) continue;
    const at::Tensor weights = at::arange(packet.tensor().numel(), packet.tensor().options()).mul(0.7).sin();
    const at::Tensor part = (packet.tensor().reshape(-1) * weights).sum();
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

// In float64, along random directions: the slope that backward gives and the one of a small step.
std::string gradientIsSlope(const Trial& trial) {
  if (!isModelPart(trial)) return {};
  // The row of an embedding that stands for padding is used, but on purpose never learned.
  if (trial.values.has("padding") && trial.type->schema.id == "extractor/embedding" &&
      trial.values.integer("padding") >= 0)
    return {};
  const auto block = trial.block();
  convert(*block, at::kDouble);
  const Batch in = copied(converted(trial.rows, at::kDouble, true));
  std::vector<NamedTensor> leaves = block->parameters();
  for (const auto& [slot, packet] : in.items())
    if (packet.tensor().is_floating_point() && slot != "target")
      leaves.push_back({slot, packet.tensor().requires_grad_()});
  if (leaves.empty()) return {};
  const auto scalar = [&] { return scalarOf(ran(*block, in, true)); };
  scalar().backward();
  const at::NoGradGuard no_grad;
  constexpr double kTolerance = 1e-6;
  for (const auto& [name, tensor] : leaves) {
    if (!tensor.grad().defined()) return name + " gets no gradient";
    const at::Tensor direction = at::arange(tensor.numel(), at::kDouble).mul(1.3).cos().view(tensor.sizes());
    const double gradient = (tensor.grad() * direction).sum().item<double>();
    double slope = 0;
    // In a wide layer a step may pass the kink of a ReLU; a much smaller one then does not.
    const bool right = std::ranges::any_of(std::array{1e-6, 1e-8}, [&](double step) {
      tensor.add_(direction, step);
      const double above = scalar().item<double>();
      tensor.sub_(direction, 2 * step);
      const double below = scalar().item<double>();
      tensor.add_(direction, step);
      slope = (above - below) / (2 * step);
      return std::abs(slope - gradient) <= kTolerance * std::max({1.0, std::abs(slope), std::abs(above)});
    });
    if (!right)
      return name + ": backward gives " + std::to_string(gradient) + ", a small step " + std::to_string(slope);
  }
  return {};
}

// Copies what `from` has learned into `to`, by way of the texts of a file.
std::string loaded(Block& to, const Block& from) {
  State state = from.state();
  for (auto& [name, tensor] : state.tensors) tensor = tensor.detach().clone();
  state.values = valuesFromJson(nlohmann::json::parse(toJson(state.values).dump()));
  to.loadState(state);
  const auto source = from.parameters(), target = to.parameters();
  if (source.size() != target.size()) return "the loaded block has another number of parameters";
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i].name != target[i].name) return "expected the parameter " + source[i].name + ", got " + target[i].name;
    if (source[i].tensor.sizes() != target[i].tensor.sizes()) return source[i].name + " has another shape once loaded";
    at::Tensor(target[i].tensor).copy_(source[i].tensor);
  }
  return {};
}

std::string stateSurvives(const Trial& trial) {
  const auto block = trial.block(1);
  ran(*block, trial.rows, true);  // moves running values
  const Batch in = trial.required(trial.later);
  const Batch expected = portsOf(trial, ran(*block, in, false));
  for (const bool bare : {false, true}) {
    const auto fresh = bare ? trial.bareBlock(2) : trial.type->make({trial.values, trial.inputs, KeyedRandom(2)});
    if (const auto problem = loaded(*fresh, *block); !problem.empty()) return problem;
    const auto wrong = difference(expected, portsOf(trial, ran(*fresh, in, false)), 0);
    if (!wrong.empty()) return (bare ? "made without optional inputs and loaded: " : "loaded: ") + wrong;
  }
  return {};
}

std::string rowsAreIndependent(const Trial& trial) {
  const auto block = trial.block();
  ran(*block, trial.rows, true);
  const Batch in = trial.required(trial.later), whole = portsOf(trial, ran(*block, in, false));
  for (int64_t row = 0; row < kLaterRows; ++row) {
    const auto wrong = difference(whole.slice(row, 1), portsOf(trial, ran(*block, in.slice(row, 1), false)), 1e-5);
    if (!wrong.empty()) return "row " + std::to_string(row) + " alone: " + wrong;
  }
  return {};
}

// Two parts of a training batch, as they go through side by side, say what the whole batch says.
std::string partsMakeTheWhole(const Trial& trial) {
  if (trial.type->rows_apart == nullptr || !trial.type->rows_apart(trial.values)) return {};
  const auto block = trial.block();
  const Batch whole = ran(*block, trial.rows, true);
  constexpr int64_t kFirst = 13;
  const Batch parts[2] = {ran(*block, trial.rows.slice(0, kFirst), true),
                          ran(*block, trial.rows.slice(kFirst, kTrialRows - kFirst), true)};
  constexpr double kTolerance = 1e-5;
  if (whole.has("loss")) {
    const auto weight = [](const Batch& out, int64_t rows) {
      return out.has("loss_weight") ? out["loss_weight"].item<double>() : static_cast<double>(rows);
    };
    const double a = weight(parts[0], kFirst), b = weight(parts[1], kTrialRows - kFirst);
    const double mean = (parts[0]["loss"].item<double>() * a + parts[1]["loss"].item<double>() * b) / (a + b);
    const double expected = whole["loss"].item<double>();
    if (!(std::abs(mean - expected) <= kTolerance * std::max(1.0, std::abs(expected))))
      return "expected the loss " + std::to_string(expected) + ", got " + std::to_string(mean) + " from two parts";
  }
  const bool random = !difference(portsOf(trial, whole), portsOf(trial, ran(*block, trial.rows, true, 6)), 0).empty();
  if (random) return {};
  const Batch ports = portsOf(trial, whole);
  const auto wrong = difference(ports.slice(0, kFirst), portsOf(trial, parts[0]), kTolerance);
  return wrong.empty() ? difference(ports.slice(kFirst, kTrialRows - kFirst), portsOf(trial, parts[1]), kTolerance)
                       : wrong;
}

std::string chunksDoNotMatter(const Trial& trial) {
  if (!trial.type->schema.fitted) return {};
  const Batch in = trial.required(trial.later);
  const Batch once = portsOf(trial, ran(*trial.block(), in, false));
  if (const auto wrong = difference(once, portsOf(trial, ran(*trial.block(), in, false)), 0); !wrong.empty())
    return "fitted again: " + wrong;
  const auto block = trial.type->make({trial.values, trial.inputs, KeyedRandom(1)});
  RowsOf parts(trial.fitBatch(), 7);
  block->fit(parts);
  const auto wrong = difference(once, portsOf(trial, ran(*block, in, false)), 1e-6);
  return wrong.empty() ? "" : "fitted 7 rows at a time: " + wrong;
}

std::string layoutStays(const Trial& trial) {
  if (!isModelPart(trial) || trial.inputs.count("x") == 0 || trial.rows["x"].dim() != 4) return {};
  if (trial.rows["x"].size(1) == 1) return {};  // with one channel both layouts are the same
  const auto block = trial.block();
  Batch last;
  for (const auto& [slot, packet] : trial.rows.items())
    last.set(slot,
             packet.tensor().dim() == 4 ? Packet(packet.tensor().contiguous(at::MemoryFormat::ChannelsLast)) : packet);
  const Batch expected = portsOf(trial, ran(*block, trial.rows, false)), got = portsOf(trial, ran(*block, last, false));
  if (const auto wrong = difference(expected, got, 1e-5); !wrong.empty()) return "channels-last pictures: " + wrong;
  const Port& port = trial.type->schema.inputs.front();
  const bool keeps =
      port.pattern.find("C, H, W") != std::string::npos || trial.type->schema.outputs.front().pattern == "like x";
  const at::Tensor& y = got[trial.type->schema.outputs.front().name];
  if (!keeps || y.dim() != 4 || y.is_contiguous(at::MemoryFormat::ChannelsLast)) return {};
  return "channels-last pictures come out in another layout, strides " + c10::str(y.strides());
}

// A step may be captured as a graph: then nothing in it may wait for a value of a tensor.
std::string looksAtNoValue(const Trial& trial) {
  if (!isModelPart(trial)) return {};
  static std::set<std::string> seen;
  seen.clear();
  const auto block = trial.block();
  const auto handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback([](const at::RecordFunction& function) -> std::unique_ptr<at::ObserverContext> {
        static const std::set<std::string> kLooks{"aten::item",    "aten::_local_scalar_dense", "aten::is_nonzero",
                                                  "aten::nonzero", "aten::masked_select",       "aten::equal",
                                                  "aten::unique"};
        if (kLooks.count(function.name())) seen.insert(function.name());
        return nullptr;
      }));
  for (const bool training : {true, false}) ran(*block, trial.rows, training);
  at::removeCallback(handle);
  return seen.empty() ? "" : "forward looks at values: " + *seen.begin();
}

std::string cudaIsCpu(const Trial& trial) {
  if (!at::hasCUDA() || !isModelPart(trial)) return {};
  const auto here = trial.block(), there = trial.block();
  convert(*there, at::Device(at::kCUDA));
  const Batch in = trial.required(trial.later);
  const Batch out = portsOf(trial, ran(*there, converted(in, at::Device(at::kCUDA), false), false));
  return difference(portsOf(trial, ran(*here, in, false)), converted(out, at::Device(at::kCPU), false), 1e-3);
}

}  // namespace

const std::vector<Question>& questions() {
  static const std::vector<Question> kAll{
      {"inferred shape is real", inferredIsReal},     {"settings survive a file", settingsSurvive},
      {"same seed, same result", sameSeedSameResult}, {"inputs stay as they are", inputsStay},
      {"gradient is the slope", gradientIsSlope},     {"state survives a file", stateSurvives},
      {"rows are independent", rowsAreIndependent},   {"parts make the whole", partsMakeTheWhole},
      {"chunks do not matter", chunksDoNotMatter},    {"layout stays", layoutStays},
      {"looks at no value", looksAtNoValue},          {"GPU gives what the CPU gives", cudaIsCpu}};
  return kAll;
}

std::string settingsText(const Trial& trial) {
  std::string out = toJson(trial.values).dump() + "\n  inputs:";
  for (const auto& [slot, signature] : trial.inputs) out += " " + slot + " = " + signature.text();
  return out;
}

std::string speedOf(const Trial& trial) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRepeats = 20;
  const auto block = trial.block();
  const auto microseconds = [](const auto& call) {
    call();
    const auto start = Clock::now();
    for (int i = 0; i < kRepeats; ++i) call();
    return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count() /
                          kRepeats) +
           " us";
  };
  const Batch in = converted(trial.rows, at::kFloat, true);
  std::string out = "forward " + microseconds([&] { ran(*block, in, false); });
  if (!isModelPart(trial) || block->parameters().empty()) return out;
  return out + ", with backward " + microseconds([&] { scalarOf(ran(*block, in, true)).backward(); });
}

std::string difference(const Packet& expected, const Packet& got, double tolerance) {
  if (expected.isTable() != got.isTable()) return "one is a table, the other a tensor";
  if (expected.isTable()) return difference(expected.table(), got.table(), tolerance).value_or("");
  if (expected.meaning().classes != got.meaning().classes) return "the class names differ";
  if (expected.meaning().columns != got.meaning().columns) return "the column names differ";
  const at::Tensor &a = expected.tensor(), &b = got.tensor();
  if (a.scalar_type() != b.scalar_type() || a.sizes() != b.sizes())
    return c10::str("expected ", a.scalar_type(), " ", a.sizes(), ", got ", b.scalar_type(), " ", b.sizes());
  const at::Tensor x = a.detach().to(at::kDouble), y = b.detach().to(at::kDouble);
  const at::Tensor same = at::logical_or(x == y, at::logical_and(x.isnan(), y.isnan()));
  const at::Tensor far = (x - y).abs() > tolerance * x.abs().clamp_min(1);
  const at::Tensor wrong = at::logical_and(same.logical_not(), at::logical_or(far, (x - y).isfinite().logical_not()));
  if (!wrong.any().item<bool>()) return {};
  const int64_t first = wrong.flatten().to(at::kByte).argmax().item<int64_t>();
  return c10::str("expected ", x.flatten()[first].item<double>(), ", got ", y.flatten()[first].item<double>(),
                  " at number ", first, " of shape ", a.sizes());
}

std::string difference(const Batch& expected, const Batch& got, double tolerance) {
  for (const auto& [name, packet] : expected.items()) {
    if (!got.has(name)) return name + ": missing";
    if (const auto wrong = difference(packet, got.packet(name), tolerance); !wrong.empty()) return name + ": " + wrong;
  }
  return expected.items().size() == got.items().size() ? "" : "more came out than expected";
}

}  // namespace blockyard
