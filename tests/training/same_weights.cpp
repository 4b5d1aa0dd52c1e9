// The size of the chunks in which a file is read, the threads that compute and those that gather batches change no bit
// of what is learned.
#include <QTest>

#include "small_plan.hpp"
#include "trained.hpp"

using namespace blockyard;
using testing::trained;

class SameWeightsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void chunks();
  void severalFitBlocks();
  void loaderThreads();
  void computeThreads();
  void shards();
  void all();

 private:
  // Missing values, numbers, categories; a network large enough for several threads to have something to do.
  Plan plan(const Values& more = {}) const {
    Values training{{"epochs", 2}, {"batch_size", 512}, {"learning_rate", 0.003}};
    for (const auto& [name, value] : more.items()) training.set(name, value);
    Plan out = testing::cloudsPlan(file_, training);
    out.nodes[5].values.set("hidden", Integers{256, 64});
    return out;
  }

  QTemporaryDir folder_;
  std::string file_;
  std::string once_;  // the state that all others are held against
};

void SameWeightsTest::initTestCase() {
  file_ = testing::writeClouds(folder_, 6000);
  once_ = trained(plan({{"threads", 1}, {"loader_threads", 1}}));
  QVERIFY(once_.size() > 50'000);
  // The comparison can fail.
  QVERIFY(once_ != trained(plan({{"threads", 1}, {"seed", 7}})));
}

void SameWeightsTest::chunks() {
  for (const int64_t rows : {100, 1024, 4001})
    QVERIFY2(once_ == trained(plan({{"threads", 1}}), rows), std::to_string(rows).c_str());
}

// More rows than are fitted at a time, side by side in the file: blocks are read whole, or put together from chunks.
void SameWeightsTest::severalFitBlocks() {
  Plan large = plan({{"threads", 1}, {"split", "order"}, {"epochs", 1}, {"max_steps", 2}});
  large.nodes[0].values.set("file", testing::writeClouds(folder_, 200'000, "large.csv"));
  const std::string whole = trained(large);
  for (const int64_t rows : {3000, 65'000}) QVERIFY2(whole == trained(large, rows), std::to_string(rows).c_str());
  large.training.set("split", "random");
  QVERIFY(whole != trained(large));
}

void SameWeightsTest::loaderThreads() {
  for (const int threads : {0, 2, 3})
    QVERIFY2(once_ == trained(plan({{"threads", 1}, {"loader_threads", threads}})), std::to_string(threads).c_str());
}

void SameWeightsTest::computeThreads() {
  for (const int threads : {2, 3})
    QVERIFY2(once_ == trained(plan({{"threads", threads}})), std::to_string(threads).c_str());
}

// Batches that go through in shards, on as many threads as there are: with missing labels, weighted classes, several
// batches a step.
void SameWeightsTest::shards() {
  const auto large = [&](int threads) {
    Plan out = plan({{"batch_size", 1600}, {"accumulate", 2}, {"threads", threads}});
    out.nodes[7].values.set("class_weights", "balanced");
    return out;
  };
  const std::string alone = trained(large(1));
  for (const int threads : {2, 3, 5}) QVERIFY2(alone == trained(large(threads)), std::to_string(threads).c_str());
}

void SameWeightsTest::all() {
  QVERIFY(once_ == trained(plan({{"threads", 3}, {"loader_threads", 2}}), 700));
}

QTEST_GUILESS_MAIN(SameWeightsTest)
#include "same_weights.moc"
