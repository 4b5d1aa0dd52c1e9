#include "data/table.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

#include "base/error.hpp"
#include "base/value.hpp"

namespace blockyard {
namespace {

// Days since 1970-01-01 of a date in the Gregorian calendar, and back (Hinnant, "chrono-compatible low-level date
// algorithms").
int64_t daysFromDate(int64_t y, int m, int d) {
  y -= m <= 2;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<int64_t>(doe) - 719468;
}

void dateFromDays(int64_t z, int64_t& y, unsigned& m, unsigned& d) {
  z += 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  d = doy - (153 * mp + 2) / 5 + 1;
  m = mp < 10 ? mp + 3 : mp - 9;
  y = static_cast<int64_t>(yoe) + era * 400 + (m <= 2);
}

int daysOfMonth(int y, int m) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return kDays[m - 1] + (m == 2 && leap ? 1 : 0);
}

// Reads exactly `digits` digits at `at`; -1 if they are not there.
int digitsAt(std::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size()) return -1;
  int v = 0;
  for (size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    v = v * 10 + (text[i] - '0');
  }
  return v;
}

template <class Picks>
Column picked(const Column& column, const Picks& picks) {
  Column out{.name = column.name, .type = column.type, .classes = column.classes};
  const auto gather = [&](const auto& from, auto& into) {
    if (from.empty()) return;
    into.reserve(picks.size());
    for (const auto i : picks) into.push_back(from[static_cast<size_t>(i)]);
  };
  gather(column.numbers, out.numbers);
  gather(column.codes, out.codes);
  gather(column.texts, out.texts);
  return out;
}

}  // namespace

const char* nameOf(ColumnType type) {
  static const char* const kNames[] = {"number", "category", "text", "time"};
  return kNames[static_cast<int>(type)];
}

int64_t Column::rows() const {
  return static_cast<int64_t>(type == ColumnType::Category ? codes.size()
                              : type == ColumnType::Text   ? texts.size()
                                                           : numbers.size());
}

bool Column::missing(int64_t row) const {
  const auto i = static_cast<size_t>(row);
  switch (type) {
    case ColumnType::Category:
      return codes[i] < 0;
    case ColumnType::Text:
      return texts[i].empty();
    default:
      return std::isnan(numbers[i]);
  }
}

std::string Column::cell(int64_t row) const {
  const auto i = static_cast<size_t>(row);
  switch (type) {
    case ColumnType::Category:
      return codes[i] < 0 ? "" : (*classes)[static_cast<size_t>(codes[i])];
    case ColumnType::Text:
      return texts[i];
    case ColumnType::Time:
      return std::isnan(numbers[i]) ? "" : timeText(numbers[i]);
    default:
      return std::isnan(numbers[i]) ? "" : numberText(numbers[i]);
  }
}

Table::Table(std::vector<Shared> columns) : columns_(std::move(columns)) {
  auto index = std::make_shared<Index>();
  for (const auto& column : columns_) {
    if (!index->emplace(column->name, index->size()).second)
      throw Error({}, "two columns are named \"" + column->name + "\"", "rename one of them");
    if (column == columns_.front()) rows_ = column->rows();
    if (column->rows() != rows_)
      throw Error({}, "column \"" + column->name + "\" has " + std::to_string(column->rows()) + " rows, expected " +
                          std::to_string(rows_));
  }
  index_ = std::move(index);
}

Table::Shared Table::find(const std::string& name) const {
  if (!index_) return nullptr;
  const auto it = index_->find(name);
  return it == index_->end() ? nullptr : columns_[it->second];
}

const Column& Table::column(const std::string& name) const {
  if (const Shared found = find(name)) return *found;
  const std::string near = nearestName(name, names());
  throw Error({}, "there is no column \"" + name + "\"", near.empty() ? "" : "did you mean \"" + near + "\"?");
}

std::vector<std::string> Table::names() const {
  std::vector<std::string> out;
  for (const auto& column : columns_) out.push_back(column->name);
  return out;
}

Table Table::slice(int64_t first, int64_t count) const {
  if (first == 0 && count == rows_) return *this;
  Table out(count);
  out.index_ = index_;
  for (const auto& c : columns_) {
    Column part{.name = c->name, .type = c->type, .classes = c->classes};
    const auto cut = [&](const auto& from, auto& into) {
      if (!from.empty()) into.assign(from.begin() + first, from.begin() + first + count);
    };
    cut(c->numbers, part.numbers);
    cut(c->codes, part.codes);
    cut(c->texts, part.texts);
    out.columns_.push_back(std::make_shared<const Column>(std::move(part)));
  }
  return out;
}

Table Table::take(const std::vector<int64_t>& picks) const {
  Table out(static_cast<int64_t>(picks.size()));
  out.index_ = index_;
  for (const auto& c : columns_) out.columns_.push_back(std::make_shared<const Column>(picked(*c, picks)));
  return out;
}

Table Table::concat(const std::vector<Table>& parts) {
  if (parts.empty()) return {};
  if (parts.size() == 1) return parts.front();
  Table out;
  out.index_ = parts.front().index_;
  for (const auto& part : parts) out.rows_ += part.rows();
  for (const auto& c : parts.front().columns_) {
    Column whole{.name = c->name, .type = c->type, .classes = c->classes};
    for (const auto& part : parts) {
      const Column& next = part.column(c->name);
      whole.numbers.insert(whole.numbers.end(), next.numbers.begin(), next.numbers.end());
      whole.codes.insert(whole.codes.end(), next.codes.begin(), next.codes.end());
      whole.texts.insert(whole.texts.end(), next.texts.begin(), next.texts.end());
    }
    out.columns_.push_back(std::make_shared<const Column>(std::move(whole)));
  }
  return out;
}

std::string timeText(double seconds) {
  // Beyond any calendar, and soon beyond a whole number.
  if (!(std::abs(seconds) < 1e15)) return std::isnan(seconds) ? std::string() : numberText(seconds);
  const auto whole = static_cast<int64_t>(std::floor(seconds));
  const int64_t days = whole >= 0 ? whole / 86400 : -((-whole + 86399) / 86400);
  const int64_t rest = whole - days * 86400;
  int64_t y = 0;
  unsigned m = 0, d = 0;
  dateFromDays(days, y, m, d);
  char buffer[64];
  if (rest == 0)
    std::snprintf(buffer, sizeof buffer, "%04lld-%02u-%02u", static_cast<long long>(y), m, d);
  else
    std::snprintf(buffer, sizeof buffer, "%04lld-%02u-%02uT%02d:%02d:%02d", static_cast<long long>(y), m, d,
                  static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60), static_cast<int>(rest % 60));
  return buffer;
}

double timeFromText(std::string_view text) {
  const int y = digitsAt(text, 0, 4), m = digitsAt(text, 5, 2), d = digitsAt(text, 8, 2);
  if (y < 0 || m < 1 || m > 12 || d < 1 || d > daysOfMonth(y, m)) return kMissingNumber;
  if ((text[4] != '-' && text[4] != '/') || text[7] != text[4]) return kMissingNumber;
  double seconds = static_cast<double>(daysFromDate(y, m, d)) * 86400.0;
  if (text.size() == 10) return seconds;
  const int hh = digitsAt(text, 11, 2), mm = digitsAt(text, 14, 2);
  if ((text[10] != 'T' && text[10] != ' ') || hh < 0 || hh > 24 || mm < 0 || mm > 59 || text[13] != ':')
    return kMissingNumber;
  seconds += hh * 3600.0 + mm * 60.0;
  size_t at = 16;
  if (at < text.size() && text[at] == ':') {
    const int ss = digitsAt(text, 17, 2);
    if (ss < 0 || ss > 60) return kMissingNumber;
    seconds += ss;
    at = 19;
    if (at < text.size() && text[at] == '.') {
      double share = 0.1;
      for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, share /= 10)
        seconds += (text[at] - '0') * share;
    }
  }
  if (at == text.size() || (text[at] == 'Z' && at + 1 == text.size())) return seconds;
  if (text[at] == '+' || text[at] == '-') {
    const int oh = digitsAt(text, at + 1, 2);
    const bool colon = at + 3 < text.size() && text[at + 3] == ':';
    const int om = at + 3 == text.size() ? 0 : digitsAt(text, at + (colon ? 4 : 3), 2);
    if (oh < 0 || oh > 23 || om < 0 || om > 59) return kMissingNumber;
    return seconds - (text[at] == '+' ? 1 : -1) * (oh * 3600.0 + om * 60.0);
  }
  return kMissingNumber;
}

std::string numberText(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

}  // namespace blockyard
