#include "training/evaluate.hpp"

#include <ATen/autocast_mode.h>

#include <cmath>
#include <numbers>

#include "blocks/answers.hpp"
#include "blocks/head_scripts.hpp"
#include "data/loader.hpp"
#include "training/device_feeder.hpp"
#include "training/worst_rows.hpp"

namespace blockyard {
namespace {

template <class T>
std::span<const T> spanOf(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<T>(), static_cast<size_t>(tensor.numel())};
}

}  // namespace

at::Tensor inOwnUnits(const Packet& packet) {
  at::Tensor values = packet.tensor().to(at::kCPU, at::kDouble);
  if (const auto& scaling = packet.meaning().scaling) {
    values = values * scaling->factor + scaling->offset;
    if (scaling->log1p) values = values.expm1();
  }
  return values.reshape({values.size(0), -1}).contiguous();
}

Precision::Precision(const std::string& name, at::Device device) : device_(device.type()) {
  if (name == "float32") return;
  on_ = true;
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::set_autocast_dtype(device_, name == "float16" ? at::kHalf : at::kBFloat16);
  at::autocast::increment_nesting();
}

Precision::~Precision() {
  if (!on_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, false);
}

void pourIn(const Pipeline& pipeline, const std::vector<Packet>& packets, at::Device device, Flow& flow) {
  for (size_t i = 0; i < packets.size(); ++i) {
    const WireStart& cut = pipeline.cuts()[i];
    const Packet& packet = packets[i];
    if (packet.isTable() || device.is_cpu())
      flow[cut.node].set(cut.port, packet);
    else
      flow[cut.node].set(cut.port, Packet(packet.tensor().to(device, /*non_blocking=*/true), packet.sharedMeaning()));
  }
}

void forEachBatch(const Pipeline& pipeline, const PreparedData& data, const RowSet& rows,
                  const EvaluateOptions& options, const std::function<void(Flow&, int64_t)>& each) {
  const at::NoGradGuard no_grad;
  const KeyedRandom random(0);  // nothing is random outside of training
  Loader loader(data.columns, rows, std::nullopt,
                {.batch_size = options.batch_size,
                 .batches = options.batches,
                 .threads = 0,
                 .memory = memoryFor(options.device)});
  DeviceFeeder feeder([&] { return loader.next(); }, laneTo(options.device));
  while (auto batch = feeder.next()) {
    if (options.stop != nullptr && *options.stop) return;
    Flow flow(pipeline.nodes().size());
    pourIn(pipeline, batch->packets, options.device, flow);
    {
      const Precision precision(options.precision, options.device);
      pipeline.runStage(Stage::Live, flow, false, random);
    }
    if (options.answers) pipeline.runStage(Stage::Answer, flow, false, random);
    each(flow, batch->row_ids.size(0));
  }
}

HeadScores::HeadScores(const PipelineNode& head)
    : classifier_(head.type->schema.kind == Kind::Classifier),
      language_(head.type->schema.id == "classifier/next_token"),
      block_(head.plan.id) {
  const Values& values = head.plan.values;
  if (!classifier_ && values.has("loss") && values.text("loss") == "quantile") quantiles_ = values.numbers("quantiles");
  if (values.has("metric_code")) guarded({.block = block_}, [&] { script_ = headScript(values, "metric_code"); });
}

void HeadScores::add(const Batch& in, const Batch& out) {
  const Packet& target = in.packet("target");
  const int64_t rows = target.rows();
  rows_ += rows;
  if (out.has("loss")) loss_sum_ += out["loss"].item<double>() * static_cast<double>(rows);
  at::Tensor answers, wanted;
  if (!classifier_) {
    answers = inOwnUnits(out.packet("values")), wanted = inOwnUnits(target);
    if (!scores_)
      scores_ = quantiles_.empty() ? MetricsAccumulator::forNumbers(wanted.size(1))
                                   : MetricsAccumulator::forQuantiles(quantiles_);
    scores_->add(spanOf<double>(answers), spanOf<double>(wanted));
  } else {
    const Packet& said = out.packet("scores");
    answers = said.tensor().to(at::kCPU, at::kFloat).contiguous();
    if (target.tensor().is_floating_point()) {
      wanted = target.tensor().to(at::kCPU, at::kFloat).reshape(answers.sizes()).contiguous();
      if (!scores_) scores_ = MetricsAccumulator::forLabels(said.meaning().classes);
      scores_->add(spanOf<float>(answers), spanOf<float>(wanted));
    } else {
      wanted = target.tensor().to(at::kCPU, at::kLong).contiguous();
      if (!scores_) scores_ = MetricsAccumulator::forClasses(said.meaning().classes);
      scores_->add(spanOf<float>(answers), spanOf<int64_t>(wanted));
    }
  }
  if (!script_) return;
  answers_.push_back(answers);
  targets_.push_back(wanted);
}

Metrics HeadScores::metrics() const {
  Metrics out;
  if (!scores_) return out;
  out = scores_->finish();
  out.numbers["loss"] = loss_sum_ / static_cast<double>(rows_);
  if (language_) {
    out.numbers["perplexity"] = std::exp(out.numbers["loss"]);
    out.numbers["bits_per_token"] = out.numbers["loss"] / std::numbers::ln2;
  }
  if (script_)
    guarded({.block = block_}, [&] {
      out.numbers["script"] = script_->call({at::cat(answers_), at::cat(targets_)}).item<double>();
    });
  return out;
}

void DecisionScores::add(const Batch& in, const Batch& out) {
  if (!out.has(kDecision) || !in.has("target")) return;
  const at::Tensor decision = out[kDecision].to(at::kLong), truth = in["target"].to(at::kCPU, at::kLong);
  right_ += (decision == truth).sum().item<int64_t>();
  value_ += out[kDecisionValue].sum().item<double>();
  rows_ += truth.size(0);
}

void DecisionScores::into(const std::string& block, std::map<std::string, double>& numbers) const {
  if (rows_ == 0) return;
  numbers[block + ".accuracy"] = static_cast<double>(right_) / static_cast<double>(rows_);
  numbers[block + ".value"] = value_;
  numbers[block + ".value_per_row"] = value_ / static_cast<double>(rows_);
}

PipelineScores::PipelineScores(const Pipeline& pipeline, bool decisions) : pipeline_(pipeline) {
  for (const size_t head : pipeline.heads()) heads_.emplace_back(pipeline.nodes()[head]);
  for (size_t i = 0; decisions && i < pipeline.nodes().size(); ++i)
    if (pipeline.nodes()[i].type->schema.decides) decisions_[i];
}

void PipelineScores::add(const Flow& flow) {
  for (auto& [index, scores] : decisions_) scores.add(pipeline_.inputsOf(index, flow), flow[index]);
  for (size_t h = 0; h < heads_.size(); ++h) {
    const size_t index = pipeline_.heads()[h];
    const Batch in = pipeline_.inputsOf(index, flow);
    if (in.has("target")) guarded({.block = pipeline_.nodes()[index].plan.id}, [&] { heads_[h].add(in, flow[index]); });
  }
}

Metrics PipelineScores::metrics() const {
  Metrics out = heads_.front().metrics();
  const auto name_of = [&](size_t h) { return pipeline_.nodes()[pipeline_.heads()[h]].plan.id; };
  out.head = name_of(0);
  for (size_t h = 1; h < heads_.size(); ++h) {
    Metrics other = heads_[h].metrics();
    other.head = name_of(h);
    for (const auto& [name, value] : other.numbers) out.numbers[other.head + "." + name] = value;
    out.others.push_back(std::move(other));
  }
  for (const auto& [index, scores] : decisions_) scores.into(pipeline_.nodes()[index].plan.id, out.numbers);
  return out;
}

Metrics evaluate(const Pipeline& pipeline, const PreparedData& data, const RowSet& rows,
                 const EvaluateOptions& options) {
  PipelineScores scores(pipeline, options.decisions);
  EvaluateOptions with = options;
  with.answers |= scores.needAnswers();
  const size_t first = pipeline.heads().front();
  forEachBatch(pipeline, data, rows, with, [&](const Flow& flow, int64_t) {
    scores.add(flow);
    const Batch in = pipeline.inputsOf(first, flow);
    if (options.worst == nullptr || !in.has("target")) return;
    const PipelineNode& head = pipeline.nodes()[first];
    guarded({.block = head.plan.id}, [&] { options.worst->add(head, in, flow[first]); });
  });
  return scores.metrics();
}

}  // namespace blockyard
