#include "widgets/canvas/frame_item.hpp"

#include <QtGui/QCursor>
#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QGraphicsScene>
#include <QtWidgets/QGraphicsSceneMouseEvent>
#include <QtWidgets/QStyleOptionGraphicsItem>

#include "widgets/canvas/block_item.hpp"
#include "widgets/common/text_size.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr double kTitle = 24, kCornerReach = 16, kSmallestFrame = 60;

}  // namespace

FrameItem::FrameItem(int64_t index, const Frame& frame) : index_(index) {
  setFlags(ItemIsMovable | ItemIsSelectable);
  setAcceptHoverEvents(true);
  setZValue(-10);
  setFrame(index, frame);
}

void FrameItem::setFrame(int64_t index, const Frame& frame) {
  prepareGeometryChange();
  index_ = index;
  frame_ = frame;
  size_ = {std::max(frame.width, kSmallestFrame), std::max(frame.height, kSmallestFrame)};
  setPos(frame.x, frame.y);
  setToolTip(QString::fromStdString(frame.title));
  update();
}

Frame FrameItem::current() const {
  Frame out = frame_;
  out.x = x(), out.y = y(), out.width = size_.width(), out.height = size_.height();
  return out;
}

QRectF FrameItem::boundingRect() const {
  return QRectF(QPointF(), size_).adjusted(-2, -2, 2, 2);
}

// Its title and its border: a click into the middle starts a selection on the canvas.
QPainterPath FrameItem::shape() const {
  QPainterPath path;
  if (!frame_.text.empty()) {
    path.addRect(QRectF(QPointF(), size_));
    return path;
  }
  path.addRect(QRectF(0, 0, size_.width(), kTitle));
  path.addRect(QRectF(size_.width() - kCornerReach, size_.height() - kCornerReach, kCornerReach, kCornerReach));
  return path;
}

void FrameItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) {
  const QPalette palette = QGuiApplication::palette();
  const QRectF body(QPointF(), size_);
  const bool note = !frame_.text.empty(), selected = option->state & QStyle::State_Selected;
  QColor fill = note ? warningColor() : palette.color(QPalette::Mid);
  fill.setAlpha(note ? 40 : 26);
  painter->setPen(QPen(selected ? palette.color(QPalette::Highlight) : palette.color(QPalette::Mid), selected ? 2 : 1));
  painter->setBrush(fill);
  painter->drawRoundedRect(body, 6, 6);
  if (option->levelOfDetailFromTransform(painter->worldTransform()) < 0.3) return;
  QFont font = canvasFont();
  font.setBold(true);
  painter->setFont(font);
  painter->setPen(palette.color(QPalette::Text));
  painter->drawText(QRectF(10, 2, size_.width() - 20, kTitle), Qt::AlignVCenter, QString::fromStdString(frame_.title));
  if (note) {
    painter->setFont(canvasFont());
    painter->drawText(body.adjusted(10, kTitle + 4, -10, -6), Qt::TextWordWrap, QString::fromStdString(frame_.text));
  }
}

bool FrameItem::atCorner(QPointF point) const {
  return point.x() > size_.width() - kCornerReach && point.y() > size_.height() - kCornerReach;
}

void FrameItem::hoverMoveEvent(QGraphicsSceneHoverEvent* event) {
  setCursor(atCorner(event->pos()) ? Qt::SizeFDiagCursor : Qt::SizeAllCursor);
}

void FrameItem::mousePressEvent(QGraphicsSceneMouseEvent* event) {
  resizing_ = atCorner(event->pos());
  carried_.clear();
  QGraphicsObject::mousePressEvent(event);  // first, since it changes what is selected and so moves by itself
  const QRectF inside = mapRectToScene(QRectF(QPointF(), size_));
  if (!resizing_ && scene() != nullptr)
    for (QGraphicsItem* item : scene()->items(inside, Qt::ContainsItemShape))
      if (item->type() == BlockItem::Type && !item->isSelected()) carried_.emplace_back(item, item->pos() - pos());
}

void FrameItem::mouseMoveEvent(QGraphicsSceneMouseEvent* event) {
  if (resizing_) {
    prepareGeometryChange();
    size_ = {std::max(kSmallestFrame, event->pos().x()), std::max(kSmallestFrame, event->pos().y())};
    update();
    return;
  }
  QGraphicsObject::mouseMoveEvent(event);
  for (const auto& [item, place] : carried_) item->setPos(pos() + place);
}

}  // namespace blockyard
