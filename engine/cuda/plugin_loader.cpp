#include <dlfcn.h>

#include <filesystem>

#include "cuda/cuda_plugin.hpp"

namespace blockyard {

FoundPlugin findCudaPlugin() {
  constexpr const char* kFile = "libblockyard-cuda.so";
  std::error_code none;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none).parent_path();
  for (const auto& folder : {program / ".." / "lib", program, program / ".." / "lib" / "blockyard"}) {
    const auto file = folder / kFile;
    if (!std::filesystem::exists(file, none)) continue;
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return {nullptr, dlerror()};
    const auto entry = reinterpret_cast<CudaPluginEntry>(dlsym(library, kCudaPluginEntry));
    const CudaPlugin* table = entry == nullptr ? nullptr : entry();
    if (table == nullptr || table->version != kCudaPluginVersion)
      return {nullptr, std::filesystem::weakly_canonical(file, none).string() + " belongs to another build"};
    return {table, {}};
  }
  return {nullptr, "not in this build"};
}

}  // namespace blockyard
