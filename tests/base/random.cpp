// Keyed random numbers: the published vectors of Philox, permutations that are bijections, and plausible statistics.
#include "base/random.hpp"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

namespace blockyard {

class RandomTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void knownVectors();
  void keysDiffer();
  void uniformIsUniform();
  void belowIsUniform();
  void normalIsNormal();
  void permutationIsBijection();
  void permutationOfManyIsInjective();
  void permutationIsPlausible();
  void smallPermutationsAreFair();
  void neverChanges();

 private:
  // The statistic of Pearson, in standard deviations from what `cells` equally likely cells give by chance.
  static double deviation(const std::vector<int64_t>& counts) {
    const double total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), int64_t(0)));
    const double expected = total / static_cast<double>(counts.size());
    double chi = 0;
    for (const int64_t n : counts)
      chi += (static_cast<double>(n) - expected) * (static_cast<double>(n) - expected) / expected;
    const double freedom = static_cast<double>(counts.size() - 1);
    return (chi - freedom) / std::sqrt(2 * freedom);
  }
};

void RandomTest::knownVectors() {  // kat_vectors of Random123, philox4x32 10
  using Four = std::array<uint32_t, 4>;
  QVERIFY(philox({0, 0, 0, 0}, {0, 0}) == (Four{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const uint32_t ones = 0xffffffff;
  QVERIFY(philox({ones, ones, ones, ones}, {ones, ones}) == (Four{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  QVERIFY(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          (Four{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

void RandomTest::keysDiffer() {
  const KeyedRandom root(1);
  std::set<uint64_t> seen;
  for (const char* name : {"", "a", "b", "ab", "ba", "weights", "epoch"}) seen.insert(root.key(name).bits(0));
  for (uint64_t i = 0; i < 1000; ++i) seen.insert(root.key(i).bits(0));
  for (uint64_t i = 0; i < 1000; ++i) seen.insert(root.bits(i));
  seen.insert(root.key("a").key("b").bits(0));
  seen.insert(root.key("b").key("a").bits(0));
  QCOMPARE(seen.size(), size_t(7 + 2000 + 2));
  QVERIFY(KeyedRandom(1).key("x").bits(9) == KeyedRandom(1).key("x").bits(9));
  QVERIFY(KeyedRandom(1).seed() != KeyedRandom(2).seed());
}

void RandomTest::uniformIsUniform() {
  std::vector<int64_t> counts(1000), pairs(1024);
  double sum = 0;
  const int n = 1000000;
  int before = 0;
  for (int i = 0; i < n; ++i) {
    const double u = KeyedRandom(7).uniform(static_cast<uint64_t>(i));
    QVERIFY(u >= 0 && u < 1);
    ++counts[static_cast<size_t>(u * 1000)];
    const int cell = static_cast<int>(u * 32);  // neighbours in the counter must not be related
    ++pairs[static_cast<size_t>(before) * 32 + static_cast<size_t>(cell)];
    before = cell;
    sum += u;
  }
  QVERIFY(std::abs(deviation(counts)) < 4);
  QVERIFY(std::abs(deviation(pairs)) < 4);
  QVERIFY(std::abs(sum / n - 0.5) < 4 / std::sqrt(12.0 * n));
}

void RandomTest::belowIsUniform() {
  for (const uint64_t n : {uint64_t(2), uint64_t(3), uint64_t(10), uint64_t(1000)}) {
    std::vector<int64_t> counts(n);
    for (uint64_t i = 0; i < 200000; ++i) ++counts.at(KeyedRandom(n).below(i, n));
    QVERIFY(std::abs(deviation(counts)) < 4);
  }
  QCOMPARE(KeyedRandom(3).below(5, 1), uint64_t(0));
  QVERIFY(KeyedRandom(3).below(5, ~uint64_t(0)) < ~uint64_t(0));
}

void RandomTest::normalIsNormal() {
  const int n = 1000000;
  double sum = 0, squares = 0, cubes = 0, fourths = 0;
  int64_t inside = 0;
  for (int i = 0; i < n; ++i) {
    const double x = KeyedRandom(11).normal(static_cast<uint64_t>(i));
    QVERIFY(std::isfinite(x));
    sum += x, squares += x * x, cubes += x * x * x, fourths += x * x * x * x;
    inside += std::abs(x) < 1 ? 1 : 0;
  }
  QVERIFY(std::abs(sum / n) < 4e-3);
  QVERIFY(std::abs(squares / n - 1) < 4 * std::sqrt(2.0 / n));
  QVERIFY(std::abs(cubes / n) < 4 * std::sqrt(15.0 / n));
  QVERIFY(std::abs(fourths / n - 3) < 4 * std::sqrt(96.0 / n));
  QVERIFY(std::abs(static_cast<double>(inside) / n - 0.6826895) < 4 * std::sqrt(0.2166 / n));
}

void RandomTest::permutationIsBijection() {
  std::vector<uint64_t> sizes = {1023, 1024, 1025, 4095, 4097, 10000, 65536, 65537, 99991};
  for (uint64_t n = 0; n <= 300; ++n) sizes.push_back(n);
  for (const uint64_t n : sizes) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      const KeyedPermutation permutation(n, KeyedRandom(seed).key("epoch"));
      QCOMPARE(permutation.size(), n);
      std::vector<bool> seen(n);
      for (uint64_t i = 0; i < n; ++i) {
        const uint64_t to = permutation(i);
        QVERIFY(to < n && !seen[to]);
        seen[to] = true;
      }
    }
  }
}

void RandomTest::permutationOfManyIsInjective() {  // sizes whose bijection cannot be listed
  for (const uint64_t n : {(uint64_t(1) << 33) + 1, (uint64_t(1) << 62) - 1, (uint64_t(1) << 63) + 5, ~uint64_t(0)}) {
    const KeyedPermutation permutation(n, KeyedRandom(5));
    std::set<uint64_t> seen;
    for (uint64_t i = 0; i < 2000; ++i) {
      seen.insert(permutation(i));
      seen.insert(permutation(n - 1 - i));
    }
    QCOMPARE(seen.size(), size_t(4000));
    QVERIFY(*seen.rbegin() < n);
    QVERIFY(*seen.rbegin() > n / 2);
  }
}

void RandomTest::permutationIsPlausible() {
  for (const uint64_t n : {uint64_t(100), uint64_t(1000), uint64_t(60000)}) {
    std::vector<int64_t> where(50), steps(50);  // where the first 50th of the rows goes; how far neighbours are apart
    int64_t fixed = 0, rounds = 0;
    for (uint64_t seed = 0; seed < (n > 10000 ? 40u : 400u); ++seed, ++rounds) {
      const KeyedPermutation permutation(n, KeyedRandom(seed).key("epoch").key(seed));
      for (uint64_t i = 0; i < n / 50; ++i) ++where[permutation(i) * 50 / n];
      for (uint64_t i = 0; i + 1 < n; ++i) {
        ++steps[(permutation(i + 1) + n - permutation(i)) % n * 50 / n];
        fixed += permutation(i) == i ? 1 : 0;
      }
    }
    QVERIFY2(deviation(where) < 4, qPrintable(QString("where n=%1: %2").arg(n).arg(deviation(where))));
    if (n > 100) {  // a step is never 0, which small n would notice
      QVERIFY2(deviation(steps) < 4, qPrintable(QString("steps n=%1: %2").arg(n).arg(deviation(steps))));
    }
    QVERIFY(std::abs(static_cast<double>(fixed) / static_cast<double>(rounds) - 1) <
            0.6);  // one fixed point on average
  }
}

void RandomTest::smallPermutationsAreFair() {  // each of the 24 orders of four rows about equally often
  std::map<std::vector<uint64_t>, int64_t> orders;
  for (uint64_t seed = 0; seed < 24000; ++seed) {
    const KeyedPermutation permutation(4, KeyedRandom(99).key(seed));
    ++orders[{permutation(0), permutation(1), permutation(2), permutation(3)}];
  }
  QCOMPARE(orders.size(), size_t(24));
  std::vector<int64_t> counts;
  for (const auto& [order, count] : orders) counts.push_back(count);
  QVERIFY2(deviation(counts) < 4, qPrintable(QString::number(deviation(counts))));
}

void RandomTest::neverChanges() {  // a run that was recorded must be repeatable: these values are a promise
  const KeyedRandom random = KeyedRandom(42).key("weights").key(3);
  QCOMPARE(random.bits(0), uint64_t(5809360149329653029));
  QCOMPARE(random.uniform(1), 0.029558830114716605);
  QCOMPARE(random.normal(2), 1.1076129471918896);
  const KeyedPermutation permutation(1000, random);
  QCOMPARE(permutation(0), uint64_t(409));
  QCOMPARE(permutation(999), uint64_t(29));
  QCOMPARE(KeyedPermutation(7, random)(3), uint64_t(2));
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::RandomTest)
#include "random.moc"
