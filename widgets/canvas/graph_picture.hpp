// A pipeline in small: coloured blocks and wires, for lists and previews.
#pragma once
#include <QtGui/QPainter>

#include "graph/graph.hpp"

namespace blockyard {

// Draws the blocks as they lie on the canvas, as large as `into` allows, in its middle. Colours follow the theme.
void paintGraph(QPainter& painter, const Graph& graph, const QRectF& into);

}  // namespace blockyard
