#include "widgets/canvas/canvas_scene.hpp"

#include <QtGui/QPainter>
#include <QtWidgets/QApplication>
#include <QtWidgets/QGraphicsSceneMouseEvent>
#include <cmath>

#include "blocks/catalog.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

double snapped(double v) {
  return std::round(v / kGrid) * kGrid;
}

}  // namespace

CanvasScene::CanvasScene(Document& document, QObject* parent) : QGraphicsScene(parent), document_(document) {
  connect(&document_, &Document::changed, this, &CanvasScene::sync);
  connect(&document_, &Document::replaced, this, [this] {
    forgetRun();
    sync();
  });
  connect(&sizes_, &BlockSizes::known, this, &CanvasScene::showResult);
  connect(&document_, &Document::shown, this, [this] {
    cancelWire();
    clearSelection();
    sync();
    showResult();
  });
  connect(&document_, &Document::checked, this, &CanvasScene::showResult);
  connect(this, &QGraphicsScene::selectionChanged, this, [this] {
    QStringList ids;
    for (const NodeId& id : selectedBlocks()) ids << QString::fromStdString(id.name);
    Q_EMIT selectionIs(ids);
    const std::vector<Link> wires = selectedWires();
    if (wires.size() == 1 && ids.isEmpty()) Q_EMIT wireClicked(QString::fromStdString(wires.front().text()));
  });
  sync();
  showResult();
}

// Items that go with the scene would still say that the selection has changed.
CanvasScene::~CanvasScene() {
  blockSignals(true);
}

BlockItem* CanvasScene::block(const NodeId& id) const {
  const auto found = blocks_.find(id);
  return found == blocks_.end() ? nullptr : found->second;
}

WireItem* CanvasScene::wire(const Link& link) const {
  const auto found = wires_.find(link);
  return found == wires_.end() ? nullptr : found->second;
}

FrameItem* CanvasScene::frame(int64_t index) const {
  return index < 0 || static_cast<size_t>(index) >= frames_.size() ? nullptr : frames_[static_cast<size_t>(index)];
}

NodeIds CanvasScene::selectedBlocks() const {
  NodeIds out;
  for (const QGraphicsItem* item : selectedItems())
    if (const auto* block = qgraphicsitem_cast<const BlockItem*>(item)) out.insert(block->id());
  return out;
}

std::vector<Link> CanvasScene::selectedWires() const {
  std::vector<Link> out;
  for (const QGraphicsItem* item : selectedItems())
    if (const auto* wire = qgraphicsitem_cast<const WireItem*>(item)) out.push_back(wire->link());
  return out;
}

void CanvasScene::select(const NodeIds& ids) {
  {
    const QSignalBlocker once(this);
    clearSelection();
    for (const NodeId& id : ids)
      if (BlockItem* item = block(id)) item->setSelected(true);
  }
  Q_EMIT selectionChanged();
}

// ---- the items follow the graph

void CanvasScene::sync() {
  syncBlocks();
  syncWires();
  syncFrames();
}

void CanvasScene::syncBlocks() {
  const Graph& graph = document_.graph();
  for (auto it = blocks_.begin(); it != blocks_.end();) {
    if (graph.find(it->first) != nullptr) {
      ++it;
      continue;
    }
    removeItem(it->second);
    it->second->deleteLater();  // it may be the one whose event is being handled
    it = blocks_.erase(it);
  }
  for (const Node& node : graph.nodes()) {
    BlockItem*& item = blocks_[node.id];
    const BlockType* type = document_.typeOf(node);
    if (item == nullptr) {
      item = new BlockItem(node, type);
      addItem(item);
      connect(item, &BlockItem::moved, this, [this, item = item] { reroute(item->id()); });
    } else if (!(item->node() == node) || item->blockType() != type) {
      if (!(item->node().params == node.params)) run_parameters_.erase(document_.pathOf(node.id));
      item->setNode(node, type);
      reroute(node.id);
    }
  }
}

void CanvasScene::syncWires() {
  std::multimap<Link, WireItem*> kept;
  wires_of_.clear();
  for (const Link& link : document_.graph().links()) {
    WireItem* item = nullptr;
    if (const auto found = wires_.find(link); found != wires_.end()) {
      item = found->second;
      wires_.erase(found);
    } else {
      item = new WireItem(link);
      addItem(item);
    }
    kept.emplace(link, item);
    wires_of_[link.from.node].push_back(item);
    wires_of_[link.to.node].push_back(item);
  }
  for (const auto& [_, item] : wires_) delete item;
  wires_ = std::move(kept);
  for (const auto& [id, _] : blocks_) reroute(id);
}

void CanvasScene::syncFrames() {
  const auto& frames = document_.graph().frames();
  while (frames_.size() > frames.size()) {
    frames_.back()->deleteLater();
    removeItem(frames_.back());
    frames_.pop_back();
  }
  for (size_t i = 0; i < frames.size(); ++i) {
    if (i == frames_.size()) {
      frames_.push_back(new FrameItem(static_cast<int64_t>(i), frames[i]));
      addItem(frames_.back());
    } else if (!(frames_[i]->frame() == frames[i])) {
      frames_[i]->setFrame(static_cast<int64_t>(i), frames[i]);
    }
  }
}

void CanvasScene::reroute(const NodeId& id) {
  const auto wires = wires_of_.find(id);
  if (wires == wires_of_.end()) return;
  for (WireItem* wire : wires->second) {
    const BlockItem *from = block(wire->link().from.node), *to = block(wire->link().to.node);
    // A wire that leads nowhere ends in the air, where one can see and take it.
    const QPointF start = from != nullptr ? from->portAt(wire->link().from.port, true)
                          : to != nullptr ? to->portAt(wire->link().to.port, false) - QPointF(80, 0)
                                          : QPointF();
    wire->span(start, to != nullptr ? to->portAt(wire->link().to.port, false) : start + QPointF(80, 0));
  }
}

// ---- the mouse

void CanvasScene::drawBackground(QPainter* painter, const QRectF& rect) {
  painter->fillRect(rect, canvasColor());
  const double scale = painter->worldTransform().m11();
  if (scale < 0.35) return;
  constexpr double kStep = 4 * kGrid;
  painter->setPen(QPen(gridColor(), 0));
  QList<QLineF> lines;
  for (double x = std::floor(rect.left() / kStep) * kStep; x < rect.right(); x += kStep)
    lines << QLineF(x, rect.top(), x, rect.bottom());
  for (double y = std::floor(rect.top() / kStep) * kStep; y < rect.bottom(); y += kStep)
    lines << QLineF(rect.left(), y, rect.right(), y);
  painter->drawLines(lines);
}

BlockItem* CanvasScene::blockNear(QPointF point, const PortPlace** port) const {
  *port = nullptr;
  BlockItem* body = nullptr;
  const QRectF around(point - QPointF(16, 16), QSizeF(32, 32));
  for (QGraphicsItem* item : items(around, Qt::IntersectsItemBoundingRect)) {
    auto* block = qgraphicsitem_cast<BlockItem*>(item);
    if (block == nullptr) continue;
    if (const PortPlace* found = block->portNear(point)) {
      *port = found;
      return block;
    }
    if (body == nullptr && block->contains(block->mapFromScene(point))) body = block;
  }
  return body;
}

WireItem* CanvasScene::wireAt(QPointF point) const {
  for (QGraphicsItem* item : items(point))
    if (auto* wire = qgraphicsitem_cast<WireItem*>(item)) return wire;
  return nullptr;
}

void CanvasScene::mousePressEvent(QGraphicsSceneMouseEvent* event) {
  if (wiringByKeys()) cancelWire();
  if (event->button() == Qt::LeftButton && !wire_ && startWire(event->scenePos())) return event->accept();
  QGraphicsScene::mousePressEvent(event);
}

void CanvasScene::mouseMoveEvent(QGraphicsSceneMouseEvent* event) {
  if (wire_ && !wire_->keys) return moveWire(event->scenePos(), event->screenPos());
  QGraphicsScene::mouseMoveEvent(event);
}

void CanvasScene::mouseReleaseEvent(QGraphicsSceneMouseEvent* event) {
  if (wire_ && !wire_->keys && event->button() == Qt::LeftButton) return endWire(event->scenePos());
  QGraphicsScene::mouseReleaseEvent(event);
  if (event->button() == Qt::LeftButton) keepMoves();
}

void CanvasScene::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
  const PortPlace* port = nullptr;
  if (const BlockItem* item = blockNear(event->scenePos(), &port); item != nullptr && port == nullptr)
    Q_EMIT blockActivated(QString::fromStdString(item->id().name));
  else if (item == nullptr)
    for (QGraphicsItem* each : items(event->scenePos()))
      if (const auto* frame = qgraphicsitem_cast<FrameItem*>(each)) {
        Q_EMIT frameActivated(static_cast<int>(frame->index()));
        break;
      }
  QGraphicsScene::mouseDoubleClickEvent(event);
}

// What the mouse has dragged becomes one act, snapped to the grid.
void CanvasScene::keepMoves() {
  Compound moves{"move", {}};
  for (const auto& [id, item] : blocks_) {
    if (item->pos() == QPointF(item->node().x, item->node().y)) continue;
    const QPointF to(snapped(item->x()), snapped(item->y()));
    if (to == QPointF(item->node().x, item->node().y))
      item->setPos(to);
    else
      moves.edits.emplace_back(Move{id, to.x(), to.y()});
  }
  for (const FrameItem* item : frames_) {
    Frame frame = item->current();
    frame.x = snapped(frame.x), frame.y = snapped(frame.y);
    if (!(frame == item->frame())) moves.edits.emplace_back(SetFrame{item->index(), frame});
  }
  if (!moves.edits.empty()) document_.apply(moves, tr("Move"));
}

void CanvasScene::dropBlock(const std::string& type, QPointF at) {
  Node node{.id = document_.graph().freeName(type), .type = type};
  const QSizeF size = BlockItem::sizeOf(node, findBlockType(type));
  node.x = snapped(at.x() - size.width() / 2), node.y = snapped(at.y() - 14);
  const NodeId id = node.id;
  const BlockType& block_type = blockType(type);
  const QString label = tr("Add %1").arg(QString::fromStdString(block_type.schema.title));
  const WireItem* wire = wireAt(at);
  const bool fits = wire != nullptr && !block_type.schema.inputs.empty() && !block_type.schema.outputs.empty();
  const Edit edit = fits ? inserting(document_.graph(), document_.result(), node, wire->link()) : Edit(AddNode{node});
  if (document_.apply(edit, label)) select({id});
}

}  // namespace blockyard
