#include "row_writer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "data/csv_text.hpp"
#include "export/row_json.hpp"

namespace blockyard::cli {
RowFormat rowFormat(const std::string& name, const std::string& file) {
  std::string wanted = name;
  if (wanted.empty()) wanted = std::filesystem::path(file).extension().string();
  if (!wanted.empty() && wanted[0] == '.') wanted.erase(0, 1);
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), [](unsigned char c) { return std::tolower(c); });
  if (wanted == "json") return RowFormat::Json;
  if (wanted == "jsonl" || wanted == "ndjson") return RowFormat::JsonLines;
  if (wanted == "csv" || wanted.empty()) return RowFormat::Csv;
  if (!name.empty()) throwUsage("cannot write rows as \"" + name + "\"", "--format csv, json or jsonl");
  throwUsage("cannot tell from \"" + file + "\" how to write rows",
             "end it with .csv, .json or .jsonl, or say --format");
}

RowWriter::RowWriter(RowFormat format, const std::string& file, const Terminal& out) : format_(format), out_(out) {
  if (!file.empty() && file != "-") file_ = std::make_unique<DurableFile>(file);
}

void RowWriter::add(const Table& table) {
  if (format_ == RowFormat::Csv) {
    appendCsv(buffer_, table, header_ ? CsvHeader::No : CsvHeader::Yes);
    header_ = true;
  } else {
    addJson(table);
  }
  rows_ += table.rows();
  flush();
}

void RowWriter::addJson(const Table& table) {
  const bool list = format_ == RowFormat::Json;
  for (int64_t row = 0; row < table.rows(); ++row) {
    if (list) buffer_ += rows_ + row == 0 ? "[\n " : ",\n ";
    buffer_ += rowJson(table, row).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (!list) buffer_ += '\n';
  }
}

void RowWriter::flush() {
  if (file_) {
    file_->write(buffer_);
  } else {
    out_.write(buffer_);
  }
  buffer_.clear();
}

void RowWriter::finish() {
  if (format_ == RowFormat::Json) buffer_ += rows_ == 0 ? "[]\n" : "\n]\n";
  flush();
  if (file_) file_->commit();
}

}  // namespace blockyard::cli
