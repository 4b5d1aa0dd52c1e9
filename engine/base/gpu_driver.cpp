#include "base/gpu_driver.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>

namespace blockyard {
namespace {

// The few calls of the driver that are needed, with the numbers of its cuda.h.
constexpr int kSuccess = 0;
constexpr int kNoDevice = 100;
constexpr int kCapabilityMajor = 75;
constexpr int kCapabilityMinor = 76;

class Library {
 public:
  explicit Library(const std::string& name) : handle_(dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) {}

  bool found() const { return handle_ != nullptr; }
  // 0, or the driver's error; a call that is not there counts as an error of its own.
  template <class... Arguments>
  int call(const char* name, Arguments... arguments) const {
    auto* function = reinterpret_cast<int (*)(Arguments...)>(dlsym(handle_, name));
    return function == nullptr ? -1 : function(arguments...);
  }

 private:
  void* handle_;  // stays open: the driver keeps threads and cannot be unloaded
};

Gpu gpuOf(const Library& driver, int index) {
  Gpu out;
  int device = 0;
  char name[256] = "";
  size_t memory = 0;
  driver.call("cuDeviceGet", &device, index);
  driver.call("cuDeviceGetName", static_cast<char*>(name), static_cast<int>(sizeof(name)), device);
  driver.call("cuDeviceTotalMem_v2", &memory, device);
  driver.call("cuDeviceGetAttribute", &out.major, kCapabilityMajor, device);
  driver.call("cuDeviceGetAttribute", &out.minor, kCapabilityMinor, device);
  out.name = name;
  out.memory = static_cast<int64_t>(memory);
  return out;
}

}  // namespace

GpuDriver askDriver(const std::vector<std::string>& signs, const std::string& library) {
  GpuDriver out;
  std::error_code none;
  if (std::none_of(signs.begin(), signs.end(), [&](const auto& sign) { return std::filesystem::exists(sign, none); })) {
    out.problem = "no NVIDIA driver runs on this machine";
    return out;
  }
  const Library driver(library);
  if (!driver.found()) {
    out.problem = "an NVIDIA driver runs, but its library " + library + " is not there";
    return out;
  }
  int count = 0;
  int code = driver.call("cuInit", 0U);
  if (code == kSuccess) code = driver.call("cuDeviceGetCount", &count);
  if (code != kSuccess && code != kNoDevice) {
    out.problem = "the NVIDIA driver does not start (its error " + std::to_string(code) + ")";
    return out;
  }
  driver.call("cuDriverGetVersion", &out.version);
  for (int i = 0; i < count; ++i) out.gpus.push_back(gpuOf(driver, i));
  if (count == 0) out.problem = "the NVIDIA driver shows no GPU";
  return out;
}

std::string cudaVersionText(int version) {
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

}  // namespace blockyard
