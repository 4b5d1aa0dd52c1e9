#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"

namespace blockyard::cli {
namespace {

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

bool continues(char byte) {  // not the first byte of a UTF-8 character
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// Length of the style sequence (ESC [ ... m) at the beginning of `text`, or 0.
size_t styleLength(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const size_t end = text.find('m');
  return end == std::string_view::npos ? 0 : end + 1;
}

}  // namespace

Terminal::Terminal(int fd, Color color) : fd_(fd) {
  const char* term = std::getenv("TERM");
  const bool capable = term != nullptr && std::strcmp(term, "dumb") != 0;
  interactive_ = isatty(fd) == 1 && capable;
  color_ = interactive_ && color == Color::Auto && !isSet("NO_COLOR");
}

int Terminal::width() const {
  winsize size{};
  if (ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

void Terminal::write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && fd_ != STDOUT_FILENO) return;  // whoever closes standard error does not want to hear
    if (written < 0) {
      throw Error({}, std::string("cannot write to standard output: ") + std::strerror(errno), {}, Fault::Failed);
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
}

std::string Terminal::style(const char* code, std::string_view text) const {
  if (!color_ || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls (U+0080 to U+009F) are two bytes in UTF-8.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if ((byte < 0x20 && byte != '\n') || byte == 0x7F || c1) {
      out += "\xEF\xBF\xBD";
      if (c1) ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

size_t widthOf(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    if (const size_t style = styleLength(text)) {
      text.remove_prefix(style);
    } else {
      if (!continues(text[0])) ++width;
      text.remove_prefix(1);
    }
  }
  return width;
}

std::string shortened(std::string_view text, size_t width) {
  if (widthOf(text) <= width) return std::string(text);
  std::string out;
  size_t used = 0;
  bool styled = false;
  while (!text.empty()) {
    const size_t style = styleLength(text);
    if (style == 0 && !continues(text[0]) && ++used >= width) break;
    styled |= style > 0;
    out += text.substr(0, std::max<size_t>(style, 1));
    text.remove_prefix(std::max<size_t>(style, 1));
  }
  return out + "…" + (styled ? "\x1b[0m" : "");
}

std::string wrapped(std::string_view text, size_t width, const std::string& indent) {
  std::string out, line = indent;
  size_t used = widthOf(indent);
  bool fresh = true;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    if (!fresh && used + 1 + widthOf(word) > width) {
      out += line + "\n";
      line = indent;
      used = widthOf(indent);
      fresh = true;
    }
    if (!word.empty()) {
      if (!fresh) line += ' ', ++used;
      line += word;
      used += widthOf(word);
      fresh = false;
    }
    if (end < text.size() && text[end] == '\n') {
      out += line + "\n";
      line = indent;
      used = widthOf(indent);
      fresh = true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fresh ? out : out + line + "\n";
}

TextTable::TextTable(std::vector<std::string> header) : header_(std::move(header)) {
  for (auto& name : header_) {
    right_.push_back(name.starts_with('>'));
    if (right_.back()) name.erase(0, 1);
  }
}

std::string TextTable::text(const Terminal& terminal) const {
  std::vector<size_t> widths;
  for (const auto& name : header_) widths.push_back(widthOf(name));
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], widthOf(row[i]));
  }
  const auto line_of = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      const std::string pad(widths[i] - widthOf(cells[i]), ' ');
      if (i > 0) line += "  ";
      line += right_[i] ? pad + cells[i] : cells[i] + pad;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return terminal.interactive() ? shortened(line, static_cast<size_t>(terminal.width())) : line;
  };
  std::vector<std::string> titles;
  for (const auto& name : header_) titles.push_back(terminal.bold(name));
  std::string out = line_of(titles) + "\n";
  for (const auto& row : rows_) out += line_of(row) + "\n";
  return out;
}

std::string shortNumber(double value) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  const double size = std::abs(value);
  if (value == std::floor(value) && size < 1e7) return formatted("%.0f", value);
  if (size >= 1e-3 && size < 1e7) return formatted(size < 10 ? "%.4f" : size < 1000 ? "%.2f" : "%.1f", value);
  return formatted("%.3g", value);
}

std::string countText(int64_t value) {
  std::string digits = std::to_string(value);
  const size_t first = digits.starts_with('-') ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string bytesText(double bytes) {
  static const char* const kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 999.5 && unit < 4) bytes /= 1000, ++unit;
  return formatted(unit == 0 || bytes >= 99.95 ? "%.0f " : "%.1f ", bytes) + kUnits[unit];
}

std::string clockText(double seconds) {
  const auto whole = static_cast<int64_t>(std::max(0.0, std::round(seconds)));
  char text[64];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%lld:%02d:%02d", static_cast<long long>(whole / 3600),
                  static_cast<int>(whole / 60 % 60), static_cast<int>(whole % 60));
  } else {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(whole / 60), static_cast<int>(whole % 60));
  }
  return text;
}

std::string secondsText(double seconds) {
  if (std::isnan(seconds)) return "-";
  if (seconds < 1e-3) return formatted("%.0f µs", seconds * 1e6);
  if (seconds < 1) return formatted(seconds < 0.01 ? "%.2f ms" : "%.0f ms", seconds * 1e3);
  return seconds < 100 ? formatted("%.1f s", seconds) : clockText(seconds);
}

}  // namespace blockyard::cli
