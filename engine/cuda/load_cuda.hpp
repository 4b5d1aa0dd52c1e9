// Brings LibTorch's CUDA half into the process, at run time and only where there is a GPU: loaded for nothing it costs
// 0.6 s and 230 MB.
#pragma once
#include <string>

#include "base/gpu_driver.hpp"
#include "cuda/cuda_plugin.hpp"

namespace blockyard {

struct LoadedCuda {
  GpuDriver driver{};
  FoundPlugin plugin{};
  std::string problem{};  // why no GPU can be used; empty if one can
  std::string hint{};     // what to do about it

  bool usable() const { return problem.empty(); }
};

// Loads at the first call, then always answers the same. LibTorch looks for its CUDA half once, at the first tensor
// that is learned from: a program that wants a GPU at any time calls this before. Any thread. Sets what makes a GPU
// give the same bits twice: cuBLAS's workspace, cuDNN without trials, deterministic algorithms.
const LoadedCuda& loadCuda();

// The folder of the library of that name which is in the process, empty if none is.
std::string folderOfLoaded(const char* library);

}  // namespace blockyard
