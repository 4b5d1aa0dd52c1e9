#include "report/pipeline_picture.hpp"

#include <algorithm>
#include <map>

#include "blocks/catalog.hpp"
#include "report/markup.hpp"

namespace blockyard {
namespace {

// As on the canvas, so that blocks which do not overlap there do not overlap here.
constexpr double kBlockWidth = 190, kHeader = 26, kPortStep = 18, kLine = 15, kMargin = 12;
constexpr double kSmallest = 0.7;  // of its natural size on a screen, so that it can be read; it scrolls then
constexpr size_t kMostSettings = 3, kMostLetters = 26;

struct Point {
  double x = 0, y = 0;
};

size_t portsOf(const Node& node) {
  const BlockType* type = findBlockType(node.type);
  return type == nullptr ? 1 : std::max<size_t>({type->schema.inputs.size(), type->schema.outputs.size(), 1});
}

std::string coordinate(double value) {
  return shortNumberText(value, 7);
}

// At most so many letters (not bytes), with "…" for the rest.
std::string cut(const std::string& text, size_t letters) {
  std::string out;
  size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80 && count++ == letters) return out + "…";
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

// Where a wire ends: at its port, or in the middle of the side if the type is not known.
Point portAt(const Node& node, const std::string& port, bool output) {
  const BlockType* type = findBlockType(node.type);
  size_t at = 0;
  if (type != nullptr) {
    const auto& ports = output ? type->schema.outputs : type->schema.inputs;
    const auto is_it = [&](const Port& each) { return each.name == port; };
    const auto found = std::find_if(ports.begin(), ports.end(), is_it);
    if (found != ports.end()) at = static_cast<size_t>(found - ports.begin());
  }
  return {node.x + (output ? kBlockWidth : 0), node.y + kHeader + kPortStep * (static_cast<double>(at) + 0.6)};
}

std::string wireSvg(const Point& from, const Point& to) {
  const double way = to.x - from.x, bend = way > 0 ? std::max(way / 2, 20.0) : 60;
  return "<path class=\"wire\" d=\"M" + coordinate(from.x) + " " + coordinate(from.y) + "C" +
         coordinate(from.x + bend) + " " + coordinate(from.y) + " " + coordinate(to.x - bend) + " " + coordinate(to.y) +
         " " + coordinate(to.x) + " " + coordinate(to.y) + "\"/>\n";
}

std::string textAt(double x, double y, const char* style, const std::string& text) {
  return "<text class=\"" + std::string(style) + "\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\">" +
         htmlText(text) + "</text>";
}

std::string portsSvg(const Node& node, const BlockSchema& schema) {
  std::string out;
  const auto add = [&](const std::vector<Port>& ports, bool output) {
    for (const Port& port : ports) {
      const Point at = portAt(node, port.name, output);
      out += "<circle class=\"port\" cx=\"" + coordinate(at.x) + "\" cy=\"" + coordinate(at.y) + "\" r=\"3.5\"/>";
      out += textAt(at.x + (output ? -8 : 8), at.y + 3.5, output ? "small end" : "small", cut(port.name, 12));
    }
  };
  add(schema.inputs, false), add(schema.outputs, true);
  return out;
}

std::string blockSvg(const Node& node) {
  const BlockType* type = findBlockType(node.type);
  const Size size = pictureSize(node);
  const std::string kind = type == nullptr ? "unknown" : nameOf(type->schema.kind);
  const std::string title = !node.title.empty() ? node.title : type != nullptr ? type->schema.title : node.type;
  const auto box = [&](const char* style, double height) {
    return "<rect class=\"" + std::string(style) + "\" x=\"" + coordinate(node.x) + "\" y=\"" + coordinate(node.y) +
           "\" width=\"" + coordinate(kBlockWidth) + "\" height=\"" + coordinate(height) + "\" rx=\"6\"/>";
  };
  std::string out = "<g class=\"" + kind + (node.bypassed ? " bypassed" : "") + "\"><title>" +
                    htmlText(node.id.name + ": " + title + (node.bypassed ? ", bypassed" : "")) + "</title>" +
                    box("box", size.height) + box("head", kHeader);
  // The header's lower corners are square.
  out += "<rect class=\"head\" x=\"" + coordinate(node.x) + "\" y=\"" + coordinate(node.y + kHeader - 7) +
         "\" width=\"" + coordinate(kBlockWidth) + "\" height=\"7\"/>" + box("edge", size.height);
  out += textAt(node.x + 10, node.y + 17.5, "title", cut(title, kMostLetters));
  if (type != nullptr) out += portsSvg(node, type->schema);
  double y = node.y + kHeader + kPortStep * static_cast<double>(portsOf(node)) + kLine;
  out += textAt(node.x + 10, y, "name", cut(node.id.name + (node.bypassed ? " (bypassed)" : ""), kMostLetters + 2));
  size_t settings = 0;
  for (const auto& [name, value] : node.params.items()) {
    if (settings++ == kMostSettings) break;
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    out += textAt(node.x + 10, y += kLine, "small", cut(name + " " + text, kMostLetters + 4));
  }
  return out + "</g>\n";
}

}  // namespace

Size pictureSize(const Node& node) {
  const auto lines = static_cast<double>(std::min(kMostSettings, node.params.size()) + 1);
  return {kBlockWidth, kHeader + kPortStep * static_cast<double>(portsOf(node)) + kLine * lines + 8};
}

std::string pipelineSvg(const Graph& graph) {
  if (graph.nodes().empty()) return {};
  const Node& first = graph.nodes().front();
  double left = first.x, top = first.y, right = left, bottom = top;
  for (const Node& node : graph.nodes()) {
    const Size size = pictureSize(node);
    left = std::min(left, node.x), top = std::min(top, node.y);
    right = std::max(right, node.x + size.width), bottom = std::max(bottom, node.y + size.height);
  }
  const double width = right - left + 2 * kMargin, height = bottom - top + 2 * kMargin;
  std::string out = "<svg class=\"pipeline\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"" +
                    coordinate(left - kMargin) + " " + coordinate(top - kMargin) + " " + coordinate(width) + " " +
                    coordinate(height) + "\" width=\"" + coordinate(width) + "\" height=\"" + coordinate(height) +
                    "\" style=\"min-width: " + coordinate(kSmallest * width) +
                    "px\"><title>The pipeline: " + std::to_string(graph.nodes().size()) + " blocks</title>\n";
  for (const Link& link : graph.links()) {
    const Node *from = graph.find(link.from.node), *to = graph.find(link.to.node);
    if (from != nullptr && to != nullptr)
      out += wireSvg(portAt(*from, link.from.port, true), portAt(*to, link.to.port, false));
  }
  for (const Node& node : graph.nodes()) out += blockSvg(node);
  return out + "</svg>\n";
}

}  // namespace blockyard
