#include "training/devices.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "cuda/load_cuda.hpp"

namespace blockyard {
namespace {

// Values in [-1, 1] that are the same everywhere and repeat nowhere soon.
at::Tensor waves(at::IntArrayRef sizes, double pace) {
  int64_t count = 1;
  for (const int64_t size : sizes) count *= size;
  return at::arange(count, at::kDouble).mul(pace).sin().reshape(sizes).to(at::kFloat);
}

// `work` gets its inputs on the device in float32, and for the reference on the CPU in double precision.
DeviceCheck checked(const std::string& name, at::Device device, const std::vector<at::Tensor>& inputs, double tolerance,
                    const std::function<at::Tensor(const std::vector<at::Tensor>&)>& work) {
  DeviceCheck out{.name = name, .tolerance = tolerance};
  const auto brought = [&](at::Device to, at::ScalarType type) {
    std::vector<at::Tensor> tensors;
    for (const auto& tensor : inputs) tensors.push_back(tensor.to(to, type));
    return tensors;
  };
  try {
    const at::Tensor expected = work(brought(at::kCPU, at::kDouble));
    const auto arguments = brought(device, at::kFloat);
    double fastest = 0;
    for (int i = 0; i < 3; ++i) {
      const double start = steadySeconds();
      const at::Tensor got = work(arguments).cpu().to(at::kDouble);  // to the CPU, so that a GPU has come to its end
      const double seconds = steadySeconds() - start;
      fastest = i == 0 ? seconds : std::min(fastest, seconds);
      const double deviation = ((got - expected).abs().max() / expected.abs().max()).item<double>();
      out.deviation = i == 0 || !(deviation <= out.deviation) ? deviation : out.deviation;
    }
    out.milliseconds = 1000 * fastest;
  } catch (const std::exception& error) {
    const std::string text = error.what();
    out.problem = text.substr(0, text.find('\n'));
  }
  return out;
}

// The pictures of the third check go the way of every picture: bytes to float32, by the plug-in's kernel on a GPU.
at::Tensor pictures(const at::Tensor& bytes) {
  const ImageScaling scaling{.factor = at::tensor({0.01F, 0.02F, 0.03F}),
                             .offset = at::tensor({-1.0F, 0.5F, 0.0F}),
                             .layout = at::MemoryFormat::ChannelsLast};
  return imageToFloat(bytes.to(at::kByte), scaling);
}

std::vector<DeviceCheck> checks(at::Device device) {
  const at::NoGradGuard no_grad;
  at::Context& context = at::globalContext();
  const bool allowed = context.allowTF32CuDNN();
  context.setAllowTF32CuDNN(false);
  std::vector<DeviceCheck> out;
  out.push_back(checked("matrix product", device, {waves({192, 256}, 0.7), waves({256, 160}, 0.3)}, 1e-5,
                        [](const auto& in) { return at::matmul(in[0], in[1]); }));
  out.push_back(checked("convolution", device, {waves({8, 3, 32, 32}, 0.7), waves({16, 3, 3, 3}, 0.3)}, 1e-5,
                        [](const auto& in) { return at::conv2d(in[0], in[1], {}, 1, 1); }));
  out.push_back(checked("pictures", device, {waves({4, 3, 28, 28}, 0.7).mul(127).add(128).floor()}, 1e-6,
                        [](const auto& in) { return pictures(in[0]); }));
  context.setAllowTF32CuDNN(allowed);
  return out;
}

std::string processorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "CPU";
}

const char* yesOrNo(bool value) {
  return value ? "yes" : "no";
}

DeviceReport examineCpu() {
  DeviceReport out{.id = "cpu", .name = processorName()};
  out.memory = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGE_SIZE);
  out.facts = {{"instructions", at::get_cpu_capability()},
               {"processors", std::to_string(std::thread::hardware_concurrency())},
               {"threads", std::to_string(at::get_num_threads())},
               {"oneDNN", yesOrNo(at::hasMKLDNN())},
               {"MKL", yesOrNo(at::hasMKL())}};
  out.checks = checks(at::kCPU);
  return out;
}

std::string libraryVersion(long version) {
  return std::to_string(version / 10000) + "." + std::to_string(version % 10000 / 100) + "." +
         std::to_string(version % 100);
}

DeviceReport examineGpu(const LoadedCuda& cuda, size_t index) {
  const Gpu& gpu = cuda.driver.gpus[index];
  DeviceReport out{.id = "cuda:" + std::to_string(index), .name = gpu.name, .memory = gpu.memory};
  const auto& hooks = at::detail::getCUDAHooks();
  out.facts = {{"compute capability", std::to_string(gpu.major) + "." + std::to_string(gpu.minor)},
               {"driver", "CUDA " + cudaVersionText(cuda.driver.version)},
               {"runtime", "CUDA " + cudaVersionText(static_cast<int>(hooks.versionCUDART()))},
               {"cuDNN", hooks.hasCuDNN() ? libraryVersion(hooks.versionRuntimeCuDNN()) : "no"},
               {"plug-in", cuda.plugin.table != nullptr ? "loaded" : cuda.plugin.problem}};
  out.checks = checks({at::kCUDA, static_cast<c10::DeviceIndex>(index)});
  return out;
}

int64_t indexOf(const std::string& name) {
  if (name == "cuda") return 0;
  int64_t index = -1;
  if (name.starts_with("cuda:")) {
    const char* last = name.data() + name.size();
    const auto [end, code] = std::from_chars(name.data() + 5, last, index);
    if (code != std::errc() || end != last) index = -1;
  }
  if (index < 0)
    throw Error({.parameter = "training.device"}, "expected auto, cpu, cuda or cuda:N, got \"" + name + "\"");
  return index;
}

}  // namespace

bool DeviceReport::ok() const {
  return problem.empty() && std::all_of(checks.begin(), checks.end(), [](const auto& check) { return check.ok(); });
}

c10::Device deviceNamed(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  if (name == "auto") return loadCuda().usable() ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  const int64_t index = indexOf(name);
  const LoadedCuda& cuda = loadCuda();
  if (!cuda.usable())
    throw Error({.parameter = "training.device"}, "expected a GPU for \"" + name + "\", but " + cuda.problem, cuda.hint,
                Fault::NoDevice);
  const auto found = static_cast<int64_t>(cuda.driver.gpus.size());
  if (index >= found)
    throw Error({.parameter = "training.device"},
                "expected a GPU for \"" + name + "\", found " + std::to_string(found) + " (numbers start at 0)",
                "see \"blockyard doctor\"", Fault::NoDevice);
  return {at::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

std::string gpuLeftUnused() {
  const LoadedCuda& cuda = loadCuda();
  if (cuda.usable() || cuda.driver.gpus.empty()) return {};
  return cuda.problem + (cuda.hint.empty() ? "" : " (" + cuda.hint + ")");
}

std::vector<DeviceReport> examineDevices() {
  const LoadedCuda& cuda = loadCuda();
  std::vector<DeviceReport> out{examineCpu()};
  if (!cuda.usable()) {
    DeviceReport report{.id = "cuda", .problem = cuda.problem};
    report.missing = cuda.driver.gpus.empty();
    if (!report.missing) report.name = cuda.driver.gpus.front().name, report.hint = cuda.hint;
    out.push_back(std::move(report));
    return out;
  }
  for (size_t i = 0; i < cuda.driver.gpus.size(); ++i) out.push_back(examineGpu(cuda, i));
  return out;
}

}  // namespace blockyard
