// ArrowReader: a Parquet or Arrow file as typed columns, batch by batch.
#pragma once
#include <arrow/api.h>

#include <functional>

#include "arrow_values.hpp"
#include "base/error.hpp"
#include "data/arrow_file.hpp"

namespace blockyard {

// For a file that Arrow gives up on with these words.
Error damagedArrow(const std::string& path, std::string_view problem);

class ArrowReader final : public TableReader {
 public:
  // Throws Error.
  ArrowReader(std::string path, const ArrowOptions& options);

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  bool next(RowBlock& block) override;
  int64_t bytesDone() const override { return rows_total_ > 0 ? size_ * rows_done_ / rows_total_ : 0; }
  int64_t bytesTotal() const override { return size_; }

 private:
  using Batch = std::shared_ptr<arrow::RecordBatch>;
  using Names = std::vector<std::string>;

  std::shared_ptr<arrow::io::RandomAccessFile> openFile() const;
  void openParquet(const std::shared_ptr<arrow::io::RandomAccessFile>& file, const ArrowOptions& options);
  void openArrow(const std::shared_ptr<arrow::io::RandomAccessFile>& file);
  void chooseFields(const ArrowOptions& options);
  void lookAhead(const ArrowOptions& options);
  void chooseTypes(const ArrowOptions& options);
  ColumnType typeOf(size_t field) const;
  Batch nextBatch();
  template <class T>
  T take(arrow::Result<T> result) const;
  void check(const arrow::Status& status) const;

  std::string path_;
  MissingMarkers missing_;
  const std::atomic<bool>* stop_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<int> fields_;  // of the file, by column
  std::vector<ColumnSpec> columns_;
  std::function<Batch()> source_;  // the next batch of the file, null at the end
  std::vector<Batch> ahead_;       // looked at to choose the types, not handed out yet
  size_t ahead_used_ = 0;
  Batch batch_;  // being handed out
  int64_t batch_used_ = 0;
  int64_t size_ = 0, rows_total_ = 0, rows_done_ = 0;
};

}  // namespace blockyard
