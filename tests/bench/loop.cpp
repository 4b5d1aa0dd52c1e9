// The compute loop alone, without any data path: what LibTorch can do at most, and which setting makes it fast.
// One JSON line per call. W1: a small convolutional network on 28 x 28 pictures, batches of 128. W2: an MLP
// 28-256-256-1, batches of 1,024. W7: an MLP 8-64-3, batches of 32. All with fused Adam through the engine's Optimizer.
//   bench_loop w1 --allocator caching --seconds 5
// Options, the first value is the default: --allocator malloc|tuned|caching|both  --layout channels_last|contiguous
//   --relu inplace|new  --pool max|indices  --order relu_pool|pool_relu
//   --gradients none|zero  --denormals keep|flush  --check off|on
//   --onednn on|off  --optimizer engine|bare  --threads 2
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>

#include "graph/training_settings.hpp"
#include "training/cpu_allocator.hpp"
#include "training/gradients.hpp"
#include "training/optimizer.hpp"

using namespace blockyard;

namespace {

using Options = std::map<std::string, std::string>;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Network {
  std::vector<NamedTensor> parameters{};
  std::function<at::Tensor()> loss{};
  int rows = 0;

  at::Tensor weight(at::IntArrayRef shape, at::MemoryFormat format = at::MemoryFormat::Contiguous) {
    const double bound = 1 / std::sqrt(static_cast<double>(c10::multiply_integers(shape.slice(1))));
    return add(((at::rand(shape) * 2 - 1) * bound).contiguous(format));
  }
  at::Tensor bias(int64_t size) { return add(at::zeros({size})); }
  at::Tensor add(at::Tensor tensor) {
    tensor.set_requires_grad(true);
    parameters.push_back({"p" + std::to_string(parameters.size()), tensor});
    return tensor;
  }
};

Network convolutional(const Options& options) {
  Network net{.rows = 128};
  const bool last = options.at("layout") == "channels_last", inplace = options.at("relu") == "inplace";
  const bool indices = options.at("pool") == "indices", pool_first = options.at("order") == "pool_relu";
  const auto format = last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
  const auto c1 = net.weight({32, 1, 3, 3}, format), b1 = net.bias(32), c2 = net.weight({64, 32, 3, 3}, format),
             b2 = net.bias(64), w1 = net.weight({128, 9216}), d1 = net.bias(128), w2 = net.weight({10, 128}),
             d2 = net.bias(10);
  const auto x = at::rand({128, 1, 28, 28}).contiguous(format), y = at::randint(10, {128}, at::kLong);
  net.loss = [=] {
    const auto relu = [&](at::Tensor t) { return inplace ? at::relu_(t) : at::relu(t); };
    const auto pool = [&](const at::Tensor& t) {
      return indices ? std::get<0>(at::max_pool2d_with_indices(t, 2)) : at::max_pool2d(t, 2);
    };
    auto h = at::conv2d(relu(at::conv2d(x, c1, b1)), c2, b2);
    h = pool_first ? relu(pool(h)) : pool(relu(h));
    return at::cross_entropy_loss(at::linear(relu(at::linear(h.flatten(1), w1, d1)), w2, d2), y);
  };
  return net;
}

Network mlp(const Options& options, int64_t rows, std::vector<int64_t> sizes) {
  Network net{.rows = static_cast<int>(rows)};
  std::vector<std::pair<at::Tensor, at::Tensor>> layers;
  for (size_t i = 1; i < sizes.size(); ++i)
    layers.emplace_back(net.weight({sizes[i], sizes[i - 1]}), net.bias(sizes[i]));
  const auto x = at::randn({rows, sizes.front()}), y = at::randint(2, {rows, sizes.back()}).to(at::kFloat);
  const bool inplace = options.at("relu") == "inplace";
  net.loss = [=] {
    at::Tensor h = x;
    for (size_t i = 0; i < layers.size(); ++i) {
      h = at::linear(h, layers[i].first, layers[i].second);
      if (i + 1 < layers.size()) h = inplace ? at::relu_(h) : at::relu(h);
    }
    return at::binary_cross_entropy_with_logits(h, y);
  };
  return net;
}

// Fused Adam with nothing around it, to see what the engine's Optimizer adds.
class Bare {
 public:
  explicit Bare(const std::vector<NamedTensor>& parameters) {
    for (const auto& [_, tensor] : parameters) {
      weights_.push_back(tensor);
      first_.push_back(at::zeros_like(tensor.detach()));
      second_.push_back(at::zeros_like(tensor.detach()));
      steps_.push_back(at::zeros({}));
    }
  }
  void step() {
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients;
    for (auto& weight : weights_) gradients.push_back(weight.grad());
    for (auto& count : steps_) count.add_(1);
    at::_fused_adam_(weights_, gradients, first_, second_, {}, steps_, 1e-3, 0.9, 0.999, 0, 1e-8, false, false);
  }

 private:
  std::vector<at::Tensor> weights_{}, first_{}, second_{}, steps_{};
};

long peakKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM")) return std::atol(line.c_str() + 6);
  return 0;
}

void measure(Network& net, const Options& options) {
  Values values = completeValues(trainingParams(), {});
  values.set("optimizer", "adam");
  Optimizer optimizer(values, net.parameters);
  GradientCheck check(net.parameters);
  Bare bare(net.parameters);
  const bool zero = options.at("gradients") == "zero", checked = options.at("check") == "on";
  const bool is_bare = options.at("optimizer") == "bare";
  const auto step = [&] {
    if (!zero) optimizer.clearGradients();
    if (zero)
      for (auto& [_, tensor] : net.parameters)
        if (tensor.grad().defined()) tensor.mutable_grad().zero_();
    const at::Tensor loss = net.loss();
    loss.backward();
    const at::Tensor bad = checked ? check.run(loss) : at::Tensor();
    if (is_bare)
      bare.step();
    else
      optimizer.step(1e-3, bad);
  };
  for (int i = 0; i < 12; ++i) step();
  std::vector<double> times;
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const int64_t fetched = cpuMemoryUse().fetched;
  for (const double end = now() + std::stod(options.at("seconds")); now() < end;) {
    const double start = now();
    step();
    times.push_back(now() - start);
  }
  getrusage(RUSAGE_SELF, &after);
  std::sort(times.begin(), times.end());
  const auto at_share = [&](double share) {
    return times[static_cast<size_t>(share * static_cast<double>(times.size() - 1))];
  };
  const MemoryUse use = cpuMemoryUse();
  std::printf(
      "{\"rows_per_s\": %.0f, \"ms_median\": %.3f, \"ms_p10\": %.3f, \"steps\": %zu, \"faults_per_step\": %.1f, "
      "\"peak_rss_mb\": %.1f, \"tensors_peak_mb\": %.1f, \"cached_mb\": %.1f, \"fetched_per_step\": %.3f, \"loss\": "
      "%.5f}\n",
      net.rows / at_share(0.5), at_share(0.5) * 1e3, at_share(0.1) * 1e3, times.size(),
      static_cast<double>(after.ru_minflt - before.ru_minflt) / static_cast<double>(times.size()),
      static_cast<double>(peakKilobytes()) / 1024, static_cast<double>(use.peak) / 1048576.0,
      static_cast<double>(use.cached) / 1048576.0,
      static_cast<double>(use.fetched - fetched) / static_cast<double>(times.size()), net.loss().item<double>());
}

}  // namespace

int main(int argc, char** argv) {
  Options options = {{"allocator", "malloc"}, {"layout", "channels_last"}, {"relu", "inplace"},   {"pool", "max"},
                     {"order", "relu_pool"},  {"gradients", "none"},       {"denormals", "keep"}, {"check", "off"},
                     {"onednn", "on"},        {"optimizer", "engine"},     {"threads", "2"},      {"seconds", "5"}};
  const std::string part = argc > 1 ? argv[1] : "";
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string name = std::string(argv[i]).substr(std::min<size_t>(2, std::string(argv[i]).size()));
    if (options.count(name) == 0) return std::fprintf(stderr, "unknown option %s\n", argv[i]), 2;
    options[name] = argv[i + 1];
  }
  const std::string& allocator = options["allocator"];
  if (allocator == "tuned" || allocator == "both") tuneMalloc();
  if (allocator == "caching" || allocator == "both") installCpuAllocator();
  if (options["denormals"] == "flush") at::globalContext().setFlushDenormal(true);
  if (options["onednn"] == "off") at::globalContext().setUserEnabledMkldnn(false);
  at::set_num_threads(std::stoi(options["threads"]));
  at::manual_seed(0);
  if (part != "w1" && part != "w2" && part != "w7") return std::fprintf(stderr, "expected w1, w2 or w7\n"), 2;
  Network net = part == "w1"   ? convolutional(options)
                : part == "w2" ? mlp(options, 1024, {28, 256, 256, 1})
                               : mlp(options, 32, {8, 64, 3});
  measure(net, options);
  return 0;
}
