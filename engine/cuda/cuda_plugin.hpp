// The CUDA plug-in as the engine sees it: a table of functions, found by dlsym in libblockyard-cuda.so. A build without
// it, or a machine without a GPU, has no table, and nobody asks why: LibTorch's own operators do the same, slower.
#pragma once
#include <memory>
#include <string>

#include "blocks/image_kernel.hpp"
#include "cuda/copy_lane.hpp"

namespace blockyard {

// Goes up when the table changes, so that a plug-in of another build is not taken.
constexpr int kCudaPluginVersion = 1;

struct CudaPlugin {
  int version = 0;
  ImageToFloat image_to_float = nullptr;
  std::unique_ptr<CopyLane> (*make_lane)(at::Device device) = nullptr;
};

// The one symbol of the plug-in: extern "C" const CudaPlugin* blockyardCudaPlugin().
using CudaPluginEntry = const CudaPlugin* (*)();
constexpr const char* kCudaPluginEntry = "blockyardCudaPlugin";

struct FoundPlugin {
  const CudaPlugin* table = nullptr;
  std::string problem{};  // why there is none
};

// Loads the plug-in from beside the program or its lib/ folder. libtorch_cuda has been loaded before.
FoundPlugin findCudaPlugin();

}  // namespace blockyard
