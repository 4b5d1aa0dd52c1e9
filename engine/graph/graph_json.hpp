// A graph in a project file and on the clipboard. Unknown fields and unknown blocks pass through untouched.
#pragma once
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace blockyard {

OrderedJson toJson(const Graph& graph);
// `pointer` is the place of `json` in its document, for messages. Throws Error naming the JSON pointer of what is
// wrong.
Graph graphFromJson(const OrderedJson& json, const std::string& pointer = {});

// The chosen blocks and the wires among them as JSON text for the clipboard, and the edit that pastes such a text into
// `graph`: names that are taken are changed, positions shifted by (dx, dy). `pasted` (may be null) gets the new names.
// Throws Error if the text holds no blocks or is too long.
std::string copyText(const Graph& graph, const std::vector<NodeId>& chosen);
Edit pasteEdit(const Graph& graph, const std::string& text, double dx, double dy,
               std::vector<NodeId>* pasted = nullptr);

}  // namespace blockyard
