#include "training/gradient_step.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include "training/evaluate.hpp"

namespace blockyard {
namespace {

LoadedBatch partOf(const LoadedBatch& batch, int64_t first, int64_t count) {
  LoadedBatch out{.index = batch.index};
  for (const auto& packet : batch.packets) out.packets.push_back(packet.slice(first, count));
  out.row_ids = batch.row_ids.narrow(0, first, count);
  return out;
}

// Rows of a batch that are work enough for one thread, and how much memory the gradients of all shards may take.
constexpr int64_t kShardRows = 512;
constexpr int64_t kShardBytes = int64_t{256} << 20;

// 0: batches go through as a whole. It hangs on the plan alone and never on the machine, because shards round their
// sums in another way: the same plan gives the same weights on any number of threads.
int64_t shardRows(const Pipeline& pipeline, const Values& training, at::Device device) {
  const int64_t shards = training.integer("batch_size") / kShardRows;
  if (!device.is_cpu() || shards < 2 || training.text("mix") != "none" || training.text("precision") != "float32" ||
      pipeline.heads().size() != 1)
    return 0;
  for (const PipelineNode& node : pipeline.nodes())
    if (node.stage == Stage::Live && (node.type->rows_apart == nullptr || !node.type->rows_apart(node.plan.values)))
      return 0;
  int64_t weights = 0;
  for (const auto& parameter : pipeline.parameters()) weights += parameter.tensor.numel();
  return weights * shards * static_cast<int64_t>(sizeof(float)) <= kShardBytes ? kShardRows : 0;
}

std::string blockOf(const std::string& parameter) {
  return parameter.substr(0, parameter.find('.'));
}

bool finiteWhereReal(const at::Tensor& tensor) {
  return !tensor.defined() || !tensor.is_floating_point() || at::isfinite(tensor).all().item<bool>();
}

const char* const kDivergedHint =
    "a smaller learning_rate, training.clip_norm, or scaled inputs may help; the last good state is kept";

}  // namespace

GradientStep::GradientStep(Pipeline& pipeline, const Values& training, at::Device device, int threads)
    : pipeline_(pipeline),
      device_(device),
      precision_(training.text("precision")),
      mix_alpha_(training.number("mix_alpha")),
      accumulate_(training.integer("accumulate")),
      ema_decay_(training.number("ema_decay")),
      shard_rows_(shardRows(pipeline, training, device)),
      parameters_(pipeline.parameters()) {
  if (const std::string& mix = training.text("mix"); mix != "none")
    mix_ = mix == "mixup" ? MixHow::MixUp : MixHow::CutMix;
  if (parameters_.empty()) throw Error({}, "the pipeline has nothing to learn: no block has weights");
  optimizer_ = std::make_unique<Optimizer>(training, parameters_);
  check_ = std::make_unique<GradientCheck>(parameters_);
  if (ema_decay_ > 0) ema_ = std::make_unique<Ema>(ema_decay_, parameters_);
  if (sharded()) team_ = std::make_unique<ThreadTeam>(threads);
  if (precision_ == "float16") scaler_ = std::make_unique<GradScaler>(device);
}

StepResult GradientStep::run(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random, double learning_rate) {
  StepResult result;
  if (gathered_ == 0) optimizer_->clearGradients();
  at::Tensor loss;
  try {
    loss = forwardBackward(batch, epoch, random);
  } catch (const Error& error) {
    if (error.fault() != Fault::OutOfMemory || parts_ > 1 || gathered_ > 0 || batch.packets.front().rows() < 2) throw;
    parts_ = 2;
    result.halved = true;
  }
  if (result.halved) {  // outside of the handler: what the exception held on to is free now
    optimizer_->clearGradients();
    loss = forwardBackward(batch, epoch, random);
  }
  result.loss = loss.item<double>();
  ++gathered_;
  if (!std::isfinite(result.loss)) refuse(batch, epoch, random, loss);
  if (gathered_ < accumulate_ && !last_of_epoch_) return result;
  last_of_epoch_ = false;
  result.stepped = apply(loss, learning_rate);
  if (!result.stepped && !scaler_) refuse(batch, epoch, random, loss);
  if (!result.stepped && scaler_->exhausted()) refuse(batch, epoch, random, loss);
  if (optimizer_->gradientNorm().defined()) result.gradient_norm = optimizer_->gradientNorm().item<double>();
  result.stepped = true;  // a step that float16 gave up still counts, so that the schedule goes on
  return result;
}

at::Tensor GradientStep::forwardBackward(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random) {
  const int64_t rows = batch.packets.front().rows();
  const int64_t parts = std::min(parts_, rows);
  if (parts == 1 && sharded() && rows / shard_rows_ > 1)
    return forwardBackwardInShards(batch, epoch, random, rows / shard_rows_);
  at::Tensor whole;
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t first = rows * part / parts, count = rows * (part + 1) / parts - first;
    Flow flow(pipeline_.nodes().size());
    const LoadedBatch piece = parts == 1 ? batch : partOf(batch, first, count);
    at::Tensor loss = lossOf(piece, epoch, parts == 1 ? random : random.key(static_cast<uint64_t>(part)), flow, timer_);
    if (parts > 1) loss = loss * (static_cast<double>(count) / static_cast<double>(rows));
    guarded({}, [&] {
      at::Tensor toward = accumulate_ > 1 ? loss / static_cast<double>(accumulate_) : loss;
      if (scaler_) toward = scaler_->scaled(toward);
      if (timer_ != nullptr && timer_->running())
        timer_->backward([&] { toward.backward(); });
      else
        toward.backward();
    });
    whole = whole.defined() ? whole + loss.detach() : loss.detach();
  }
  return whole;
}

// Each shard has gradients of its own, which are added up in their order. A loss is the mean over a shard: it counts by
// what it has been divided by.
at::Tensor GradientStep::forwardBackwardInShards(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random,
                                                 int64_t shards) {
  struct Shard {
    at::Tensor loss, weight;  // [], the loss times its weight
    std::vector<at::Tensor> gradients;
  };
  const int64_t rows = batch.packets.front().rows();
  std::vector<Shard> done(static_cast<size_t>(shards));
  std::vector<at::Tensor> weights;
  for (const auto& parameter : parameters_) weights.push_back(parameter.tensor);
  const auto caller = std::this_thread::get_id();  // its shards, one after the other, take as long as the step
  const auto work = [&](int64_t number) {
    const int64_t first = rows * number / shards, count = rows * (number + 1) / shards - first;
    Shard& shard = done[static_cast<size_t>(number)];
    BlockTimer* const timer = std::this_thread::get_id() == caller ? timer_ : nullptr;
    Flow flow(pipeline_.nodes().size());
    const at::Tensor mean =
        lossOf(partOf(batch, first, count), epoch, random.key(static_cast<uint64_t>(number)), flow, timer);
    const Batch& head = flow[pipeline_.heads().front()];
    shard.weight = head.has("loss_weight") ? head["loss_weight"].to(mean.scalar_type())
                                           : at::full({}, static_cast<double>(count), mean.options());
    shard.loss = mean * shard.weight;
    guarded({}, [&] {
      const auto backward = [&] {
        shard.gradients = torch::autograd::grad({shard.loss}, weights, {}, std::nullopt, false, /*allow_unused=*/true);
      };
      if (timer != nullptr && timer->running())
        timer->backward(backward);
      else
        backward();
    });
    shard.loss = shard.loss.detach();
  };
  if (first_) {
    for (int64_t number = 0; number < shards; ++number) work(number);
    first_ = false;
  } else {
    team_->run(shards, work);
  }
  const at::NoGradGuard no_grad;
  Shard& all = done.front();
  for (size_t i = 1; i < done.size(); ++i) all.loss += done[i].loss, all.weight += done[i].weight;
  const at::Tensor divisor = accumulate_ > 1 ? all.weight * static_cast<double>(accumulate_) : all.weight;
  for (size_t i = 0; i < weights.size(); ++i) {
    at::Tensor& sum = all.gradients[i];
    if (!sum.defined()) continue;
    for (size_t k = 1; k < done.size(); ++k) sum += done[k].gradients[i];
    // Laid out as the weight, which the optimizer's kernels take for granted.
    at::Tensor mean = at::empty_like(weights[i]);
    at::div_out(mean, sum, divisor);
    at::Tensor& gradient = weights[i].mutable_grad();
    if (gradient.defined())
      gradient += mean;
    else
      gradient = mean;
  }
  return all.loss / all.weight;
}

// The same for the same step, so that a step that diverged can be looked at once more.
std::optional<BatchMix> GradientStep::mixOf(const LoadedBatch& batch, const KeyedRandom& random) const {
  if (!mix_) return std::nullopt;
  return BatchMix(*mix_, mix_alpha_, batch.packets.front().rows(), random.key("mix"));
}

at::Tensor GradientStep::lossOf(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random, Flow& flow,
                                BlockTimer* timer) const {
  pourIn(pipeline_, batch.packets, device_, flow);
  const Precision precision(precision_, device_);
  std::optional<BatchMix> mixing = mixOf(batch, random);
  BatchMix* const mix = mixing ? &*mixing : nullptr;
  if (timer != nullptr && timer->running())
    timer->forward(flow, random, batch.row_ids, epoch, mix);
  else
    pipeline_.runStage(Stage::Live, flow, true, random, batch.row_ids, epoch, mix);
  at::Tensor loss;
  for (const size_t head : pipeline_.heads()) {
    if (!flow[head].has("loss"))
      throw Error({.block = pipeline_.nodes()[head].plan.id, .port = "target"},
                  "expected a target to learn from, got none", "wire the source's target to it");
    const at::Tensor& one = flow[head]["loss"];
    loss = loss.defined() ? loss + one : one;
  }
  return loss;
}

bool GradientStep::apply(const at::Tensor& loss, double learning_rate) {
  gathered_ = 0;
  const at::NoGradGuard no_grad;
  const at::Tensor& bad = scaler_ ? check_->run(loss, scaler_->inverse()) : check_->run(loss);
  optimizer_->step(learning_rate, bad);
  if (scaler_) scaler_->update(bad);
  if (bad.item<float>() != 0) return false;
  if (ema_) ema_->update();
  return true;
}

void GradientStep::refuse(const LoadedBatch& batch, int64_t epoch, const KeyedRandom& random, const at::Tensor& loss) {
  gathered_ = 0;
  const auto name = [](double v) { return std::isnan(v) ? "NaN" : "Inf"; };
  if (!std::isfinite(loss.item<double>())) {
    // Once more, block by block, to find who made it.
    const at::NoGradGuard no_grad;
    Flow flow(pipeline_.nodes().size());
    pourIn(pipeline_, batch.packets, device_, flow);
    std::optional<BatchMix> mixing = mixOf(batch, random);
    for (size_t i = 0; i < pipeline_.nodes().size(); ++i) {
      const PipelineNode& node = pipeline_.nodes()[i];
      if (node.stage != Stage::Live) continue;
      for (const auto& parameter : node.block->parameters())
        if (!finiteWhereReal(parameter.tensor))
          throw Error({.block = node.plan.id}, "its " + parameter.name + " holds NaN or Inf", kDivergedHint,
                      Fault::Diverged);
      const Precision precision(precision_, device_);
      pipeline_.run(i, flow, true, random, batch.row_ids, epoch, mixing ? &*mixing : nullptr);
      for (const auto& [port, packet] : flow[i].items())
        if (!packet.isTable() && !finiteWhereReal(packet.tensor()))
          throw Error({.block = node.plan.id, .port = port},
                      std::string("the training diverged: this block made the first ") +
                          name(at::sum(packet.tensor()).item<double>()),
                      kDivergedHint, Fault::Diverged);
    }
    throw Error({}, std::string("the training diverged: the loss is ") + name(loss.item<double>()), kDivergedHint,
                Fault::Diverged);
  }
  const GradientCheck::Finding finding = check_->find(loss);
  throw Error({.block = blockOf(finding.name())},
              "the training diverged: the gradient of " + finding.name() + " holds NaN or Inf", kDivergedHint,
              Fault::Diverged);
}

State GradientStep::state() const {
  State out;
  addState(out, "optimizer/", optimizer_->state());
  if (ema_) addState(out, "ema/", ema_->state());
  if (scaler_) addState(out, "scaler/", scaler_->state());
  out.values.set("gathered", gathered_);
  out.values.set("parts", parts_);
  if (gathered_ > 0) {
    for (const auto& parameter : parameters_)
      if (parameter.tensor.grad().defined()) out.tensors.emplace("gradient/" + parameter.name, parameter.tensor.grad());
  }
  return out;
}

// Those of batches that have been gathered for a step that is still to come.
void GradientStep::loadGradients(const State& state) {
  const State gradients = stateUnder(state, "gradient/");
  for (auto& parameter : parameters_)
    if (const auto it = gradients.tensors.find(parameter.name); it != gradients.tensors.end())
      parameter.tensor.mutable_grad() = it->second.to(parameter.tensor.device()).clone();
}

void GradientStep::loadState(const State& state) {
  optimizer_->loadState(stateUnder(state, "optimizer/"));
  if (ema_) ema_->loadState(stateUnder(state, "ema/"));
  if (scaler_) scaler_->loadState(stateUnder(state, "scaler/"));
  gathered_ = stateValue(state, "gathered").as<int64_t>();
  parts_ = stateValue(state, "parts").as<int64_t>();
  loadGradients(state);
}

void GradientStep::branchFrom(const State& state, bool same_optimizer, bool same_rows) {
  const auto overlaid = [](State own, const State& saved) {
    for (auto& [name, tensor] : own.tensors)
      if (const auto it = saved.tensors.find(name); it != saved.tensors.end()) tensor = it->second;
    for (const auto& [name, value] : saved.values.items()) own.values.set(name, value);
    return own;
  };
  if (same_optimizer) optimizer_->loadState(overlaid(optimizer_->state(), stateUnder(state, "optimizer/")));
  if (ema_) {
    ema_ = std::make_unique<Ema>(ema_decay_, parameters_);  // from the weights of the checkpoint on
    if (const State saved = stateUnder(state, "ema/"); !saved.tensors.empty())
      ema_->loadState(overlaid(ema_->state(), saved));
  }
  if (const State saved = stateUnder(state, "scaler/"); scaler_ && !saved.tensors.empty()) scaler_->loadState(saved);
  if (!same_rows) return;
  gathered_ = stateValue(state, "gathered").as<int64_t>();
  loadGradients(state);
}

}  // namespace blockyard
