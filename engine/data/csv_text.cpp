#include "data/csv_text.hpp"

namespace blockyard {
namespace {

void appendField(std::string& out, const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void appendCsv(std::string& out, const Table& table, CsvHeader header) {
  const auto append_line = [&](auto text_of) {
    bool first = true;
    for (const auto& column : table.columns()) {
      if (!first) out += ',';
      first = false;
      appendField(out, text_of(*column));
    }
    out += '\n';
  };
  if (header == CsvHeader::Yes) append_line([](const Column& column) { return column.name; });
  for (int64_t row = 0; row < table.rows(); ++row) append_line([&](const Column& column) { return column.cell(row); });
}

}  // namespace blockyard
