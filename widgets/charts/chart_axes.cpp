#include "widgets/charts/chart_axes.hpp"

#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QLogValueAxis>
#include <QtCharts/QValueAxis>
#include <algorithm>
#include <cmath>

#include "widgets/common/theme.hpp"

namespace blockyard {

double roundStep(double length, double most) {
  const double rough = length / std::max(1.0, most);
  if (!(rough > 0) || !std::isfinite(rough)) return 1;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

QAbstractAxis* makeAxis(bool log) {
  if (log) return new QLogValueAxis;
  auto* axis = new QValueAxis;
  axis->setTickType(QValueAxis::TicksDynamic);
  axis->setTickAnchor(0);
  return axis;
}

void setAxis(QAbstractAxis& axis, const ChartScale& scale, double pixels) {
  // Numbers are wider than high.
  const double most = std::max(2.0, pixels / (axis.orientation() == Qt::Vertical ? 38 : 75));
  if (auto* log_axis = qobject_cast<QLogValueAxis*>(&axis)) {
    const double ratio = scale.high / scale.low;
    // A base whose powers fall into the stretch often enough to read it by.
    const double base = ratio > 300 ? 10 : ratio > 6 ? 2 : ratio > 2 ? 1.25 : 1.05;
    log_axis->setBase(base);
    log_axis->setLabelFormat(base >= 2 ? QStringLiteral("%g") : QStringLiteral("%.3g"));
    constexpr double kPixelsPerDecade = 60;  // in less, nine lines are a grey field
    const bool roomy = pixels > kPixelsPerDecade * std::log10(ratio);
    log_axis->setMinorTickCount(base == 10 && roomy ? 8 : 0);
    log_axis->setRange(scale.low, scale.high);
    return;
  }
  auto& linear = static_cast<QValueAxis&>(axis);
  const double step = roundStep(scale.high - scale.low, most);
  const double size = std::max(std::abs(scale.low), std::abs(scale.high));
  constexpr double kLong = 1e6;
  QString format = QStringLiteral("%.0f");
  if (size >= kLong || step < 1e-5)
    format = QStringLiteral("%g");
  else if (step < 1)
    format = QStringLiteral("%.%1f").arg(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  linear.setLabelFormat(format);
  // The step first or last: in between there must never be thousands of ticks.
  if (step > linear.tickInterval()) {
    linear.setTickInterval(step);
    linear.setRange(scale.low, scale.high);
  } else {
    linear.setRange(scale.low, scale.high);
    linear.setTickInterval(step);
  }
}

void styleChart(QChart& chart, QChartView& view, const QWidget& owner) {
  const QPalette& colours = owner.palette();
  const QBrush text(colours.color(QPalette::Text));
  QFont small = owner.font(), title = owner.font();
  constexpr double kSmaller = 0.9;
  // QtCharts leaves out labels that it has no room for, so they grow with the other texts only so far.
  constexpr double kLargest = 11;
  small.setPointSizeF(std::clamp(owner.font().pointSizeF() * kSmaller, 6.0, kLargest));
  title.setPointSizeF(std::min(owner.font().pointSizeF(), kLargest + 2));
  title.setBold(true);
  chart.setBackgroundBrush(colours.color(QPalette::Base));
  chart.setBackgroundPen(Qt::NoPen);
  chart.setTitleBrush(text);
  chart.setTitleFont(title);
  view.setBackgroundBrush(colours.color(QPalette::Base));
  for (auto* axis : chart.axes()) {
    axis->setLabelsColor(text.color());
    axis->setLabelsFont(small);
    axis->setTitleBrush(text);
    axis->setTitleFont(small);
    axis->setGridLineColor(gridColor());
    axis->setMinorGridLineColor(gridColor());
    axis->setLinePenColor(colours.color(QPalette::Mid));
  }
}

}  // namespace blockyard
