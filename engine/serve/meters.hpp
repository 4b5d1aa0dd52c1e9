// Meters: what a service counts, as Prometheus reads it (text format 0.0.4). Any thread.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace blockyard {

class Meters {
 public:
  // A request has been answered. Of one that no model was asked for, `model` is empty.
  void answered(const std::string& model, int status, double seconds);
  // The model has been asked for so many rows of so many requests at once.
  void batched(const std::string& model, int64_t rows, size_t requests);
  void reloaded(const std::string& model, bool taken);

  std::string text() const;

 private:
  static constexpr std::array<double, 11> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10};
  struct Times {
    std::array<int64_t, kBounds.size()> upTo{};  // by bound, not added up
    int64_t count = 0;
    double sum = 0;
  };
  struct Batches {
    int64_t batches = 0, rows = 0, requests = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, int64_t> requests_;  // by model and status
  std::map<std::string, Times> times_;
  std::map<std::string, Batches> batches_;
  std::map<std::pair<std::string, bool>, int64_t> reloads_;  // by model and whether the new file was taken
};

}  // namespace blockyard
