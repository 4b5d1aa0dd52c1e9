// Stands for the library that NVIDIA's driver brings: one GPU, a quarter busy, with half of its 8 GB taken.
#include <cstring>

namespace {
int gpu = 0;
}

extern "C" {
int nvmlInit_v2() {
  return 0;
}
int nvmlShutdown() {
  return 0;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = 1;
  return 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned, void** device) {
  *device = &gpu;
  return 0;
}
int nvmlDeviceGetName(void*, char* name, unsigned size) {
  std::strncpy(name, "Fake GPU", size);
  return 0;
}
int nvmlDeviceGetUtilizationRates(void*, unsigned* rates) {
  rates[0] = 25, rates[1] = 10;
  return 0;
}
int nvmlDeviceGetMemoryInfo(void*, unsigned long long* memory) {
  memory[0] = 8'000'000'000, memory[1] = memory[2] = 4'000'000'000;
  return 0;
}
}
