#include "arrow_reader.hpp"

#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/util/thread_pool.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/exception.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "base/value.hpp"
#include "data/class_rule.hpp"
#include "data/remote.hpp"
#include "s3.hpp"

namespace blockyard {
namespace {

constexpr int64_t kBatchRows = 65536;
constexpr int64_t kLookRows = 10000;  // as in CSV files: those that decide whether texts are classes

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What a library says of damaged bytes may hold some of them: as one line of printable ASCII.
std::string oneLine(std::string_view text) {
  constexpr size_t kMost = 200;
  std::string out;
  for (const char c : text.substr(0, kMost)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ')
      out.push_back(byte < 127 ? c : '?');
    else if (!out.empty() && out.back() != ' ')
      out.push_back(byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' ? ' ' : '?');
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + (text.size() > kMost ? "..." : "");
}

}  // namespace

Error damagedArrow(const std::string& path, std::string_view problem) {
  return Error({.file = path}, "the file is damaged: " + oneLine(problem), "get it again, it may be cut short");
}

void ArrowReader::check(const arrow::Status& status) const {
  if (status.ok()) return;
  if (status.IsIOError() && isRemote(path_)) s3Plugin(path_).fail(path_, status);
  if (status.IsInvalid() || status.IsIOError() || status.IsSerializationError())
    throw damagedArrow(path_, status.message());
  throw Error({.file = path_}, "Arrow cannot read it: " + oneLine(status.message()),
              "write it again with another program, or as CSV");
}

template <class T>
T ArrowReader::take(arrow::Result<T> result) const {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

ArrowReader::ArrowReader(std::string path, const ArrowOptions& options)
    : path_(std::move(path)), missing_(options.missing, '.'), stop_(options.stop) {
  check(arrow::SetCpuThreadPoolCapacity(std::max(1, options.threads)));
  const auto file = openFile();
  size_ = take(file->GetSize());
  const auto head = take(file->ReadAt(0, 4));
  const std::string magic(reinterpret_cast<const char*>(head->data()), static_cast<size_t>(head->size()));
  if (magic == "FEA1")
    throw Error({.file = path_}, "this is a Feather file of version 1, which nobody writes any more",
                "write it again: pandas.to_feather");
  if (isRemote(path_) && magic != "PAR1" && magic != "ARRO")
    throw Error({.file = path_}, "expected a Parquet or Arrow file in the storage, got another one",
                "copy tables of another format, such as CSV, to this machine");
  if (magic == "PAR1")
    openParquet(file, options);
  else
    openArrow(file);
  if (fields_.empty()) chooseFields(options);
  lookAhead(options);
  chooseTypes(options);
}

std::shared_ptr<arrow::io::RandomAccessFile> ArrowReader::openFile() const {
  if (isRemote(path_)) return s3Plugin(path_).open(path_);
  return take(arrow::io::ReadableFile::Open(path_));
}

void ArrowReader::openParquet(const std::shared_ptr<arrow::io::RandomAccessFile>& file, const ArrowOptions& options) {
  parquet::ArrowReaderProperties properties;
  properties.set_batch_size(kBatchRows);
  properties.set_use_threads(options.threads > 1);
  parquet::arrow::FileReaderBuilder builder;
  check(builder.Open(file));
  builder.properties(properties);
  std::shared_ptr<parquet::arrow::FileReader> reader = take(builder.Build());
  check(reader->GetSchema(&schema_));
  rows_total_ = reader->parquet_reader()->metadata()->num_rows();
  chooseFields(options);
  // Only the wanted columns are read; one with parts (a struct) has several leaves.
  std::vector<int> leaves;
  const auto& manifest = reader->manifest();
  std::function<void(const parquet::arrow::SchemaField&)> add = [&](const parquet::arrow::SchemaField& field) {
    if (field.children.empty()) leaves.push_back(field.column_index);
    for (const auto& child : field.children) add(child);
  };
  std::vector<int> sorted = fields_;
  std::sort(sorted.begin(), sorted.end());
  for (const int field : sorted) add(manifest.schema_fields[static_cast<size_t>(field)]);
  std::vector<int> groups(static_cast<size_t>(reader->num_row_groups()));
  for (size_t i = 0; i < groups.size(); ++i) groups[i] = static_cast<int>(i);
  const std::shared_ptr<arrow::RecordBatchReader> batches = take(reader->GetRecordBatchReader(groups, leaves));
  // Batches hold the wanted columns alone, in the order of the file.
  for (int& field : fields_)
    field = static_cast<int>(std::lower_bound(sorted.begin(), sorted.end(), field) - sorted.begin());
  schema_ = batches->schema();
  source_ = [this, reader, batches] {
    Batch batch;
    check(batches->ReadNext(&batch));
    return batch;
  };
}

void ArrowReader::openArrow(const std::shared_ptr<arrow::io::RandomAccessFile>& file) {
  auto opened = arrow::ipc::RecordBatchFileReader::Open(file);
  if (!opened.ok()) {
    // Not a file but a stream of batches, which has no magic of its own.
    check(file->Seek(0));
    auto stream = arrow::ipc::RecordBatchStreamReader::Open(file);
    if (!stream.ok()) check(opened.status());
    const std::shared_ptr<arrow::RecordBatchReader> batches = *stream;
    schema_ = batches->schema();
    source_ = [this, batches] {
      Batch batch;
      check(batches->ReadNext(&batch));
      return batch;
    };
    return;
  }
  const std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader = *opened;
  schema_ = reader->schema();
  rows_total_ = take(reader->CountRows());
  source_ = [this, reader, next = 0]() mutable {
    return next < reader->num_record_batches() ? take(reader->ReadRecordBatch(next++)) : nullptr;
  };
}

void ArrowReader::chooseFields(const ArrowOptions& options) {
  const Names names = schema_->field_names();
  std::unordered_set<std::string> seen;
  for (const std::string& name : names)
    if (!seen.insert(name).second)
      throw Error({.file = path_}, "two columns are named \"" + name + "\"", "rename one of them");
  const auto hint = [&](const std::string& name) {
    const std::string near = nearestName(name, names);
    return near.empty() ? std::string() : "did you mean \"" + near + "\"?";
  };
  for (const auto& [name, type] : options.types)
    if (!contains(names, name) && !contains(options.only, name) && !contains(options.may_lack, name))
      throw Error({.parameter = "types", .file = path_}, "there is no column \"" + name + "\"", hint(name));
  for (const std::string& name : options.only.empty() ? names : options.only) {
    if (!contains(names, name)) {
      if (contains(options.may_lack, name)) continue;
      throw Error({.file = path_}, "there is no column \"" + name + "\"", hint(name));
    }
    const auto field = std::find(names.begin(), names.end(), name) - names.begin();
    fields_.push_back(static_cast<int>(field));
    columns_.push_back({name});
  }
  if (columns_.empty()) throw Error({.file = path_}, "the file has no columns");
}

void ArrowReader::lookAhead(const ArrowOptions& options) {
  for (int64_t rows = 0; rows < kLookRows;) {
    Batch batch = source_();
    if (!batch) break;
    // What a file says of itself may be wrong; what follows relies on it.
    check(batch->ValidateFull());
    rows += batch->num_rows();
    ahead_.push_back(std::move(batch));
  }
  int64_t rows = 0;
  for (const Batch& batch : ahead_) rows += batch->num_rows();
  if (rows == 0 && !options.may_be_empty) throw Error({.file = path_}, "the file holds columns but no rows");
}

void ArrowReader::chooseTypes(const ArrowOptions& options) {
  for (size_t c = 0; c < columns_.size(); ++c) {
    const auto wanted = options.types.find(columns_[c].name);
    columns_[c].type = wanted != options.types.end() ? wanted->second : typeOf(c);
  }
}

ColumnType ArrowReader::typeOf(size_t column) const {
  const arrow::DataType& type = *schema_->field(fields_[column])->type();
  const ColumnType natural = naturalType(type);
  if (!isText(type)) return natural;
  std::unordered_set<std::string> values;
  std::string scratch;
  int64_t looked = 0;
  size_t seen = 0;
  for (const Batch& batch : ahead_) {
    const auto array = batch->column(fields_[column]);
    const ArrowCells cells{*array, missing_, path_, columns_[column].name};
    for (int64_t i = 0; i < array->length() && looked < kLookRows; ++i, ++looked) {
      const std::string_view text = cells.text(i, scratch);
      if (missing_.contains(text)) continue;
      if (text.size() > kLongestClass) return ColumnType::Text;
      ++seen;
      values.emplace(text);
    }
  }
  return textsRepeat(values.size(), seen) ? ColumnType::Category : ColumnType::Text;
}

ArrowReader::Batch ArrowReader::nextBatch() {
  if (ahead_used_ < ahead_.size()) return std::move(ahead_[ahead_used_++]);
  Batch batch = source_();
  if (batch) check(batch->ValidateFull());
  return batch;
}

bool ArrowReader::next(RowBlock& block) {
  try {
    while (!batch_ || batch_used_ == batch_->num_rows()) {
      if (stop_ && stop_->load()) throw Error({}, "stopped", {}, Fault::TryAgain);
      batch_ = nextBatch();
      batch_used_ = 0;
      if (!batch_) return false;
    }
    // A batch may hold all rows of the file; blocks stay small.
    const auto part = batch_->Slice(batch_used_, std::min(kBatchRows, batch_->num_rows() - batch_used_));
    block = {};
    block.rows = part->num_rows();
    block.columns.resize(columns_.size());
    for (size_t c = 0; c < columns_.size(); ++c)
      ArrowCells{*part->column(fields_[c]), missing_, path_, columns_[c].name, rows_done_}.append(columns_[c].type,
                                                                                                  block.columns[c]);
    batch_used_ += block.rows;
    rows_done_ += block.rows;
    return true;
  } catch (const parquet::ParquetException& error) {
    throw damagedArrow(path_, error.what());
  }
}

}  // namespace blockyard
