#include "widgets/runs/graph_view.hpp"

#include <QtGui/QKeyEvent>
#include <QtGui/QWheelEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QGraphicsPathItem>

#include <algorithm>
#include <cmath>

#include "blocks/catalog.hpp"
#include "widgets/canvas/block_item.hpp"
#include "widgets/canvas/wire_item.hpp"
#include "widgets/common/text_size.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

QColor colorOf(Change change) {
  switch (change) {
    case Change::Added:
      return goodColor();
    case Change::Removed:
      return problemColor();
    default:
      return warningColor();
  }
}

QString symbolOf(Change change) {
  switch (change) {
    case Change::Added:
      return QStringLiteral("+");
    case Change::Removed:
      return QStringLiteral("−");
    default:
      return QStringLiteral("≠");
  }
}

GraphView::GraphView(QWidget* parent) : QGraphicsView(parent) {
  setScene(new QGraphicsScene(this));
  setDragMode(ScrollHandDrag);
  setRenderHint(QPainter::Antialiasing);
  setTransformationAnchor(AnchorUnderMouse);
  setFrameShape(StyledPanel);
  setAccessibleName(tr("Pipeline of a run"));
}

void GraphView::show(const Graph& graph, const std::map<std::string, Change>& blocks,
                     const std::map<Link, Change>& wires) {
  scene()->clear();
  scene()->setBackgroundBrush(canvasColor());
  blocks_.clear();
  marks_ = 0;
  for (const Node& node : graph.nodes()) {
    auto* item = new BlockItem(node, findBlockType(node.type));
    item->setFlags(QGraphicsItem::ItemIsSelectable);
    scene()->addItem(item);
    blocks_[node.id.name] = item;
    const auto mark = blocks.find(node.id.name);
    if (mark != blocks.end()) drawMark(*item, mark->second);
  }
  for (const Link& link : graph.links()) {
    const BlockItem *from = block(link.from.node.name), *to = block(link.to.node.name);
    if (from == nullptr || to == nullptr) continue;
    auto* item = new WireItem(link);
    item->span(from->portAt(link.from.port, true), to->portAt(link.to.port, false));
    const auto mark = wires.find(link);
    const bool marked = mark != wires.end();
    item->setLook(marked ? symbolOf(mark->second) : QString(),
                  marked ? colorOf(mark->second) : QGuiApplication::palette().color(QPalette::Mid), false);
    scene()->addItem(item);
    if (marked) {
      ++marks_;
      auto* glow = scene()->addPath(item->path(), QPen(colorOf(mark->second), 5));
      glow->setOpacity(0.5);
      glow->setZValue(-2);
    }
  }
  constexpr double kMargin = 30;
  scene()->setSceneRect(scene()->itemsBoundingRect().adjusted(-kMargin, -kMargin, kMargin, kMargin));
  fit();
}

// A frame around the block and a badge at its corner: the shape says the same as the colour.
void GraphView::drawMark(const BlockItem& block, Change change) {
  ++marks_;
  const QRectF box(block.pos(), BlockItem::sizeOf(block.node(), block.blockType()));
  auto* frame = scene()->addRect(box.adjusted(-6, -6, 6, 6), QPen(colorOf(change), 3));
  frame->setZValue(5);
  constexpr double kBadge = 24;
  const QRectF at(box.topLeft() - QPointF(kBadge / 2, kBadge / 2), QSizeF(kBadge, kBadge));
  auto* badge = scene()->addEllipse(at, Qt::NoPen, colorOf(change));
  badge->setZValue(6);
  auto* text = scene()->addSimpleText(symbolOf(change));
  QFont font = canvasFont();
  font.setBold(true);
  font.setPixelSize(font.pixelSize() * 13 / 10);
  text->setFont(font);
  text->setBrush(QGuiApplication::palette().color(QPalette::Base));
  text->setPos(at.center() - text->boundingRect().center());
  text->setZValue(7);
}

BlockItem* GraphView::block(const std::string& name) const {
  const auto it = blocks_.find(name);
  return it == blocks_.end() ? nullptr : it->second;
}

void GraphView::fit() {
  fitted_ = true;
  resetTransform();
  const QRectF all = sceneRect();
  if (all.isEmpty() || viewport()->rect().isEmpty()) return;
  fitInView(all, Qt::KeepAspectRatio);
  if (transform().m11() > 1) resetTransform();
}

bool GraphView::goTo(const std::string& name) {
  BlockItem* item = block(name);
  scene()->clearSelection();
  if (item == nullptr) return false;
  item->setSelected(true);
  centerOn(item);
  return true;
}

void GraphView::zoomBy(double factor) {
  constexpr double kLeast = 0.05, kMost = 3;
  const double now = transform().m11();
  factor = std::clamp(factor, kLeast / now, kMost / now);
  fitted_ = false;
  scale(factor, factor);
}

void GraphView::wheelEvent(QWheelEvent* event) {
  constexpr double kNotch = 480;
  zoomBy(std::pow(2, event->angleDelta().y() / kNotch));
  event->accept();
}

void GraphView::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Plus)
    zoomBy(1.25);
  else if (event->key() == Qt::Key_Minus)
    zoomBy(0.8);
  else if (event->key() == Qt::Key_0)
    fit();
  else
    QGraphicsView::keyPressEvent(event);
}

void GraphView::changeEvent(QEvent* event) {
  QGraphicsView::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) scene()->setBackgroundBrush(canvasColor());
}

void GraphView::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  if (fitted_) fit();
}

}  // namespace blockyard
