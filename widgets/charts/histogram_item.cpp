#include "widgets/charts/histogram_item.hpp"

#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <algorithm>
#include <cmath>

#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr size_t kMostColumns = 240, kMostRidges = 24;

// One bucket: where it lies, and how densely.
struct Bucket {
  double low = 0, high = 0, density = 0;
};

std::vector<Bucket> bucketsOf(const events::Histogram& histogram) {
  std::vector<Bucket> out;
  double low = histogram.min, total = 0;
  for (const double count : histogram.counts) total += count;
  for (size_t i = 0; i < histogram.counts.size() && i < histogram.limits.size(); ++i) {
    const double high = histogram.limits[i], width = std::max(high - low, 1e-12);
    out.push_back({low, high, histogram.counts[i] / (std::max(1.0, total) * width)});
    low = high;
  }
  return out;
}

double highest(const std::vector<Bucket>& buckets) {
  double out = 0;
  for (const Bucket& bucket : buckets) out = std::max(out, bucket.density);
  return out;
}

}  // namespace

std::vector<size_t> HistogramModel::drawn() const {
  const size_t most = style == HistogramStyle::Heat ? kMostColumns : kMostRidges;
  std::vector<size_t> out;
  if (slices.size() <= most) {
    for (size_t i = 0; i < slices.size(); ++i) out.push_back(i);
    return out;
  }
  const double first = slices.front().step, last = slices.back().step;
  for (size_t i = 0; i < most; ++i) {
    const double wanted = first + (last - first) * static_cast<double>(i) / static_cast<double>(most - 1);
    const auto at = std::lower_bound(slices.begin(), slices.end(), wanted,
                                     [](const HistogramSlice& slice, double step) { return slice.step < step; });
    const auto index = static_cast<size_t>(std::min(at, slices.end() - 1) - slices.begin());
    if (out.empty() || out.back() != index) out.push_back(index);
  }
  return out;
}

void HistogramItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  if (model_.slices.empty()) return;
  painter->save();
  painter->setClipRect(model_.area);
  if (model_.style == HistogramStyle::Heat)
    paintHeat(*painter);
  else
    paintRidges(*painter);
  painter->restore();
}

// Each column is as dark as it can be at its peak: the shape is what one looks for, and it changes its width by orders
// of magnitude.
void HistogramItem::paintHeat(QPainter& painter) const {
  const QRectF& area = model_.area;
  const QColor ground = QApplication::palette().color(QPalette::Base), full = seriesColor(model_.colour);
  painter.setRenderHint(QPainter::Antialiasing, false);
  const std::vector<size_t> drawn = model_.drawn();
  const auto xOf = [&](double step) { return area.left() + model_.step.shareOf(step) * area.width(); };
  const auto yOf = [&](double value) { return area.bottom() - model_.value.shareOf(value) * area.height(); };
  double left = xOf(model_.slices[drawn.front()].step);
  for (size_t i = 0; i < drawn.size(); ++i) {
    // A column reaches from halfway to the one before to halfway to the next.
    const double here = xOf(model_.slices[drawn[i]].step);
    const double right = i + 1 < drawn.size() ? (here + xOf(model_.slices[drawn[i + 1]].step)) / 2
                                              : std::max(here + (here - left), here + 1);
    const std::vector<Bucket> buckets = bucketsOf(model_.slices[drawn[i]].histogram);
    const double peak = highest(buckets);
    for (const Bucket& bucket : buckets) {
      if (bucket.density <= 0) continue;
      const double top = yOf(bucket.high), bottom = yOf(bucket.low);
      const QRectF place(QPointF(std::floor(left), std::floor(top)),
                         QPointF(std::ceil(right), std::max(std::ceil(bottom), std::floor(top) + 1)));
      painter.fillRect(place, mixedColor(ground, full, 0.08 + 0.92 * std::sqrt(bucket.density / peak)));
    }
    left = right;
  }
  if (model_.selected < 0 || model_.selected >= static_cast<int>(model_.slices.size())) return;
  const double at = std::round(xOf(model_.slices[static_cast<size_t>(model_.selected)].step));
  painter.setPen(QPen(QApplication::palette().color(QPalette::Text), 1, Qt::DotLine));
  painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
}

void HistogramItem::paintRidges(QPainter& painter) const {
  const QRectF& area = model_.area;
  const std::vector<size_t> drawn = model_.drawn();
  const QColor ground = QApplication::palette().color(QPalette::Base), full = seriesColor(model_.colour);
  constexpr double kTimesDistance = 4, kMostShare = 0.3;
  const double hill =
      std::min(kMostShare * area.height(), kTimesDistance * area.height() / static_cast<double>(drawn.size()));
  painter.setRenderHint(QPainter::Antialiasing, true);
  const auto xOf = [&](double value) { return area.left() + model_.value.shareOf(value) * area.width(); };
  for (size_t i = 0; i < drawn.size(); ++i) {
    const HistogramSlice& slice = model_.slices[drawn[i]];
    const double foot = area.top() + hill + model_.step.shareOf(slice.step) * (area.height() - hill);
    const std::vector<Bucket> buckets = bucketsOf(slice.histogram);
    const double peak = highest(buckets);
    QPolygonF line;
    line << QPointF(xOf(slice.histogram.min), foot);
    for (const Bucket& bucket : buckets)
      line << QPointF(xOf((bucket.low + bucket.high) / 2), foot - hill * bucket.density / std::max(peak, 1e-300));
    line << QPointF(xOf(slice.histogram.max), foot);
    // The older, the fainter.
    const double age = static_cast<double>(i + 1) / static_cast<double>(drawn.size());
    QColor fill = mixedColor(ground, full, 0.15 + 0.45 * age);
    constexpr double kVeil = 0.85;
    fill.setAlphaF(kVeil);
    const bool chosen = static_cast<int>(drawn[i]) == model_.selected;
    painter.setPen(
        QPen(chosen ? QApplication::palette().color(QPalette::Text) : mixedColor(ground, full, 0.4 + 0.6 * age),
             chosen ? 2 : 1));
    painter.setBrush(fill);
    painter.drawPolygon(line);
  }
}

}  // namespace blockyard
