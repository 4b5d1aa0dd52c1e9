// ProcessLoad: memory and processor time of this process, from /proc. For one thread.
#pragma once
#include <cstdint>

namespace blockyard {

class ProcessLoad {
 public:
  // Bytes that are in memory; 0 where the system does not tell.
  static int64_t memoryBytes();
  // Cores that were busy for this process since the last call, 1.0 for a whole one; 0 at the first call.
  double busyCores();

 private:
  double cpu_seconds_ = -1, at_ = 0;
};

}  // namespace blockyard
