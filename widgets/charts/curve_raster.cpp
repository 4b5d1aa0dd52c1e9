#include "widgets/charts/curve_raster.hpp"

#include <algorithm>
#include <cmath>

namespace blockyard {

CurveRaster::CurveRaster(int width, int height)
    : width_(std::max(1, width)),
      height_(std::max(1, height)),
      columns_(static_cast<size_t>(width_) * static_cast<size_t>(height_), 0) {}

void CurveRaster::draw(const QPolygonF& line, QRgb colour) {
  for (qsizetype i = 1; i < line.size(); ++i) drawSegment(line[i - 1], line[i], colour);
  if (line.size() == 1) drawSegment(line[0], line[0], colour);
}

void CurveRaster::drawSegment(QPointF from, QPointF to, QRgb colour) {
  if (to.x() < 0 || from.x() >= width_) return;
  const double slope = to.x() > from.x() ? (to.y() - from.y()) / (to.x() - from.x()) : 0;
  const int first = static_cast<int>(std::max(0.0, from.x()));
  const int last = static_cast<int>(std::min<double>(width_ - 1, to.x()));
  if (first == last && from.x() >= 0 && to.x() < width_) return fill(first, from.y(), to.y(), colour);
  // What the line passes between the left and the right rim of each column.
  double left = from.y() + slope * (std::max<double>(first, from.x()) - from.x());
  for (int column = first; column <= last; ++column) {
    const double right = column == last && to.x() < width_ ? to.y() : from.y() + slope * (column + 1 - from.x());
    fill(column, left, right, colour);
    left = right;
  }
}

void CurveRaster::fill(int column, double y1, double y2, QRgb colour) {
  if (y1 > y2) std::swap(y1, y2);
  if (!(y2 >= 0) || y1 >= height_) return;
  const auto top = static_cast<size_t>(std::max(0.0, y1));
  const auto bottom = static_cast<size_t>(std::min<double>(height_ - 1, y2));
  QRgb* at = columns_.data() + static_cast<size_t>(column) * static_cast<size_t>(height_);
  std::fill(at + top, at + bottom + 1, colour);
}

// In tiles that stay in the cache.
QImage CurveRaster::image() const {
  QImage out(width_, height_, QImage::Format_ARGB32_Premultiplied);
  constexpr int kTile = 32;
  std::vector<QRgb*> rows(static_cast<size_t>(height_));
  for (int y = 0; y < height_; ++y) rows[static_cast<size_t>(y)] = reinterpret_cast<QRgb*>(out.scanLine(y));
  for (int x0 = 0; x0 < width_; x0 += kTile)
    for (int y0 = 0; y0 < height_; y0 += kTile)
      for (int y = y0; y < std::min(height_, y0 + kTile); ++y) {
        QRgb* row = rows[static_cast<size_t>(y)];
        const QRgb* column = columns_.data() + static_cast<size_t>(x0) * static_cast<size_t>(height_) + y;
        for (int x = x0; x < std::min(width_, x0 + kTile); ++x, column += height_) row[x] = *column;
      }
  return out;
}

}  // namespace blockyard
