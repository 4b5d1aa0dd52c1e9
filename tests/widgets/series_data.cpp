// The points of a curve: smoothing and decimation against plain loops over all points.
#include "widgets/charts/series_data.hpp"

#include <QtTest/QtTest>
#include <cmath>
#include <limits>

#include "base/random.hpp"

using namespace blockyard;

class SeriesDataTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void pyramidFindsWhatALoopFinds();
  void pyramidAfterCuts();
  void smoothingIsTheFormula();
  void smoothingGoesOnWhileAppending();
  void everyColumnKeepsItsExtremes_data();
  void everyColumnKeepsItsExtremes();
  void fewPointsAreAllKept();
  void positiveOnly();
  void repeatedStepsReplace();
  void gapsAndNearest();
  void neverMoreThanWanted();
};

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> noise(size_t count, uint64_t seed) {
  const KeyedRandom random(seed);
  std::vector<double> out;
  for (size_t i = 0; i < count; ++i) out.push_back(random.normal(i));
  return out;
}

// The two indices as a loop finds them.
ExtremePyramid::Extremes plain(std::span<const double> values, size_t first, size_t last) {
  ExtremePyramid::Extremes out;
  for (size_t i = first; i < last; ++i) {
    if (!std::isfinite(values[i])) continue;
    if (out.low == ExtremePyramid::kNone || values[i] < values[out.low]) out.low = static_cast<uint32_t>(i);
    if (out.high == ExtremePyramid::kNone || values[i] > values[out.high]) out.high = static_cast<uint32_t>(i);
  }
  return out;
}

bool sameStretches(const ExtremePyramid& pyramid, const std::vector<double>& values, uint64_t seed) {
  const KeyedRandom random(seed);
  for (uint64_t i = 0; i < 600; ++i) {
    size_t first = random.below(2 * i, values.size() + 1), last = random.below(2 * i + 1, values.size() + 1);
    if (first > last) std::swap(first, last);
    const auto found = pyramid.find(values, first, last), wanted = plain(values, first, last);
    if (found.low != wanted.low || found.high != wanted.high) return false;
  }
  return true;
}

std::vector<double> edgesOf(double low, double high, size_t columns) {
  std::vector<double> out;
  for (size_t i = 0; i <= columns; ++i)
    out.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(columns));
  return out;
}

}  // namespace

void SeriesDataTest::pyramidFindsWhatALoopFinds() {
  std::vector<double> values = noise(20000, 1), grown;
  for (size_t i = 0; i < values.size(); i += 37) values[i] = kNan;
  ExtremePyramid at_once, step_by_step;
  at_once.update(values);
  for (const double value : values) {
    grown.push_back(value);
    step_by_step.update(grown);
  }
  QVERIFY(sameStretches(at_once, values, 2));
  QVERIFY(sameStretches(step_by_step, values, 3));
}

void SeriesDataTest::pyramidAfterCuts() {
  std::vector<double> values = noise(5000, 4);
  ExtremePyramid pyramid;
  pyramid.update(values);
  for (const size_t count : {4999, 4097, 4096, 4095, 300, 256, 17, 16, 1, 0}) {
    pyramid.truncate(values, count);
    values.resize(count);
    QVERIFY2(sameStretches(pyramid, values, 5), std::to_string(count).c_str());
    ExtremePyramid again = pyramid;
    std::vector<double> longer = values;
    for (const double value : noise(700, 6)) longer.push_back(value);
    again.update(longer);
    QVERIFY2(sameStretches(again, longer, 7), std::to_string(count).c_str());
  }
}

// s_n = (1 - w) sum w^(n-i) y_i / (1 - w^n), summed anew for each n.
void SeriesDataTest::smoothingIsTheFormula() {
  const auto values = noise(300, 8);
  for (const double weight : {0.0, 0.3, 0.9, 0.999}) {
    SeriesData data("a");
    for (size_t i = 0; i < values.size(); ++i) data.append(static_cast<double>(i), values[i]);
    data.setSmoothing(weight);
    for (size_t n = 1; n <= values.size(); ++n) {
      double sum = 0, weights = 0;
      for (size_t i = 0; i < n; ++i) {
        const double w = std::pow(weight, static_cast<double>(n - 1 - i));
        sum += w * values[i], weights += w;
      }
      QVERIFY(std::abs(data.shown()[n - 1] - sum / weights) < 1e-9);
    }
  }
}

void SeriesDataTest::smoothingGoesOnWhileAppending() {
  const auto values = noise(500, 9);
  SeriesData first("a"), last("b");
  first.setSmoothing(0.8);
  for (size_t i = 0; i < values.size(); ++i) {
    const double y = i % 50 == 3 ? kNan : values[i];
    first.append(static_cast<double>(i), y);
    last.append(static_cast<double>(i), y);
  }
  last.setSmoothing(0.8);
  for (size_t i = 0; i < values.size(); ++i)
    QVERIFY(first.shown()[i] == last.shown()[i] || (std::isnan(first.shown()[i]) && std::isnan(last.shown()[i])));
  QVERIFY(std::isnan(first.shown()[3]) && std::isfinite(first.shown()[4]));
}

void SeriesDataTest::everyColumnKeepsItsExtremes_data() {
  QTest::addColumn<double>("low");
  QTest::addColumn<double>("high");
  QTest::addColumn<int>("columns");
  QTest::newRow("all") << 0.0 << 99999.0 << 800;
  QTest::newRow("part") << 12345.6 << 64321.1 << 333;
  QTest::newRow("outside") << -5000.0 << 200000.0 << 500;
}

void SeriesDataTest::everyColumnKeepsItsExtremes() {
  QFETCH(double, low);
  QFETCH(double, high);
  QFETCH(int, columns);
  const auto values = noise(100000, 10);
  SeriesData data("a");
  for (size_t i = 0; i < values.size(); ++i) data.append(static_cast<double>(i), values[i]);
  for (const double weight : {0.0, 0.95}) {
    data.setSmoothing(weight);
    const auto edges = edgesOf(low, high, static_cast<size_t>(columns));
    const auto points = data.decimated(edges);
    QVERIFY(points.size() <= 2 * static_cast<size_t>(columns) + 2);
    QVERIFY(std::is_sorted(points.begin(), points.end(), [](auto& a, auto& b) { return a.x < b.x; }));
    for (const auto& point : points) QCOMPARE(point.y, data.shown()[static_cast<size_t>(point.x)]);
    for (size_t column = 0; column + 1 < edges.size(); ++column) {
      const bool is_last = column + 2 == edges.size();
      const auto inside = [&](double x) {
        return x >= edges[column] && (is_last ? x <= edges[column + 1] : x < edges[column + 1]);
      };
      double wanted_low = 1e9, wanted_high = -1e9, found_low = 1e9, found_high = -1e9;
      const auto first = static_cast<size_t>(std::clamp(edges[column] - 2, 0.0, 99999.0));
      for (size_t i = first; i < values.size() && static_cast<double>(i) <= edges[column + 1]; ++i) {
        if (!inside(static_cast<double>(i))) continue;
        wanted_low = std::min(wanted_low, data.shown()[i]), wanted_high = std::max(wanted_high, data.shown()[i]);
      }
      for (const auto& point : points) {
        if (!inside(point.x)) continue;
        found_low = std::min(found_low, point.y), found_high = std::max(found_high, point.y);
      }
      QCOMPARE(found_low, wanted_low);
      QCOMPARE(found_high, wanted_high);
    }
  }
}

void SeriesDataTest::fewPointsAreAllKept() {
  SeriesData data("a");
  for (int i = 0; i < 100; ++i) data.append(i, i % 7);
  const auto points = data.decimated(edgesOf(9.5, 29.5, 400));
  QCOMPARE(points.size(), size_t{22});  // 10 to 29, and a neighbour on each side
  QCOMPARE(points.front().x, 9.0);
  QCOMPARE(points.back().x, 30.0);
  QVERIFY(data.decimated(edgesOf(500, 600, 10)).size() == 1);  // the last, to the left of what is shown
}

void SeriesDataTest::positiveOnly() {
  SeriesData data("a");
  const auto values = noise(50000, 12);
  size_t not_positive = 0;
  double smallest = 1e9;
  for (size_t i = 0; i < values.size(); ++i) {
    data.append(static_cast<double>(i), values[i]);
    not_positive += values[i] <= 0 ? 1 : 0;
    if (values[i] > 0) smallest = std::min(smallest, values[i]);
  }
  QCOMPARE(data.notPositive(), not_positive);
  QVERIFY(not_positive > 20000);
  double found = 1e9;
  for (const auto& point : data.decimated(edgesOf(0, 49999, 300), true)) {
    QVERIFY(point.y > 0);
    found = std::min(found, point.y);
  }
  QCOMPARE(found, smallest);
  QCOMPARE(data.yRange(0, 49999, true).low, smallest);
}

void SeriesDataTest::repeatedStepsReplace() {
  SeriesData data("a"), wanted("a");
  data.setSmoothing(0.5);
  wanted.setSmoothing(0.5);
  for (int i = 0; i < 1000; ++i) data.append(i, -1);
  for (int i = 600; i < 800; ++i) data.append(i, i);
  for (int i = 0; i < 800; ++i) wanted.append(i, i < 600 ? -1 : i);
  QCOMPARE(data.size(), size_t{800});
  QCOMPARE(data.notPositive(), size_t{600});
  for (size_t i = 0; i < 800; ++i) QCOMPARE(data.shown()[i], wanted.shown()[i]);
  QCOMPARE(data.yRange(0, 599).high, -1.0);
}

void SeriesDataTest::gapsAndNearest() {
  SeriesData data("a");
  QCOMPARE(data.nearest(3), data.size());
  data.append(1, 10);
  data.append(2, kNan);
  data.append(std::numeric_limits<double>::infinity(), 5);
  data.append(4, 12);
  QCOMPARE(data.size(), size_t{3});
  QCOMPARE(data.nearest(-5), size_t{0});
  QCOMPARE(data.nearest(2.9), size_t{1});
  QCOMPARE(data.nearest(3.1), size_t{2});
  QCOMPARE(data.nearest(99), size_t{2});
  QVERIFY(std::isnan(data.decimated(edgesOf(0, 5, 100))[1].y));
  QVERIFY(!data.yRange(1.5, 3).valid);
  data.clear();
  QVERIFY(data.empty());
  QCOMPARE(data.name(), std::string("a"));
}

// A long live curve: memory stays bounded, the extremes and the newest points stay.
void SeriesDataTest::neverMoreThanWanted() {
  constexpr size_t kMost = 1000, kCount = 100000;
  SeriesData data("loss");
  data.setMost(kMost);
  data.setSmoothing(0.5);
  for (size_t i = 0; i < kCount; ++i) {
    data.append(static_cast<double>(i), i == 7000 ? 50 : i == 70000 ? -50 : static_cast<double>(i % 10));
    QVERIFY(data.size() <= kMost && data.shown().size() == data.size());
  }
  QVERIFY(data.size() > kMost / 4);
  QCOMPARE(data.xs().back(), static_cast<double>(kCount - 1));
  const auto raw = data.raw();
  QCOMPARE(*std::max_element(raw.begin(), raw.end()), 50.0);
  QCOMPARE(*std::min_element(raw.begin(), raw.end()), -50.0);
  data.clear();
  for (size_t i = 0; i < kCount; ++i) data.append(static_cast<double>(i), 1);
  QVERIFY(data.size() <= kMost);  // so it is after clear(), too
}

QTEST_GUILESS_MAIN(SeriesDataTest)
#include "series_data.moc"
