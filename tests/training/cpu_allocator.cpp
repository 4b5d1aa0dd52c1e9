// The caching allocator: alignment, reuse, limits, threads, and that a steady loop asks nothing more of the system.
#include "training/cpu_allocator.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QTest>
#include <random>
#include <thread>

using namespace blockyard;

namespace {

constexpr int64_t kMegabyte = 1 << 20;

at::Tensor megabytes(int64_t count) {
  return at::empty({count * kMegabyte}, at::kByte);
}

}  // namespace

class CpuAllocatorTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    kept_ = at::ones({1000});  // older than the allocator, freed after it
    if (!installCpuAllocator()) QSKIP("not in builds with a sanitizer");
    QVERIFY(installCpuAllocator());
    at::set_num_threads(1);
  }

  void init() { releaseCpuMemory(); }

  void memoryIsAlignedAndSeparate() {
    std::vector<at::Tensor> tensors;
    for (const int64_t bytes : {1, 63, 64, 65, 4096, 100000, 1048512, 1048513, 3000000, 40000000}) {
      tensors.push_back(at::full({bytes}, static_cast<int64_t>(tensors.size()), at::kByte));
      QCOMPARE(reinterpret_cast<uintptr_t>(tensors.back().const_data_ptr()) % 64, uintptr_t{0});
    }
    for (size_t i = 0; i < tensors.size(); ++i) QVERIFY(tensors[i].eq(static_cast<int64_t>(i)).all().item<bool>());
    QVERIFY(at::empty({0}).data_ptr() == nullptr);
  }

  void aFreedBlockIsUsedAgain() {
    const int64_t before = cpuMemoryUse().fetched;
    at::Tensor first = megabytes(10);
    const void* address = first.const_data_ptr();
    first.reset();
    QVERIFY(cpuMemoryUse().cached >= 10 * kMegabyte);
    QVERIFY(megabytes(10).const_data_ptr() == address);
    QCOMPARE(cpuMemoryUse().fetched, before + 1);
    releaseCpuMemory();
    QCOMPARE(cpuMemoryUse().cached, int64_t{0});
  }

  void countsWhatLives() {
    const int64_t before = cpuMemoryUse().in_use;
    resetCpuMemoryPeak();
    {
      const at::Tensor tensor = megabytes(20);
      QVERIFY(cpuMemoryUse().in_use >= before + 20 * kMegabyte);
      QVERIFY(cpuMemoryUse().in_use <= before + 23 * kMegabyte);
    }
    QCOMPARE(cpuMemoryUse().in_use, before);
    QVERIFY(cpuMemoryUse().peak >= before + 20 * kMegabyte);
    resetCpuMemoryPeak();
    QCOMPARE(cpuMemoryUse().peak, before);
  }

  void aSteadyLoopFetchesNothing() {
    const auto step = [] {
      const at::Tensor x = at::ones({512, 1024});
      return at::relu(at::matmul(x, at::ones({1024, 512}))).sum().item<float>();
    };
    for (int i = 0; i < 3; ++i) step();
    const int64_t before = cpuMemoryUse().fetched;
    for (int i = 0; i < 20; ++i) step();
    QCOMPARE(cpuMemoryUse().fetched, before);
  }

  // Sizes that change with every step must not pile up.
  void changingSizesStayBounded() {
    int64_t most = 0;
    for (int64_t i = 1; i <= 200; ++i) {
      const at::Tensor a = megabytes(i), b = megabytes(201 - i);
      const MemoryUse use = cpuMemoryUse();
      most = std::max(most, use.in_use + use.cached);
    }
    QVERIFY2(most <= 420 * kMegabyte, std::to_string(most / kMegabyte).c_str());
  }

  void tooMuchIsRefused() {
    limitCpuMemory(cpuMemoryUse().in_use + 50 * kMegabyte);
    at::Tensor fits = megabytes(30);
    QVERIFY_EXCEPTION_THROWN(megabytes(30), c10::OutOfMemoryError);
    fits.reset();
    fits = megabytes(30);
    limitCpuMemory(0);
    megabytes(60);
    QVERIFY_EXCEPTION_THROWN(at::empty({int64_t{1} << 50}, at::kByte), c10::OutOfMemoryError);
  }

  void olderMemoryIsReturned() {
    QVERIFY(kept_.eq(1).all().item<bool>());
    kept_.reset();
    // LibTorch's own convolution code returns memory by address only.
    void* data = c10::GetAllocator(c10::DeviceType::CPU)->raw_allocate(5000);
    c10::GetAllocator(c10::DeviceType::CPU)->raw_deallocate(data);
    c10::GetAllocator(c10::DeviceType::CPU)->raw_deallocate(std::aligned_alloc(64, 128));
  }

  void manyThreads() {
    const int64_t before = cpuMemoryUse().in_use;
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([t, &wrong] {
        std::minstd_rand random(static_cast<unsigned>(t + 1));
        std::vector<at::Tensor> kept(16);
        for (int i = 0; i < 4000; ++i) {
          at::Tensor& slot = kept[random() % kept.size()];
          if (slot.defined() && slot[0].item<int64_t>() != slot[-1].item<int64_t>()) ++wrong;
          slot =
              at::full({static_cast<int64_t>(1 + random() % 40000)}, static_cast<int64_t>(random() % 1000), at::kLong);
        }
      });
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
    QCOMPARE(cpuMemoryUse().in_use, before);
  }

  void tunesMalloc() { tuneMalloc(); }

 private:
  at::Tensor kept_;
};

QTEST_GUILESS_MAIN(CpuAllocatorTest)
#include "cpu_allocator.moc"
