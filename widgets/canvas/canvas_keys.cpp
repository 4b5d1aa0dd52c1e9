// The canvas by keyboard alone.
#include <QtGui/QKeyEvent>
#include <cmath>

#include "widgets/canvas/canvas_view.hpp"

namespace blockyard {

void CanvasView::keyPressEvent(QKeyEvent* event) {
  fitted_ = false;
  if (scene_->wiringByKeys() && steerWire(event->key())) return;
  const bool alt = event->modifiers() & Qt::AltModifier;
  switch (event->key()) {
    case Qt::Key_Tab:
    case Qt::Key_Slash:
      return openSearch();
    case Qt::Key_Escape:
      return scene_->wiring() ? scene_->cancelWire() : selectNothing();
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
      if (alt || scene_->selectedBlocks().empty()) return walk(event->key());
      return moveSelection((event->key() == Qt::Key_Right) - (event->key() == Qt::Key_Left),
                           (event->key() == Qt::Key_Down) - (event->key() == Qt::Key_Up));
    case Qt::Key_F2:
      return editTitle();
    case Qt::Key_Return:
    case Qt::Key_Enter:
      return openSelected();
    default:
      QGraphicsView::keyPressEvent(event);
  }
}

void CanvasView::drawWire() {
  const NodeIds selected = scene_->selectedBlocks();
  if (selected.size() != 1) return Q_EMIT document_.refused(tr("Select the block that the wire starts at."));
  if (!scene_->startWireByKeys(*selected.begin())) return;
  setFocus();
  ensureVisible(scene_->block(scene_->keyTarget()->end.node));
}

// False for a key that has nothing to do with the wire.
bool CanvasView::steerWire(int key) {
  switch (key) {
    case Qt::Key_Up:
    case Qt::Key_Down:
      scene_->chooseTarget(key == Qt::Key_Down ? 1 : -1);
      break;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Tab:
    case Qt::Key_Backtab:
      scene_->chooseStart(key == Qt::Key_Right || key == Qt::Key_Tab ? 1 : -1);
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      scene_->endWireByKeys();
      return true;
    default:
      return false;
  }
  ensureVisible(scene_->block(scene_->keyTarget()->end.node));
  return true;
}

void CanvasView::moveSelection(int dx, int dy) {
  Compound moves{"move", {}};
  QString names;
  for (const NodeId& id : scene_->selectedBlocks()) {
    const Node& node = document_.graph().node(id);
    moves.edits.emplace_back(Move{id, node.x + dx * kGrid, node.y + dy * kGrid});
    names += QString::fromStdString(id.name) + QLatin1Char(' ');
  }
  document_.apply(moves, tr("Move"), "move " + names);
}

// To the block before or behind, or the nearest one above or below; to the first if none is selected.
void CanvasView::walk(int key) {
  const NodeIds selected = scene_->selectedBlocks();
  const auto& nodes = document_.graph().nodes();
  if (nodes.empty()) return;
  if (selected.empty()) return goTo(nodes.front().id);
  const Node& now = document_.graph().node(*selected.begin());
  const Node* best = nullptr;
  double best_distance = 0;
  for (const Node& node : nodes) {
    const double dx = node.x - now.x, dy = node.y - now.y;
    const bool there = key == Qt::Key_Left    ? dx < -1
                       : key == Qt::Key_Right ? dx > 1
                       : key == Qt::Key_Up    ? dy < -1
                                              : dy > 1;
    if (!there) continue;
    const bool across = key == Qt::Key_Left || key == Qt::Key_Right;
    const double distance = across ? std::abs(dx) + 2 * std::abs(dy) : 2 * std::abs(dx) + std::abs(dy);
    if (best == nullptr || distance < best_distance) best = &node, best_distance = distance;
  }
  if (best == nullptr) return;
  scene_->select({best->id});
  ensureVisible(scene_->block(best->id));
}

}  // namespace blockyard
