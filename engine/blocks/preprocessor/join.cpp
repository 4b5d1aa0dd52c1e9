// Join: adds the columns of a second table, looked up by a key.
#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "blocks/columns.hpp"
#include "data/csv_fields.hpp"
#include "data/path_guard.hpp"
#include "data/table_rows.hpp"

namespace blockyard::preprocessor {
namespace {

constexpr int64_t kMostRows = 2'000'000;  // they travel with the trained pipeline

// Texts as bytes and where each ends, and back.
void packTexts(State& state, const std::string& name, const Texts& texts) {
  std::string bytes;
  at::Tensor ends = at::empty({static_cast<int64_t>(texts.size())}, at::kLong);
  for (size_t i = 0; i < texts.size(); ++i) {
    bytes += texts[i];
    ends.mutable_data_ptr<int64_t>()[i] = static_cast<int64_t>(bytes.size());
  }
  at::Tensor packed = at::empty({static_cast<int64_t>(bytes.size())}, at::kByte);
  if (!bytes.empty()) std::memcpy(packed.mutable_data_ptr(), bytes.data(), bytes.size());
  state.tensors.emplace(name + ":bytes", packed), state.tensors.emplace(name + ":ends", ends);
}

const at::Tensor& tensorIn(const State& state, const std::string& name, at::ScalarType type) {
  const auto it = state.tensors.find(name);
  if (it == state.tensors.end() || it->second.scalar_type() != type || it->second.dim() != 1)
    throw Error({}, "the saved state lacks \"" + name + "\"");
  return it->second;
}

Texts unpackTexts(const State& state, const std::string& name) {
  const at::Tensor bytes = tensorIn(state, name + ":bytes", at::kByte).contiguous();
  const at::Tensor ends = tensorIn(state, name + ":ends", at::kLong).contiguous();
  const auto* text = reinterpret_cast<const char*>(bytes.const_data_ptr<uint8_t>());
  Texts out;
  int64_t from = 0;
  for (int64_t i = 0; i < ends.numel(); ++i) {
    const int64_t end = ends.const_data_ptr<int64_t>()[i];
    if (end < from || end > bytes.numel()) throw Error({}, "the saved state of \"" + name + "\" is damaged");
    out.emplace_back(text + from, static_cast<size_t>(end - from));
    from = end;
  }
  return out;
}

class Join final : public Block {
 public:
  explicit Join(const Setup& setup) : values_(setup.values), folder_(setup.folder) {}

  void fit(FitRows& rows) override {
    const Table right = readRight();
    const std::string& key = values_.text("file_key").empty() ? values_.text("key") : values_.text("file_key");
    pickColumns(columnsOf(right), {key}, kAllColumns, "file_key");
    for (const auto& name : pickColumns(columnsOf(right), values_.texts("columns"), kAllColumns)) {
      if (name == key) continue;
      Column column = right.column(name);
      column.name = values_.text("prefix") + name;
      columns_.push_back(std::move(column));
    }
    const Column& keys = right.column(key);
    for (int64_t row = 0; row < right.rows(); ++row) keys_.push_back(keyText(keys, row));
    index();
    int64_t seen = 0, found = 0;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      const std::vector<int64_t> places = placesOf(batch.table("x"));
      seen += batch.rows();
      found += std::count_if(places.begin(), places.end(), [](int64_t place) { return place >= 0; });
      for (const Column& column : columns_)
        if (batch.table("x").find(column.name))
          throw Error({.parameter = "prefix"}, "both tables have a column \"" + column.name + "\"",
                      "give the columns of the second one a prefix, or list the wanted ones in `columns`");
    }
    if (seen > 0 && found == 0)
      throw Error({.parameter = "key"},
                  "none of the " + std::to_string(seen) + " rows has a key that stands in the second table",
                  "compare how the keys are written here and there");
  }

  Batch forward(const Batch& in, Step&) override {
    const Table& table = in.table("x");
    const std::vector<int64_t> places = placesOf(table);
    std::vector<Table::Shared> out = table.columns();
    for (const Column& column : columns_) out.push_back(looked(column, places));
    return {{"y", Table(std::move(out))}};
  }

  State state() const override {
    State out;
    Texts names, types;
    for (const Column& column : columns_) {
      names.push_back(column.name), types.emplace_back(nameOf(column.type));
      if (column.type == ColumnType::Text) packTexts(out, "text:" + column.name, column.texts);
      if (column.type == ColumnType::Category) {
        out.values.set("classes:" + column.name, *column.classes);
        Numbers codes(column.codes.begin(), column.codes.end());
        out.tensors.emplace("values:" + column.name, tensorOf(codes));
      }
      if (column.type == ColumnType::Number || column.type == ColumnType::Time)
        out.tensors.emplace("values:" + column.name, tensorOf(column.numbers));
    }
    out.values.set("columns", names), out.values.set("types", types);
    packTexts(out, "keys", keys_);
    return out;
  }

  void loadState(const State& state) override {
    const Texts names = stateTexts(state, "columns"), types = stateTexts(state, "types");
    keys_ = unpackTexts(state, "keys");
    columns_.clear();
    for (size_t i = 0; i < names.size(); ++i) {
      Column& column = columns_.emplace_back(Column{.name = names[i]});
      for (const ColumnType type : kAllColumns)
        if (types.at(i) == nameOf(type)) column.type = type;
      if (column.type == ColumnType::Text) {
        column.texts = unpackTexts(state, "text:" + names[i]);
      } else {
        column.numbers = stateNumbers(state, "values:" + names[i], keys_.size());
      }
      if (column.type == ColumnType::Category) {
        column.classes = std::make_shared<const Texts>(stateTexts(state, "classes:" + names[i]));
        for (const double code : column.numbers) {
          if (!(code >= -1 && code < static_cast<double>(column.classes->size())))
            throw Error({}, "the saved state of \"" + names[i] + "\" is damaged");
          column.codes.push_back(static_cast<int32_t>(code));
        }
        column.numbers.clear();
      }
      if (static_cast<size_t>(column.rows()) != keys_.size())
        throw Error({}, "the saved state of \"" + names[i] + "\" is damaged");
    }
    index();
  }

 private:
  // Keys are compared as texts; the two zeros are one number.
  static std::string keyText(const Column& column, int64_t row) {
    const bool zero = column.type == ColumnType::Number && column.numbers[static_cast<size_t>(row)] == 0;
    return zero ? "0" : column.cell(row);
  }

  // The row of the second table for each row, -1: none.
  std::vector<int64_t> placesOf(const Table& table) const {
    pickColumns(columnsOf(table), {values_.text("key")}, kAllColumns, "key");
    const Column& key = table.column(values_.text("key"));
    std::vector<int64_t> places;
    for (int64_t row = 0; row < table.rows(); ++row) {
      const auto it = key.missing(row) ? rows_.end() : rows_.find(keyText(key, row));
      places.push_back(it == rows_.end() ? -1 : it->second);
    }
    return places;
  }

  Table readRight() const {
    if (values_.text("file").empty())
      throw Error({.parameter = "file"}, "no file is named", "name a CSV, Parquet or Arrow file");
    TableSettings settings{.files = {{dataPath(folder_, values_.text("file")), "file"}}};
    settings.most_rows = kMostRows + 1;
    const TableRows rows(std::move(settings));
    if (rows.store().rows() > kMostRows)
      throw Error({.parameter = "file"}, "the second table has more than " + std::to_string(kMostRows) + " rows",
                  "make the larger table the source, and join the smaller one");
    return rows.store().read(0, rows.store().rows());
  }

  void index() {
    rows_.clear();
    for (size_t row = 0; row < keys_.size(); ++row) {
      if (keys_[row].empty()) continue;
      const auto [at, fresh] = rows_.emplace(keys_[row], static_cast<int64_t>(row));
      if (!fresh)
        throw Error({.parameter = "file"},
                    "the key \"" + keys_[row] + "\" stands in row " + std::to_string(at->second + 1) +
                        " and again in row " + std::to_string(row + 1) + " of the second table",
                    "each key may stand there once, or a row would become two");
    }
  }

  static Table::Shared looked(const Column& column, const std::vector<int64_t>& places) {
    Column out{.name = column.name, .type = column.type, .classes = column.classes};
    for (const int64_t place : places) {
      const auto at = static_cast<size_t>(place);
      if (column.type == ColumnType::Text) out.texts.push_back(place < 0 ? "" : column.texts[at]);
      if (column.type == ColumnType::Category) out.codes.push_back(place < 0 ? kMissingCode : column.codes[at]);
      if (column.type == ColumnType::Number || column.type == ColumnType::Time)
        out.numbers.push_back(place < 0 ? kMissingNumber : column.numbers[at]);
    }
    return std::make_shared<const Column>(std::move(out));
  }

  Values values_;
  std::string folder_;
  Texts keys_;                   // of the second table, by row
  std::vector<Column> columns_;  // of the second table, as they are called here
  std::unordered_map<std::string, int64_t> rows_;
};

Signatures inferJoin(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  const std::string& key = values.text("key");
  if (key.empty()) throw Error({.parameter = "key"}, "no key is named", "name the column by which rows are looked up");
  pickColumns(out.columns, {key}, kAllColumns, "key", out.open);
  if (values.text("file").empty())
    throw Error({.parameter = "file"}, "no file is named", "name a CSV, Parquet or Arrow file");
  out.open = true;  // what the file holds is known once it has been read
  return {{"y", out}};
}

}  // namespace

BlockType join() {
  return {
      .schema =
          {.title = "Join",
           .doc = "Adds the columns of a second table to each row: those of the row there that has the same key. Where "
                  "there is none they are missing; a key that stands twice in the second table is refused. The "
                  "second table is read when the training begins and travels with the trained pipeline, so it "
                  "has at most 2,000,000 rows.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params =
               {{"file", "", {}, "the second table: CSV, Parquet or Arrow", "", Role::File},
                {"key", "", {}, "the column here by which rows are looked up", "", Role::Column},
                {"file_key", "", {}, "the column of the second table that holds the keys; empty: of the same name"},
                {"columns", Texts{}, {}, "which columns of the second table; empty: all"},
                {"prefix", "", {}, "put before the names of these columns"}},
           .fitted = true},
      .make = make<Join>,
      .infer = inferJoin};
}

}  // namespace blockyard::preprocessor
