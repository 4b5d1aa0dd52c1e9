#include "report/chart.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "report/markup.hpp"

namespace blockyard {
namespace {

constexpr double kWidth = 560, kHeight = 250, kLeft = 62, kRight = 14, kTop = 12, kBottom = 40;
constexpr size_t kBuckets = 250;
constexpr double kFarAbove = 20;  // the largest value over the median, from where on a linear axis hides the rest

std::string number(double value) {
  return shortNumberText(std::round(value * 10) / 10, 6);
}

// Numbers to places on the page; what lies beyond is drawn at the edge.
struct Axis {
  double low = 0, high = 1, from = 0, to = 1;
  bool logarithmic = false;

  double at(double value) const {
    const auto scaled = [&](double v) { return logarithmic ? std::log10(v) : v; };
    return from + (to - from) * (scaled(std::clamp(value, low, high)) - scaled(low)) / (scaled(high) - scaled(low));
  }
};

std::vector<double> logarithmicTicks(double low, double high) {
  std::vector<double> out;
  const bool few = std::log10(high / low) < 3;
  for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10)
    for (const double step : {1.0, 2.0, 5.0})
      if ((few || step == 1) && decade * step >= low * 0.999 && decade * step <= high * 1.001)
        out.push_back(decade * step);
  return out;
}

// The values that the upward axis is chosen for, in order. Of curves in the background the outliers do not count.
std::vector<double> valuesThatCount(const Chart& chart) {
  constexpr size_t kShare = 50;  // one in so many at each end
  std::vector<double> out, behind;
  for (const ChartCurve& curve : chart.curves)
    for (const ChartPoint& point : curve.points)
      if (std::isfinite(point.y)) (curve.style == "faint" ? behind : out).push_back(point.y);
  std::sort(behind.begin(), behind.end());
  if (const size_t beyond = behind.size() / kShare; !out.empty() && !behind.empty()) {
    const auto [low, high] = std::minmax_element(out.begin(), out.end());
    // A background that spans much more than the curves is cut off rather than pressing them flat.
    const double room = 2 * std::max(*high - *low, std::abs(*high) / 4);
    behind = {std::max(behind[beyond], *low - room), std::min(behind[behind.size() - 1 - beyond], *high + room)};
  }
  out.insert(out.end(), behind.begin(), behind.end());
  std::sort(out.begin(), out.end());
  return out;
}

Axis upward(const std::vector<double>& sorted) {
  Axis axis{sorted.front(), sorted.back(), kHeight - kBottom, kTop, false};
  axis.logarithmic = axis.low > 0 && axis.high > kFarAbove * sorted[sorted.size() / 2];
  if (axis.logarithmic) {
    axis.low /= 1.1, axis.high *= 1.1;
  } else if (axis.low == axis.high) {
    const double room = axis.low == 0 ? 1 : std::abs(axis.low) / 2;
    axis.low -= room, axis.high += room;
  } else {
    const double room = (axis.high - axis.low) * 0.04;
    if (axis.low < 0 || axis.low > 2 * room)
      axis.low -= room;
    else
      axis.low = 0;
    axis.high += room;
  }
  return axis;
}

std::string line(const char* style, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + std::string(style) + "\" x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" +
         number(x2) + "\" y2=\"" + number(y2) + "\"/>";
}

std::string label(const char* style, double x, double y, const std::string& text) {
  return "<text class=\"" + std::string(style) + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\">" +
         htmlText(text) + "</text>";
}

std::string axesSvg(const Axis& across, const Axis& up, const std::string& x_title) {
  std::string out;
  for (const double tick : up.logarithmic ? logarithmicTicks(up.low, up.high) : ticksOf(up.low, up.high, 5)) {
    out += line("grid", kLeft, up.at(tick), kWidth - kRight, up.at(tick));
    out += label("tick end", kLeft - 6, up.at(tick) + 4, shortNumberText(tick));
  }
  for (const double tick : ticksOf(across.low, across.high, 6)) {
    out += line("axis", across.at(tick), kHeight - kBottom, across.at(tick), kHeight - kBottom + 4);
    out += label("tick middle", across.at(tick), kHeight - kBottom + 17, groupedText(std::llround(tick)));
  }
  out += line("axis", kLeft, kHeight - kBottom, kWidth - kRight, kHeight - kBottom);
  out += label("tick middle", (kLeft + kWidth - kRight) / 2, kHeight - 5,
               x_title + (up.logarithmic ? "; upward axis logarithmic" : ""));
  return out + "\n";
}

std::string curveSvg(const ChartCurve& curve, const Axis& across, const Axis& up) {
  const auto points = thinned(curve.points, kBuckets);
  if (points.size() == 1)
    return "<circle class=\"dot " + curve.style + "\" cx=\"" + number(across.at(points[0].x)) + "\" cy=\"" +
           number(up.at(points[0].y)) + "\" r=\"3\"/>\n";
  std::string out = "<polyline class=\"curve " + curve.style + "\" points=\"";
  for (const ChartPoint& point : points) out += number(across.at(point.x)) + "," + number(up.at(point.y)) + " ";
  return out + "\"><title>" + htmlText(curve.name) + "</title></polyline>\n";
}

}  // namespace

std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points, size_t buckets) {
  std::vector<ChartPoint> finite;
  for (const ChartPoint& point : points)
    if (std::isfinite(point.x) && std::isfinite(point.y)) finite.push_back(point);
  if (finite.size() <= 2 * buckets + 2) return finite;
  const double low = finite.front().x, width = finite.back().x - low;
  std::vector<ChartPoint> out{finite.front()};
  for (size_t i = 1; i + 1 < finite.size();) {
    const auto bucket_of = [&](size_t at) {
      return std::min(buckets - 1, static_cast<size_t>((finite[at].x - low) / width * static_cast<double>(buckets)));
    };
    size_t smallest = i, largest = i, end = i;
    for (; end + 1 < finite.size() && bucket_of(end) == bucket_of(i); ++end) {
      if (finite[end].y < finite[smallest].y) smallest = end;
      if (finite[end].y > finite[largest].y) largest = end;
    }
    out.push_back(finite[std::min(smallest, largest)]);
    if (smallest != largest) out.push_back(finite[std::max(smallest, largest)]);
    i = end;
  }
  out.push_back(finite.back());
  return out;
}

std::vector<double> ticksOf(double low, double high, int count) {
  const double raw = (high - low) / count, power = std::pow(10, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double nice : {1.0, 2.0, 5.0})
    if (raw <= nice * power * 1.0001) {
      step = nice * power;
      break;
    }
  std::vector<double> out;
  const double first = std::ceil(low / step - 1e-9) + 0.0;  // no -0
  for (double at = first; at * step <= high + step * 1e-9; ++at) out.push_back(at * step);
  return out;
}

std::string chartSvg(const Chart& chart) {
  bool any = false;
  Axis across{0, 0, kLeft, kWidth - kRight};
  for (const ChartCurve& curve : chart.curves)
    for (const ChartPoint& point : curve.points) {
      if (!std::isfinite(point.y)) continue;
      if (!std::exchange(any, true)) across.low = across.high = point.x;
      across.low = std::min(across.low, point.x), across.high = std::max(across.high, point.x);
    }
  if (!any) return {};
  if (across.low == across.high) across.low -= 1, across.high += 1;
  const Axis up = upward(valuesThatCount(chart));
  std::string out = "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " +
                    number(kWidth) + " " + number(kHeight) + "\"><title>" + htmlText(chart.title) + "</title>\n" +
                    axesSvg(across, up, chart.x_title);
  for (const ChartMark& mark : chart.marks) {
    if (mark.x < across.low || mark.x > across.high) continue;
    out += "<g><title>" + htmlText(mark.text) + "</title>" +
           line("mark", across.at(mark.x), kTop, across.at(mark.x), kHeight - kBottom) + "</g>";
  }
  for (const ChartCurve& curve : chart.curves) out += curveSvg(curve, across, up);
  for (const ChartPoint& point : chart.highlights)
    out += "<circle class=\"best\" cx=\"" + number(across.at(point.x)) + "\" cy=\"" + number(up.at(point.y)) +
           "\" r=\"4.5\"><title>" + htmlText("best: " + shortNumberText(point.y)) + "</title></circle>";
  return out + "</svg>\n";
}

}  // namespace blockyard
