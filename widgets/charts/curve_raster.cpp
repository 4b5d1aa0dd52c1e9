#include "widgets/charts/curve_raster.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace blockyard {

CurveRaster::CurveRaster(int width, int height)
    : width_(std::max(1, width)),
      height_(std::max(1, height)),
      columns_(static_cast<size_t>(width_) * static_cast<size_t>(height_), 0) {}

uint8_t CurveRaster::numberOf(QRgb colour) {
  const auto found = std::find(colours_.begin() + 1, colours_.end(), colour);
  if (found != colours_.end() || colours_.size() > 255)
    return static_cast<uint8_t>(std::min<std::ptrdiff_t>(found - colours_.begin(), 255));
  colours_.push_back(colour);
  return static_cast<uint8_t>(colours_.size() - 1);
}

void CurveRaster::draw(const QPolygonF& line, QRgb colour) {
  colour_ = numberOf(colour);
  for (qsizetype i = 1; i < line.size(); ++i) drawSegment(line[i - 1], line[i]);
  if (line.size() == 1) drawSegment(line[0], line[0]);
  fill();
}

void CurveRaster::drawSegment(QPointF from, QPointF to) {
  if (to.x() < 0 || from.x() >= width_) return;
  const double slope = to.x() > from.x() ? (to.y() - from.y()) / (to.x() - from.x()) : 0;
  const int first = static_cast<int>(std::max(0.0, from.x()));
  const int last = static_cast<int>(std::min<double>(width_ - 1, to.x()));
  if (first == last && from.x() >= 0 && to.x() < width_) return cover(first, from.y(), to.y());
  // What the line passes between the left and the right rim of each column.
  double left = from.y() + slope * (std::max<double>(first, from.x()) - from.x());
  for (int column = first; column <= last; ++column) {
    const double right = column == last && to.x() < width_ ? to.y() : from.y() + slope * (column + 1 - from.x());
    cover(column, left, right);
    left = right;
  }
}

// A column is filled once, when the line has left it.
void CurveRaster::cover(int column, double y1, double y2) {
  if (column != column_) {
    fill();
    column_ = column, low_ = std::min(y1, y2), high_ = std::max(y1, y2);
    return;
  }
  low_ = std::min({low_, y1, y2}), high_ = std::max({high_, y1, y2});
}

void CurveRaster::fill() {
  const int column = std::exchange(column_, -1);
  if (column < 0 || !(high_ >= 0) || low_ >= height_) return;
  const auto top = static_cast<size_t>(std::max(0.0, low_));
  const auto bottom = static_cast<size_t>(std::min<double>(height_ - 1, high_));
  std::memset(columns_.data() + static_cast<size_t>(column) * static_cast<size_t>(height_) + top, colour_,
              bottom - top + 1);
}

// In tiles that stay in the cache.
QImage CurveRaster::image() const {
  QImage out(width_, height_, QImage::Format_ARGB32_Premultiplied);
  std::vector<QRgb*> rows(static_cast<size_t>(height_));
  for (int y = 0; y < height_; ++y) rows[static_cast<size_t>(y)] = reinterpret_cast<QRgb*>(out.scanLine(y));
  constexpr int kTile = 64;
  for (int x0 = 0; x0 < width_; x0 += kTile)
    for (int y0 = 0; y0 < height_; y0 += kTile)
      for (int y = y0; y < std::min(height_, y0 + kTile); ++y) {
        QRgb* row = rows[static_cast<size_t>(y)];
        const uint8_t* column = columns_.data() + static_cast<size_t>(x0) * static_cast<size_t>(height_) + y;
        for (int x = x0; x < std::min(width_, x0 + kTile); ++x, column += height_) row[x] = colours_[*column];
      }
  return out;
}

}  // namespace blockyard
