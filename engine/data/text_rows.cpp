#include "data/text_rows.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr size_t kPiece = size_t{1} << 18;
constexpr int64_t kBlockRows = 4096;
constexpr size_t kBlockBytes = size_t{4} << 20;

std::vector<ColumnSpec> columnsFor(bool labelled) {
  std::vector<ColumnSpec> out{{.name = kTextColumn, .type = ColumnType::Text}};
  if (labelled) out.push_back({.name = "label", .type = ColumnType::Category});
  return out;
}

void checkText(std::string_view text, const std::string& file, int64_t line, Encoding encoding) {
  if (const size_t at = text.find('\0'); at != std::string_view::npos)
    throw Error({.file = file, .line = line, .column = static_cast<int64_t>(at) + 1},
                "expected text, got a byte of value 0", "this seems to be no text file");
  if (encoding != Encoding::Utf8) return;  // it was made UTF-8 while reading
  if (const size_t at = invalidUtf8(text); at != std::string_view::npos)
    throw Error({.file = file, .line = line, .column = static_cast<int64_t>(at) + 1}, notUtf8(text[at]),
                "repair it, or set `encoding`, e.g. to windows-1252 if the file is of that");
}

void stopIfAsked(const TextFileReading& reading) {
  if (reading.stop != nullptr && reading.stop->load()) throw Error({}, "stopped", {}, Fault::TryAgain);
}

[[noreturn]] void throwTooLong(const std::string& file, int64_t line) {
  throw Error({.file = file, .line = line},
              "expected texts of at most " + std::to_string(kLongestText >> 20) + " MiB, got a longer one",
              "is this a text file with one example a line?");
}

}  // namespace

bool forEachLine(const std::string& file, const TextFileReading& reading,
                 const std::function<bool(std::string_view, int64_t)>& line) {
  TextStream stream(file, reading.encoding, reading.hash);
  std::string text;
  int64_t number = 0;
  const auto give = [&](std::string_view one) {
    ++number;
    if (one.ends_with('\r')) one.remove_suffix(1);
    checkText(one, file, number, stream.encoding());
    return line(one, number);
  };
  for (bool more = true; more;) {
    stopIfAsked(reading);
    const size_t before = text.size();
    text.resize(before + kPiece);
    text.resize(before + stream.read(text.data() + before, kPiece));
    more = text.size() == before + kPiece;
    size_t start = 0;
    for (size_t end = 0; (end = text.find('\n', std::max(start, before))) != std::string::npos; start = end + 1)
      if (!give(std::string_view(text).substr(start, end - start))) return false;
    text.erase(0, start);
    if (reading.progress) reading.progress(stream.file().position(), stream.file().size());
    if (text.size() > kLongestText) throwTooLong(file, number + 1);
  }
  return text.empty() || give(text);
}

std::string readText(const std::string& file, const TextFileReading& reading) {
  TextStream stream(file, reading.encoding, reading.hash);
  std::string text;
  for (bool more = true; more;) {
    stopIfAsked(reading);
    const size_t before = text.size();
    text.resize(before + kPiece);
    text.resize(before + stream.read(text.data() + before, kPiece));
    more = text.size() == before + kPiece;
    if (text.size() > kLongestText) throwTooLong(file, 0);
  }
  checkText(text, file, 0, stream.encoding());
  return text;
}

TextRows::TextRows(bool labelled, const std::vector<std::string>& expected, int64_t memory_budget)
    : labelled_(labelled), store_(columnsFor(labelled), memory_budget) {
  if (labelled_) store_.classTable(1).expect(expected);
  block_.columns.resize(labelled_ ? 2 : 1);
}

void TextRows::add(std::string_view text, const std::string* label) {
  block_.columns[0].texts.add(text);
  if (labelled_) {
    int32_t code = kMissingCode;
    if (label != nullptr) {
      const auto at = std::find(block_classes_.begin(), block_classes_.end(), *label);
      code = static_cast<int32_t>(at - block_classes_.begin());
      if (at == block_classes_.end()) {
        block_classes_.push_back(*label);
        block_.columns[1].classes.add(*label);
      }
    }
    block_.columns[1].codes.push_back(code);
  }
  ++block_.rows;
  if (block_.rows >= kBlockRows || block_.columns[0].texts.bytes.size() >= kBlockBytes) flush();
}

void TextRows::flush() {
  if (block_.rows == 0) return;
  store_.append(block_);
  for (ColumnBlock& column : block_.columns) {
    column.codes.clear();
    column.classes.clear();
    column.texts.clear();
  }
  block_.rows = 0;
  block_classes_.clear();
}

void TextRows::finish() {
  flush();
  store_.finish();
}

const Classes& TextRows::classes() const {
  return store_.classTable(1).classes();
}

}  // namespace blockyard
