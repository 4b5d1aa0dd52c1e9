// What NVIDIA's driver says about this machine, asked through dlsym, so that nothing of CUDA is linked or loaded on a
// machine without a GPU. Any thread; asking is cheap where there is no driver, and takes some 100 ms where there is
// one.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace blockyard {

struct Gpu {
  std::string name{};
  int64_t memory = 0;  // bytes
  int major = 0;       // compute capability
  int minor = 0;
};

struct GpuDriver {
  std::vector<Gpu> gpus{};  // in the driver's order; CUDA_VISIBLE_DEVICES has its say
  int version = 0;          // newest CUDA it can run: 13000 is 13.0; 0 without a driver
  std::string problem{};    // why there is no GPU; empty if there is one
};

// `signs` are files of which one exists where a driver runs; without them `library` is not even looked for.
GpuDriver askDriver(const std::vector<std::string>& signs = {"/dev/nvidiactl", "/dev/dxg"},
                    const std::string& library = "libcuda.so.1");

// "13.0" for 13000.
std::string cudaVersionText(int version);

}  // namespace blockyard
