// The CUDA plug-in on a real GPU: the picture kernels give the CPU's bits, and the side stream delivers what was sent.
#include <ATen/ATen.h>

#include <QTest>

#include "checks.hpp"
#include "cuda/load_cuda.hpp"

namespace blockyard {

class GpuTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void pictures_data();
  void pictures();
  void tooManyChannels();
  void sideStream();

 private:
  const CudaPlugin* plugin_ = nullptr;
};

void GpuTest::initTestCase() {
  const LoadedCuda& cuda = loadCuda();
  if (!cuda.usable()) QSKIP(("no GPU to test on: " + cuda.problem).c_str());
  plugin_ = cuda.plugin.table;
  QVERIFY2(plugin_ != nullptr, cuda.plugin.problem.c_str());
}

namespace {

ImageScaling scalingFor(int64_t channels, at::MemoryFormat layout) {
  return {.factor = at::arange(1, channels + 1, at::kFloat).mul(0.013),
          .offset = at::arange(channels, at::kFloat).mul(-0.7).add(0.1),
          .layout = layout};
}

at::Tensor bytes(at::IntArrayRef sizes) {
  int64_t count = 1;
  for (const int64_t size : sizes) count *= size;
  return at::arange(count, at::kLong)
      .mul(2654435761)
      .bitwise_right_shift(7)
      .bitwise_and(255)
      .to(at::kByte)
      .reshape(sizes);
}

}  // namespace

void GpuTest::pictures_data() {
  QTest::addColumn<int>("images");
  QTest::addColumn<int>("channels");
  QTest::addColumn<int>("side");
  QTest::newRow("no pictures") << 0 << 3 << 28;
  QTest::newRow("grey") << 33 << 1 << 28;
  QTest::newRow("colour") << 64 << 3 << 32;
  QTest::newRow("odd size") << 9 << 3 << 27;
  QTest::newRow("large") << 4 << 3 << 224;
  QTest::newRow("four channels") << 5 << 4 << 31;
  QTest::newRow("many channels") << 3 << 256 << 17;
}

void GpuTest::pictures() {
  QFETCH(int, images);
  QFETCH(int, channels);
  QFETCH(int, side);
  const at::Tensor all = bytes({images + 1, channels, side, side});
  for (const auto layout : {at::MemoryFormat::ChannelsLast, at::MemoryFormat::Contiguous}) {
    const ImageScaling scaling = scalingFor(channels, layout);
    for (const auto from : {at::MemoryFormat::ChannelsLast, at::MemoryFormat::Contiguous}) {
      for (const int64_t first : {0, 1}) {  // from 1 on: memory that begins anywhere
        const at::Tensor in = all.contiguous(from).narrow(0, first, images);
        const at::Tensor out = plugin_->image_to_float(all.cuda().contiguous(from).narrow(0, first, images), scaling);
        QVERIFY(out.is_cuda() && out.is_contiguous(layout));
        QVERIFY(at::equal(out.cpu(), imageToFloat(in, scaling)));
      }
    }
  }
}

// More than the kernel takes goes through LibTorch's operators.
void GpuTest::tooManyChannels() {
  const at::Tensor in = bytes({2, 300, 5, 5});
  const ImageScaling scaling = scalingFor(300, at::MemoryFormat::ChannelsLast);
  QVERIFY(!plugin_->image_to_float(in.cuda(), scaling).defined());
  QVERIFY(at::allclose(imageToFloat(in.cuda(), scaling).cpu(), imageToFloat(in, scaling)));
}

// Batches overtake the computing, and still each is whole when it is used.
void GpuTest::sideStream() {
  const auto lane = plugin_->make_lane(at::Device(at::kCUDA, 0));
  constexpr int64_t kRows = 1 << 20;
  std::vector<at::Tensor> ahead = lane->send({at::full({kRows}, 0, at::kLong)});
  at::Tensor busy = at::ones({1024, 1024}, at::Device(at::kCUDA, 0));
  at::Tensor sums = at::zeros({200}, at::TensorOptions(at::kLong).device(at::kCUDA));
  for (int64_t i = 0; i < 200; ++i) {
    lane->arrive();
    const std::vector<at::Tensor> batch = std::move(ahead);
    at::Tensor next = at::full({kRows}, i + 1, at::kLong);
    ahead = lane->send({i % 2 == 0 ? next.pin_memory() : next});
    for (int work = 0; work < 4; ++work) busy = at::mm(busy, busy).clamp(-1, 1);  // so that the sum comes late
    sums[i] = batch[0].sum();
  }
  QVERIFY(at::equal(sums.cpu(), at::arange(200, at::kLong) * kRows));
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::GpuTest)
#include "gpu.moc"
