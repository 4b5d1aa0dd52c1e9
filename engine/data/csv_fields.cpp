#include "data/csv_fields.hpp"

#include <cstring>

#include "data/parse_number.hpp"

namespace blockyard {
namespace {

constexpr size_t kNone = std::string_view::npos;

}  // namespace

std::string unescaped(std::string_view text) {
  std::string out;
  size_t i = 1;
  for (; i < text.size(); ++i) {
    if (text[i] != '"') {
      out.push_back(text[i]);
    } else if (i + 1 < text.size() && text[i + 1] == '"') {
      out.push_back(text[i++]);
    } else {
      ++i;
      break;
    }
  }
  out.append(text.substr(std::min(i, text.size())));
  return out;
}

const char* scanQuoted(const char* p, const char* end, char delimiter, CsvField& field) {
  const char* const open = p++;
  field = {};
  const char* close = p;
  for (bool doubled = true; doubled; close += doubled ? 2 : 0) {
    close = static_cast<const char*>(std::memchr(close, '"', static_cast<size_t>(end - close)));
    // Only in a sample: blocks are cut where no quote is open.
    if (!close) close = end - 1, field.broken = true;
    doubled = close + 1 < end && close[1] == '"';
    field.escaped = field.escaped || doubled;
  }
  field.newlines = countNewlines(p, close);
  const char* q = close == end - 1 ? close : close + 1;
  while (*q != delimiter && *q != '\n') ++q;
  const char* last = q;
  if (*q == '\n' && last > close + 1 && last[-1] == '\r') --last;
  while (last > close + 1 && isBlank(last[-1], delimiter)) --last;
  if (last > close + 1) field.escaped = field.broken = true;
  field.text = field.escaped ? std::string_view(open, static_cast<size_t>(last - open))
                             : std::string_view(p, static_cast<size_t>(close - p));
  return q;
}

bool RowEnds::opensField(std::string_view text, size_t quote) const {
  while (quote > 0 && isBlank(text[quote - 1], delimiter_)) --quote;
  return quote == 0 || text[quote - 1] == delimiter_ || text[quote - 1] == '\n';
}

size_t RowEnds::lastRowEnd(std::string_view text, size_t from) {
  if (!quotes_) {
    const size_t at = text.rfind('\n');
    return at == kNone || at < from ? last_ : last_ = at + 1;
  }
  for (;;) {
    const size_t quote = text.find('"', resume_);
    if (open_ != kNone) {
      // A quote at the very end may be the first of two: wait for what follows.
      if (quote == kNone || quote + 1 >= text.size()) {
        resume_ = quote == kNone ? text.size() : quote;
        return last_;
      }
      if (text[quote + 1] == '"') {
        resume_ = quote + 2;
      } else {
        resume_ = quote + 1;
        open_ = kNone;
      }
      continue;
    }
    const std::string_view plain = text.substr(0, std::min(quote, text.size()));
    const size_t newline = plain.size() > resume_ ? plain.rfind('\n') : kNone;
    if (newline != kNone && newline >= resume_) last_ = newline + 1;
    if (quote == kNone) {
      resume_ = text.size();
      return last_;
    }
    if (opensField(text, quote)) open_ = quote;
    resume_ = quote + 1;
  }
}

MissingMarkers::MissingMarkers(const std::vector<std::string>& markers, char point) : markers_(markers) {
  for (const std::string& marker : markers_) {
    longest_ = std::max(longest_, marker.size());
    if (!marker.empty()) first_[static_cast<unsigned char>(marker[0])] = true;
    double number = 0;
    // In settings a number is mostly written with a point, whatever the file does.
    if (parseNumber(marker, point, number) == NumberText::Finite ||
        parseNumber(marker, '.', number) == NumberText::Finite)
      numbers_.push_back(number);
  }
}

const std::vector<std::string>& MissingMarkers::usual() {
  static const std::vector<std::string> kUsual = {"NA", "N/A", "NaN", "nan", "null", "?"};
  return kUsual;
}

}  // namespace blockyard
