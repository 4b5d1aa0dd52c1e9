// What the canvas does with composites and titles.
#include <QtCore/QFileInfo>
#include <QtGui/QKeyEvent>
#include <algorithm>
#include <cmath>

#include "graph/composite.hpp"
#include "widgets/canvas/canvas_view.hpp"

namespace blockyard {

void CanvasView::foldSelection() {
  const NodeIds ids = scene_->selectedBlocks();
  try {
    NodeId made;
    const Edit edit = folding(document_.project(), document_.pipeline(), ids, tr("composite").toStdString(), made);
    if (document_.apply(edit, tr("Fold into a composite"))) scene_->select({made});
  } catch (const Error& error) {
    Q_EMIT document_.refused(QString::fromUtf8(error.what()));
  }
}

void CanvasView::unfoldSelection() {
  const NodeIds ids = scene_->selectedBlocks();
  NodeIds made;
  try {
    for (const NodeId& id : ids) {
      const Node* node = document_.graph().find(id);
      if (node == nullptr || compositeOf(node->type).empty()) continue;
      const Edit edit = unfolding(document_.project(), document_.pipeline(), id, made);
      if (!document_.apply(edit, tr("Unfold %1").arg(QString::fromStdString(id.name)))) return;
    }
    if (made.empty()) return Q_EMIT document_.refused(tr("Select a composite to unfold it."));
    scene_->select(made);
  } catch (const Error& error) {
    Q_EMIT document_.refused(QString::fromUtf8(error.what()));
  }
}

void CanvasView::addKept(const QString& file, QPointF at) {
  try {
    const Project part = loadProject(file.toStdString());
    const Graph& graph = part.graph({});
    if (graph.nodes().empty()) throw Error({.file = file.toStdString()}, "there is no block in this file");
    const Node& first = graph.nodes().front();
    NodeIds made;
    const Edit edit = pastingProject(document_.project(), document_.pipeline(), part,
                                     std::round((at.x() - BlockItem::kWidth / 2) / kGrid) * kGrid - first.x,
                                     std::round(at.y() / kGrid) * kGrid - first.y, made);
    if (document_.apply(edit, tr("Add %1").arg(QFileInfo(file).completeBaseName()))) scene_->select(made);
  } catch (const Error& error) {
    Q_EMIT document_.refused(QString::fromUtf8(error.what()));
  }
}

std::pair<QString, Project> CanvasView::selectedComposite() const {
  const NodeIds ids = scene_->selectedBlocks();
  const Node* node = ids.size() == 1 ? document_.graph().find(*ids.begin()) : nullptr;
  if (node == nullptr || document_.project().composite(compositeOf(node->type)) == nullptr)
    throw Error({}, "select one composite to keep it", "fold some blocks into one first");
  const std::string name = node->title.empty() ? compositeOf(node->type) : node->title;
  return {QString::fromStdString(name), extracted(document_.project(), document_.pipeline(), ids)};
}

void CanvasView::open(const QString& block) {
  document_.openComposite({block.toStdString()});
}

void CanvasView::openSelected() {
  const NodeIds ids = scene_->selectedBlocks();
  if (ids.size() == 1 && !document_.openComposite(*ids.begin())) Q_EMIT settingsWanted();
}

void CanvasView::leaveComposite() {
  if (!document_.inComposite()) return;
  const NodeId block{document_.trail().back().block};
  document_.goUp(document_.trail().size() - 2);
  goTo(block);
}

// ---- titles

void CanvasView::editTitle() {
  for (const QGraphicsItem* item : scene_->selectedItems())
    if (const auto* frame = qgraphicsitem_cast<const FrameItem*>(item))
      return editFrame(static_cast<int>(frame->index()));
  const NodeIds ids = scene_->selectedBlocks();
  if (ids.size() != 1) return;
  const BlockItem* item = scene_->block(*ids.begin());
  const NodeId id = item->id();
  const QRectF header(item->scenePos(), QSizeF(BlockItem::kWidth, 28));
  editText(header, QString::fromStdString(item->node().title), [this, id](const QString& text) {
    if (document_.graph().find(id) != nullptr)
      document_.apply(SetTitle{id, text.toStdString()}, tr("Title of %1").arg(QString::fromStdString(id.name)));
  });
}

void CanvasView::editFrame(int index) {
  const FrameItem* item = scene_->frame(index);
  if (item == nullptr) return;
  const QRectF header(item->scenePos(), QSizeF(std::max(120.0, item->frame().width), 28));
  editText(header, QString::fromStdString(item->frame().title),
           [this, index, before = item->frame()](const QString& text) {
             const FrameItem* now = scene_->frame(index);
             if (now == nullptr || !(now->frame() == before)) return;  // it has changed meanwhile
             Frame frame = before;
             frame.title = text.toStdString();
             document_.apply(SetFrame{index, frame}, tr("Title of the frame"));
           });
}

// Enter or a click elsewhere takes the text, Escape does not.
void CanvasView::editText(const QRectF& where, const QString& text, std::function<void(const QString&)> done) {
  delete title_.data();
  title_ = new QLineEdit(text, viewport());
  title_->setAccessibleName(tr("Title"));
  QRect place = mapFromScene(where).boundingRect();
  place.setHeight(std::max(place.height(), title_->sizeHint().height()));
  place.setWidth(std::clamp(place.width(), 120, 420));
  title_->setGeometry(place);
  title_->selectAll();
  title_->show();
  title_->setFocus();
  title_->installEventFilter(this);
  connect(title_, &QLineEdit::editingFinished, this, [this, text, done = std::move(done)] {
    if (title_ == nullptr || title_->isHidden()) return;
    const QString now = title_->text().trimmed();
    title_->hide();
    title_->deleteLater();
    title_ = nullptr;
    if (now != text) done(now);
    setFocus();
  });
}

bool CanvasView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == title_.data() && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
    QLineEdit* field = title_;
    title_ = nullptr;
    field->hide();
    field->deleteLater();
    setFocus();
    return true;
  }
  const bool key = watched == title_.data() && event->type() == QEvent::KeyPress;
  if (key && (static_cast<QKeyEvent*>(event)->key() == Qt::Key_Return ||
              static_cast<QKeyEvent*>(event)->key() == Qt::Key_Enter)) {
    setFocus();  // the field has ended, and the canvas does not take the key as well
    return true;
  }
  return QGraphicsView::eventFilter(watched, event);
}

}  // namespace blockyard
