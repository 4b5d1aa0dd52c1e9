#include "widgets/inspector/marks.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QEvent>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtGui/QPainterPath>
#include <map>

namespace blockyard {
namespace {

QPixmap canvas(int size, qreal ratio) {
  const int pixels = qRound(size * ratio);
  QPixmap out(pixels, pixels);
  out.setDevicePixelRatio(ratio);
  out.fill(Qt::transparent);
  return out;
}

// Black or white, whichever is easier to read on `ground`.
QColor inkOn(const QColor& ground) {
  return qGray(ground.rgb()) > 140 ? QColor(Qt::black) : QColor(Qt::white);
}

QPixmap problemPixmap(Severity severity, int size) {
  QPixmap out = canvas(size, 1);
  QPainter painter(&out);
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor ground = severity == Severity::Error ? problemColor() : warningColor();
  const qreal s = size;
  QPainterPath shape;
  if (severity == Severity::Error) {
    shape.addEllipse(QRectF(0.06 * s, 0.06 * s, 0.88 * s, 0.88 * s));
  } else {
    shape.addPolygon(QPolygonF({{0.5 * s, 0.04 * s}, {0.99 * s, 0.94 * s}, {0.01 * s, 0.94 * s}}));
    shape.closeSubpath();
  }
  painter.fillPath(shape, ground);
  const qreal top = severity == Severity::Error ? 0.24 : 0.36;
  painter.setPen(QPen(inkOn(ground), 0.12 * s, Qt::SolidLine, Qt::RoundCap));
  painter.drawLine(QPointF(0.5 * s, top * s), QPointF(0.5 * s, 0.58 * s));
  painter.drawPoint(QPointF(0.5 * s, 0.78 * s));
  return out;
}

}  // namespace

QIcon problemIcon(Severity severity) {
  QIcon out;
  // The same where the row is selected: a tint would take the colour that tells it.
  for (const int size : {14, 16, 28, 32})
    for (const auto mode : {QIcon::Normal, QIcon::Selected}) out.addPixmap(problemPixmap(severity, size), mode);
  return out;
}

QString severityText(Severity severity) {
  return severity == Severity::Error ? QCoreApplication::translate("Problem", "Error")
                                     : QCoreApplication::translate("Problem", "Warning");
}

QIcon resetIcon(const QPalette& palette) {
  QIcon out;
  for (const int size : {16, 32}) {
    QPixmap map = canvas(size, 1);
    QPainter painter(&map);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette.color(QPalette::ButtonText), size / 11.0, Qt::SolidLine, Qt::RoundCap));
    const qreal s = size;
    painter.drawArc(QRectF(0.2 * s, 0.22 * s, 0.6 * s, 0.6 * s), -140 * 16, 270 * 16);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.color(QPalette::ButtonText));
    painter.drawPolygon(QPolygonF({{0.08 * s, 0.36 * s}, {0.46 * s, 0.40 * s}, {0.2 * s, 0.08 * s}}));
    painter.end();
    out.addPixmap(map);
  }
  return out;
}

QPixmap kindBadge(Kind kind, int size, qreal ratio) {
  QPixmap out = canvas(size, ratio);
  QPainter painter(&out);
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor ground = colorOf(kind);
  painter.setBrush(ground);
  painter.setPen(Qt::NoPen);
  painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.22, size * 0.22);
  QFont font = painter.font();
  font.setPixelSize(size * 6 / 10);
  font.setBold(true);
  painter.setFont(font);
  painter.setPen(inkOn(ground));
  painter.drawText(QRectF(0, 0, size, size), Qt::AlignCenter, letterOf(kind));
  return out;
}

QPixmap wireDot(const QColor& color, int size, qreal ratio) {
  QPixmap out = canvas(size, ratio);
  QPainter painter(&out);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(color);
  painter.setPen(Qt::NoPen);
  painter.drawEllipse(QRectF(1, 1, size - 2, size - 2));
  return out;
}

std::optional<Wire> wireOfPattern(const std::string& pattern) {
  static const std::map<std::string, Wire> kWires = {
      {"table", Wire::Table},   {"label", Wire::Label},   {"image", Wire::Image},  {"text", Wire::Text},
      {"target", Wire::Target}, {"float", Wire::Tensor},  {"int", Wire::Tensor},   {"uint8", Wire::Tensor},
      {"bool", Wire::Tensor},   {"double", Wire::Tensor}, {"tensor", Wire::Tensor}};
  const auto found = kWires.find(pattern.substr(0, pattern.find_first_of("[| ")));
  if (found == kWires.end()) return std::nullopt;
  return found->second;
}

ToneLabel::ToneLabel(Tone tone, QWidget* parent) : QLabel(parent), tone_(tone) {
  setWordWrap(true);
  setTextInteractionFlags(Qt::TextSelectableByMouse);
  setFocusPolicy(Qt::NoFocus);
  if (tone == Tone::Faint) setForegroundRole(QPalette::PlaceholderText);
  color();
}

void ToneLabel::changeEvent(QEvent* event) {
  QLabel::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationPaletteChange) color();
}

void ToneLabel::color() {
  if (tone_ == Tone::Faint) return;  // a role of the palette
  const QColor wanted = tone_ == Tone::Problem ? problemColor() : warningColor();
  if (palette().color(QPalette::WindowText) == wanted) return;  // setPalette comes back here
  QPalette own;
  own.setColor(QPalette::WindowText, wanted);
  setPalette(own);
}

bool isUndo(const QEvent& shortcut_override) {
  if (shortcut_override.type() != QEvent::ShortcutOverride) return false;
  const auto& keys = static_cast<const QKeyEvent&>(shortcut_override);
  return keys.matches(QKeySequence::Undo) || keys.matches(QKeySequence::Redo);
}

QLabel* makeHeading(const QString& text, QWidget* parent) {
  auto* out = new QLabel(text, parent);
  QFont font = out->font();
  font.setBold(true);
  out->setFont(font);
  out->setContentsMargins(0, 10, 0, 2);
  out->setTextFormat(Qt::PlainText);
  return out;
}

}  // namespace blockyard
