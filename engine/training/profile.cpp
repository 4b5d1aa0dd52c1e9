#include "training/profile.hpp"

#include <torch/csrc/autograd/autograd.h>

#include <chrono>

#include "training/device_feeder.hpp"
#include "training/trainer.hpp"

namespace blockyard {
namespace {

constexpr int64_t kUncounted = 2;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::nth_element(values.begin(), values.begin() + static_cast<int64_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

// Times in ms, one per step; on a GPU the queue is emptied before the clock is read.
class Clock {
 public:
  explicit Clock(at::Device device) : device_(device) {}
  double lap() {
    if (device_.is_cuda()) at::detail::getCUDAHooks().deviceSynchronize(device_.index());
    const auto now = std::chrono::steady_clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now - last_).count();
    last_ = now;
    return ms;
  }

 private:
  at::Device device_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// One block's pass: its inputs as leaves of a graph of their own, so that its backward can be run and timed alone.
struct Segment {
  struct Leaf {
    size_t from = 0;
    std::string port{};
    at::Tensor tensor{};
  };
  std::vector<Leaf> leaves{};
};

class Profiler {
 public:
  Profiler(Trainer& trainer, const Values& training)
      : trainer_(trainer),
        pipeline_(trainer.pipeline()),
        parameters_(pipeline_.parameters()),
        optimizer_(training, parameters_),
        check_(parameters_),
        precision_(training.text("precision")),
        rate_(training.number("learning_rate")),
        forward_(pipeline_.nodes().size()),
        backward_(pipeline_.nodes().size()),
        outputs_(pipeline_.nodes().size()) {}

  void step(Loader& loader, int64_t index, bool counted) {
    Clock whole(trainer_.device()), clock(trainer_.device());
    const auto batch = loader.next();
    const double waited = clock.lap();
    Flow flow(pipeline_.nodes().size());
    pourIn(pipeline_, batch->packets, trainer_.device(), flow);
    const double copied = clock.lap();
    optimizer_.clearGradients();
    std::vector<Segment> segments(pipeline_.nodes().size());
    std::vector<double> forward(segments.size()), backward(segments.size());
    const KeyedRandom random = KeyedRandom(0).key(static_cast<uint64_t>(index));
    for (size_t i = 0; i < segments.size(); ++i) {
      if (pipeline_.nodes()[i].stage != Stage::Live) continue;
      runForward(i, flow, segments[i], random, batch->row_ids);
      forward[i] = clock.lap();
    }
    std::map<std::pair<size_t, std::string>, at::Tensor> gradients;
    for (size_t i = segments.size(); i-- > 0;) {
      if (pipeline_.nodes()[i].stage != Stage::Live) continue;
      runBackward(i, flow, segments[i], gradients);
      backward[i] = clock.lap();
    }
    optimizer_.step(rate_, check_.run(flow[pipeline_.heads().front()]["loss"].detach()));
    const double stepped = clock.lap();
    if (!counted) return;
    loader_.push_back(waited), copy_.push_back(copied), optimizer_ms_.push_back(stepped), step_.push_back(whole.lap());
    for (size_t i = 0; i < segments.size(); ++i) forward_[i].push_back(forward[i]), backward_[i].push_back(backward[i]);
  }

  Profile result() const {
    Profile out{.loader_ms = median(loader_),
                .copy_ms = median(copy_),
                .optimizer_ms = median(optimizer_ms_),
                .step_ms = median(step_)};
    out.other_ms = out.step_ms - out.loader_ms - out.copy_ms - out.optimizer_ms;
    for (size_t i = 0; i < pipeline_.nodes().size(); ++i) {
      const PipelineNode& node = pipeline_.nodes()[i];
      if (node.stage != Stage::Live) continue;
      ProfileRow row = outputs_[i];
      row.block = node.plan.id, row.type = node.plan.type;
      row.forward_ms = median(forward_[i]), row.backward_ms = median(backward_[i]);
      for (const auto& parameter : node.block->parameters()) row.parameters += parameter.tensor.numel();
      out.other_ms -= row.forward_ms + row.backward_ms;
      out.rows.push_back(std::move(row));
    }
    out.steps = static_cast<int64_t>(step_.size());
    out.device = trainer_.device().str();
    return out;
  }

 private:
  void runForward(size_t i, Flow& flow, Segment& segment, const KeyedRandom& random, const at::Tensor& row_ids) {
    // The inputs are swapped for leaves while the block runs.
    std::vector<std::pair<const PlanInput*, Packet>> originals;
    for (const auto& input : pipeline_.nodes()[i].plan.inputs) {
      if (!flow[input.from].has(input.port)) continue;
      const Packet packet = flow[input.from].packet(input.port);
      if (packet.isTable() || !packet.tensor().requires_grad()) continue;
      const at::Tensor leaf = packet.tensor().detach().requires_grad_();
      segment.leaves.push_back({input.from, input.port, leaf});
      originals.emplace_back(&input, packet);
      flow[input.from].set(input.port, Packet(leaf, packet.sharedMeaning()));
    }
    {
      const Precision precision(precision_, trainer_.device());
      pipeline_.run(i, flow, true, random, row_ids);
    }
    for (const auto& [input, packet] : originals) flow[input->from].set(input->port, packet);
    describe(i, flow[i]);
  }

  void describe(size_t i, const Batch& out) {
    ProfileRow& row = outputs_[i];
    row.output_bytes = 0;
    for (const auto& port : pipeline_.nodes()[i].type->schema.outputs) {
      if (!out.has(port.name) || out.packet(port.name).isTable()) continue;
      const at::Tensor& tensor = out[port.name];
      row.output_bytes += static_cast<int64_t>(tensor.nbytes());
      Signature signature{.shape = {}};
      for (const int64_t size : tensor.sizes()) signature.shape.emplace_back(size);
      row.output = textOf(signature.shape);
    }
  }

  void runBackward(size_t i, const Flow& flow, Segment& segment,
                   std::map<std::pair<size_t, std::string>, at::Tensor>& gradients) const {
    std::vector<at::Tensor> tensors, toward;
    for (const auto& [port, packet] : flow[i].items()) {
      if (packet.isTable() || !packet.tensor().requires_grad()) continue;
      const auto gradient = gradients.find({i, port});
      const bool loss = pipeline_.nodes()[i].isHead() && port == "loss";
      if (gradient == gradients.end() && !loss) continue;
      tensors.push_back(packet.tensor());
      toward.push_back(loss ? at::ones_like(packet.tensor()) : gradient->second);
    }
    if (tensors.empty()) return;
    guarded({.block = pipeline_.nodes()[i].plan.id}, [&] { torch::autograd::backward(tensors, toward); });
    for (const auto& leaf : segment.leaves) {
      if (!leaf.tensor.grad().defined()) continue;
      at::Tensor& sum = gradients[{leaf.from, leaf.port}];
      sum = sum.defined() ? sum + leaf.tensor.grad() : leaf.tensor.grad();
    }
  }

  Trainer& trainer_;
  Pipeline& pipeline_;
  std::vector<NamedTensor> parameters_;
  Optimizer optimizer_;
  GradientCheck check_;
  std::string precision_;
  double rate_;
  std::vector<double> loader_, copy_, optimizer_ms_, step_;
  std::vector<std::vector<double>> forward_, backward_;
  std::vector<ProfileRow> outputs_;
};

}  // namespace

Profile profile(const Plan& plan, int64_t steps, const std::atomic<bool>* stop) {
  TrainerHooks hooks;
  hooks.stop = stop;
  Trainer trainer(plan, hooks);
  Clock clock(at::kCPU);
  trainer.prepareData();
  const double prepared = clock.lap() / 1000;
  const int64_t rows = trainer.rowsPerEpoch(), batch_size = std::min(plan.training.integer("batch_size"), rows);
  Profiler profiler(trainer, plan.training);
  int64_t done = 0;
  for (int64_t epoch = 0; done < steps + kUncounted; ++epoch) {
    const auto loader = trainer.openEpoch(epoch, 0, rows / batch_size);  // full batches alone
    for (int64_t b = 0; b < loader->batches() && done < steps + kUncounted; ++b, ++done) {
      if (stop != nullptr && *stop) throw Error({}, "stopped while profiling", {}, Fault::TryAgain);
      profiler.step(*loader, done, done >= kUncounted);
    }
  }
  Profile out = profiler.result();
  out.prepare_seconds = prepared, out.batch_size = batch_size;
  return out;
}

}  // namespace blockyard
