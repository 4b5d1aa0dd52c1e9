#include "widgets/canvas/canvas_view.hpp"

#include <QtCore/QMimeData>
#include <QtCore/QUrl>
#include <QtGui/QAccessible>
#include <QtGui/QClipboard>
#include <QtGui/QKeyEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QScrollBar>
#include <cmath>

#include "blocks/catalog.hpp"
#include "graph/composite.hpp"
#include "widgets/canvas/canvas_accessible.hpp"
#include "widgets/common/text_size.hpp"

namespace blockyard {
namespace {

constexpr double kSmallestZoom = 0.03, kLargestZoom = 4;
constexpr qsizetype kLargestPaste = 4 << 20;
constexpr double kSceneMargin = 60;

}  // namespace

CanvasView::CanvasView(Document& document, QWidget* parent)
    : QGraphicsView((installCanvasAccessibility(), parent)),
      document_(document),
      scene_(new CanvasScene(document, this)),
      search_(new BlockSearch(this)) {
  setScene(scene_);
  setRenderHint(QPainter::Antialiasing);
  setDragMode(RubberBandDrag);
  setViewportUpdateMode(SmartViewportUpdate);
  setOptimizationFlag(DontSavePainterState);
  setTransformationAnchor(NoAnchor);
  setResizeAnchor(AnchorViewCenter);
  setAcceptDrops(true);
  setFrameShape(NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Canvas"));
  setAccessibleDescription(
      tr("Blocks and wires. Tab adds a block, arrow keys move the selection, Alt with an arrow key goes from block to "
         "block, Ctrl+K draws a wire, Enter goes to the settings."));
  connect(scene_, &CanvasScene::selectionIs, this, [this](const QStringList& blocks) {
    if (blocks.size() != 1 || !hasFocus() || !QAccessible::isActive()) return;
    QObject* block = scene_->block({blocks.front().toStdString()});
    if (block == nullptr) return;
    QAccessibleEvent event(block, QAccessible::Focus);
    QAccessible::updateAccessibility(&event);
  });
  // Room to pan on all sides, whatever there is.
  scene_->setSceneRect(-50000, -50000, 100000, 100000);
  connect(scene_, &CanvasScene::wireDropped, this,
          [this](const QString& block, const QString& port, bool output, QPointF at) {
            offerBlocks({{block.toStdString()}, port.toStdString()}, output, at);
          });
  connect(&document_, &Document::replaced, this, &CanvasView::zoomToFit);
  connect(&document_, &Document::shown, this, &CanvasView::zoomToFit);
  // Behind the event: what it is about may go with the graph.
  connect(scene_, &CanvasScene::blockActivated, this, &CanvasView::open, Qt::QueuedConnection);
  connect(scene_, &CanvasScene::frameActivated, this, &CanvasView::editFrame, Qt::QueuedConnection);
}

// ---- looking

QRectF CanvasView::contents() const {
  QRectF out;
  for (const QGraphicsItem* item : scene_->items()) out |= item->sceneBoundingRect();
  return out;
}

void CanvasView::zoomBy(double factor, QPoint around) {
  const double now = zoom(), next = std::clamp(now * factor, kSmallestZoom, kLargestZoom);
  const QPointF before = mapToScene(around);
  scale(next / now, next / now);
  const QPointF shift = mapFromScene(before) - around;
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(std::lround(shift.x())));
  verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(std::lround(shift.y())));
  Q_EMIT zoomed(zoom() / canvasFullSize());
}

void CanvasView::setZoom(double factor) {
  resetTransform();
  scale(factor, factor);
}

void CanvasView::zoomToFit() {
  const QRectF all = contents();
  if (all.isEmpty()) return zoomToOne();
  fitInView(all.adjusted(-kSceneMargin, -kSceneMargin, kSceneMargin, kSceneMargin), Qt::KeepAspectRatio);
  if (zoom() > canvasFullSize()) {
    setZoom(canvasFullSize());
    centerOn(all.center());
  }
  Q_EMIT zoomed(zoom() / canvasFullSize());
}

void CanvasView::zoomToOne() {
  const QPointF center = mapToScene(viewport()->rect().center());
  setZoom(canvasFullSize());
  centerOn(center);
  Q_EMIT zoomed(1);
}

void CanvasView::goTo(const NodeId& id) {
  const size_t slash = id.name.find('/');  // inside a composite
  if (slash != std::string::npos && document_.openComposite({id.name.substr(0, slash)}))
    return goTo({id.name.substr(slash + 1)});
  BlockItem* item = scene_->block(id);
  if (item == nullptr) return;
  scene_->select({id});
  if (zoom() < 0.6 * canvasFullSize()) setZoom(canvasFullSize());
  centerOn(item);
  Q_EMIT zoomed(zoom() / canvasFullSize());
  setFocus();
}

void CanvasView::scrollContentsBy(int dx, int dy) {
  QGraphicsView::scrollContentsBy(dx, dy);
  Q_EMIT viewMoved();
}

void CanvasView::wheelEvent(QWheelEvent* event) {
  if (event->modifiers() & Qt::ShiftModifier || event->angleDelta().y() == 0) return QGraphicsView::wheelEvent(event);
  zoomBy(std::pow(1.0015, event->angleDelta().y()), event->position().toPoint());
  event->accept();
}

// The middle button, or the left one with Alt, pans.
void CanvasView::mousePressEvent(QMouseEvent* event) {
  search_->hide();
  if (event->button() == Qt::MiddleButton ||
      (event->button() == Qt::LeftButton && event->modifiers() & Qt::AltModifier)) {
    pan_ = event->pos();
    viewport()->setCursor(Qt::ClosedHandCursor);
    return;
  }
  QGraphicsView::mousePressEvent(event);
}

void CanvasView::mouseMoveEvent(QMouseEvent* event) {
  if (!pan_) return QGraphicsView::mouseMoveEvent(event);
  const QPoint step = event->pos() - *pan_;
  pan_ = event->pos();
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() - step.x());
  verticalScrollBar()->setValue(verticalScrollBar()->value() - step.y());
}

void CanvasView::mouseReleaseEvent(QMouseEvent* event) {
  if (!pan_) return QGraphicsView::mouseReleaseEvent(event);
  pan_.reset();
  viewport()->unsetCursor();
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && scene_->items(mapToScene(event->pos())).isEmpty()) return openSearch();
  QGraphicsView::mouseDoubleClickEvent(event);
}

QPointF CanvasView::cursorInScene() const {
  const QPoint at = viewport()->mapFromGlobal(QCursor::pos());
  return mapToScene(viewport()->rect().contains(at) ? at : viewport()->rect().center());
}

// ---- adding

void CanvasView::openSearch() {
  const QPointF at = cursorInScene();
  search_->open(mapFromScene(at), {}, [this, at](const std::string& type) {
    if (scene_->selectedBlocks().size() == 1)
      addBlock(type);
    else
      scene_->dropBlock(type, at);
  });
}

void CanvasView::addBlock(const std::string& type) {
  const NodeIds selected = scene_->selectedBlocks();
  const Node* before = selected.size() == 1 ? document_.graph().find(*selected.begin()) : nullptr;
  const BlockType* before_type = before == nullptr ? nullptr : document_.typeOf(*before);
  const BlockSchema& schema = blockType(type).schema;
  if (before_type == nullptr || before_type->schema.outputs.empty() || schema.inputs.empty())
    return scene_->dropBlock(type, mapToScene(viewport()->rect().center()));
  const NodeId id = document_.graph().freeName(type);
  Node node{.id = id, .type = type, .x = before->x + BlockItem::kWidth + 60, .y = before->y};
  const End from{before->id, before_type->schema.outputs.front().name};
  if (!document_.apply(adding(document_.graph(), document_.result(), std::move(node), from),
                       tr("Add %1").arg(QString::fromStdString(schema.title))))
    return;
  scene_->select({id});
  ensureVisible(scene_->block(id));
}

void CanvasView::offerBlocks(const End& end, bool output, QPointF at) {
  std::vector<std::string> types;
  std::map<std::string, std::string> ports;
  for (const Suggestion& fit : blocksThatFit(document_.graph(), document_.result(), end, output)) {
    types.push_back(fit.type);
    ports.emplace(fit.type, fit.port);
  }
  if (types.empty()) return;
  search_->open(mapFromScene(at), types, [this, end, output, at, ports](const std::string& type) {
    const NodeId id = document_.graph().freeName(type);
    const double x = output ? at.x() : at.x() - BlockItem::kWidth;
    const End other{id, ports.at(type)};
    Compound edit{
        "add",
        {AddNode{
            .node = {
                .id = id, .type = type, .x = std::round(x / kGrid) * kGrid, .y = std::round(at.y() / kGrid) * kGrid}}}};
    edit.edits.push_back(connecting(document_.graph(), output ? Link{end, other} : Link{other, end}));
    if (document_.apply(edit, tr("Add %1").arg(QString::fromStdString(blockType(type).schema.title))))
      scene_->select({id});
  });
}

void CanvasView::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasFormat(kBlockMime) || event->mimeData()->hasFormat(kKeptMime) ||
      event->mimeData()->hasUrls())
    event->acceptProposedAction();
}

void CanvasView::dragMoveEvent(QDragMoveEvent* event) {
  if (event->mimeData()->hasFormat(kBlockMime) || event->mimeData()->hasFormat(kKeptMime) ||
      event->mimeData()->hasUrls())
    event->acceptProposedAction();
}

void CanvasView::dropEvent(QDropEvent* event) {
  const QMimeData* data = event->mimeData();
  if (data->hasFormat(kBlockMime)) {
    scene_->dropBlock(data->data(kBlockMime).toStdString(), mapToScene(event->position().toPoint()));
    event->acceptProposedAction();
    return setFocus();
  }
  if (data->hasFormat(kKeptMime)) {
    addKept(QString::fromUtf8(data->data(kKeptMime)), mapToScene(event->position().toPoint()));
    event->acceptProposedAction();
    return setFocus();
  }
  QStringList paths;
  for (const QUrl& url : data->urls())
    if (url.isLocalFile()) paths << url.toLocalFile();
  if (paths.isEmpty()) return;
  event->acceptProposedAction();
  Q_EMIT filesDropped(paths);
}

// ---- acts on the selection

// What is copied is a project file that holds just these blocks, so that it can be read, sent in a message and pasted
// anywhere.
void CanvasView::copy() {
  const NodeIds ids = scene_->selectedBlocks();
  if (ids.empty()) return;
  const Project part = extracted(document_.project(), document_.pipeline(), ids);
  QApplication::clipboard()->setText(QString::fromStdString(projectText(part)));
}

void CanvasView::cut() {
  copy();
  removeSelection();
}

void CanvasView::paste() {
  const QString text = QApplication::clipboard()->text();
  if (text.isEmpty()) return Q_EMIT document_.refused(tr("There is no text in the clipboard to paste."));
  if (text.size() > kLargestPaste)
    return Q_EMIT document_.refused(tr("The text in the clipboard is too large to be blocks."));
  try {
    const Project part = projectFromText(text.toStdString(), "clipboard");
    const Graph& graph = part.graph({});
    if (graph.nodes().empty()) return Q_EMIT document_.refused(tr("The text in the clipboard holds no blocks."));
    QRectF around;
    for (const Node& node : graph.nodes())
      around |= QRectF(QPointF(node.x, node.y), BlockItem::sizeOf(node, document_.typeOf(node)));
    const QPointF shift = cursorInScene() - around.center();
    NodeIds ids;
    const Edit edit = pastingProject(document_.project(), document_.pipeline(), part,
                                     std::round(shift.x() / kGrid) * kGrid, std::round(shift.y() / kGrid) * kGrid, ids);
    if (document_.apply(edit, tr("Paste"))) scene_->select(ids);
  } catch (const Error& error) {
    Q_EMIT document_.refused(tr("The clipboard cannot be pasted: %1").arg(QString::fromUtf8(error.what())));
  }
}

void CanvasView::duplicate() {
  const NodeIds ids = scene_->selectedBlocks();
  if (ids.empty()) return;
  NodeIds names;
  const Edit edit = pasting(document_.graph(), copied(document_.graph(), ids), 4 * kGrid, 4 * kGrid, names);
  if (document_.apply(edit, tr("Duplicate"))) scene_->select(names);
}

void CanvasView::removeSelection() {
  scene_->cancelWire();
  Compound edit{"delete", {}};
  const NodeIds ids = scene_->selectedBlocks();
  for (const Link& link : scene_->selectedWires())
    if (ids.count(link.from.node) == 0 && ids.count(link.to.node) == 0) edit.edits.emplace_back(Disconnect{link});
  std::vector<int64_t> frames;
  for (const QGraphicsItem* item : scene_->selectedItems())
    if (const auto* frame = qgraphicsitem_cast<const FrameItem*>(item)) frames.push_back(frame->index());
  std::sort(frames.rbegin(), frames.rend());  // from the end, so that the numbers of the others stay
  for (const int64_t index : frames) edit.edits.emplace_back(RemoveFrame{index});
  if (!ids.empty()) edit.edits.push_back(removing(document_.graph(), ids));
  if (!edit.edits.empty()) document_.apply(edit, tr("Delete"));
}

void CanvasView::bypassSelection() {
  Compound edit{"bypass", {}};
  const NodeIds ids = scene_->selectedBlocks();
  const bool on =
      std::any_of(ids.begin(), ids.end(), [&](const NodeId& id) { return !document_.graph().node(id).bypassed; });
  for (const NodeId& id : ids)
    if (document_.graph().node(id).bypassed != on) edit.edits.emplace_back(Bypass{id, on});
  if (!edit.edits.empty()) document_.apply(edit, on ? tr("Bypass") : tr("Switch on"));
}

void CanvasView::selectAll() {
  NodeIds all;
  for (const Node& node : document_.graph().nodes()) all.insert(node.id);
  scene_->select(all);
}

void CanvasView::selectNothing() {
  scene_->cancelWire();
  scene_->clearSelection();
}

void CanvasView::tidy() {
  const NodeIds ids = scene_->selectedBlocks();
  document_.apply(tidying(document_.graph(), ids.size() > 1 ? ids : NodeIds{}, boxes()), tr("Tidy up"));
}

void CanvasView::align(Side side) {
  const Edit edit = aligning(document_.graph(), scene_->selectedBlocks(), side, boxes());
  if (!std::get<Compound>(edit.what).edits.empty()) document_.apply(edit, tr("Align"));
}

SizeOf CanvasView::boxes() {
  return [this](const Node& node) {
    const QSizeF size = BlockItem::sizeOf(node, document_.typeOf(node));
    return Size{size.width(), size.height()};
  };
}

void CanvasView::frameSelection() {
  QRectF around;
  for (const NodeId& id : scene_->selectedBlocks()) around |= scene_->block(id)->sceneBoundingRect();
  if (around.isEmpty()) return;
  around.adjust(-20, -40, 20, 20);
  document_.apply(AddFrame{.frame = {.title = tr("Frame").toStdString(),
                                     .x = around.x(),
                                     .y = around.y(),
                                     .width = around.width(),
                                     .height = around.height()}},
                  tr("Frame"));
}

void CanvasView::addNote() {
  const QPointF at = cursorInScene();
  document_.apply(AddFrame{.frame = {.title = tr("Note").toStdString(),
                                     .text = tr("Write here").toStdString(),
                                     .x = at.x(),
                                     .y = at.y(),
                                     .width = 220,
                                     .height = 120}},
                  tr("Note"));
}

}  // namespace blockyard
