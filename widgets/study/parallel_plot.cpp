#include "widgets/study/parallel_plot.hpp"

#include <QtGui/QMouseEvent>
#include <QtGui/QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr double kLineReach = 8;  // pixels that a click may miss a line by

double distance(const QPointF& point, const QPointF& from, const QPointF& to) {
  const QPointF along = to - from;
  const double length = QPointF::dotProduct(along, along);
  const double share = length > 0 ? std::clamp(QPointF::dotProduct(point - from, along) / length, 0.0, 1.0) : 0;
  const QPointF off = point - (from + along * share);
  return std::hypot(off.x(), off.y());
}

}  // namespace

ParallelPlot::ParallelPlot(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Parallel coordinates"));
  setMinimumHeight(120);
}

void ParallelPlot::set(std::shared_ptr<const StudyView> view) {
  view_ = std::move(view);
  low_ = 1e300, high_ = -1e300;
  for (const size_t i : view_->results.ranking) {
    const double score = view_->results.trials[i].score.mean;
    low_ = std::min(low_, score), high_ = std::max(high_, score);
  }
  if (const TrialResult* best = view_->results.best())
    setAccessibleDescription(tr("The best of %n trials: %1", "", static_cast<int>(view_->results.ranking.size()))
                                 .arg(QString::fromStdString(best->text)));
  update();
}

void ParallelPlot::select(std::optional<int64_t> trial) {
  selected_ = trial;
  update();
}

QRectF ParallelPlot::area() const {
  const int line = fontMetrics().height();
  return QRectF(rect()).adjusted(46, 2.5 * line, -46, -1.5 * line);
}

QPolygonF ParallelPlot::lineOf(const TrialResult& trial) const {
  const auto& axes = view_->study->spec().axes;
  const Trial& asked = view_->study->trials()[static_cast<size_t>(trial.number)];
  const QRectF area = this->area();
  QPolygonF out;
  const auto add = [&](size_t at, double share) {
    out << QPointF(area.left() + area.width() * static_cast<double>(at) / static_cast<double>(axes.size()),
                   area.bottom() - area.height() * share);
  };
  for (size_t a = 0; a < axes.size() && a < asked.values.size(); ++a) add(a, axes[a].position(asked.values[a]));
  add(axes.size(), high_ > low_ ? (trial.score.mean - low_) / (high_ - low_) : 0.5);
  return out;
}

void ParallelPlot::drawUprights(QPainter& painter) const {
  const auto& axes = view_->study->spec().axes;
  const QRectF area = this->area();
  const int line = fontMetrics().height();
  const double wide = area.width() / static_cast<double>(axes.size());
  const auto label = [&](double x, double y, const QString& text) {
    const int width = static_cast<int>(std::min(wide, 140.0) - 4);
    const QRectF box(std::clamp(x - width / 2.0, 0.0, static_cast<double>(this->width() - width)), y, width, line);
    painter.drawText(box, Qt::AlignCenter, fontMetrics().elidedText(text, Qt::ElideMiddle, width));
  };
  for (size_t a = 0; a <= axes.size(); ++a) {
    const double x = area.left() + wide * static_cast<double>(a);
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    painter.setPen(palette().color(QPalette::Text));
    const bool score = a == axes.size();
    label(x, 0, QString::fromStdString(score ? view_->results.metric : axes[a].name));
    painter.setPen(palette().color(QPalette::PlaceholderText));
    QString low = shortNumber(low_), high = shortNumber(high_);
    if (!score) {
      const Axis& axis = axes[a];
      low = QString::fromStdString(axis.valueText(axis.isRange() ? axis.from : 0));
      high = QString::fromStdString(
          axis.valueText(axis.isRange() ? axis.to : static_cast<double>(axis.choices.size() - 1)));
    }
    label(x, area.top() - line - 2, high);
    label(x, area.bottom() + 2, low);
  }
}

void ParallelPlot::paintEvent(QPaintEvent*) {
  if (!view_->study || view_->results.ranking.empty() || view_->study->spec().axes.empty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  drawUprights(painter);
  const QColor weak = palette().color(QPalette::Mid), strong = busyColor();
  const auto draw = [&](const TrialResult& trial, bool on_top) {
    double share = high_ > low_ ? (trial.score.mean - low_) / (high_ - low_) : 0.5;
    if (!view_->results.larger_is_better) share = 1 - share;
    painter.setPen(QPen(on_top ? goodColor() : mixedColor(weak, strong, share), on_top ? 3 : 1 + share));
    painter.drawPolyline(lineOf(trial));
  };
  // The best last, so that they lie on top.
  for (auto it = view_->results.ranking.rbegin(); it != view_->results.ranking.rend(); ++it)
    draw(view_->results.trials[*it], false);
  for (const size_t i : view_->results.ranking)
    if (view_->results.trials[i].number == selected_) draw(view_->results.trials[i], true);
}

void ParallelPlot::mousePressEvent(QMouseEvent* event) {
  if (!view_->study) return;
  double nearest = kLineReach;
  std::optional<int64_t> found;
  for (const size_t i : view_->results.ranking) {
    const QPolygonF line = lineOf(view_->results.trials[i]);
    for (qsizetype at = 1; at < line.size(); ++at) {
      const double off = distance(event->position(), line[at - 1], line[at]);
      if (off < nearest) nearest = off, found = view_->results.trials[i].number;
    }
  }
  if (found) Q_EMIT chosen(static_cast<qint64>(*found));
}

}  // namespace blockyard
