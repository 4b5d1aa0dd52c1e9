#include "data/sqlite_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <unordered_set>
#include <variant>

#include "base/error.hpp"
#include "base/value.hpp"
#include "data/class_rule.hpp"
#include "data/encoding.hpp"
#include "data/parse_number.hpp"

namespace blockyard {
namespace {

constexpr int64_t kQueryRows = 16384;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// A cell as it lies there; monostate is NULL.
using Cell = std::variant<std::monostate, double, std::string>;

int allowReading(void*, int action, const char*, const char* name, const char*, const char*) {
  if (action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE) return SQLITE_OK;
  if (action == SQLITE_FUNCTION && name != nullptr && std::string(name) != "load_extension") return SQLITE_OK;
  return SQLITE_DENY;
}

int shallStop(void* stop) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

// As a URI, in which some characters mean something.
std::string uriOf(const std::string& path) {
  std::string out = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      constexpr char kHex[] = "0123456789abcdef";
      out += {'%', kHex[static_cast<unsigned char>(c) >> 4], kHex[c & 15]};
    } else {
      out += c;
    }
  }
  return out + "?mode=ro&immutable=1";
}

class SqliteReader final : public TableReader {
 public:
  SqliteReader(std::string path, const std::string& query, const CsvOptions& options, const std::atomic<bool>* stop)
      : path_(std::move(path)), missing_(options.missing, '.'), stop_(stop) {
    openDatabase();
    prepare(query);
    chooseFields(options);
    while (static_cast<int64_t>(ahead_.size()) < kDetectRows) {
      auto row = step();
      if (!row) break;
      ahead_.push_back(std::move(*row));
    }
    if (ahead_.empty()) throw Error({.parameter = "query", .file = path_}, "the query gives no rows");
    for (size_t c = 0; c < columns_.size(); ++c) {
      const auto wanted = options.types.find(columns_[c].name);
      if (wanted != options.types.end())
        columns_[c].type = wanted->second;
      else
        detect(c);
    }
  }

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t bytesDone() const override { return ended_ ? bytes_ : 0; }
  int64_t bytesTotal() const override { return bytes_; }

  bool next(RowBlock& block) override {
    block = {};
    block.columns.resize(columns_.size());
    std::vector<std::unordered_map<std::string, int32_t>> codes(columns_.size());
    while (block.rows < kQueryRows) {
      std::optional<std::vector<Cell>> row;
      if (ahead_used_ < ahead_.size())
        row = std::move(ahead_[ahead_used_++]);
      else
        row = step();
      if (!row) break;
      ++rows_done_;
      for (size_t c = 0; c < columns_.size(); ++c) append((*row)[c], columns_[c], codes[c], block.columns[c]);
      ++block.rows;
    }
    return block.rows > 0;
  }

 private:
  void openDatabase() {
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path_, unknown);
    bytes_ = unknown ? 0 : static_cast<int64_t>(size);
    firstBytes(path_, 1);  // says why it cannot be read
    if (!isSqliteFile(path_))
      throw Error({.file = path_}, "expected an SQLite database, got another kind of file",
                  "source/table reads CSV, Parquet and Arrow");
    if (std::filesystem::exists(path_ + "-wal", unknown) && std::filesystem::file_size(path_ + "-wal", unknown) > 0)
      throw Error({.file = path_}, "a part of the data is still in " + path_ + "-wal",
                  "close the program that writes the database, or run \"PRAGMA wal_checkpoint(TRUNCATE)\" in it");
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(uriOf(path_).c_str(), &database,
                                     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    database_.reset(database);
    if (code != SQLITE_OK) throw Error({.file = path_}, std::string("cannot be opened: ") + sqlite3_errstr(code));
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_set_authorizer(database, allowReading, nullptr);
    if (stop_ != nullptr) sqlite3_progress_handler(database, 10000, shallStop, const_cast<std::atomic<bool>*>(stop_));
  }

  [[noreturn]] void fail(int code) const {
    if (code == SQLITE_INTERRUPT) throw Error({}, "stopped", {}, Fault::TryAgain);
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
      throw Error({.file = path_}, std::string("the database is damaged: ") + sqlite3_errmsg(database_.get()));
    throw Error({.parameter = "query", .file = path_}, std::string("SQLite says: ") + sqlite3_errmsg(database_.get()),
                std::string_view(sqlite3_errmsg(database_.get())).starts_with("not authorized")
                    ? "only a SELECT may run here: nothing is written, attached or set"
                    : "");
  }

  void prepare(const std::string& query) {
    if (query.find_first_not_of(" \t\r\n;") == std::string::npos)
      throw Error({.parameter = "query"}, "no query is given", "for example: select * from customers");
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int code =
        sqlite3_prepare_v2(database_.get(), query.data(), static_cast<int>(query.size()), &statement, &rest);
    statement_.reset(statement);
    if (code != SQLITE_OK) fail(code);
    if (std::string_view(rest, static_cast<size_t>(query.data() + query.size() - rest)).find_first_not_of(" \t\r\n;") !=
        std::string_view::npos)
      throw Error({.parameter = "query"}, "expected one SELECT, got more behind it");
    if (statement == nullptr || sqlite3_column_count(statement) == 0 || sqlite3_stmt_readonly(statement) == 0)
      throw Error({.parameter = "query"}, "expected a SELECT, which gives rows");
  }

  void chooseFields(const CsvOptions& options) {
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
      names.emplace_back(sqlite3_column_name(statement_.get(), i));
      if (std::count(names.begin(), names.end(), names.back()) > 1)
        throw Error({.parameter = "query"}, "two columns are named \"" + names.back() + "\"",
                    "name one of them anew: select a.id, b.id as other_id");
    }
    const auto has = [](const std::vector<std::string>& list, const std::string& name) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    const auto missing = [&](const char* parameter, const std::string& name) {
      const std::string near = nearestName(name, names);
      throw Error({.parameter = parameter, .file = path_}, "there is no column \"" + name + "\"",
                  near.empty() ? "" : "did you mean \"" + near + "\"?");
    };
    for (const auto& [name, type] : options.types)
      if (!has(names, name) && !has(options.only, name) && !has(options.may_lack, name)) missing("types", name);
    for (const auto& name : options.only.empty() ? names : options.only) {
      if (!has(names, name) && has(options.may_lack, name)) continue;
      if (!has(names, name)) missing("query", name);
      fields_.push_back(static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin()));
      columns_.push_back({name});
    }
  }

  // The next row; nothing at the end.
  std::optional<std::vector<Cell>> step() {
    if (ended_) return std::nullopt;
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_DONE) ended_ = true;
    if (code == SQLITE_DONE) return std::nullopt;
    if (code != SQLITE_ROW) fail(code);
    std::vector<Cell> out;
    out.reserve(fields_.size());
    for (size_t c = 0; c < fields_.size(); ++c) out.push_back(cell(c));
    return out;
  }

  Cell cell(size_t column) const {
    sqlite3_stmt* const statement = statement_.get();
    const int field = fields_[column];
    switch (sqlite3_column_type(statement, field)) {
      case SQLITE_INTEGER:
      case SQLITE_FLOAT: {
        const double number = sqlite3_column_double(statement, field);
        const auto& markers = missing_.numbers();
        if (std::find(markers.begin(), markers.end(), number) != markers.end()) return {};
        return number;
      }
      case SQLITE_NULL:
        return {};
      case SQLITE_BLOB:
        throw Error({.parameter = "query", .file = path_},
                    "the column \"" + columns_[column].name + "\" holds bytes, not numbers or texts",
                    "leave it out of the query, or take hex(" + columns_[column].name + ")");
      default:
        break;
    }
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, field));
    std::string text(bytes, static_cast<size_t>(sqlite3_column_bytes(statement, field)));
    if (const size_t bad = invalidUtf8(text); bad != std::string::npos)
      throw Error({.file = path_},
                  "the column \"" + columns_[column].name + "\" holds text that is not UTF-8: " + notUtf8(text[bad]));
    if (missing_.contains(text)) return {};
    return text;
  }

  // What a column is, by the first rows.
  void detect(size_t c) {
    size_t numbers = 0, texts = 0, times = 0;
    bool too_long = false;
    std::unordered_set<std::string_view> values;
    for (const auto& row : ahead_) {
      if (std::holds_alternative<double>(row[c])) ++numbers;
      if (const auto* text = std::get_if<std::string>(&row[c])) {
        ++texts;
        times += std::isnan(timeFromText(*text)) ? 0 : 1;
        too_long |= text->size() > kLongestClass;
        values.insert(*text);
      }
    }
    ColumnSpec& column = columns_[c];
    column.undecided = numbers + texts == 0;
    const bool few = !too_long && textsRepeat(values.size(), texts);
    column.type = column.undecided                 ? ColumnType::Category
                  : texts == 0                     ? ColumnType::Number
                  : times == texts && numbers == 0 ? ColumnType::Time
                  : few                            ? ColumnType::Category
                                                   : ColumnType::Text;
  }

  void append(const Cell& cell, const ColumnSpec& column, std::unordered_map<std::string, int32_t>& codes,
              ColumnBlock& into) const {
    const double* number = std::get_if<double>(&cell);
    const std::string* text = std::get_if<std::string>(&cell);
    if (column.type == ColumnType::Number || column.type == ColumnType::Time) {
      into.numbers.push_back(number ? *number : text ? parsed(*text, column) : kMissingNumber);
      if (std::isinf(into.numbers.back())) refuse(column, *number > 0 ? "inf" : "-inf");
      return;
    }
    const std::string written = number ? numberText(*number) : text ? *text : "";
    if (column.type == ColumnType::Text) {
      into.texts.add(written);
    } else if (written.empty()) {
      into.codes.push_back(kMissingCode);
    } else {
      const auto [at, fresh] = codes.try_emplace(written, static_cast<int32_t>(into.classes.size()));
      if (fresh) into.classes.add(written);
      into.codes.push_back(at->second);
    }
  }

  double parsed(const std::string& text, const ColumnSpec& column) const {
    double out = kMissingNumber;
    if (column.type == ColumnType::Time) out = timeFromText(text);
    const bool fits =
        column.type == ColumnType::Time ? !std::isnan(out) : parseNumber(text, '.', out) == NumberText::Finite;
    if (!fits) refuse(column, text);
    return out;
  }

  [[noreturn]] void refuse(const ColumnSpec& column, const std::string& got) const {
    throw Error({.file = path_},
                "column \"" + column.name + "\": expected " +
                    (column.type == ColumnType::Time ? "a time" : "a finite number") + " in row " +
                    std::to_string(rows_done_) + " of the query, got \"" + got.substr(0, 40) + "\"",
                "set `types` to \"" + column.name + "=category\", or add it to `missing`");
  }

  std::string path_;
  MissingMarkers missing_;
  const std::atomic<bool>* stop_;
  std::unique_ptr<sqlite3, CloseDatabase> database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::vector<int> fields_;  // of the query, by column
  std::vector<ColumnSpec> columns_;
  std::vector<std::vector<Cell>> ahead_;  // looked at to choose the types
  size_t ahead_used_ = 0;
  int64_t rows_done_ = 0, bytes_ = 0;
  bool ended_ = false;
};

}  // namespace

bool isSqliteFile(const std::string& path) {
  std::error_code code;
  return std::filesystem::is_regular_file(path, code) && firstBytes(path, 16) == std::string("SQLite format 3\0", 16);
}

std::unique_ptr<TableReader> openSqlite(const std::string& path, const std::string& query, const CsvOptions& options,
                                        const std::atomic<bool>* stop) {
  return std::make_unique<SqliteReader>(path, query, options, stop);
}

}  // namespace blockyard
