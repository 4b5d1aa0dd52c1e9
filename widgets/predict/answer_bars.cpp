#include "widgets/predict/answer_bars.hpp"

#include <QtGui/QPainter>
#include <algorithm>

#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr size_t kMost = 12;
constexpr int kBarGap = 8, kWidestBar = 420;

QString percentText(double share) {
  return QString::number(100 * share, 'f', 1) + QStringLiteral(" %");
}

}  // namespace

AnswerBars::AnswerBars(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Probabilities"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void AnswerBars::setBars(const QString& title, std::vector<AnswerBar> bars) {
  std::stable_sort(bars.begin(), bars.end(), [](const AnswerBar& a, const AnswerBar& b) { return a.share > b.share; });
  title_ = title;
  more_.clear();
  if (bars.size() > kMost) {
    double rest = 0;
    for (size_t i = kMost; i < bars.size(); ++i) rest += bars[i].share;
    more_ = tr("%n more classes: %1", "", static_cast<int>(bars.size() - kMost)).arg(percentText(rest));
    bars.resize(kMost);
  }
  bars_ = std::move(bars);
  QStringList said;
  for (const AnswerBar& bar : bars_) said << bar.name + QLatin1Char(' ') + percentText(bar.share);
  setAccessibleDescription(said.join(QStringLiteral(", ")));
  updateGeometry();
  update();
}

int AnswerBars::lineHeight() const {
  return fontMetrics().height() + 6;
}

QSize AnswerBars::sizeHint() const {
  const int lines = static_cast<int>(bars_.size()) + (title_.isEmpty() ? 0 : 1) + (more_.isEmpty() ? 0 : 1);
  return {240, lines * lineHeight() + 2};
}

void AnswerBars::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QFont bold = font();
  bold.setBold(true);
  const QFontMetrics metrics(bold);
  const int step = lineHeight(), number = metrics.horizontalAdvance(QStringLiteral("100.0 %"));
  int name = 0, y = 0;
  for (const AnswerBar& bar : bars_) name = std::max(name, metrics.horizontalAdvance(bar.name));
  name = std::min(name, width() * 2 / 5);
  const int length = std::clamp(width() - name - number - 2 * kBarGap, 10, kWidestBar);
  const auto line = [&](const QString& text, const QFont& with) {
    painter.setFont(with);
    painter.drawText(QRect(0, y, width(), step), Qt::AlignVCenter | Qt::TextSingleLine, text);
    y += step;
  };
  painter.setPen(palette().color(QPalette::Text));
  if (!title_.isEmpty()) line(title_, bold);
  for (size_t i = 0; i < bars_.size(); ++i) {
    const AnswerBar& bar = bars_[i];
    painter.setFont(i == 0 ? bold : font());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRect(0, y, name, step), Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(bar.name, Qt::ElideRight, name));
    const QRectF track(name + kBarGap, y + 4, length, step - 8);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::AlternateBase));
    painter.drawRoundedRect(track, 3, 3);
    QColor fill = busyColor();
    if (i > 0) fill.setAlphaF(0.55F);
    painter.setBrush(fill);
    const QRectF filled(track.topLeft(), QSizeF(track.width() * std::clamp(bar.share, 0.0, 1.0), track.height()));
    if (filled.width() >= 1) painter.drawRoundedRect(filled, 3, 3);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QRectF(track.right() + kBarGap, y, number, step), Qt::AlignVCenter | Qt::AlignRight,
                     percentText(bar.share));
    y += step;
  }
  painter.setPen(palette().color(QPalette::PlaceholderText));
  if (!more_.isEmpty()) line(more_, font());
}

}  // namespace blockyard
