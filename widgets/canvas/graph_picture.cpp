#include "widgets/canvas/graph_picture.hpp"

#include <QtGui/QGuiApplication>
#include <map>

#include "blocks/catalog.hpp"
#include "widgets/canvas/block_item.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr double kBackBend = 10;  // of a wire that leads back, whatever its length: it stays inside of the picture

// From the middle of the right side to the middle of the left one, as wires on the canvas go.
QPainterPath wireBetween(const QRectF& from, const QRectF& to) {
  const QPointF begin(from.right(), from.center().y()), end(to.left(), to.center().y());
  const double way = end.x() - begin.x(), bend = way > 0 ? way / 2 : kBackBend;
  QPainterPath path(begin);
  path.cubicTo(begin + QPointF(bend, 0), end - QPointF(bend, 0), end);
  return path;
}

}  // namespace

void paintGraph(QPainter& painter, const Graph& graph, const QRectF& into) {
  std::map<NodeId, QRectF> places;
  QRectF all;
  for (const Node& node : graph.nodes()) {
    const QRectF place(QPointF(node.x, node.y), BlockItem::sizeOf(node, findBlockType(node.type)));
    places[node.id] = place;
    all |= place;
  }
  if (places.empty()) return;
  constexpr double kLargest = 0.5;  // two blocks need not fill the picture
  const double scale = std::min({into.width() / all.width(), into.height() / all.height(), kLargest});
  const QPointF shift = into.center() - all.center() * scale;
  for (auto& [id, place] : places)
    place = QRectF(place.topLeft() * scale + shift, place.size() * scale).adjusted(0.5, 0.5, -0.5, -0.5);

  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor quiet = QGuiApplication::palette().color(QPalette::Mid);
  painter.setPen(QPen(quiet, 1.4));
  painter.setBrush(Qt::NoBrush);
  for (const Link& link : graph.links()) {
    const auto from = places.find(link.from.node), to = places.find(link.to.node);
    if (from != places.end() && to != places.end()) painter.drawPath(wireBetween(from->second, to->second));
  }
  painter.setPen(Qt::NoPen);
  for (const Node& node : graph.nodes()) {
    const BlockType* type = findBlockType(node.type);
    painter.setBrush(type == nullptr ? quiet : colorOf(type->schema.kind));
    const QRectF& place = places[node.id];
    const double radius = std::min(3.0, place.height() / 4);
    painter.drawRoundedRect(place, radius, radius);
  }
  painter.restore();
}

}  // namespace blockyard
