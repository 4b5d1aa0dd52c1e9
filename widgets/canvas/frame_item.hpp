// FrameItem: a titled rectangle behind blocks, or a note if it holds text. Moving it takes along what lies in it.
#pragma once
#include <QtWidgets/QGraphicsObject>

#include "graph/edit.hpp"

namespace blockyard {

class FrameItem final : public QGraphicsObject {
  Q_OBJECT

 public:
  enum { Type = UserType + 3 };
  FrameItem(int64_t index, const Frame& frame);

  int type() const override { return Type; }
  int64_t index() const { return index_; }
  const Frame& frame() const { return frame_; }
  void setFrame(int64_t index, const Frame& frame);
  // As it stands now: it may have been moved or resized since it was shown.
  Frame current() const;

  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 protected:
  void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
  void hoverMoveEvent(QGraphicsSceneHoverEvent* event) override;

 private:
  bool atCorner(QPointF point) const;

  int64_t index_;
  Frame frame_;
  QSizeF size_;
  bool resizing_ = false;
  std::vector<std::pair<QGraphicsItem*, QPointF>> carried_;  // what lies in it, with its place relative to the frame
};

}  // namespace blockyard
