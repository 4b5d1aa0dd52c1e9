#include "widgets/charts/plot_item.hpp"

#include <QtCore/QCoreApplication>
#include <QtGui/QPaintEngine>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <algorithm>
#include <cmath>

#include "widgets/charts/curve_raster.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

// Smooth edges cost ten times as much; beyond this nobody sees them in the crowd.
constexpr qsizetype kMostSmoothPoints = 8000;
constexpr qsizetype kMostDots = 60;  // curves of few points show where they are
constexpr size_t kMostReadings = 14;

// The curve as it was before it was smoothed.
QColor faint(QColor colour) {
  constexpr double kFaint = 0.28;
  colour.setAlphaF(kFaint);
  return colour;
}

QPalette palette() {
  return QApplication::palette();
}

}  // namespace

double ChartScale::shareOf(double value) const {
  if (log) return (std::log(value) - std::log(low)) / (std::log(high) - std::log(low));
  return (value - low) / (high - low);
}

double ChartScale::valueAt(double share) const {
  if (log) return std::exp(std::log(low) + share * (std::log(high) - std::log(low)));
  return low + share * (high - low);
}

void ChartScale::zoom(double factor, double share) {
  const double new_low = valueAt(share - share * factor), new_high = valueAt(share + (1 - share) * factor);
  // Beyond these the numbers of an axis can no longer be told apart.
  const double size = std::max({std::abs(new_low), std::abs(new_high), 1e-300});
  const bool narrow = new_high - new_low < 1e-12 * size;
  if (!std::isfinite(new_low) || !std::isfinite(new_high) || narrow || (log && new_low <= 0)) return;
  low = new_low, high = new_high;
}

void ChartScale::pan(double shares) {
  const double new_low = valueAt(shares), new_high = valueAt(1 + shares);
  if (!std::isfinite(new_low) || !std::isfinite(new_high) || new_high <= new_low || (log && new_low <= 0)) return;
  low = new_low, high = new_high;
}

QPointF ChartModel::place(const ChartPoint& point) const {
  // Far outside is far enough: painters overflow on larger numbers.
  constexpr double kFar = 50;
  return {area.left() + std::clamp(x.shareOf(point.x), -kFar, kFar) * area.width(),
          area.bottom() - std::clamp(y.shareOf(point.y), -kFar, kFar) * area.height()};
}

void CurvesItem::refresh() {
  if (bounds_ != model_.area) {
    prepareGeometryChange();
    bounds_ = model_.area;
  }
  stale_ = true;
  update();
}

void CurvesItem::makeLines() {
  lines_.clear();
  points_ = 0;
  stale_ = false;
  const auto columns = static_cast<size_t>(std::max(1.0, std::ceil(model_.area.width())));
  std::vector<double> edges(columns + 1);
  for (size_t i = 0; i <= columns; ++i)
    edges[i] = model_.x.valueAt(static_cast<double>(i) / static_cast<double>(columns));
  const auto visible = std::count_if(model_.curves.begin(), model_.curves.end(), [](auto& c) { return c.visible; });
  constexpr auto kMostShadows = 8;  // more would only hide each other
  if (model_.smoothing() > 0 && visible <= kMostShadows)
    for (const auto& curve : model_.curves)
      if (curve.visible) addLine(curve, edges, true);
  for (const auto& curve : model_.curves)
    if (curve.visible) addLine(curve, edges, false);
}

void CurvesItem::addLine(const ChartCurve& curve, const std::vector<double>& edges, bool raw) {
  Line line{.colour = seriesColor(curve.colour), .faint = raw};
  QPolygonF piece;
  qsizetype count = 0;
  const auto end = [&] {
    if (!piece.isEmpty()) line.pieces.push_back(std::exchange(piece, {}));
  };
  for (const auto& point : curve.data.decimated(edges, model_.y.log, raw)) {
    if (model_.x.log && point.x <= 0) continue;
    if (std::isnan(point.y)) {
      end();
      continue;
    }
    piece.push_back(model_.place(point));
    ++count;
  }
  end();
  points_ += count;
  line.dots = count <= kMostDots && !raw;
  lines_.push_back(std::move(line));
}

void CurvesItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  if (stale_) makeLines();
  painter->save();
  painter->setClipRect(model_.area);
  const bool smooth = points_ <= kMostSmoothPoints;
  // A drawing (SVG) stays one, whatever it takes.
  if (!smooth && painter->paintEngine()->type() == QPaintEngine::Raster) {
    paintCrowd(*painter);
    paintMarks(*painter);
    painter->restore();
    return;
  }
  painter->setRenderHint(QPainter::Antialiasing, smooth);
  for (const auto& line : lines_) {
    const QColor colour = line.faint ? faint(line.colour) : line.colour;
    // A pen of one pixel has a fast path of its own.
    QPen pen(colour, smooth && !line.faint ? 1.8 : 1);
    pen.setJoinStyle(Qt::BevelJoin);
    pen.setCosmetic(true);
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    for (const auto& piece : line.pieces) painter->drawPolyline(piece);
    if (!line.dots) continue;
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    constexpr double kDot = 2.6;
    for (const auto& piece : line.pieces)
      for (const auto& at : piece) painter->drawEllipse(at, kDot, kDot);
  }
  paintMarks(*painter);
  painter->restore();
}

void CurvesItem::paintCrowd(QPainter& painter) const {
  const QRectF& area = model_.area;
  const double scale = std::hypot(painter.worldTransform().m11(), painter.worldTransform().m12());
  CurveRaster raster(static_cast<int>(std::ceil(area.width() * scale)),
                     static_cast<int>(std::ceil(area.height() * scale)));
  for (const auto& line : lines_) {
    const QRgb colour = qPremultiply((line.faint ? faint(line.colour) : line.colour).rgba());
    for (const auto& piece : line.pieces) {
      QPolygonF in_pixels;
      in_pixels.reserve(piece.size());
      for (const QPointF& at : piece) in_pixels.push_back((at - area.topLeft()) * scale);
      raster.draw(in_pixels, colour);
    }
  }
  painter.drawImage(QRectF(area.topLeft(), QSizeF(area.width(), area.height())), raster.image());
}

void CurvesItem::paintMarks(QPainter& painter) const {
  const QFontMetricsF metrics(painter.font());
  constexpr int kRows = 3;
  double row_end[kRows] = {-1e9, -1e9, -1e9};
  QColor ground = palette().color(QPalette::Base);
  constexpr double kVeil = 0.6;
  ground.setAlphaF(kVeil);
  painter.setRenderHint(QPainter::Antialiasing, false);
  for (const auto& mark : model_.marks) {
    if (model_.x.log && mark.x <= 0) continue;
    const double share = model_.x.shareOf(mark.x);
    if (share < 0 || share > 1) continue;
    const double at = std::round(model_.area.left() + share * model_.area.width());
    painter.setPen(QPen(warningColor(), 1, Qt::DashLine));
    painter.drawLine(QPointF(at, model_.area.top()), QPointF(at, model_.area.bottom()));
    constexpr double kMostWidth = 220, kGap = 4;
    const QString text = metrics.elidedText(mark.text, Qt::ElideRight, kMostWidth);
    const double width = metrics.horizontalAdvance(text) + 2 * kGap;
    double left = at + 2;
    if (left + width > model_.area.right()) left = std::max(model_.area.left(), at - 2 - width);
    const auto* free_row = std::find_if(std::begin(row_end), std::end(row_end), [&](double end) { return end < left; });
    if (free_row == std::end(row_end)) continue;  // the line is there; the text would lie on others
    const auto row = static_cast<double>(free_row - std::begin(row_end));
    row_end[free_row - std::begin(row_end)] = left + width + kGap;
    const QRectF box(left, model_.area.top() + 2 + row * (metrics.height() + 2), width, metrics.height());
    painter.fillRect(box, ground);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(box, Qt::AlignCenter, text);
  }
}

void CrosshairItem::refresh() {
  if (bounds_ != model_.area) {
    prepareGeometryChange();
    bounds_ = model_.area;
  }
  update();
}

std::vector<CrosshairItem::Reading> CrosshairItem::readings() const {
  std::vector<Reading> out;
  if (!model_.cursor || model_.area.width() <= 0) return out;
  const double x = model_.x.valueAt((model_.cursor->x() - model_.area.left()) / model_.area.width());
  for (const auto& curve : model_.curves) {
    if (!curve.visible || curve.data.empty()) continue;
    const size_t at = curve.data.nearest(x);
    out.push_back({&curve, {curve.data.xs()[at], curve.data.shown()[at]}});
  }
  return out;
}

QStringList CrosshairItem::lines() const {
  QStringList out;
  const auto all = readings();
  if (all.empty()) return out;
  // Of the points that are read, the one next to the cursor names the place.
  const double x = model_.x.valueAt((model_.cursor->x() - model_.area.left()) / model_.area.width());
  const auto nearest = std::min_element(all.begin(), all.end(), [&](const Reading& a, const Reading& b) {
    return std::abs(a.point.x - x) < std::abs(b.point.x - x);
  });
  out << model_.x_name + QLatin1Char(' ') + shortNumber(nearest->point.x);
  for (const auto& reading : all) {
    QString text = reading.curve->name + QStringLiteral("  ") + shortNumber(reading.point.y);
    if (reading.point.x != nearest->point.x) text += QStringLiteral("  @ ") + shortNumber(reading.point.x);
    out << text;
  }
  return out;
}

void CrosshairItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  painter->save();
  painter->setClipRect(model_.area);
  painter->setRenderHint(QPainter::Antialiasing, true);
  if (model_.rubber_band) {
    QColor fill = palette().color(QPalette::Highlight);
    painter->setPen(QPen(fill, 1));
    constexpr double kVeil = 0.2;
    fill.setAlphaF(kVeil);
    painter->setBrush(fill);
    painter->drawRect(*model_.rubber_band);
  } else if (model_.cursor) {
    QColor faint = palette().color(QPalette::Text);
    constexpr double kFaint = 0.45;
    faint.setAlphaF(kFaint);
    painter->setPen(QPen(faint, 1));
    const double at = model_.cursor->x();
    painter->drawLine(QPointF(at, model_.area.top()), QPointF(at, model_.area.bottom()));
    const auto all = readings();
    painter->setPen(Qt::NoPen);
    for (const auto& reading : all) {
      if ((model_.y.log && reading.point.y <= 0) || !std::isfinite(reading.point.y)) continue;
      if (model_.x.log && reading.point.x <= 0) continue;
      painter->setBrush(seriesColor(reading.curve->colour));
      constexpr double kDot = 3.5;
      painter->drawEllipse(model_.place(reading.point), kDot, kDot);
    }
    if (!all.empty()) paintBox(*painter, all);
  }
  painter->restore();
}

void CrosshairItem::paintBox(QPainter& painter, const std::vector<Reading>& readings) const {
  QStringList texts = lines();
  if (texts.size() > static_cast<qsizetype>(kMostReadings) + 1) {
    const auto more = texts.size() - static_cast<qsizetype>(kMostReadings) - 1;
    texts = texts.mid(0, kMostReadings + 1);
    texts << QCoreApplication::translate("LineChart", "and %1 more").arg(more);
  }
  const QFontMetricsF metrics(painter.font());
  constexpr double kPad = 6, kSwatch = 12, kAway = 10;
  double width = 0;
  for (const auto& text : texts) width = std::max(width, metrics.horizontalAdvance(text));
  width += 2 * kPad + kSwatch;
  const double height = metrics.height() * static_cast<double>(texts.size()) + 2 * kPad;
  const QRectF& area = model_.area;
  double left = model_.cursor->x() + kAway;
  if (left + width > area.right()) left = std::max(area.left(), model_.cursor->x() - kAway - width);
  const double top =
      std::clamp(model_.cursor->y() - height / 2, area.top() + 2, std::max(area.top() + 2, area.bottom() - height - 2));
  painter.setPen(QPen(palette().color(QPalette::Mid), 1));
  painter.setBrush(palette().color(QPalette::Window));
  painter.drawRoundedRect(QRectF(left, top, width, height), 4, 4);
  double y = top + kPad;
  for (qsizetype i = 0; i < texts.size(); ++i, y += metrics.height()) {
    const bool is_curve = i > 0 && i <= static_cast<qsizetype>(std::min(readings.size(), kMostReadings));
    if (is_curve) {
      painter.setPen(Qt::NoPen);
      painter.setBrush(seriesColor(readings[static_cast<size_t>(i - 1)].curve->colour));
      painter.drawRoundedRect(QRectF(left + kPad, y + metrics.height() / 2 - 3, 7, 7), 2, 2);
    }
    painter.setPen(palette().color(QPalette::WindowText));
    const double text_left = left + kPad + (i == 0 ? 0 : kSwatch);
    painter.drawText(QPointF(text_left, y + metrics.ascent()), texts[i]);
  }
}

}  // namespace blockyard
