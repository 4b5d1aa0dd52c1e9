// A stand-in for NVIDIA's driver library: FAKE_GPUS says how many GPUs it shows, or that it does not start.
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {
const char* asked() {
  const char* value = std::getenv("FAKE_GPUS");
  return value == nullptr ? "0" : value;
}
}  // namespace

extern "C" {
int cuInit(unsigned) {
  return std::strcmp(asked(), "broken") == 0 ? 999 : 0;
}
int cuDriverGetVersion(int* version) {
  *version = 13000;
  return 0;
}
int cuDeviceGetCount(int* count) {
  *count = std::atoi(asked());
  return *count == 0 ? 100 : 0;
}
int cuDeviceGet(int* device, int index) {
  *device = index;
  return 0;
}
int cuDeviceGetName(char* name, int size, int device) {
  std::snprintf(name, static_cast<size_t>(size), "Fake GPU %d", device);
  return 0;
}
int cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = size_t{8} << 30;
  return 0;
}
int cuDeviceGetAttribute(int* value, int attribute, int) {
  *value = attribute == 75 ? 9 : 0;
  return 0;
}
}
