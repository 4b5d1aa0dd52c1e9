#include "base/error.hpp"

#include <utility>

namespace blockyard {

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
    : where_(std::move(where)), problem_(std::move(problem)), hint_(std::move(hint)), fault_(fault) {
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
