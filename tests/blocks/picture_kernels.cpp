// The kernels of pipelines that only answer give what LibTorch's operators give, with the same bits on any thread
// count.
#include "blocks/picture_kernels.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <QtTest/QtTest>
#include <cmath>

#include "base/random.hpp"

using namespace blockyard;

namespace {

at::Tensor numbers(at::IntArrayRef shape, uint64_t seed) {
  const KeyedRandom random(seed);
  at::Tensor out = at::empty(shape);
  float* const to = out.mutable_data_ptr<float>();
  for (int64_t i = 0; i < out.numel(); ++i) to[i] = static_cast<float>(random.normal(static_cast<uint64_t>(i)));
  return out;
}

template <class Work>
void requireOnAnyThreads(const at::Tensor& wanted, double tolerance, const Work& work) {
  const int before = at::get_num_threads();
  at::Tensor of_one_thread;
  for (const int threads : {1, 2, 3}) {
    at::set_num_threads(threads);
    const at::Tensor y = work();
    at::set_num_threads(before);
    QVERIFY(y.defined());
    QVERIFY(y.is_contiguous(at::MemoryFormat::ChannelsLast));
    QVERIFY(at::allclose(y, wanted, 0, tolerance, /*equal_nan=*/true));
    if (threads == 1) of_one_thread = y;
    QVERIFY(at::allclose(y, of_one_thread, 0, 0, /*equal_nan=*/true));
  }
}

}  // namespace

class TestPictureKernels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void fewInputs_data() {
    QTest::addColumn<QList<int>>("sizes");  // N, C, H, W, outputs, kernel, stride, dilation
    QTest::newRow("grey") << QList<int>{1, 1, 28, 28, 32, 3, 1, 1};
    QTest::newRow("colors") << QList<int>{5, 3, 33, 31, 16, 3, 1, 1};
    QTest::newRow("strides") << QList<int>{3, 1, 40, 37, 48, 5, 2, 1};
    QTest::newRow("dilated") << QList<int>{2, 2, 17, 19, 16, 2, 3, 3};
    QTest::newRow("as narrow as may be") << QList<int>{2, 1, 3, 6, 16, 3, 1, 1};
  }

  void fewInputs() {
    QFETCH(QList<int>, sizes);
    const at::Tensor x = numbers({sizes[0], sizes[1], sizes[2], sizes[3]}, 1);
    const at::Tensor weight = numbers({sizes[4], sizes[1], sizes[5], sizes[5]}, 2), bias = numbers({sizes[4]}, 3);
    const std::vector<int64_t> stride(2, sizes[6]), dilation(2, sizes[7]);
    for (const at::Tensor& b : {bias, at::Tensor()})
      for (const auto layout : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
        const auto layer = FewInputs::of(weight, b, stride, dilation);
        QVERIFY(layer);
        const at::Tensor y = at::conv2d(x, weight, b, stride, at::IntArrayRef{0, 0}, dilation);
        const at::Tensor pictures = x.contiguous(layout);
        requireOnAnyThreads(y, 1e-5, [&] { return layer->apply(pictures, false); });
        requireOnAnyThreads(y.relu(), 1e-5, [&] { return layer->apply(pictures, true); });
      }
  }

  void nanStaysNan() {
    at::Tensor x = numbers({1, 1, 8, 8}, 1);
    x[0][0][4][4] = std::nan("");
    const auto layer = FewInputs::of(numbers({16, 1, 3, 3}, 2), {}, {1, 1}, {1, 1});
    QCOMPARE(layer->apply(x, true).isnan().sum().item<int64_t>(), int64_t{9 * 16});
  }

  void whatIsLeftToLibTorch() {
    QVERIFY(!FewInputs::of(numbers({32, 8, 3, 3}, 1), {}, {1, 1}, {1, 1}));  // many inputs
    QVERIFY(!FewInputs::of(numbers({12, 1, 3, 3}, 1), {}, {1, 1}, {1, 1}));  // outputs that do not fill the lanes
    const auto layer = FewInputs::of(numbers({16, 1, 3, 3}, 1), {}, {1, 1}, {1, 1});
    QVERIFY(!layer->apply(numbers({1, 1, 9, 5}, 2), false).defined());  // three pixels wide
    QVERIFY(!FewInputs::of(numbers({16, 1, 3, 3}, 1), {}, {2, 2}, {1, 1})
                 ->apply(numbers({1, 1, 2, 9}, 2), false)
                 .defined());
    const at::Tensor last = numbers({1, 8, 2, 9}, 3).contiguous(at::MemoryFormat::ChannelsLast);
    QVERIFY(!maxPoolLast(last, {3, 3}, {2, 2}, {0, 0}).defined());
    const at::Tensor planes = numbers({1, 8, 6, 6}, 3);
    QVERIFY(!maxPoolLast(planes, {2, 2}, {2, 2}, {0, 0}).defined());
    QVERIFY(!maxPoolLast(planes.to(at::kDouble), {2, 2}, {2, 2}, {0, 0}).defined());
  }

  void pools_data() {
    QTest::addColumn<QList<int>>("sizes");  // N, C, H, W, kernel of both axes, stride, padding
    QTest::newRow("halves") << QList<int>{1, 64, 24, 24, 2, 2, 2, 2, 0, 0};
    QTest::newRow("overlap") << QList<int>{3, 8, 15, 13, 3, 2, 1, 2, 1, 1};
    QTest::newRow("large window") << QList<int>{2, 16, 20, 60, 5, 8, 3, 7, 2, 4};
    QTest::newRow("the whole picture") << QList<int>{4, 8, 7, 5, 7, 5, 7, 5, 0, 0};
  }

  void pools() {
    QFETCH(QList<int>, sizes);
    const std::vector<int64_t> kernel{sizes[4], sizes[5]}, stride{sizes[6], sizes[7]}, padding{sizes[8], sizes[9]};
    at::Tensor x = numbers({sizes[0], sizes[1], sizes[2], sizes[3]}, 4).contiguous(at::MemoryFormat::ChannelsLast);
    requireOnAnyThreads(at::max_pool2d(x, kernel, stride, padding), 0,
                        [&] { return maxPoolLast(x, kernel, stride, padding); });
    x[0][1][2][3] = std::nan(""), x[0][2] = -INFINITY;
    requireOnAnyThreads(at::max_pool2d(x, kernel, stride, padding), 0,
                        [&] { return maxPoolLast(x, kernel, stride, padding); });
  }
};

QTEST_GUILESS_MAIN(TestPictureKernels)
#include "picture_kernels.moc"
