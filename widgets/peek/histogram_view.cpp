#include "widgets/peek/histogram_view.hpp"

#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr int kViewMargin = 8;
constexpr double kNameShare = 0.3;  // of the width, for the names of classes

QString edgeText(const SampleColumn& column, double value) {
  if (column.profile.type == nameOf(ColumnType::Time)) return QString::fromStdString(timeText(std::round(value)));
  return QString::number(value, 'g', 4);
}

}  // namespace

std::vector<Bar> barsOf(const SampleColumn& column) {
  std::vector<Bar> out;
  const Bins& bins = column.bins;
  const double width = (bins.high - bins.low) / static_cast<double>(std::max<size_t>(1, bins.counts.size()));
  for (size_t i = 0; i < bins.counts.size(); ++i)
    out.push_back({HistogramView::tr("%1 to %2")
                       .arg(edgeText(column, bins.low + static_cast<double>(i) * width),
                            edgeText(column, bins.low + static_cast<double>(i + 1) * width)),
                   bins.counts[i]});
  if (out.empty())
    for (const auto& [name, count] : column.profile.top) out.push_back({QString::fromStdString(name), count});
  return out;
}

void paintBars(QPainter& painter, const QRect& place, const std::vector<Bar>& bars, const QColor& color) {
  int64_t most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.count);
  if (most == 0) return;
  const double step = static_cast<double>(place.width()) / static_cast<double>(bars.size());
  const double gap = step > 4 ? 1 : 0;
  for (size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].count == 0) continue;
    const double height =
        std::max(1.0, place.height() * static_cast<double>(bars[i].count) / static_cast<double>(most));
    painter.fillRect(
        QRectF(place.left() + static_cast<double>(i) * step, place.bottom() + 1 - height, step - gap, height), color);
  }
}

HistogramView::HistogramView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Histogram"));
}

void HistogramView::setColumn(std::shared_ptr<const SampleColumn> column) {
  column_ = std::move(column);
  bars_ = column_ ? barsOf(*column_) : std::vector<Bar>{};
  most_ = 0;
  for (const Bar& bar : bars_) most_ = std::max(most_, bar.count);
  current_ = -1;
  setAccessibleDescription(column_ ? tr("Of %1").arg(QString::fromStdString(column_->profile.name)) : QString());
  Q_EMIT currentChanged(currentText());
  update();
}

QString HistogramView::currentText() const {
  if (current_ < 0 || current_ >= static_cast<int>(bars_.size())) return {};
  const Bar& bar = bars_[static_cast<size_t>(current_)];
  const int64_t there = column_->profile.rows - column_->profile.missing;
  const double share = there > 0 ? 100 * static_cast<double>(bar.count) / static_cast<double>(there) : 0;
  return tr("%1: %2 of %3 values, %4 %", "", pluralOf(there))
      .arg(bar.name, countText(bar.count), countText(there), QString::number(share, 'g', 3));
}

void HistogramView::setCurrent(int bar) {
  if (bar == current_) return;
  current_ = bar;
  const QString text = currentText();
  setToolTip(text);
  setAccessibleDescription(text);
  Q_EMIT currentChanged(text);
  update();
}

QRect HistogramView::plot() const {
  const int line = fontMetrics().height();
  if (isNumbers()) return rect().adjusted(kViewMargin, kViewMargin + line, -kViewMargin, -kViewMargin - line);
  return rect().adjusted(kViewMargin, kViewMargin, -kViewMargin, -kViewMargin);
}

// From bar to bar: across for numbers, down for classes.
double HistogramView::step() const {
  const QRect place = plot();
  const auto count = static_cast<double>(std::max<size_t>(1, bars_.size()));
  if (isNumbers()) return place.width() / count;
  return std::min(place.height() / count, 2.0 * fontMetrics().height());
}

int HistogramView::barAt(QPoint at) const {
  const QRect place = plot();
  if (bars_.empty() || !rect().contains(at)) return -1;
  const double away = isNumbers() ? at.x() - place.left() : at.y() - place.top();
  const auto bar = static_cast<int>(std::floor(away / step()));
  return bar < 0 || bar >= static_cast<int>(bars_.size()) ? -1 : bar;
}

void HistogramView::mouseMoveEvent(QMouseEvent* event) {
  setCurrent(barAt(event->pos()));
}

void HistogramView::mousePressEvent(QMouseEvent* event) {
  setCurrent(barAt(event->pos()));
}

void HistogramView::keyPressEvent(QKeyEvent* event) {
  const int last = static_cast<int>(bars_.size()) - 1;
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Up:
      return setCurrent(std::max(0, current_ - 1));
    case Qt::Key_Right:
    case Qt::Key_Down:
      return setCurrent(std::min(last, current_ + 1));
    case Qt::Key_Home:
      return setCurrent(std::min(0, last));
    case Qt::Key_End:
      return setCurrent(last);
    default:
      QWidget::keyPressEvent(event);
  }
}

void HistogramView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) update();
}

void HistogramView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().color(QPalette::Base));
  if (bars_.empty()) {
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap,
                     column_ ? tr("There is nothing to count: every value is missing, or they are texts") : QString());
  } else if (isNumbers()) {
    paintNumbers(painter);
  } else {
    paintClasses(painter);
  }
  if (!hasFocus()) return;
  painter.setPen(palette().color(QPalette::Highlight));
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void HistogramView::paintNumbers(QPainter& painter) const {
  const QRect place = plot();
  paintBars(painter, place, bars_, seriesColor(0));
  if (current_ >= 0) {
    QColor over = palette().color(QPalette::Text);
    over.setAlphaF(0.18F);
    painter.fillRect(QRectF(place.left() + current_ * step(), place.top(), step() - 1, place.height()), over);
  }
  painter.setPen(palette().color(QPalette::Mid));
  painter.drawLine(place.bottomLeft() + QPoint(0, 1), place.bottomRight() + QPoint(0, 1));
  painter.setPen(palette().color(QPalette::Text));
  const QRect below(place.left(), place.bottom() + 2, place.width(), fontMetrics().height());
  const Bins& bins = column_->bins;
  painter.drawText(below, Qt::AlignLeft, edgeText(*column_, bins.low));
  painter.drawText(below, Qt::AlignRight, edgeText(*column_, bins.high));
  painter.drawText(below, Qt::AlignHCenter, edgeText(*column_, (bins.low + bins.high) / 2));
  painter.setPen(palette().color(QPalette::PlaceholderText));
  painter.drawText(QRect(place.left(), 2, place.width(), fontMetrics().height()), Qt::AlignLeft,
                   tr("at most %1 in a bin").arg(countText(most_)));
}

// A bar for each class, one below the other, its name on the left and its count behind it.
void HistogramView::paintClasses(QPainter& painter) const {
  const QRect place = plot();
  const double high = step();
  const int names = static_cast<int>(place.width() * kNameShare);
  const int counts = fontMetrics().horizontalAdvance(countText(most_)) + 2 * kViewMargin;
  const double room = place.width() - names - counts;
  for (size_t i = 0; i < bars_.size(); ++i) {
    const QRectF line(place.left(), place.top() + static_cast<double>(i) * high, place.width(), high);
    if (static_cast<int>(i) == current_) {
      QColor over = palette().color(QPalette::Text);
      over.setAlphaF(0.1F);
      painter.fillRect(line, over);
    }
    const double length = room * static_cast<double>(bars_[i].count) / static_cast<double>(std::max<int64_t>(1, most_));
    painter.fillRect(QRectF(line.left() + names, line.top() + high * 0.15, std::max(1.0, length), high * 0.7),
                     seriesColor(0));
    painter.setPen(palette().color(QPalette::Text));
    const QString name = fontMetrics().elidedText(bars_[i].name, Qt::ElideRight, names - kViewMargin);
    painter.drawText(QRectF(line.left(), line.top(), names - kViewMargin, high), Qt::AlignRight | Qt::AlignVCenter,
                     name);
    painter.drawText(QRectF(line.left() + names + length + kViewMargin / 2.0, line.top(), counts, high),
                     Qt::AlignLeft | Qt::AlignVCenter, countText(bars_[i].count));
  }
}

}  // namespace blockyard
