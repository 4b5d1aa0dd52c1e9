// A chart of curves as a picture for a page: axes with ticks, at most some hundred points per curve, marks for events.
// Pure.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace blockyard {

struct ChartPoint {
  double x = 0, y = 0;
};
struct ChartCurve {
  std::string name{};
  std::string style{};  // class of the page's style: "one", "two", "faint"
  std::vector<ChartPoint> points{};
};
struct ChartMark {
  double x = 0;
  std::string text{};
};
struct Chart {
  std::string title{}, x_title{};
  std::vector<ChartCurve> curves{};
  std::vector<ChartMark> marks{};      // upright lines
  std::vector<ChartPoint> highlights;  // dots: the best point
};

// The first and the last point of a curve and, for each of `buckets` stretches of equal width, the smallest and the
// largest between them, in order: no peak is lost. Points that are not finite are left out.
std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, size_t buckets);
// Round numbers from low to high, some `count` of them, both ends within.
std::vector<double> ticksOf(double low, double high, int count);

// An <svg>. The upward axis is logarithmic where the largest value is far above most others. Empty if no curve has a
// point.
std::string chartSvg(const Chart& chart);

}  // namespace blockyard
