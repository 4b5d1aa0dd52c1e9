// What project files need of JSON beyond reading it: a layout made for diffs, merging, and the difference of two
// documents. Torch-free, stateless.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace blockyard {

using OrderedJson = nlohmann::ordered_json;

// Reads a text from outside through the guarded parser (see base/json.hpp) and keeps the order of keys. `file` is named
// in errors only.
OrderedJson parseOrdered(std::string_view text, const std::string& file);

// Two spaces of indent; the outer `open_depth` levels have one member per line, what is deeper stands on one line if it
// fits, so that a block, a wire or a frame is one line of a diff. A list of plain values is opened only at the
// innermost of these levels. Ends with a line break.
std::string layoutText(const OrderedJson& json, int open_depth);
// `over` laid over `base`: objects merge member by member, anything else is replaced, null removes.
OrderedJson merged(const OrderedJson& base, const OrderedJson& over);
// What must be laid over `base` to get `wanted`.
OrderedJson difference(const OrderedJson& base, const OrderedJson& wanted);
// A key as part of a JSON pointer ("~" and "/" escaped), with its slash.
std::string pointerStep(const std::string& key);

}  // namespace blockyard
