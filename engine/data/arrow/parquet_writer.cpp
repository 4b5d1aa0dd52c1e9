#include "parquet_writer.hpp"

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>

#include <cmath>

#include "base/error.hpp"

namespace blockyard {
namespace {

void check(const arrow::Status& status) {
  if (!status.ok()) throw Error({}, "the table cannot be written as Parquet: " + status.message(), {}, Fault::Failed);
}
template <class T>
T take(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

// A null wherever `value` gives nothing.
template <class Builder, class Value>
std::shared_ptr<arrow::Array> arrayOf(const Column& column, Builder builder, const Value& value) {
  check(builder.Reserve(column.rows()));
  for (int64_t row = 0; row < column.rows(); ++row) {
    if (column.missing(row))
      check(builder.AppendNull());
    else
      check(builder.Append(value(row)));
  }
  return take(builder.Finish());
}

std::shared_ptr<arrow::Array> timesOf(const Column& column) {
  constexpr double kMicroseconds = 1e6;
  const bool is_text = column.type == ColumnType::Text;
  arrow::TimestampBuilder builder(arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"), arrow::default_memory_pool());
  for (int64_t row = 0; row < column.rows(); ++row) {
    const auto at = static_cast<size_t>(row);
    const double seconds = is_text ? timeFromText(column.texts[at]) : column.numbers[at];
    if (std::isnan(seconds))
      check(builder.AppendNull());
    else
      check(builder.Append(static_cast<int64_t>(std::llround(seconds * kMicroseconds))));
  }
  return take(builder.Finish());
}

std::shared_ptr<arrow::Array> arrayOf(const Column& column, const ParquetTypes& types) {
  if (column.type == ColumnType::Time || types.times.count(column.name) > 0) return timesOf(column);
  if (column.type == ColumnType::Number && types.whole.count(column.name) > 0)
    return arrayOf(column, arrow::Int64Builder(),
                   [&](int64_t row) { return static_cast<int64_t>(column.numbers[static_cast<size_t>(row)]); });
  if (column.type == ColumnType::Number)
    return arrayOf(column, arrow::DoubleBuilder(),
                   [&](int64_t row) { return column.numbers[static_cast<size_t>(row)]; });
  return arrayOf(column, arrow::StringBuilder(), [&](int64_t row) { return column.cell(row); });
}

}  // namespace

std::string writeParquet(const Table& table, const ParquetTypes& types) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& column : table.columns()) {
    arrays.push_back(arrayOf(*column, types));
    fields.push_back(arrow::field(column->name, arrays.back()->type()));
  }
  try {
    const auto sink = take(arrow::io::BufferOutputStream::Create());
    const auto properties = parquet::WriterProperties::Builder().compression(parquet::Compression::SNAPPY)->build();
    // With the schema of Arrow, so that its readers get back the time zone.
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    const auto whole = arrow::Table::Make(arrow::schema(fields), arrays, table.rows());
    constexpr int64_t kGroupRows = 1 << 20;
    check(parquet::arrow::WriteTable(*whole, arrow::default_memory_pool(), sink, kGroupRows, properties,
                                     arrow_properties));
    return take(sink->Finish())->ToString();
  } catch (const parquet::ParquetException& error) {
    throw Error({}, std::string("the table cannot be written as Parquet: ") + error.what(), {}, Fault::Failed);
  }
}

}  // namespace blockyard
