#include "data/csv_block.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

#include "data/encoding.hpp"
#include "data/parse_number.hpp"

namespace blockyard {
namespace {

// No byte is NUL or beyond ASCII.
bool isPlain(std::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101U;
  uint64_t seen = 0;  // the high bit of a byte: it is high itself, or it or one before it is NUL
  size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    seen |= word | (word - kOnes);
  }
  for (; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    seen |= static_cast<uint64_t>(byte) | (byte - uint64_t{1});
  }
  return (seen & (kOnes << 7)) == 0;
}

}  // namespace

Where placeIn(std::string_view text, size_t at, const std::string& file) {
  const size_t line = text.substr(0, at).rfind('\n') + 1;
  return {.file = file,
          .line = 1 + countNewlines(text.data(), text.data() + line),
          .column = 1 + static_cast<int64_t>(at - line)};
}

void checkText(std::string_view text, const std::string& file) {
  if (isPlain(text)) return;
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw Error(placeIn(text, nul, file), "there is a NUL byte in the text",
                "is it UTF-16 or no text at all? set the parameter `encoding`, or write the file again as UTF-8");
  const size_t bad = invalidUtf8(text);
  if (bad == std::string_view::npos) return;
  throw Error(placeIn(text, bad, file), notUtf8(text[bad]), "set the parameter `encoding`, e.g. to windows-1252");
}

std::string quoteField(std::string_view text) {
  std::string out = "\"";
  std::string_view shown = text.substr(0, 40);
  // Do not cut a character in two.
  while (shown.size() < text.size() && !shown.empty() && invalidUtf8(shown) != std::string_view::npos &&
         invalidUtf8(text.substr(0, 44)) == std::string_view::npos)
    shown.remove_suffix(1);
  const bool valid = invalidUtf8(shown) == std::string_view::npos;
  for (const char c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(byte < 32 || byte == 127 || (byte > 127 && !valid) ? '?' : c);
  }
  return out + (shown.size() < text.size() ? "...\"" : "\"");
}

CsvBlockParser::CsvBlockParser(const CsvLayout& layout) : layout_(layout), cursors_(layout.fields.size()) {}

std::optional<Error> CsvBlockParser::parse(std::string_view text, RowBlock& out) {
  begin_ = text.data();
  end_ = begin_ + text.size();
  out.rows = 0;
  out.first_line = 0;
  out.lines.clear();
  try {
    prepare(out, countNewlines(begin_, end_));
    checkText({begin_, text.size()}, layout_.file);
    int64_t& line = lines_ = 0;
    for (const char* p = begin_; p < end_;) {
      if (*p == '\n' || (*p == '\r' && p[1] == '\n')) {
        p += *p == '\r' ? 2 : 1;
        ++line;
        continue;
      }
      newlines_ = 0;
      p = parseRow(p);
      if (line != out.rows && out.lines.empty()) {
        out.lines.resize(static_cast<size_t>(out.rows));
        for (int64_t row = 0; row < out.rows; ++row) out.lines[static_cast<size_t>(row)] = row;
      }
      if (!out.lines.empty() || line != out.rows) out.lines.push_back(line);
      ++out.rows;
      line += 1 + newlines_;
    }
  } catch (const Error& error) {
    return error;
  }
  for (size_t i = 0; i < cursors_.size(); ++i)
    if (cursors_[i].number) cursors_[i].column->numbers.resize(static_cast<size_t>(out.rows));
  return std::nullopt;
}

void CsvBlockParser::prepare(RowBlock& out, int64_t most_rows) {
  out.columns.resize(layout_.columns.size());
  for (size_t i = 0; i < cursors_.size(); ++i) {
    const CsvFieldPlan& field = layout_.fields[i];
    Cursor& cursor = cursors_[i];
    cursor.number = nullptr;
    cursor.column = nullptr;
    cursor.last_code = kMissingCode;
    if (field.output < 0) continue;
    ColumnBlock& column = out.columns[static_cast<size_t>(field.output)];
    cursor.column = &column;
    column.codes.clear();
    column.classes.clear();
    column.texts.clear();
    std::fill(cursor.slots.begin(), cursor.slots.end(), -1);
    if (field.type == ColumnType::Number || field.type == ColumnType::Time) {
      column.numbers.resize(static_cast<size_t>(most_rows));
      cursor.number = column.numbers.data();
    }
  }
}

const char* CsvBlockParser::parseRow(const char* const row) {
  const char delimiter = layout_.dialect.delimiter, point = layout_.dialect.point;
  const bool number_markers = !layout_.missing.numbers().empty();
  const CsvFieldPlan* const fields = layout_.fields.data();
  const size_t count = cursors_.size();
  const char* p = row;
  for (size_t i = 0; i < count; ++i) {
    Cursor& cursor = cursors_[i];
    const char* behind = nullptr;
    if (cursor.number && fields[i].type == ColumnType::Number) {
      double value = 0;
      behind = end_ - p >= kEightDigitsReach ? parseEightDigits(p, point, value) : nullptr;
      if (!behind) behind = parseShortNumber(p, point, value);
      if (behind && *behind == '\r' && behind[1] == '\n') ++behind;
      if (!behind || (*behind != delimiter && *behind != '\n') || number_markers) behind = numberField(p, i, value);
      *cursor.number++ = value;
    } else {
      behind = otherField(p, i);
    }
    const bool last = i + 1 == count;
    if (last) behind = skipLastBlanks(behind, delimiter);
    if (*behind != (last ? '\n' : delimiter)) failRagged(row);
    p = behind + 1;
  }
  return p;
}

const char* CsvBlockParser::numberField(const char* p, size_t field, double& value) {
  CsvField got;
  const char* behind = scanField(p, end_, layout_.dialect, got);
  newlines_ += got.newlines;
  checkQuotes(p, got);
  if (got.escaped) got.text = scratch_ = unescaped(got.text);
  value = kMissingNumber;
  if (layout_.missing.contains(got.text)) return behind;
  switch (parseNumber(got.text, layout_.dialect.point, value)) {
    case NumberText::Finite:
      for (const double marker : layout_.missing.numbers())
        if (value == marker) value = kMissingNumber;
      return behind;
    case NumberText::Infinite:
      fail(p, "column \"" + layout_.fields[field].name + "\": expected a finite number, got " + quoteField(got.text),
           "add it to the parameter `missing` if it stands for a missing value");
    default:
      failType(p, field, got.text);
  }
}

const char* CsvBlockParser::otherField(const char* p, size_t field) {
  CsvField got;
  const char* behind = scanField(p, end_, layout_.dialect, got);
  newlines_ += got.newlines;
  checkQuotes(p, got);
  Cursor& cursor = cursors_[field];
  if (!cursor.column) {
    if (layout_.fields[field].end_mark && !got.text.empty())
      fail(p, "expected nothing behind the last delimiter, got " + quoteField(got.text),
           "the first rows of the file all end with a delimiter");
    return behind;
  }
  if (got.escaped) got.text = scratch_ = unescaped(got.text);
  const bool missing = layout_.missing.contains(got.text);
  ColumnBlock& column = *cursor.column;
  switch (layout_.fields[field].type) {
    case ColumnType::Category:
      column.codes.push_back(missing ? kMissingCode : codeOf(cursor, got.text));
      break;
    case ColumnType::Text:
      column.texts.add(missing ? std::string_view{} : got.text);
      break;
    default:
      *cursor.number++ = missing ? kMissingNumber : timeField(p, field, got.text);
  }
  return behind;
}

double CsvBlockParser::timeField(const char* at, size_t field, std::string_view text) const {
  const double time = timeFromText(text);
  if (std::isnan(time)) failType(at, field, text);
  return time;
}

int32_t CsvBlockParser::codeOf(Cursor& cursor, std::string_view text) {
  TextList& classes = cursor.column->classes;
  // Neighbouring rows are often alike.
  if (cursor.last_code >= 0 && classes[static_cast<size_t>(cursor.last_code)] == text) return cursor.last_code;
  if (cursor.slots.size() < 2 * (classes.size() + 1)) {
    cursor.slots.assign(std::max<size_t>(64, cursor.slots.size() * 4), -1);
    for (size_t c = 0; c < classes.size(); ++c) {
      size_t at = std::hash<std::string_view>{}(classes[c]);
      while (cursor.slots[at &= cursor.slots.size() - 1] >= 0) ++at;
      cursor.slots[at] = static_cast<int32_t>(c);
    }
  }
  size_t at = std::hash<std::string_view>{}(text);
  for (;; ++at) {
    int32_t& slot = cursor.slots[at &= cursor.slots.size() - 1];
    if (slot < 0) {
      slot = static_cast<int32_t>(classes.size());
      classes.add(text);
    } else if (classes[static_cast<size_t>(slot)] != text) {
      continue;
    }
    return cursor.last_code = slot;
  }
}

void CsvBlockParser::fail(const char* at, const std::string& problem, const std::string& hint) const {
  throw Error(placeIn({begin_, static_cast<size_t>(end_ - begin_)}, static_cast<size_t>(at - begin_), layout_.file),
              problem, hint);
}

void CsvBlockParser::checkQuotes(const char* at, const CsvField& field) const {
  if (field.broken && !layout_.dialect.lenient) fail(at, kBrokenQuote, kBrokenQuoteHint);
}

void CsvBlockParser::failRagged(const char* row) const {
  size_t fields = 0;
  CsvField field;
  for (const char* p = row;; ++p) {
    p = skipLastBlanks(scanField(p, end_, layout_.dialect, field), layout_.dialect.delimiter);
    ++fields;
    if (*p == '\n') break;
  }
  size_t expected = cursors_.size();
  if (layout_.dialect.last_empty) --expected, fields -= fields > expected ? 1 : 0;
  const char* const hint =
      expected == 1 ? "are there lines above the table, such as a title or a comment? take them out"
      : layout_.dialect.quotes
          ? "is there a delimiter in a text without quotes, or a quote without its partner in a line above?"
          : "is there a delimiter in a text? quotes are switched off";
  fail(row, "expected " + std::to_string(expected) + " fields, got " + std::to_string(fields), hint);
}

void CsvBlockParser::failType(const char* at, size_t field, std::string_view text) const {
  const std::string& name = layout_.fields[field].name;
  const bool number = layout_.fields[field].type == ColumnType::Number;
  fail(at,
       "column \"" + name + "\": expected a " + (number ? "number" : "time like 2012-01-31T08:30:00") + ", got " +
           quoteField(text),
       "add it to the parameter `missing` if it stands for a missing value, or set `types` to \"" + name +
           "=category\" or \"" + name + "=text\"");
}

}  // namespace blockyard
