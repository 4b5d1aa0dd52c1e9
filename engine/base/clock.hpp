// A clock that only goes forwards, for how long something takes.
#pragma once
#include <chrono>

namespace blockyard {

inline double steadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace blockyard
