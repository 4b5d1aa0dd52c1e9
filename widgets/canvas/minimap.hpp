// Minimap: the whole canvas in small, with the part that the view shows. Click or drag to go there.
#pragma once
#include <QtGui/QMouseEvent>
#include <QtWidgets/QWidget>

#include "widgets/canvas/canvas_view.hpp"

namespace blockyard {

class Minimap final : public QWidget {
  Q_OBJECT

 public:
  Minimap(Document& document, CanvasView& view, QWidget* parent = nullptr);
  QSize sizeHint() const override { return {180, 120}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override { goTo(event->position()); }
  void mouseMoveEvent(QMouseEvent* event) override { goTo(event->position()); }

 private:
  QTransform fromScene() const;
  void goTo(QPointF point);

  Document& document_;
  CanvasView& view_;
};

}  // namespace blockyard
