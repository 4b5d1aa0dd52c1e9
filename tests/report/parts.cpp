// What a report is made of: texts, numbers, charts.
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

#include "checks.hpp"
#include "report/chart.hpp"
#include "report/markup.hpp"
#include "report/mlflow.hpp"

using namespace blockyard;

class PartsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void textsAreEscaped();
  void numbersAreShort();
  void curvesKeepTheirPeaks();
  void shortCurvesStayAsTheyAre();
  void ticksAreRound();
  void chartsSurviveOddNumbers();
  void namesForMlflow();
};

void PartsTest::textsAreEscaped() {
  COMPARE_TEXT(htmlText("<a href=\"x\">'&'\x01</a>"),
               "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;\xef\xbf\xbd&lt;/a&gt;");
  COMPARE_TEXT(markdownText("a|b `c` <d> *e*\n# f"), "a\\|b \\`c\\` &lt;d&gt; \\*e\\* # f");
  COMPARE_TEXT(markdownText("# no heading"), "\\# no heading");
  COMPARE_TEXT(markdownText("bill-length 1.5"), "bill-length 1.5");
  COMPARE_TEXT(markdownCode("a"), "`a`");
  COMPARE_TEXT(markdownCode("a``b`"), "``` a``b` ```");
}

void PartsTest::numbersAreShort() {
  COMPARE_TEXT(shortNumberText(0.97312), "0.9731");
  COMPARE_TEXT(shortNumberText(12), "12");
  COMPARE_TEXT(shortNumberText(std::nan("")), "");
  COMPARE_TEXT(groupedText(-1234567), "-1,234,567");
  COMPARE_TEXT(groupedText(999), "999");
  COMPARE_TEXT(durationText(0.085), "85 ms");
  COMPARE_TEXT(durationText(200), "3 min 20 s");
  COMPARE_TEXT(durationText(3720), "1 h 02 min");
  COMPARE_TEXT(sizeText(3400000), "3.4 MB");
}

void PartsTest::curvesKeepTheirPeaks() {
  std::vector<ChartPoint> points;
  for (int i = 0; i < 10000; ++i) points.push_back({static_cast<double>(i), std::sin(i * 0.01)});
  points[4321].y = 50, points[4322].y = -50, points[4323].y = std::nan("");
  const auto thin = thinned(points, 100);
  QVERIFY(thin.size() <= 202);
  const auto has = [&](double x, double y) {
    return std::any_of(thin.begin(), thin.end(), [&](const ChartPoint& p) { return p.x == x && p.y == y; });
  };
  QVERIFY(has(4321, 50) && has(4322, -50));
  QVERIFY(has(0, points.front().y) && has(9999, points.back().y));
  QVERIFY(std::is_sorted(thin.begin(), thin.end(), [](const ChartPoint& a, const ChartPoint& b) { return a.x < b.x; }));
}

void PartsTest::shortCurvesStayAsTheyAre() {
  const auto thin = thinned({{1, 2}, {2, std::numeric_limits<double>::infinity()}, {3, 4}}, 100);
  QCOMPARE(thin.size(), size_t{2});
  QCOMPARE(thin[1].y, 4.0);
}

void PartsTest::ticksAreRound() {
  const auto ticks = ticksOf(0.013, 0.092, 5);
  QVERIFY(ticks.size() >= 3 && ticks.size() <= 7);
  QVERIFY(ticks.front() >= 0.013 && ticks.back() <= 0.092);
  COMPARE_TEXT(shortNumberText(ticks.front()), "0.02");
}

void PartsTest::chartsSurviveOddNumbers() {
  QVERIFY(chartSvg({.title = "none"}).empty());
  const double inf = std::numeric_limits<double>::infinity();
  for (const auto& points : {std::vector<ChartPoint>{{5, 3}},
                             {{1, 0}, {2, 0}},
                             {{1, 1e-9}, {2, 1e9}, {3, 1}, {4, 1}},
                             {{1, -3}, {2, inf}, {3, 1e300}},
                             {{1, std::nan("")}, {2, -1}}}) {
    const std::string svg =
        chartSvg({.title = "<t>", .x_title = "step", .curves = {{"c", "one", points}}, .marks = {{1.5, "<m>"}}});
    QVERIFY(!svg.empty());
    QVERIFY2(svg.find("nan") == std::string::npos && svg.find("inf") == std::string::npos, svg.c_str());
    QVERIFY(svg.find("<t>") == std::string::npos && svg.find("<m>") == std::string::npos);
  }
}

void PartsTest::namesForMlflow() {
  COMPARE_TEXT(mlflowKey("train/loss"), "train/loss");
  COMPARE_TEXT(mlflowKey("../../etc/passwd"), "_/_/etc/passwd");
  COMPARE_TEXT(mlflowKey("/a//b/."), "a/b/_");
  COMPARE_TEXT(mlflowKey("gr\xc3\xb6\xc3\x9f"
                         "e<x>"),
               "gr__e_x_");
  COMPARE_TEXT(mlflowKey(""), "_");
}

QTEST_GUILESS_MAIN(PartsTest)
#include "parts.moc"
