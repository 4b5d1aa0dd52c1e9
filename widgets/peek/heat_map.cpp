#include "widgets/peek/heat_map.hpp"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/common/theme.hpp"
#include "widgets/peek/sample_models.hpp"

namespace blockyard {
namespace {

constexpr int kMapMargin = 8, kLegend = 12;
constexpr int64_t kMostMapRows = 500, kMostFeatures = 2000, kMostMaps = 144;
constexpr double kLargestCell = 32;

}  // namespace

QColor heatColor(double value, double low, double high) {
  if (!std::isfinite(value) || !(high > low)) return QColor(128, 128, 128);
  if (low < 0 && high > 0) {
    const double most = std::max(-low, high), share = std::clamp(value / most, -1.0, 1.0);
    const QColor middle = darkTheme() ? QColor(0x24, 0x27, 0x2b) : QColor(0xf7, 0xf7, 0xf7);
    return share < 0 ? mixedColor(middle, QColor(0x21, 0x7c, 0xd6), -share)
                     : mixedColor(middle, QColor(0xe0, 0x7b, 0x1a), share);
  }
  // Some points of viridis (Smith and van der Walt, 2015).
  static const std::array<QColor, 6> kStops = {QColor(68, 1, 84),    QColor(65, 68, 135),  QColor(42, 120, 142),
                                               QColor(34, 168, 132), QColor(122, 209, 81), QColor(253, 231, 37)};
  const double place = std::clamp((value - low) / (high - low), 0.0, 1.0) * static_cast<double>(kStops.size() - 1);
  const auto stop = std::min(static_cast<size_t>(place), kStops.size() - 2);
  return mixedColor(kStops[stop], kStops[stop + 1], place - static_cast<double>(stop));
}

HeatMap::HeatMap(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Heat map"));
}

void HeatMap::setSample(std::shared_ptr<const Sample> sample) {
  sample_ = std::move(sample);
  if (sample_) row_ = std::clamp<int64_t>(row_, 0, std::max<int64_t>(0, sample_->shownRows() - 1));
  build();
}

void HeatMap::setRow(int64_t row) {
  row_ = row;
  if (byRow()) build();
}

void HeatMap::build() {
  number_.clear();
  width_ = height_ = 0;
  low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
  if (sample_ && !sample_->numbers.empty()) {
    if (byRow())
      buildMaps();
    else
      buildRows();
    // The same colours for every row.
    for (const double value : sample_->numbers)
      if (std::isfinite(value)) low_ = std::min(low_, value), high_ = std::max(high_, value);
  }
  draw();
  setCurrent({-1, -1});
  update();
}

void HeatMap::buildRows() {
  const int64_t features = sample_->shownColumns();
  width_ = static_cast<int>(std::min(features, kMostFeatures));
  height_ = static_cast<int>(std::min(sample_->shownRows(), kMostMapRows));
  number_.resize(static_cast<size_t>(width_) * static_cast<size_t>(height_));
  for (int y = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x) at(x, y) = y * features + x;
}

// How many maps side by side make them largest.
int64_t HeatMap::bestColumns(int64_t maps, int64_t high, int64_t wide) const {
  const QRectF all = room();
  int64_t best = 1;
  double largest = 0;
  for (int64_t columns = 1; columns <= maps; ++columns) {
    const int64_t rows = (maps + columns - 1) / columns;
    const double cell = std::min(all.width() / static_cast<double>(columns * (wide + 1)),
                                 all.height() / static_cast<double>(rows * (high + 1)));
    if (cell > largest) largest = cell, best = columns;
  }
  return best;
}

void HeatMap::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (byRow()) build();
}

// All sizes but the last two are counted through.
void HeatMap::buildMaps() {
  const auto& shape = sample_->row_shape;
  const int64_t high = shape[shape.size() - 2], wide = shape.back();
  const int64_t size = sample_->shownColumns(), maps = std::min(size / std::max<int64_t>(1, high * wide), kMostMaps);
  if (maps == 0) return;
  const int64_t columns = bestColumns(maps, high, wide), rows = (maps + columns - 1) / columns;
  width_ = static_cast<int>(columns * (wide + 1) - 1), height_ = static_cast<int>(rows * (high + 1) - 1);
  number_.assign(static_cast<size_t>(width_) * static_cast<size_t>(height_), -1);
  for (int64_t map = 0; map < maps; ++map)
    for (int64_t y = 0; y < high; ++y)
      for (int64_t x = 0; x < wide; ++x)
        at(static_cast<int>(map % columns * (wide + 1) + x), static_cast<int>(map / columns * (high + 1) + y)) =
            row_ * size + (map * high + y) * wide + x;
}

void HeatMap::draw() {
  image_ = QImage(width_, height_, QImage::Format_RGB32);
  const QRgb gap = palette().color(QPalette::Base).rgb();
  for (int y = 0; y < height_; ++y) {
    auto* const line = reinterpret_cast<QRgb*>(image_.scanLine(y));
    for (int x = 0; x < width_; ++x) {
      const int64_t number = at(x, y);
      line[x] = number < 0 ? gap : heatColor(sample_->numbers[static_cast<size_t>(number)], low_, high_).rgb();
    }
  }
}

QString HeatMap::currentText() const {
  if (current_.x() < 0 || current_.x() >= width_ || current_.y() >= height_) return {};
  const int64_t number = const_cast<HeatMap*>(this)->at(current_.x(), current_.y());
  if (number < 0) return {};
  const int64_t row = number / sample_->shownColumns(), column = number % sample_->shownColumns();
  const auto id = static_cast<size_t>(row) < sample_->row_ids.size() ? sample_->row_ids[static_cast<size_t>(row)] : row;
  const double value = sample_->numbers[static_cast<size_t>(number)];
  return tr("row %1, %2: %3")
      .arg(QString::number(id), QString::fromStdString(sample_->columnName(column)), valueText(value));
}

void HeatMap::setCurrent(QPoint cell) {
  current_ = cell;
  const QString text = currentText();
  setToolTip(text);
  setAccessibleDescription(text);
  Q_EMIT currentChanged(text);
  update();
}

QRectF HeatMap::room() const {
  return QRectF(rect()).adjusted(kMapMargin, kMapMargin, -kMapMargin,
                                 -2 * kMapMargin - kLegend - fontMetrics().height());
}

// Where the field is drawn: maps keep their shape, rows and features fill what is there.
QRectF HeatMap::field() const {
  if (width_ == 0 || height_ == 0) return {};
  const QRectF all = room();
  double x = std::min(all.width() / width_, kLargestCell), y = std::min(all.height() / height_, kLargestCell);
  if (byRow()) x = y = std::min(x, y);
  return {all.left(), all.top(), x * width_, y * height_};
}

QPoint HeatMap::cellAt(QPoint place) const {
  const QRectF all = field();
  if (!all.contains(place)) return {-1, -1};
  return {std::min(width_ - 1, static_cast<int>((place.x() - all.left()) / all.width() * width_)),
          std::min(height_ - 1, static_cast<int>((place.y() - all.top()) / all.height() * height_))};
}

void HeatMap::mouseMoveEvent(QMouseEvent* event) {
  setCurrent(cellAt(event->pos()));
}

void HeatMap::mousePressEvent(QMouseEvent* event) {
  setCurrent(cellAt(event->pos()));
}

void HeatMap::keyPressEvent(QKeyEvent* event) {
  QPoint step;
  switch (event->key()) {
    case Qt::Key_Left:
      step = {-1, 0};
      break;
    case Qt::Key_Right:
      step = {1, 0};
      break;
    case Qt::Key_Up:
      step = {0, -1};
      break;
    case Qt::Key_Down:
      step = {0, 1};
      break;
    default:
      return QWidget::keyPressEvent(event);
  }
  if (width_ == 0) return;
  const QPoint to = current_.x() < 0 ? QPoint(0, 0) : current_ + step;
  setCurrent({std::clamp(to.x(), 0, width_ - 1), std::clamp(to.y(), 0, height_ - 1)});
}

void HeatMap::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::PaletteChange) return;
  draw();
  update();
}

void HeatMap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().color(QPalette::Base));
  const QRectF all = field();
  if (all.isEmpty()) return;
  painter.drawImage(all, image_);
  if (current_.x() >= 0) {
    const double x = all.width() / width_, y = all.height() / height_;
    painter.setPen(QPen(palette().color(QPalette::Text), 1));
    painter.drawRect(QRectF(all.left() + current_.x() * x, all.top() + current_.y() * y, x, y));
  }
  paintLegend(painter);
  if (!hasFocus()) return;
  painter.setPen(palette().color(QPalette::Highlight));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void HeatMap::paintLegend(QPainter& painter) const {
  constexpr int kWidth = 220;
  const QRect bar(kMapMargin, height() - kMapMargin - kLegend - fontMetrics().height(),
                  std::min(kWidth, width() - 2 * kMapMargin), kLegend);
  // Around 0 the colours reach as far to one side as to the other.
  const double most = std::max(-low_, high_);
  const bool signs = low_ < 0 && high_ > 0;
  const double from = signs ? -most : low_, to = signs ? most : high_;
  for (int x = 0; x < bar.width(); ++x)
    painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(),
                     heatColor(from + (to - from) * x / bar.width(), from, to));
  painter.setPen(palette().color(QPalette::Text));
  const QRect below(bar.left(), bar.bottom() + 1, bar.width(), fontMetrics().height());
  painter.drawText(below, Qt::AlignLeft, valueText(from));
  painter.drawText(below, Qt::AlignRight, valueText(to));
  if (signs) painter.drawText(below, Qt::AlignHCenter, QStringLiteral("0"));
}

}  // namespace blockyard
