// A wire in hand: from the port where it begins to the one that takes it, or says why it does not.
#include <QtWidgets/QToolTip>

#include "blocks/catalog.hpp"
#include "widgets/canvas/canvas_scene.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

bool CanvasScene::startWire(QPointF at) {
  const PortPlace* port = nullptr;
  BlockItem* item = blockNear(at, &port);
  if (port == nullptr) return false;
  Wiring wiring{.start = {item->id(), port->name.toStdString()}, .from_output = port->output};
  if (!port->output) {
    const std::vector<Link> wires = document_.graph().into(item->id(), wiring.start.port);
    if (!wires.empty()) {  // take the last wire off
      wiring.picked = wires.back();
      wiring.start = wires.back().from;
      wiring.from_output = true;
      if (WireItem* old = wire(wires.back())) old->hide();
    }
  }
  wiring.path = addPath({}, QPen(busyColor(), 2.5, Qt::DashLine));
  wiring.path->setZValue(10);
  wire_ = std::move(wiring);
  moveWire(at, {});
  return true;
}

void CanvasScene::moveWire(QPointF at, QPoint screen) {
  const BlockItem* start = block(wire_->start.node);
  const QPointF from = start == nullptr ? at : start->portAt(wire_->start.port, wire_->from_output);
  wire_->path->setPath(wire_->from_output ? WireItem::curve(from, at) : WireItem::curve(at, from));
  for (const auto& [_, item] : blocks_) item->clearMarks();
  wire_->target.reset();
  wire_->complaint.reset();
  const PortPlace* port = nullptr;
  BlockItem* item = blockNear(at, &port);
  if (item != nullptr && port == nullptr) {  // over a block: its best port of the right side
    for (const PortPlace& each : item->ports()) {
      if (each.output == wire_->from_output) continue;
      const End end{item->id(), each.name.toStdString()};
      const Link link = wire_->from_output ? Link{wire_->start, end} : Link{end, wire_->start};
      const bool fits = !complaintOf(link);
      if (port == nullptr || fits) port = &each;
      if (fits) break;
    }
  }
  QString why;
  if (port != nullptr && port->output != wire_->from_output && item->id() != wire_->start.node) {
    const End end{item->id(), port->name.toStdString()};
    wire_->target = wire_->from_output ? Link{wire_->start, end} : Link{end, wire_->start};
    if (wire_->target != wire_->picked) wire_->complaint = complaintOf(*wire_->target);
    if (wire_->complaint) why = QString::fromStdString(wire_->complaint->text());
    item->markPort(port->name, port->output, !wire_->complaint);
  }
  if (!screen.isNull()) {
    if (why.isEmpty())
      QToolTip::hideText();
    else
      QToolTip::showText(screen, why);
  }
  wire_->path->setPen(QPen(wire_->complaint ? problemColor()
                           : wire_->target  ? goodColor()
                                            : busyColor(),
                           2.5, Qt::DashLine));
  Q_EMIT hint(why);
}

// A composite is judged by the blocks inside that the wire would lead to.
std::optional<Problem> CanvasScene::complaintOf(const Link& link) {
  const auto composite = [this](const NodeId& id) {
    const Node* node = document_.graph().find(id);
    return node != nullptr && document_.project().composite(compositeOf(node->type)) != nullptr;
  };
  if (!composite(link.from.node) && !composite(link.to.node))
    return complaintOfConnecting(document_.graph(), document_.result(), link);
  if (!wire_->flat) wire_->flat = expanded(document_.project(), document_.root());
  return complaintOfConnecting(document_.project(), *wire_->flat, document_.rootResult(), document_.pathOf({}), link);
}

void CanvasScene::cancelWire() {
  if (!wire_) return;
  if (wire_->picked)
    if (WireItem* old = wire(*wire_->picked)) old->show();
  delete wire_->path;
  wire_.reset();
  for (const auto& [_, item] : blocks_) item->clearMarks();
  QToolTip::hideText();
  Q_EMIT hint({});
}

void CanvasScene::endWire(QPointF at) {
  const Wiring done = *wire_;
  cancelWire();
  if (done.target) {
    if (done.target == done.picked)
      return Q_EMIT portClicked(QString::fromStdString(done.start.node.name), QString::fromStdString(done.start.port));
    if (done.complaint) {
      Q_EMIT document_.refused(QString::fromStdString(done.complaint->text()));
      return;
    }
    return drawTarget(done);
  }
  if (done.picked) {
    document_.apply(Disconnect{*done.picked}, tr("Disconnect %1").arg(QString::fromStdString(done.picked->text())));
    return;
  }
  const PortPlace* port = nullptr;
  const BlockItem* item = blockNear(at, &port);
  const bool back = item != nullptr && port != nullptr && item->id() == done.start.node &&
                    port->output == done.from_output && port->name.toStdString() == done.start.port;
  if (back && done.from_output)
    Q_EMIT portClicked(QString::fromStdString(done.start.node.name), QString::fromStdString(done.start.port));
  if (item == nullptr)
    Q_EMIT wireDropped(QString::fromStdString(done.start.node.name), QString::fromStdString(done.start.port),
                       done.from_output, at);
}

void CanvasScene::drawTarget(const Wiring& done) {
  Compound edit{"connect", {}};
  if (done.picked) edit.edits.emplace_back(Disconnect{*done.picked});
  edit.edits.push_back(wiring(*done.target));
  document_.apply(edit, tr("Connect %1").arg(QString::fromStdString(done.target->text())));
}

// The port of a composite takes one wire unless what is behind it takes many.
Edit CanvasScene::wiring(const Link& link) {
  const Graph& graph = document_.graph();
  const Node* to = graph.find(link.to.node);
  const BlockType* type = to == nullptr || findBlockType(to->type) != nullptr ? nullptr : document_.typeOf(*to);
  const Port* port = type == nullptr ? nullptr : type->schema.findInput(link.to.port);
  Compound edit{"connect", {}};
  if (port != nullptr && port->wires != Wires::Many)
    for (const Link& old : graph.into(link.to.node, link.to.port)) edit.edits.emplace_back(Disconnect{old});
  edit.edits.push_back(connecting(graph, link));
  return edit;
}

}  // namespace blockyard
