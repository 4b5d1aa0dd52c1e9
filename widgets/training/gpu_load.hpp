// GpuLoad: how busy the GPUs are, from the library that NVIDIA's driver brings (NVML). It is looked for when the
// program runs, so that nothing of it is needed where there is no GPU. For one thread at a time; opening may take a
// second, reading some milliseconds: not for the GUI thread.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace blockyard {

struct GpuReading {
  std::string name{};
  double busy = 0;                            // share of the last moment in which it computed, 0 to 1
  int64_t memory_used = 0, memory_total = 0;  // bytes, of all processes
};

class GpuLoad {
 public:
  explicit GpuLoad(const char* library = "libnvidia-ml.so.1");
  ~GpuLoad();
  GpuLoad(const GpuLoad&) = delete;
  GpuLoad& operator=(const GpuLoad&) = delete;

  // Why there is nothing to read, in one line; empty if there is a GPU.
  const std::string& absence() const { return absence_; }
  // One per GPU, in the driver's order; what the driver does not tell stays 0.
  std::vector<GpuReading> read() const;

 private:
  void open(const char* library);

  void* library_ = nullptr;
  std::vector<void*> devices_{};
  std::string absence_{};
};

}  // namespace blockyard
