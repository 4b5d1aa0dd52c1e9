// A pipeline as a picture for a page: blocks where they lie, with title, name and the settings that were made, in the
// colour of their kind, and the wires between their ports. Pure.
#pragma once
#include <string>

#include "graph/acts.hpp"

namespace blockyard {

// Of a block in the picture, for a layout.
Size pictureSize(const Node& node);
// An <svg>; its colours are the classes "source", "extractor", ... of the page's style. Empty for an empty graph.
std::string pipelineSvg(const Graph& graph);

}  // namespace blockyard
