#include "base/error.hpp"

#include <utility>

namespace blockyard {
namespace {

// How many bytes the UTF-8 character at `at` takes; 0 if there is none.
size_t characterAt(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  const int first = byte(at);
  if (first < 0x80) return 1;
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  // Longer than need be, half of a pair, or beyond the last character.
  const int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(at + 1) < low || byte(at + 1) > high) return 0;
  for (size_t i = 2; i < length; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  return length;
}

// A sentence may quote what stands in a damaged file, or cut a name in the middle of a character.
std::string readable(std::string text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = characterAt(text, at);
    if (length == 0) text[at] = '?';
    at += length == 0 ? 1 : length;
  }
  return text;
}

}  // namespace

std::string Where::text() const {
  std::string out = block;
  if (!port.empty()) out += (out.empty() ? "port " : ".") + port;
  if (!parameter.empty()) out += (out.empty() ? "" : ", ") + ("parameter " + parameter);
  if (!file.empty()) {
    out += (out.empty() ? "" : ", ") + file;
    if (line > 0) out += ":" + std::to_string(line);
    if (line > 0 && column > 0) out += ":" + std::to_string(column);
  } else if (line > 0) {
    out += (out.empty() ? "" : ", ") + ("line " + std::to_string(line));
    if (column > 0) out += ", column " + std::to_string(column);
  }
  return out;
}

Error::Error(Where where, std::string problem, std::string hint, Fault fault)
    : where_(std::move(where)),
      problem_(readable(std::move(problem))),
      hint_(readable(std::move(hint))),
      fault_(fault) {
  const std::string place = where_.text();
  text_ = (place.empty() ? "" : place + ": ") + problem_ + (hint_.empty() ? "" : " (" + hint_ + ")");
}

Error Error::at(const Where& outer) const {
  Where full = where_;
  if (full.block.empty()) full.block = outer.block;
  if (full.port.empty()) full.port = outer.port;
  if (full.parameter.empty()) full.parameter = outer.parameter;
  if (full.file.empty()) {
    full.file = outer.file;
    if (full.line == 0) full.line = outer.line, full.column = outer.column;
  }
  return {full, problem_, hint_, fault_};
}

Error Error::inFile() const {
  if (where_.file.empty()) return *this;
  return {{.file = where_.file, .line = where_.line, .column = where_.column}, problem_, hint_, fault_};
}

}  // namespace blockyard
