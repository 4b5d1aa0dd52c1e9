#include "widgets/training/process_load.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <fstream>

namespace blockyard {
namespace {

double cpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int64_t ProcessLoad::memoryBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t all = 0, resident = 0;
  file >> all >> resident;
  return file ? resident * sysconf(_SC_PAGESIZE) : 0;
}

double ProcessLoad::busyCores() {
  const double cpu = cpuSeconds();
  const double now = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  const double out = cpu_seconds_ < 0 || now <= at_ ? 0 : (cpu - cpu_seconds_) / (now - at_);
  cpu_seconds_ = cpu, at_ = now;
  return out;
}

}  // namespace blockyard
