#include "widgets/study/effect_plot.hpp"

#include <QtGui/QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr int kPlotGap = 10, kPlotMargin = 6, kRounding = 4;

QColor colorOf(Effect::Verdict verdict) {
  switch (verdict) {
    case Effect::Verdict::Worse:
      return goodColor();
    case Effect::Verdict::Better:
      return problemColor();
    default:
      return busyColor();
  }
}

}  // namespace

QString textOf(Effect::Verdict verdict) {
  switch (verdict) {
    case Effect::Verdict::TooFew:
      return EffectPlot::tr("too few runs");
    case Effect::Verdict::NoneShown:
      return EffectPlot::tr("no effect shown");
    case Effect::Verdict::Worse:
      return EffectPlot::tr("worse without");
    case Effect::Verdict::Better:
      return EffectPlot::tr("better without");
  }
  return {};
}

EffectPlot::EffectPlot(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Effects"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void EffectPlot::setEffects(const QString& metric, std::vector<Effect> effects) {
  metric_ = metric;
  effects_ = std::move(effects);
  QStringList said;
  for (const Effect& each : effects_)
    said << QStringLiteral("%1: %2, %3")
                .arg(QString::fromStdString(each.text), deltaText(each.difference.mean), textOf(each.verdict));
  setAccessibleDescription(said.join(QStringLiteral("; ")));
  updateGeometry();
  update();
}

int EffectPlot::lineHeight() const {
  return fontMetrics().height() + 10;
}

QSize EffectPlot::sizeHint() const {
  return {320, (static_cast<int>(effects_.size()) + 2) * lineHeight() + kPlotMargin};
}

void EffectPlot::paintEvent(QPaintEvent*) {
  if (effects_.empty()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QFontMetrics metrics = fontMetrics();
  int names = 0, verdicts = 0;
  double low = 0, high = 0;
  for (const Effect& each : effects_) {
    names = std::max(names, metrics.horizontalAdvance(QString::fromStdString(each.text)));
    verdicts = std::max(verdicts, metrics.horizontalAdvance(textOf(each.verdict)));
    const bool known = std::isfinite(each.difference.low);
    low = std::min(low, known ? each.difference.low : each.difference.mean);
    high = std::max(high, known ? each.difference.high : each.difference.mean);
  }
  names = std::min(names + kRounding, width() * 2 / 5), verdicts = std::min(verdicts + kRounding, width() / 4);
  if (high - low < 1e-12) low -= 1, high += 1;
  const double left = names + kPlotGap, right = std::max(left + 40, static_cast<double>(width() - verdicts - kPlotGap));
  const auto x = [&](double value) { return left + (value - low) / (high - low) * (right - left); };
  const int step = lineHeight();
  const QColor text = palette().color(QPalette::Text), faint = palette().color(QPalette::PlaceholderText);
  painter.setPen(faint);
  painter.drawText(QRect(0, 0, width(), step), Qt::AlignVCenter, tr("Change of %1, 95 % interval").arg(metric_));
  const double bottom = step * (static_cast<double>(effects_.size()) + 1);
  painter.setPen(QPen(faint, 1, Qt::DashLine));
  painter.drawLine(QPointF(x(0), step), QPointF(x(0), bottom));
  for (size_t i = 0; i < effects_.size(); ++i) {
    const Effect& each = effects_[i];
    const int y = step * (static_cast<int>(i) + 1);
    const double middle = y + step / 2.0;
    painter.setPen(text);
    painter.drawText(QRect(0, y, names, step), Qt::AlignVCenter,
                     metrics.elidedText(QString::fromStdString(each.text), Qt::ElideRight, names));
    painter.drawText(QRectF(right + kPlotGap, y, verdicts, step), Qt::AlignVCenter,
                     metrics.elidedText(textOf(each.verdict), Qt::ElideRight, verdicts));
    if (each.difference.count == 0) continue;
    const QColor color = colorOf(each.verdict);
    if (std::isfinite(each.difference.low)) {
      painter.setPen(QPen(color, 2));
      painter.drawLine(QPointF(x(each.difference.low), middle), QPointF(x(each.difference.high), middle));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QPointF(x(each.difference.mean), middle), 4, 4);
  }
  painter.setPen(faint);
  const QRectF scale(left - 40, bottom, right - left + 80, step);
  painter.drawText(scale, Qt::AlignVCenter | Qt::AlignLeft, deltaText(low));
  painter.drawText(scale, Qt::AlignVCenter | Qt::AlignRight, deltaText(high));
}

}  // namespace blockyard
