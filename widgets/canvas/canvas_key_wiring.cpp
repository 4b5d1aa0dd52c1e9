// A wire by keyboard alone: the ports it may start at, those that take it, nearest first.
#include <QtGui/QAccessible>
#include <algorithm>
#include <cmath>

#include "widgets/canvas/canvas_scene.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

QString shown(const End& end) {
  return QString::fromStdString(end.text());
}

}  // namespace

bool CanvasScene::startWireByKeys(const NodeId& id) {
  cancelWire();
  const BlockItem* item = block(id);
  if (item == nullptr || item->ports().empty()) return false;
  Wiring::Keys keys;
  const auto wired = [this](const PortRef& port) {
    const auto& links = document_.graph().links();
    return std::any_of(links.begin(), links.end(),
                       [&](const Link& link) { return (port.output ? link.from : link.to) == port.end; });
  };
  for (const bool output : {true, false})
    for (const PortPlace& port : item->ports())
      if (port.output == output) keys.starts.push_back({{id, port.name.toStdString()}, output});
  // What has no wire yet is what somebody wants to wire.
  const auto free =
      std::find_if(keys.starts.begin(), keys.starts.end(), [&](const PortRef& port) { return !wired(port); });
  const auto first = free == keys.starts.end() ? 0 : static_cast<int>(free - keys.starts.begin());
  wire_.emplace();
  wire_->path = addPath({});
  wire_->path->setZValue(10);
  wire_->keys = std::move(keys);
  takeStart(first);
  return true;
}

void CanvasScene::takeStart(int number) {
  Wiring::Keys& keys = *wire_->keys;
  keys.start = number;
  const PortRef& start = keys.starts[static_cast<size_t>(number)];
  wire_->start = start.end;
  wire_->from_output = start.output;
  std::set<End> taken;
  for (const Link& link : document_.graph().links()) taken.insert(link.to);
  struct Candidate {
    bool taken;
    double distance;
    PortRef port;
  };
  std::vector<Candidate> found;
  const QPointF from = block(start.end.node)->portAt(start.end.port, start.output);
  for (const auto& [id, item] : blocks_) {
    if (id == start.end.node) continue;
    for (const PortPlace& port : item->ports()) {
      if (port.output == start.output) continue;
      const End end{id, port.name.toStdString()};
      const QPointF way = item->mapToScene(port.at) - from;
      // Wires lead to the right: what stands there comes first.
      constexpr double kBackwards = 4;
      const double across = start.output ? way.x() : -way.x();
      const double distance = (across < 0 ? -kBackwards * across : across) + std::abs(way.y());
      found.push_back({!port.output && taken.count(end) > 0, distance, {end, port.output}});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return std::pair(a.taken, a.distance) < std::pair(b.taken, b.distance);
  });
  keys.ends.clear();
  for (const Candidate& each : found) keys.ends.push_back(each.port);
  keys.end = -1;
  chooseTarget(1);
}

void CanvasScene::chooseStart(int step) {
  const auto count = static_cast<int>(wire_->keys->starts.size());
  takeStart((wire_->keys->start + step + count) % count);
}

void CanvasScene::chooseTarget(int step) {
  Wiring::Keys& keys = *wire_->keys;
  const auto count = static_cast<int>(keys.ends.size());
  const int now = keys.end < 0 && step < 0 ? 0 : keys.end;
  const auto& links = document_.graph().links();
  for (int i = 1; i <= count; ++i) {
    const int next = ((now + i * step) % count + count) % count;
    const End& end = keys.ends[static_cast<size_t>(next)].end;
    const Link link = wire_->from_output ? Link{wire_->start, end} : Link{end, wire_->start};
    if (std::find(links.begin(), links.end(), link) != links.end() || complaintOf(link)) continue;
    keys.end = next;
    wire_->target = link;
    return showTarget();
  }
  wire_->target.reset();
  showTarget();
}

std::optional<PortRef> CanvasScene::keyTarget() const {
  if (!wiringByKeys()) return std::nullopt;
  const Wiring::Keys& keys = *wire_->keys;
  return wire_->target ? keys.ends[static_cast<size_t>(keys.end)] : keys.starts[static_cast<size_t>(keys.start)];
}

void CanvasScene::showTarget() {
  for (const auto& [_, item] : blocks_) item->clearMarks();
  const BlockItem* start = block(wire_->start.node);
  const QPointF from = start->portAt(wire_->start.port, wire_->from_output);
  constexpr double kStub = 60;
  QPointF to = from + QPointF(wire_->from_output ? kStub : -kStub, 0);
  const PortRef target = *keyTarget();
  block(target.end.node)->markPort(QString::fromStdString(target.end.port), target.output, wire_->target.has_value());
  if (wire_->target) to = block(target.end.node)->portAt(target.end.port, target.output);
  wire_->path->setPath(wire_->from_output ? WireItem::curve(from, to) : WireItem::curve(to, from));
  wire_->path->setPen(QPen(wire_->target ? goodColor() : busyColor(), 2.5, Qt::DashLine));
  Q_EMIT hint(wire_->target
                  ? tr("%1 to %2: Enter draws the wire, Up and Down choose where it leads, Left and Right "
                       "where it starts")
                        .arg(shown(wire_->start), shown(target.end))
                  : tr("Nothing here takes a wire from %1: Enter offers blocks that do, Left and Right choose "
                       "another port")
                        .arg(shown(wire_->start)));
  if (!QAccessible::isActive()) return;
  QAccessibleInterface* heard = QAccessible::queryAccessibleInterface(block(target.end.node));
  for (int i = 0; heard != nullptr && i < heard->childCount(); ++i) {
    if (!heard->child(i)->state().focused) continue;
    QAccessibleEvent event(heard->child(i), QAccessible::Focus);
    QAccessible::updateAccessibility(&event);
  }
}

void CanvasScene::endWireByKeys() {
  const Wiring done = *wire_;
  cancelWire();
  if (done.target) return drawTarget(done);
  const BlockItem* start = block(done.start.node);
  const QPointF from = start->portAt(done.start.port, done.from_output);
  constexpr double kRoom = 60;
  const QPointF away(done.from_output ? kRoom : -kRoom, 0);
  Q_EMIT wireDropped(QString::fromStdString(done.start.node.name), QString::fromStdString(done.start.port),
                     done.from_output, from + away);
}

QString CanvasScene::portText(const NodeId& id, const PortPlace& port) {
  const End end{id, port.name.toStdString()};
  const Checked& result = document_.result();
  const auto& known = port.output ? result.outputs : result.inputs;
  QStringList parts{shown(end)};
  const auto signatures = known.find(id);
  if (signatures != known.end() && signatures->second.count(end.port) > 0) {
    parts << QString::fromStdString(signatures->second.at(end.port).text());
  } else if (const BlockType* type = block(id)->blockType(); type != nullptr) {
    const Port* schema = port.output ? type->schema.findOutput(end.port) : type->schema.findInput(end.port);
    if (schema != nullptr) parts << QString::fromStdString(schema->pattern);
  }
  QStringList others;
  for (const Link& link : document_.graph().links())
    if ((port.output ? link.from : link.to) == end) others << shown(port.output ? link.to : link.from);
  parts << (others.isEmpty() ? tr("not wired") : tr("wired to %1").arg(others.join(QStringLiteral(", "))));
  return parts.join(QStringLiteral(", "));
}

}  // namespace blockyard
