// TableRows: everything that a table source reads - its files, in whatever format, as one run of typed rows, with the
// target told apart and checked. Torch-free.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.hpp"
#include "data/arranged_reader.hpp"
#include "data/csv_detect.hpp"
#include "data/row_store.hpp"

namespace blockyard {

struct TableFile {
  std::string path{};
  std::string role{};         // the parameter that names it: "file", "validation_file", "test_file"
  ConstantColumns folders{};  // columns that the folders on the way name, see listFiles
};

struct TableSettings {
  // The first one says what the columns are. Those of one role stand side by side, and have the same columns.
  std::vector<TableFile> files{};
  std::string format = "auto";  // auto, csv, parquet, arrow, sqlite
  std::string query{};          // sqlite
  CsvOptions csv{};
  std::vector<std::string> targets{};
  std::string target_kind = "auto";  // auto, label, target
  bool drop_missing_target = false;
  int64_t memory_budget = int64_t{1} << 30;
  int threads = 1;
  int64_t most_rows = 0;  // stop after about so many of the first file, the others are only opened; 0: read all
  // Predicting: exactly these columns, with these types and classes. The target may be missing, as a column or in rows.
  std::optional<std::vector<ColumnSpec>> expected{};
  std::vector<std::vector<std::string>> expected_classes{};  // by expected column
  std::vector<std::string> may_lack{};  // expected columns that hold nothing if the file lacks them
  std::function<void(int64_t, int64_t)> progress{};
  const std::atomic<bool>* stop = nullptr;
};

class TableRows {
 public:
  // Reads the files. Throws Error.
  explicit TableRows(TableSettings settings);

  const RowStore& store() const { return *store_; }
  const std::vector<size_t>& features() const { return features_; }  // columns of the store
  const std::vector<size_t>& targets() const { return targets_; }
  // The target is one column of classes.
  bool labelled() const { return labelled_; }
  // Rows of the files of each role, in the order of the files.
  const std::vector<int64_t>& roleRows() const { return role_rows_; }
  const std::string& fingerprint() const { return fingerprint_; }
  // The columns and classes are those that were expected.
  bool predicting() const { return settings_.expected.has_value(); }
  // There are rows that were not read.
  bool partial() const { return partial_; }
  // Rows that were left out for they have no target.
  int64_t droppedRows() const { return dropped_; }

 private:
  std::unique_ptr<TableReader> openPlain(const TableFile& file, const CsvOptions& options, Sha256* hash) const;
  std::unique_ptr<TableReader> open(const TableFile& file, CsvOptions options, Sha256* hash) const;
  std::unique_ptr<TableReader> openNext(const TableFile& file, Sha256* hash) const;
  std::unique_ptr<TableReader> openSibling(const TableFile& file, Sha256* hash) const;
  std::unique_ptr<TableReader> withLacking(std::unique_ptr<TableReader> reader, const TableFile& file) const;
  ColumnType folderType(const std::string& name) const;
  void readFile(const TableFile& file, size_t number, std::vector<std::string>& digests);
  CsvOptions optionsFor() const;
  std::unique_ptr<TableReader> openFirst(std::unique_ptr<Sha256>& hash);
  void sortColumns();
  void readAll(TableReader& reader, const TableFile& file);
  void checkTargets(RowBlock& block, const TableFile& file);
  void checkConstant() const;

  TableSettings settings_;
  std::unique_ptr<RowStore> store_;
  std::vector<size_t> features_, targets_;
  bool labelled_ = false, partial_ = false;
  std::vector<int64_t> role_rows_;
  std::string header_;  // of the first file, if it is CSV: yes or no
  std::string fingerprint_;
  std::vector<std::pair<double, double>> target_range_;  // smallest and largest, by target
  int64_t dropped_ = 0, bytes_before_ = 0, bytes_all_ = 0;
};

}  // namespace blockyard
