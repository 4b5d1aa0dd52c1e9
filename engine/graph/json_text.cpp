#include "graph/json_text.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace blockyard {
namespace {

constexpr size_t kWidth = 120;

// Bytes that are no UTF-8 (they can only come from outside of a project file) are replaced, so that writing never
// fails.
std::string scalarText(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string inlineText(const OrderedJson& json) {
  if (!json.is_structured()) return scalarText(json);
  const bool object = json.is_object();
  std::string out(1, object ? '{' : '[');
  for (const auto& [key, value] : json.items()) {
    if (out.size() > 1) out += ", ";
    if (object) out += scalarText(key) + ": ";
    out += inlineText(value);
  }
  return out + (object ? '}' : ']');
}

// Appends `json`, whose first line begins `column` bytes from the left.
void write(const OrderedJson& json, int open_depth, size_t indent, size_t column, std::string& out) {
  const bool plain_list = json.is_array() && std::none_of(json.begin(), json.end(),
                                                          [](const OrderedJson& item) { return item.is_structured(); });
  const bool open = (plain_list ? open_depth == 1 : open_depth > 0) && json.is_structured() && !json.empty();
  if (!open) {
    const std::string line = inlineText(json);
    if (!json.is_structured() || json.empty() || column + line.size() < kWidth) {
      out += line;
      return;
    }
  }
  const bool object = json.is_object();
  out += object ? '{' : '[';
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(indent + 2, ' ');
    const std::string name = object ? scalarText(key) + ": " : "";
    out += name;
    write(value, open_depth - 1, indent + 2, indent + 2 + name.size(), out);
  }
  out += '\n';
  out.append(indent, ' ');
  out += object ? '}' : ']';
}

}  // namespace

OrderedJson parseOrdered(std::string_view text, const std::string& file) {
  parseJson(text, file);  // refuses what is wrong, with its place
  return OrderedJson::parse(text);
}

std::string layoutText(const OrderedJson& json, int open_depth) {
  std::string out;
  write(json, open_depth, 0, 0, out);
  return out + "\n";
}

OrderedJson merged(const OrderedJson& base, const OrderedJson& over) {
  if (!over.is_object()) return over;
  OrderedJson out = base.is_object() ? base : OrderedJson::object();
  for (const auto& [key, value] : over.items()) {
    if (value.is_null()) {
      out.erase(key);
    } else {
      const auto there = out.find(key);
      OrderedJson member = merged(there == out.end() ? OrderedJson() : *there, value);
      out[key] = std::move(member);
    }
  }
  return out;
}

OrderedJson difference(const OrderedJson& base, const OrderedJson& wanted) {
  OrderedJson out = OrderedJson::object();
  for (const auto& [key, value] : wanted.items()) {
    const auto there = base.find(key);
    if (there == base.end()) {
      out[key] = value;
    } else if (*there != value) {
      out[key] = value.is_object() && there->is_object() ? difference(*there, value) : value;
    }
  }
  for (const auto& [key, value] : base.items())
    if (!wanted.contains(key)) out[key] = nullptr;
  return out;
}

std::string pointerStep(const std::string& key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace blockyard
