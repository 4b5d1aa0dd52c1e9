#include "blocks/signature.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"

namespace blockyard {
namespace {

// One alternative of a port pattern, taken apart: "float[N, ..., F]" -> word "float", sizes {"N", "...", "F"}.
struct Pattern {
  std::string word;
  bool has_sizes = false;
  std::vector<std::string> sizes;
};

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (true) {
    const size_t end = text.find(separator);
    out.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

Pattern parsed(const std::string& text) {
  Pattern out;
  const size_t open = text.find('[');
  out.word = trimmed(std::string_view(text).substr(0, open));
  if (open != std::string::npos) {
    out.has_sizes = true;
    out.sizes = split(std::string_view(text).substr(open + 1, text.find(']') - open - 1), ',');
  }
  return out;
}

bool isNumber(const std::string& text, int64_t& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

bool wordFits(const std::string& word, const Signature& given) {
  if (word == "any") return true;
  if (word == "table") return given.kind == Wire::Table;
  if (word == "image") return given.kind == Wire::Image;
  if (word == "text") return given.kind == Wire::Text;
  if (word == "label") return given.kind == Wire::Label;
  if (word == "target") return given.kind == Wire::Target;
  if (word == "environment") return given.kind == Wire::Environment;
  if (given.kind != Wire::Tensor && given.kind != Wire::Image) return false;
  if (word == "tensor") return true;
  return word == nameOf(given.element) || (word == "float" && given.element == Element::Float32) ||
         (word == "int" && given.element == Element::Int64);
}

bool bindSize(const std::string& size, const Dim& given, Bindings& bindings) {
  int64_t wanted = 0;
  if (isNumber(size, wanted)) return !given.known() || given.size == wanted;
  const auto [it, fresh] = bindings.sizes.emplace(size, given);
  if (fresh) return true;
  if (!it->second.known()) {
    if (given.known()) it->second = given;
    return true;
  }
  return !given.known() || given == it->second;
}

bool matchOne(const Pattern& pattern, const Signature& given, Bindings& bindings) {
  if (!wordFits(pattern.word, given)) return false;
  if (!pattern.has_sizes) return true;
  const auto dots = std::find(pattern.sizes.begin(), pattern.sizes.end(), "...");
  const size_t head = static_cast<size_t>(dots - pattern.sizes.begin());
  const size_t tail = dots == pattern.sizes.end() ? 0 : pattern.sizes.size() - head - 1;
  if (dots == pattern.sizes.end() ? given.shape.size() != head : given.shape.size() < head + tail) return false;
  for (size_t i = 0; i < head; ++i)
    if (!bindSize(pattern.sizes[i], given.shape[i], bindings)) return false;
  for (size_t i = 0; i < tail; ++i)
    if (!bindSize(pattern.sizes[head + 1 + i], given.shape[given.shape.size() - tail + i], bindings)) return false;
  if (dots != pattern.sizes.end())
    bindings.rest.assign(given.shape.begin() + static_cast<int64_t>(head),
                         given.shape.end() - static_cast<int64_t>(tail));
  return true;
}

}  // namespace

const char* nameOf(Wire kind) {
  static const char* const kNames[] = {"table", "image", "text", "tensor", "label", "target", "environment"};
  return kNames[static_cast<int>(kind)];
}

const char* nameOf(Element element) {
  static const char* const kNames[] = {"float32", "float64", "int64", "uint8", "bool"};
  return kNames[static_cast<int>(element)];
}

std::string textOf(const Shape& shape) {
  std::string out = "[";
  for (const auto& dim : shape) out += (out.size() > 1 ? ", " : "") + dim.text();
  return out + "]";
}

std::string Signature::text() const {
  const std::string some = open ? " so far" : "";
  switch (kind) {
    case Wire::Table:
      return "table (" + std::to_string(columns.size()) + (columns.size() == 1 ? " column" : " columns") + some + ")";
    case Wire::Label:
      return "label (" + std::to_string(classes.size()) + " classes" + some + ")";
    case Wire::Target:
      return "target " + textOf(shape) + (unit.empty() ? "" : " in " + unit);
    case Wire::Tensor:
      return std::string(nameOf(element)) + " " + textOf(shape);
    case Wire::Image:
      return "image " + textOf(shape);
    default:
      return nameOf(kind);
  }
}

std::optional<std::string> match(const std::string& pattern, const Signature& given, Bindings& bindings) {
  for (const auto& alternative : split(pattern, '|')) {
    Bindings attempt = bindings;
    if (matchOne(parsed(alternative), given, attempt)) {
      bindings = std::move(attempt);
      return std::nullopt;
    }
  }
  std::string expected = pattern;
  for (const auto& [name, dim] : bindings.sizes)
    if (dim.known() && name.size() > 1) expected += ", " + name + " = " + dim.text();
  return expected;
}

Signature resolve(const std::string& pattern, const Bindings& bindings, const Signatures& inputs,
                  const std::map<std::string, int64_t>& parameters) {
  if (pattern.starts_with("like ")) {
    const auto it = inputs.find(pattern.substr(5));
    if (it == inputs.end()) throw Error({.port = pattern.substr(5)}, "expected a wire here, got none");
    return it->second;
  }
  const Pattern one = parsed(pattern);
  Signature out;
  if (one.word == "table") out.kind = Wire::Table;
  if (one.word == "image") out.kind = Wire::Image, out.element = Element::UInt8;
  if (one.word == "text") out.kind = Wire::Text;
  if (one.word == "label") out.kind = Wire::Label, out.element = Element::Int64;
  if (one.word == "target") out.kind = Wire::Target;
  if (one.word == "int") out.element = Element::Int64;
  if (one.word == "uint8") out.element = Element::UInt8;
  if (one.word == "bool") out.element = Element::Bool;
  for (const auto& size : one.sizes) {
    int64_t number = 0;
    if (size == "...") {
      out.shape.insert(out.shape.end(), bindings.rest.begin(), bindings.rest.end());
    } else if (isNumber(size, number)) {
      out.shape.emplace_back(number);
    } else if (const auto p = parameters.find(size); p != parameters.end()) {
      out.shape.emplace_back(p->second);
    } else if (const auto b = bindings.sizes.find(size); b != bindings.sizes.end()) {
      out.shape.push_back(b->second);
    } else {
      out.shape.emplace_back(size);
    }
  }
  if (out.shape.empty()) out.shape.emplace_back("N");
  return out;
}

}  // namespace blockyard
