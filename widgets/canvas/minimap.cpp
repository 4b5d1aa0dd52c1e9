#include "widgets/canvas/minimap.hpp"

#include <QtGui/QPainter>

#include "blocks/catalog.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

Minimap::Minimap(Document& document, CanvasView& view, QWidget* parent)
    : QWidget(parent), document_(document), view_(view) {
  setAccessibleName(tr("Overview of the canvas"));
  connect(&document_, &Document::changed, this, qOverload<>(&QWidget::update));
  connect(&document_, &Document::replaced, this, qOverload<>(&QWidget::update));
  connect(&document_, &Document::shown, this, qOverload<>(&QWidget::update));
  connect(&view_, &CanvasView::zoomed, this, qOverload<>(&QWidget::update));
  connect(&view_, &CanvasView::viewMoved, this, qOverload<>(&QWidget::update));
}

// All blocks, with some room around them, in the middle of the widget.
QTransform Minimap::fromScene() const {
  QRectF all;
  for (const Node& node : document_.graph().nodes())
    all |= QRectF(QPointF(node.x, node.y), BlockItem::sizeOf(node, document_.typeOf(node)));
  if (all.isEmpty()) all = QRectF(0, 0, 800, 500);
  all.adjust(-80, -80, 80, 80);
  const double scale = std::min(width() / all.width(), height() / all.height());
  QTransform out;
  out.translate(width() / 2.0, height() / 2.0);
  out.scale(scale, scale);
  out.translate(-all.center().x(), -all.center().y());
  return out;
}

void Minimap::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  QColor ground = canvasColor();
  ground.setAlpha(225);
  painter.fillRect(rect(), ground);
  const QTransform place = fromScene();
  for (const Node& node : document_.graph().nodes()) {
    const BlockType* type = document_.typeOf(node);
    painter.fillRect(place.mapRect(QRectF(QPointF(node.x, node.y), BlockItem::sizeOf(node, document_.typeOf(node)))),
                     type == nullptr ? palette().color(QPalette::Mid) : colorOf(type->schema.kind));
  }
  const QRectF seen = place.mapRect(view_.mapToScene(view_.viewport()->rect()).boundingRect());
  painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
  painter.drawRect(seen.intersected(QRectF(rect()).adjusted(1, 1, -2, -2)));
  painter.setPen(palette().color(QPalette::Mid));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void Minimap::goTo(QPointF point) {
  view_.centerOn(fromScene().inverted().map(point));
}

}  // namespace blockyard
