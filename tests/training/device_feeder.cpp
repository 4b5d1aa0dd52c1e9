// The feeder with a lane that plays a slow GPU: what is sent holds nothing until it has arrived.
#include "training/device_feeder.hpp"

#include <ATen/ATen.h>

#include <QTest>
#include <deque>

#include "checks.hpp"

namespace blockyard {
namespace {

class SlowLane final : public CopyLane {
 public:
  explicit SlowLane(std::vector<std::string>& log) : log_(log) {}

  std::vector<at::Tensor> send(const std::vector<at::Tensor>& host) override {
    log_.push_back("send " + std::to_string(host[0].flatten()[0].item<int64_t>()));
    std::vector<at::Tensor> there;
    for (const auto& tensor : host) there.push_back(at::full_like(tensor, -1));
    sent_.push_back({host, there});
    return there;
  }
  void arrive() override {
    const auto [host, there] = sent_.front();
    sent_.pop_front();
    log_.push_back("arrive " + std::to_string(host[0].flatten()[0].item<int64_t>()));
    for (size_t i = 0; i < host.size(); ++i) there[i].copy_(host[i]);
  }

 private:
  std::vector<std::string>& log_;
  std::deque<std::pair<std::vector<at::Tensor>, std::vector<at::Tensor>>> sent_;
};

// `count` batches of two rows; number i holds the values i and 10 * i.
DeviceFeeder::Source batches(int64_t count) {
  return [count, i = int64_t{0}]() mutable -> std::optional<LoadedBatch> {
    if (i == count) return std::nullopt;
    LoadedBatch out{.index = i, .row_ids = at::arange(2 * i, 2 * i + 2)};
    out.packets.emplace_back(at::full({2, 3}, i, at::kLong));
    out.packets.emplace_back(at::full({2}, 10 * i, at::kLong));
    ++i;
    return out;
  };
}

}  // namespace

class DeviceFeederTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void passesOnWithoutLane();
  void oneBatchAhead();
  void nothingToFeed();
  void failureOfTheLoader();
  void theCpuHasNoLane();
};

void DeviceFeederTest::passesOnWithoutLane() {
  DeviceFeeder feeder(batches(2), nullptr);
  QCOMPARE(feeder.next()->packets[0].tensor().sum().item<int64_t>(), 0);
  QCOMPARE(feeder.next()->packets[1].tensor().sum().item<int64_t>(), 20);
  QVERIFY(!feeder.next() && !feeder.next());
}

void DeviceFeederTest::oneBatchAhead() {
  std::vector<std::string> log;
  DeviceFeeder feeder(batches(3), std::make_unique<SlowLane>(log));
  for (int64_t i = 0; i < 3; ++i) {
    const auto batch = feeder.next();
    QVERIFY(batch);
    QCOMPARE(batch->index, i);
    QCOMPARE(batch->row_ids[0].item<int64_t>(), 2 * i);
    QVERIFY(at::equal(batch->packets[0].tensor(), at::full({2, 3}, i, at::kLong)));
    QVERIFY(at::equal(batch->packets[1].tensor(), at::full({2}, 10 * i, at::kLong)));
    log.push_back("step " + std::to_string(i));
  }
  QVERIFY(!feeder.next() && !feeder.next());
  const std::vector<std::string> wanted = {"send 0", "arrive 0", "send 1",   "step 0", "arrive 1",
                                           "send 2", "step 1",   "arrive 2", "step 2"};
  QVERIFY(log == wanted);
}

void DeviceFeederTest::nothingToFeed() {
  std::vector<std::string> log;
  DeviceFeeder feeder(batches(0), std::make_unique<SlowLane>(log));
  QVERIFY(!feeder.next() && log.empty());
}

void DeviceFeederTest::failureOfTheLoader() {
  std::vector<std::string> log;
  DeviceFeeder feeder([]() -> std::optional<LoadedBatch> { throw Error({.block = "table"}, "broken"); },
                      std::make_unique<SlowLane>(log));
  COMPARE_TEXT(errorText([&] { feeder.next(); }), "table: broken");
}

void DeviceFeederTest::theCpuHasNoLane() {
  QVERIFY(laneTo(at::kCPU) == nullptr);
  QVERIFY(memoryFor(at::kCPU) == Memory::Plain);
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::DeviceFeederTest)
#include "device_feeder.moc"
