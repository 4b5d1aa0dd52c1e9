// What a screen reader finds on the canvas: its blocks with their ports, and its wires, each with a name, a place and a
// state. GUI thread.
#pragma once

namespace blockyard {

// Makes the canvas known to the accessibility of Qt; once is enough.
void installCanvasAccessibility();

}  // namespace blockyard
