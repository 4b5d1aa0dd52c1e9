#include "widgets/training/gpu_load.hpp"

#include <dlfcn.h>

namespace blockyard {
namespace {

// As nvml.h declares them; an answer of 0 is success.
struct Utilization {
  unsigned gpu = 0, memory = 0;  // percent
};
struct Memory {
  unsigned long long total = 0, free = 0, used = 0;
};
constexpr unsigned kNameSize = 96;

template <class... Arguments>
int call(void* library, const char* name, Arguments... arguments) {
  constexpr int kMissing = -1;
  const auto function = reinterpret_cast<int (*)(Arguments...)>(::dlsym(library, name));
  return function == nullptr ? kMissing : function(arguments...);
}

}  // namespace

GpuLoad::GpuLoad(const char* library) {
  open(library);
}

GpuLoad::~GpuLoad() {
  if (library_ == nullptr) return;
  call(library_, "nvmlShutdown");
  ::dlclose(library_);
}

void GpuLoad::open(const char* library) {
  library_ = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (library_ == nullptr) {
    absence_ = "no NVIDIA driver on this machine";
    return;
  }
  unsigned count = 0;
  if (call(library_, "nvmlInit_v2") != 0 || call(library_, "nvmlDeviceGetCount_v2", &count) != 0) {
    absence_ = "the NVIDIA driver does not answer";
    return;
  }
  for (unsigned i = 0; i < count; ++i)
    if (void* device = nullptr; call(library_, "nvmlDeviceGetHandleByIndex_v2", i, &device) == 0)
      devices_.push_back(device);
  if (devices_.empty()) absence_ = "no GPU that the NVIDIA driver knows";
}

std::vector<GpuReading> GpuLoad::read() const {
  std::vector<GpuReading> out;
  for (void* device : devices_) {
    GpuReading reading;
    char name[kNameSize] = {};
    if (call(library_, "nvmlDeviceGetName", device, &name[0], kNameSize - 1) == 0) reading.name = name;
    if (Utilization busy; call(library_, "nvmlDeviceGetUtilizationRates", device, &busy) == 0)
      reading.busy = busy.gpu / 100.0;
    if (Memory memory; call(library_, "nvmlDeviceGetMemoryInfo", device, &memory) == 0)
      reading.memory_used = static_cast<int64_t>(memory.used),
      reading.memory_total = static_cast<int64_t>(memory.total);
    out.push_back(std::move(reading));
  }
  return out;
}

}  // namespace blockyard
