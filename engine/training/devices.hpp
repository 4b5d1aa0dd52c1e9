// Devices: from the name a user gives to the device that trains, and the examination behind "blockyard doctor".
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace c10 {
struct Device;
}

namespace blockyard {

// "auto" (the first GPU that can be used, else the CPU), "cpu", "cuda" or "cuda:N". Throws Error: BadInput for another
// name, Fault::NoDevice if there is no such GPU. Only "cpu" loads nothing of CUDA. Any thread.
c10::Device deviceNamed(const std::string& name);

// What "auto" passes over in silence: a GPU that is there and cannot be used, with what to do about it. Empty if there
// is no GPU, or if all is well.
std::string gpuLeftUnused();

// One computation, done on a device in float32 (without TF32) and on the CPU in double precision.
struct DeviceCheck {
  std::string name{};
  double deviation = 0;     // largest difference, as a share of the largest value
  double tolerance = 0;     // what rounding in float32 explains
  double milliseconds = 0;  // the fastest of three
  std::string problem{};    // why it could not be done

  bool ok() const { return problem.empty() && deviation <= tolerance; }
};

struct DeviceReport {
  std::string id{};                                          // "cpu", "cuda:0"; "cuda" for one that cannot be used
  std::string name{};                                        // "NVIDIA H100 80GB HBM3"
  int64_t memory = 0;                                        // bytes, 0 if unknown
  std::string problem{};                                     // why the device cannot be used
  std::string hint{};                                        // what to do about it
  bool missing = false;                                      // there is no such device: nothing to worry about
  std::vector<std::pair<std::string, std::string>> facts{};  // "instructions": "AVX2", in the order to show
  std::vector<DeviceCheck> checks{};

  bool ok() const;
};

// The CPU first, then every GPU; without a GPU one report with id "cuda" that says why. Computes on each for some
// hundred ms. Not while something is trained: it changes LibTorch's settings for the time being.
std::vector<DeviceReport> examineDevices();

}  // namespace blockyard
