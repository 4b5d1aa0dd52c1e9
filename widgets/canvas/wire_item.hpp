// WireItem: a wire, drawn from port to port with what it carries written on it.
#pragma once
#include <QtWidgets/QGraphicsPathItem>

#include "graph/edit.hpp"

namespace blockyard {

class WireItem final : public QGraphicsPathItem {
 public:
  enum { Type = UserType + 2 };
  explicit WireItem(Link link);

  int type() const override { return Type; }
  const Link& link() const { return link_; }
  void span(QPointF from, QPointF to);
  // What it carries and in which colour; a wrong wire is drawn broken.
  void setLook(const QString& text, const QColor& color, bool wrong);
  const QString& text() const { return text_; }

  QRectF boundingRect() const override;
  QPainterPath shape() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

  // The curve between two ports.
  static QPainterPath curve(QPointF from, QPointF to);

 private:
  Link link_;
  QString text_;
  QColor color_;
  bool wrong_ = false;
};

}  // namespace blockyard
