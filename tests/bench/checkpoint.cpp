// What a checkpoint costs the training: the milliseconds for which the engine thread is held, with the copy behind
// which the disk is written and with the disk in the way: bench_checkpoint [FOLDER] [MB]
#include <ATen/ops/rand.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "training/checkpoint_writer.hpp"
#include "training/cpu_allocator.hpp"

using namespace blockyard;

namespace {

double nowMs() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

int main(int argc, char** argv) {
  installCpuAllocator();
  const std::filesystem::path folder = std::filesystem::path(argc > 1 ? argv[1] : "/tmp") / "bench_checkpoint";
  const int64_t mb = argc > 2 ? std::atoll(argv[2]) : 100;
  State state;
  for (int64_t i = 0; i < 50; ++i) state.tensors["weight" + std::to_string(i)] = at::rand({mb * 250'000 / 50});
  std::filesystem::remove_all(folder);
  CheckpointStore store(folder);
  std::vector<double> behind, before;
  {
    CheckpointWriter writer(store);
    for (int64_t step = 1; step <= 10; ++step) {
      const double start = nowMs();
      CheckpointWriter::Job job{.step = step, .views = StateViews(copied(state))};
      job.metadata = job.views.metadata();
      writer.write(std::move(job));
      behind.push_back(nowMs() - start);
      writer.wait();
    }
  }
  for (int64_t step = 11; step <= 15; ++step) {
    const double start = nowMs();
    const StateViews views(state);
    store.save(step, views.tensors(), views.metadata());
    before.push_back(nowMs() - start);
  }
  std::sort(behind.begin(), behind.end()), std::sort(before.begin(), before.end());
  std::printf("%lld MB. behind the training: median %.1f ms, most %.1f ms; in its way: median %.1f ms\n",
              static_cast<long long>(mb), behind[behind.size() / 2], behind.back(), before[before.size() / 2]);
  std::filesystem::remove_all(folder);
  return 0;
}
