#include "widgets/canvas/wire_item.hpp"

#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QStyleOptionGraphicsItem>
#include <algorithm>
#include <cmath>

#include "widgets/common/text_size.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr double kWireTextDetail = 0.75, kCurveDetail = 0.32;
constexpr double kLong = 420, kSameRow = 80, kSag = 190;
constexpr double kTextRoom = 80;  // a shorter wire has no room for its text

}  // namespace

WireItem::WireItem(Link link) : link_(std::move(link)) {
  setFlags(ItemIsSelectable | ItemIsFocusable);
  setAcceptHoverEvents(true);
  setZValue(-1);
}

QPainterPath WireItem::curve(QPointF from, QPointF to) {
  QPainterPath path(from);
  const double across = to.x() - from.x();
  const double reach = std::max(40.0, std::abs(across) / 2);
  // A long wire sags, so that it does not run behind the blocks of a row.
  const double sag = across > kLong && std::abs(to.y() - from.y()) < kSameRow ? kSag : 0;
  path.cubicTo(from + QPointF(reach / (sag > 0 ? 2 : 1), sag), to - QPointF(reach / (sag > 0 ? 2 : 1), -sag), to);
  return path;
}

void WireItem::span(QPointF from, QPointF to) {
  setPath(curve(from, to));
}

void WireItem::setLook(const QString& text, const QColor& color, bool wrong) {
  text_ = text, color_ = color, wrong_ = wrong;
  setToolTip(QString::fromStdString(link_.text()) + (text.isEmpty() ? QString() : QLatin1Char('\n') + text) +
             QLatin1Char('\n') + QCoreApplication::translate("WireItem", "Click to see what flows here"));
  update();
}

QRectF WireItem::boundingRect() const {
  return path().boundingRect().adjusted(-8, -20, 8, 8);
}

QPainterPath WireItem::shape() const {
  QPainterPathStroker stroker;
  stroker.setWidth(12);
  return stroker.createStroke(path());
}

void WireItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) {
  const double detail = option->levelOfDetailFromTransform(painter->worldTransform());
  const bool selected = option->state & QStyle::State_Selected;
  const QColor color = selected ? QGuiApplication::palette().color(QPalette::Highlight)
                       : wrong_ ? problemColor()
                                : color_;
  QPen pen(color, selected || (option->state & QStyle::State_MouseOver) ? 3.5 : 2);
  if (wrong_) pen.setStyle(Qt::DashLine);
  painter->setBrush(Qt::NoBrush);
  painter->setRenderHint(QPainter::Antialiasing, detail >= kCurveDetail);
  if (detail < kCurveDetail) {
    pen.setWidth(0);
    painter->setPen(pen);
    painter->drawLine(path().pointAtPercent(0), path().currentPosition());
    return;
  }
  painter->setPen(pen);
  painter->drawPath(path());
  const QPointF from = path().elementAt(0), to = path().currentPosition();
  if (detail < kWireTextDetail || text_.isEmpty() || QLineF(from, to).length() < kTextRoom) return;
  painter->setPen(color);
  painter->setFont(canvasFont());
  const QPointF middle = path().pointAtPercent(0.5);
  const double room = std::max(kTextRoom, to.x() - from.x()) - 16;
  const QString text = QFontMetricsF(canvasFont()).elidedText(text_, Qt::ElideRight, room);
  painter->drawText(QRectF(middle.x() - room / 2, middle.y() - 19, room, 16), Qt::AlignCenter, text);
}

}  // namespace blockyard
