// Answers as CSV or JSON, written as they come. One thread.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "base/file.hpp"
#include "data/table.hpp"
#include "terminal.hpp"

namespace blockyard::cli {

enum class RowFormat { Csv, Json, JsonLines };
// "csv", "json", "jsonl"; throws Error (Usage). Empty: by the ending of `file`, else CSV.
RowFormat rowFormat(const std::string& name, const std::string& file);

class RowWriter {
 public:
  // To standard output if `file` is empty or "-", else to a file that appears whole at the end.
  RowWriter(RowFormat format, const std::string& file, const Terminal& out);
  // Rows with the same columns each time.
  void add(const Table& table);
  // Throws Error if not all could be written.
  void finish();
  int64_t rows() const { return rows_; }

 private:
  void flush();
  void addJson(const Table& table);

  RowFormat format_;
  const Terminal& out_;
  std::unique_ptr<DurableFile> file_;
  std::string buffer_;
  int64_t rows_ = 0;
  bool header_ = false;
};

}  // namespace blockyard::cli
