#include "cuda/load_cuda.hpp"

#include <ATen/Context.h>
#include <dlfcn.h>
#include <link.h>

#include <cstdlib>

namespace blockyard {
namespace {

// What the pinned LibTorch was built with. Within one major number any driver of the same number does.
constexpr int kNeededCuda = 13000;
constexpr const char* kNeededDriver = "580";

// Libraries that LibTorch's CUDA half needs come with PyTorch itself, and through setup for the pinned LibTorch.
constexpr const char* kInstallHint =
    "\"packaging/setup --cuda\" brings them; a PyTorch installed by pip has them already";

void openTorchCuda(LoadedCuda& out) {
  const std::string folder = folderOfLoaded("libtorch_cpu.so");
  for (const char* name : {"libc10_cuda.so", "libtorch_cuda.so"}) {
    if (dlopen((folder + "/" + name).c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) continue;
    const char* reason = dlerror();
    out.problem = std::string("a GPU was found, but LibTorch's CUDA libraries could not be kLoaded: ") + reason;
    out.hint = kInstallHint;
    return;
  }
}

void makeRepeatable() {
  at::Context& context = at::globalContext();
  context.setBenchmarkCuDNN(false);
  context.setDeterministicCuDNN(true);
  // An operator without a deterministic form warns and runs: refusing it would refuse common networks.
  context.setDeterministicAlgorithms(true, /*warn_only=*/true);
  // The same switch would fill every new tensor with NaN, which only costs time: nothing of ours reads unset memory.
  context.setDeterministicFillUninitializedMemory(false);
}

LoadedCuda load() {
  LoadedCuda out{.driver = askDriver()};
  out.plugin.problem = "not kLoaded, as there is no GPU to use";
  if (!out.driver.problem.empty()) {
    out.problem = out.driver.problem;
    out.hint = "use --device cpu, or see \"blockyard doctor\"";
    return out;
  }
  if (out.driver.version < kNeededCuda) {
    out.problem = "the NVIDIA driver runs CUDA " + cudaVersionText(out.driver.version) + ", and " +
                  cudaVersionText(kNeededCuda) + " is needed";
    out.hint = std::string("install driver ") + kNeededDriver + " or newer, or use --device cpu";
    return out;
  }
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);  // cuBLAS reads it when it is first used
  openTorchCuda(out);
  if (!out.problem.empty()) return out;
  if (!at::hasCUDA()) {
    out.problem = "LibTorch does not see the GPU: it had been in use before its CUDA half was kLoaded";
    out.hint = "start the program again with this device from the beginning";
    return out;
  }
  makeRepeatable();
  out.plugin = findCudaPlugin();
  if (out.plugin.table != nullptr) setCudaImageToFloat(out.plugin.table->image_to_float);
  return out;
}

}  // namespace

const LoadedCuda& loadCuda() {
  static const LoadedCuda kLoaded = load();
  return kLoaded;
}

std::string folderOfLoaded(const char* library) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_NOLOAD);
  if (handle == nullptr) return {};
  link_map* map = nullptr;
  dlinfo(handle, RTLD_DI_LINKMAP, &map);
  const std::string path = map == nullptr ? "" : map->l_name;
  dlclose(handle);
  return path.substr(0, path.rfind('/'));
}

}  // namespace blockyard
