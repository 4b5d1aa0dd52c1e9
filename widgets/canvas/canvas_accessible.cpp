#include "widgets/canvas/canvas_accessible.hpp"

#include <QtGui/QAccessible>
#include <QtGui/QAccessibleObject>
#include <QtWidgets/QAccessibleWidget>
#include <QtWidgets/QApplication>
#include <algorithm>

#include "widgets/canvas/canvas_view.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

CanvasView* viewOf(const BlockItem& item) {
  const auto views = item.scene() == nullptr ? QList<QGraphicsView*>() : item.scene()->views();
  return views.isEmpty() ? nullptr : qobject_cast<CanvasView*>(views.front());
}

QRect onScreen(const CanvasView& view, const QRectF& in_scene) {
  const QRect place = view.mapFromScene(in_scene).boundingRect();
  return {view.viewport()->mapToGlobal(place.topLeft()), place.size()};
}

bool inSight(const CanvasView& view, const QRectF& in_scene) {
  return view.isVisible() && view.mapFromScene(in_scene).boundingRect().intersects(view.viewport()->rect());
}

QString stateText(const BlockItem& item) {
  if (item.node().bypassed) return CanvasView::tr("bypassed");
  switch (item.look().light) {
    case Light::Ready:
      return CanvasView::tr("ready");
    case Light::Problem:
      return CanvasView::tr("has a problem");
    case Light::Warning:
      return CanvasView::tr("has a warning");
    case Light::Fitted:
      return CanvasView::tr("fitted");
    case Light::Running:
      return CanvasView::tr("is training");
    case Light::Trained:
      return CanvasView::tr("trained");
    default:
      return CanvasView::tr("not checked yet");
  }
}

QString titleOf(const BlockItem& item) {
  if (!item.node().title.empty()) return QString::fromStdString(item.node().title);
  return QString::fromStdString(item.blockType() == nullptr ? item.node().type : item.blockType()->schema.title);
}

// A port of a block, by its number: blocks come and go with another type, ports with them.
class PortAccessible final : public QAccessibleInterface {
 public:
  PortAccessible(BlockItem* item, int number) : item_(item), number_(number) {}

  bool isValid() const override { return place() != nullptr; }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(item_.data()); }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::Role role() const override { return QAccessible::Indicator; }
  void setText(QAccessible::Text, const QString&) override {}

  QString text(QAccessible::Text kind) const override {
    const CanvasView* view = place() == nullptr ? nullptr : viewOf(*item_);
    if (view == nullptr) return {};
    if (kind == QAccessible::Name) return const_cast<CanvasView*>(view)->canvas().portText(item_->id(), *place());
    if (kind == QAccessible::Description) return place()->output ? CanvasView::tr("Output") : CanvasView::tr("Input");
    return {};
  }
  QRect rect() const override {
    const CanvasView* view = place() == nullptr ? nullptr : viewOf(*item_);
    return view == nullptr ? QRect() : onScreen(*view, area());
  }
  QAccessible::State state() const override {
    QAccessible::State out;
    const CanvasView* view = place() == nullptr ? nullptr : viewOf(*item_);
    out.invalid = view == nullptr;
    out.focusable = true;
    if (view == nullptr) return out;
    out.offscreen = !inSight(*view, area());
    const auto target = const_cast<CanvasView*>(view)->canvas().keyTarget();
    out.focused = view->hasFocus() && target && target->output == place()->output &&
                  target->end == End{item_->id(), place()->name.toStdString()};
    return out;
  }

 private:
  const PortPlace* place() const {
    const bool there = item_ != nullptr && number_ < static_cast<int>(item_->ports().size());
    return there ? &item_->ports()[static_cast<size_t>(number_)] : nullptr;
  }
  QRectF area() const {
    constexpr double kSize = 2 * BlockItem::kPortRadius;
    const QRectF around(-kSize / 2, -kSize / 2, kSize, kSize);
    return around.translated(item_->mapToScene(place()->at));
  }

  QPointer<BlockItem> item_;
  int number_;
};

class BlockAccessible final : public QAccessibleObject, public QAccessibleActionInterface {
 public:
  explicit BlockAccessible(BlockItem* item) : QAccessibleObject(item) {}
  ~BlockAccessible() override {
    for (const QAccessible::Id id : ports_) QAccessible::deleteAccessibleInterface(id);
  }

  QAccessibleInterface* parent() const override {
    return QAccessible::queryAccessibleInterface(static_cast<QObject*>(viewOf(item())));
  }
  QAccessible::Role role() const override { return QAccessible::ListItem; }
  int childCount() const override { return static_cast<int>(item().ports().size()); }
  int indexOfChild(const QAccessibleInterface* port) const override {
    for (int i = 0; i < childCount(); ++i)
      if (child(i) == port) return i;
    return -1;
  }
  QAccessibleInterface* child(int index) const override {
    if (index < 0 || index >= childCount()) return nullptr;
    while (static_cast<int>(ports_.size()) <= index)
      ports_.push_back(
          QAccessible::registerAccessibleInterface(new PortAccessible(&item(), static_cast<int>(ports_.size()))));
    return QAccessible::accessibleInterface(ports_[static_cast<size_t>(index)]);
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    for (int i = 0; i < childCount(); ++i)
      if (child(i)->rect().contains(x, y)) return child(i);
    return nullptr;
  }

  QString text(QAccessible::Text kind) const override {
    const BlockLook& look = item().look();
    QStringList parts;
    if (kind == QAccessible::Name) {
      const BlockType* type = item().blockType();
      parts << titleOf(item()) + QStringLiteral(" (%1)").arg(QString::fromStdString(item().id().name));
      parts << (type == nullptr ? CanvasView::tr("unknown block") : blockyard::titleOf(type->schema.kind))
            << stateText(item());
      if (!look.problem.isEmpty()) parts << look.problem;
    } else if (kind == QAccessible::Description) {
      for (const QString& setting : settingsOf(item().node())) parts << setting;
      for (const QString& each : {look.output, look.status == look.problem ? QString() : look.status})
        if (!each.isEmpty()) parts << each;
      if (!item().node().note.empty()) parts << QString::fromStdString(item().node().note);
    }
    return parts.join(QStringLiteral(", "));
  }
  QRect rect() const override {
    const CanvasView* view = viewOf(item());
    return view == nullptr ? QRect() : onScreen(*view, body());
  }
  QAccessible::State state() const override {
    QAccessible::State out;
    const CanvasView* view = viewOf(item());
    out.selectable = out.focusable = out.multiSelectable = true;
    out.selected = item().isSelected();
    out.invalid = view == nullptr;
    if (view == nullptr) return out;
    out.offscreen = !inSight(*view, body());
    CanvasScene& scene = const_cast<CanvasView*>(view)->canvas();
    out.focused = view->hasFocus() && scene.selectedBlocks() == NodeIds{item().id()} && !scene.keyTarget();
    return out;
  }

  void* interface_cast(QAccessible::InterfaceType type) override {
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
  }
  QStringList actionNames() const override { return {pressAction(), setFocusAction()}; }
  QStringList keyBindingsForAction(const QString&) const override { return {}; }
  void doAction(const QString& name) override {
    CanvasView* view = viewOf(item());
    if (view != nullptr && (name == pressAction() || name == setFocusAction())) view->goTo(item().id());
  }

 private:
  BlockItem& item() const { return *static_cast<BlockItem*>(object()); }
  QRectF body() const {
    return item().mapRectToScene(QRectF(QPointF(), BlockItem::sizeOf(item().node(), item().blockType())));
  }

  mutable std::vector<QAccessible::Id> ports_;
};

// A wire, by its two ends; of wires that are there twice the first.
class WireAccessible final : public QAccessibleInterface {
 public:
  WireAccessible(CanvasView* view, Link link) : view_(view), link_(std::move(link)) {}

  const Link& link() const { return link_; }
  bool isValid() const override { return wire() != nullptr; }
  QObject* object() const override { return nullptr; }
  QAccessibleInterface* parent() const override {
    return QAccessible::queryAccessibleInterface(static_cast<QObject*>(view_.data()));
  }
  QAccessibleInterface* child(int) const override { return nullptr; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessible::Role role() const override { return QAccessible::Graphic; }
  void setText(QAccessible::Text, const QString&) override {}
  QString text(QAccessible::Text kind) const override {
    if (!isValid()) return {};
    if (kind == QAccessible::Name)
      return CanvasView::tr("Wire from %1 to %2")
          .arg(QString::fromStdString(link_.from.text()), QString::fromStdString(link_.to.text()));
    return kind == QAccessible::Description ? wire()->text() : QString();
  }
  QRect rect() const override { return isValid() ? onScreen(*view_, wire()->sceneBoundingRect()) : QRect(); }
  QAccessible::State state() const override {
    QAccessible::State out;
    out.invalid = !isValid();
    if (out.invalid) return out;
    out.selectable = true;
    out.selected = wire()->isSelected();
    out.offscreen = !inSight(*view_, wire()->sceneBoundingRect());
    return out;
  }

 private:
  WireItem* wire() const { return view_ == nullptr ? nullptr : view_->canvas().wire(link_); }

  QPointer<CanvasView> view_;
  Link link_;
};

// Blocks in the order of the file, wires behind them, and the field to search with while it is open.
class CanvasAccessible final : public QAccessibleWidget {
 public:
  explicit CanvasAccessible(CanvasView* view) : QAccessibleWidget(view, QAccessible::Canvas) {}
  ~CanvasAccessible() override {
    for (const auto& [link, id] : wires_) QAccessible::deleteAccessibleInterface(id);
  }

  int childCount() const override {
    return static_cast<int>(graph().nodes().size() + graph().links().size()) + (searching() ? 1 : 0);
  }
  QAccessibleInterface* child(int index) const override {
    if (index < 0 || index >= childCount()) return nullptr;
    const auto number = static_cast<size_t>(index), blocks = graph().nodes().size();
    if (number < blocks) return ofBlock(graph().nodes()[number].id);
    if (number < blocks + graph().links().size()) return ofWire(graph().links()[number - blocks]);
    return QAccessible::queryAccessibleInterface(&view().search());
  }
  int indexOfChild(const QAccessibleInterface* child) const override {
    if (const auto* item = qobject_cast<BlockItem*>(child->object())) {
      const auto& nodes = graph().nodes();
      const auto found =
          std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.id == item->id(); });
      return found == nodes.end() ? -1 : static_cast<int>(found - nodes.begin());
    }
    if (const auto* wire = dynamic_cast<const WireAccessible*>(child)) {
      const auto& links = graph().links();
      const auto found = std::find(links.begin(), links.end(), wire->link());
      return found == links.end()
                 ? -1
                 : static_cast<int>(graph().nodes().size() + static_cast<size_t>(found - links.begin()));
    }
    return searching() && child->object() == &view().search() ? childCount() - 1 : -1;
  }
  QAccessibleInterface* childAt(int x, int y) const override {
    const QPoint at = view().viewport()->mapFromGlobal(QPoint(x, y));
    if (!view().viewport()->rect().contains(at)) return nullptr;
    for (const QGraphicsItem* item : view().items(at)) {
      if (const auto* block = qgraphicsitem_cast<const BlockItem*>(item)) return ofBlock(block->id());
      if (const auto* wire = qgraphicsitem_cast<const WireItem*>(item)) return ofWire(wire->link());
    }
    return nullptr;
  }
  // The port that the wire in hand would go to, else the block that is selected alone.
  QAccessibleInterface* focusChild() const override {
    if (!view().hasFocus()) return QAccessibleWidget::focusChild();
    if (QAccessibleInterface* now = focusedPart()) return now;
    return const_cast<CanvasAccessible*>(this);
  }

 private:
  CanvasView& view() const { return *static_cast<CanvasView*>(object()); }
  const Graph& graph() const { return view().canvas().document().graph(); }
  bool searching() const { return view().search().isVisible(); }
  QAccessibleInterface* ofBlock(const NodeId& id) const {
    BlockItem* item = view().canvas().block(id);
    return item == nullptr ? nullptr : QAccessible::queryAccessibleInterface(item);
  }
  QAccessibleInterface* ofWire(const Link& link) const {
    if (wires_.size() > 2 * graph().links().size() + 1)  // most of them are gone
      std::erase_if(wires_, [this](const auto& each) {
        if (view().canvas().wire(each.first) != nullptr) return false;
        QAccessible::deleteAccessibleInterface(each.second);
        return true;
      });
    auto found = wires_.find(link);
    if (found == wires_.end())
      found = wires_.emplace(link, QAccessible::registerAccessibleInterface(new WireAccessible(&view(), link))).first;
    return QAccessible::accessibleInterface(found->second);
  }
  QAccessibleInterface* focusedPart() const {
    CanvasScene& scene = view().canvas();
    if (const auto target = scene.keyTarget()) {
      QAccessibleInterface* block = ofBlock(target->end.node);
      for (int i = 0; block != nullptr && i < block->childCount(); ++i)
        if (block->child(i)->state().focused) return block->child(i);
    }
    const NodeIds selected = scene.selectedBlocks();
    return selected.size() == 1 ? ofBlock(*selected.begin()) : nullptr;
  }

  mutable std::map<Link, QAccessible::Id> wires_;
};

QAccessibleInterface* makeInterface(const QString&, QObject* object) {
  if (auto* view = qobject_cast<CanvasView*>(object)) return new CanvasAccessible(view);
  if (auto* item = qobject_cast<BlockItem*>(object)) return new BlockAccessible(item);
  return nullptr;
}

}  // namespace

void installCanvasAccessibility() {
  static const bool once = (QAccessible::installFactory(makeInterface), true);
  static_cast<void>(once);
}

}  // namespace blockyard
