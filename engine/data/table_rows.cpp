#include "data/table_rows.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/error.hpp"
#include "base/value.hpp"
#include "data/arrow_file.hpp"
#include "data/csv.hpp"
#include "data/parse_number.hpp"
#include "data/remote.hpp"
#include "data/sqlite_file.hpp"

namespace blockyard {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool missing(const ColumnBlock& column, ColumnType type, size_t row) {
  switch (type) {
    case ColumnType::Category:
      return column.codes[row] < 0;
    case ColumnType::Text:
      return column.texts[row].empty();
    default:
      return std::isnan(column.numbers[row]);
  }
}

// Keeps the rows for which keep[row] holds.
void filter(RowBlock& block, const std::vector<char>& keep) {
  const auto cut = [&](auto& values) {
    if (values.empty()) return;
    size_t to = 0;
    for (size_t row = 0; row < keep.size(); ++row)
      if (keep[row]) values[to++] = values[row];
    values.resize(to);
  };
  for (ColumnBlock& column : block.columns) {
    cut(column.numbers);
    cut(column.codes);
    if (column.texts.size() == 0) continue;
    TextList kept;
    for (size_t row = 0; row < keep.size(); ++row)
      if (keep[row]) kept.add(column.texts[row]);
    column.texts = std::move(kept);
  }
  block.rows = std::count(keep.begin(), keep.end(), 1);
}

std::string combined(const std::vector<std::string>& digests) {
  if (digests.size() == 1) return digests.front();
  Sha256 hash;
  for (const std::string& digest : digests) hash.update(digest + "\n");
  return hash.hex();
}

}  // namespace

TableRows::TableRows(TableSettings settings) : settings_(std::move(settings)) {
  std::vector<std::string> digests;
  for (const TableFile& file : settings_.files) {
    std::error_code unknown;
    const auto bytes = std::filesystem::file_size(file.path, unknown);
    bytes_all_ += unknown ? 0 : static_cast<int64_t>(bytes);
  }
  for (size_t i = 0; i < settings_.files.size(); ++i) {
    const TableFile& file = settings_.files[i];
    try {
      readFile(file, i, digests);
    } catch (const Error& error) {
      throw error.at({.parameter = error.where().parameter.empty() ? file.role : ""});
    }
  }
  try {
    store_->finish();
  } catch (const Error& error) {
    throw error.at({.file = settings_.files[0].path});
  }
  if (store_->rows() == 0)
    throw Error({.file = settings_.files[0].path}, "there are no rows", dropped_ > 0 ? "every target is missing" : "");
  if (!settings_.expected && !partial_) checkConstant();
  fingerprint_ = combined(digests);
}

void TableRows::readFile(const TableFile& file, size_t number, std::vector<std::string>& digests) {
  constexpr size_t kGlances = 8;  // a look opens so many files beside the first one
  const TableFile& first = settings_.files.front();
  const bool new_role = number == 0 || settings_.files[number - 1].role != file.role;
  // Files of the first one's table are read on as long as rows are wanted.
  const bool read_on = file.role == first.role && number <= kGlances;
  const bool glance = settings_.most_rows > 0 && number > 0 && !(read_on && store_->rows() < settings_.most_rows);
  if (new_role) role_rows_.push_back(0);
  if (glance && file.role == first.role) partial_ = true;
  if (glance && !new_role && number > kGlances) return;
  auto hash = std::make_unique<Sha256>();
  try {
    const auto reader = number == 0 ? openFirst(hash) : openNext(file, glance ? nullptr : hash.get());
    if (glance) return;  // it can be read, and has the columns
    readAll(*reader, file);
  } catch (const Error& error) {
    const bool sibling =
        number > 0 && error.fault() == Fault::BadInput && error.hint().find(first.path) == std::string::npos;
    if (!sibling || error.problem().find(first.path) != std::string::npos) throw;
    throw Error(error.where(), error.problem(),
                error.hint() + (error.hint().empty() ? "" : "; ") + "columns and their types come from " + first.path);
  }
  for (const auto& [name, value] : file.folders) hash->update(name + "=" + value + "\n");
  digests.push_back(hash->hex());
}

// The folders that name a column hold numbers, or classes.
ColumnType TableRows::folderType(const std::string& name) const {
  for (const TableFile& file : settings_.files)
    for (const auto& [key, value] : file.folders) {
      double number = 0;
      if (key == name && !value.empty() && parseNumber(value, '.', number) != NumberText::Finite)
        return ColumnType::Category;
    }
  return ColumnType::Number;
}

std::unique_ptr<TableReader> TableRows::open(const TableFile& file, CsvOptions options, Sha256* hash) const {
  if (file.folders.empty()) return openPlain(file, options, hash);
  const std::vector<std::string> wanted = options.only;
  const std::map<std::string, ColumnType> types = options.types;
  for (const auto& [name, value] : file.folders) {
    std::erase(options.only, name);
    options.types.erase(name);
  }
  auto inner = openPlain(file, options, hash);
  std::vector<ColumnSpec> columns;
  const auto folder = [&](const std::string& name) {
    const auto type = types.find(name);
    columns.push_back({name, type == types.end() ? folderType(name) : type->second});
  };
  const auto isFolder = [&](const std::string& name) {
    return std::any_of(file.folders.begin(), file.folders.end(), [&](const auto& f) { return f.first == name; });
  };
  for (const ColumnSpec& column : inner->columns())
    if (isFolder(column.name))
      throw Error({.file = file.path}, "the column \"" + column.name + "\" is in the file, and a folder names it, too",
                  "rename one of them");
  if (wanted.empty()) {
    columns = inner->columns();
    for (const auto& [name, value] : file.folders) folder(name);
  }
  for (const std::string& name : wanted) {
    for (const ColumnSpec& column : inner->columns())
      if (column.name == name) columns.push_back(column);
    if (isFolder(name)) folder(name);
  }
  return arranged(std::move(inner), std::move(columns), file.folders, file.path);
}

// A file behind the first one.
std::unique_ptr<TableReader> TableRows::openNext(const TableFile& file, Sha256* hash) const {
  if (file.role == settings_.files.front().role && !settings_.expected) return openSibling(file, hash);
  CsvOptions options = optionsFor();
  options.only.clear();
  options.types.clear();
  if (!settings_.expected) options.may_lack.clear();  // rows to validate or test on need their target
  for (const ColumnSpec& column : store_->columns()) {
    options.only.push_back(column.name);
    options.types[column.name] = column.type;
  }
  return open(file, options, hash);
}

// Expected columns that the file lacks, and may lack, hold missing values.
std::unique_ptr<TableReader> TableRows::withLacking(std::unique_ptr<TableReader> reader, const TableFile& file) const {
  std::vector<std::string> names;
  std::vector<ColumnSpec> columns;
  ConstantColumns lacking;
  for (const ColumnSpec& column : reader->columns()) names.push_back(column.name);
  for (const ColumnSpec& column : *settings_.expected) {
    const bool here = contains(names, column.name);
    if (!here && !contains(settings_.may_lack, column.name)) continue;  // the target
    columns.push_back(column);
    if (!here) lacking.emplace_back(column.name, "");
  }
  return lacking.empty() ? std::move(reader) : arranged(std::move(reader), std::move(columns), lacking, file.path);
}

// Another file of the same set has the same columns, in whatever order.
std::unique_ptr<TableReader> TableRows::openSibling(const TableFile& file, Sha256* hash) const {
  const std::string& first = settings_.files.front().path;
  CsvOptions options = settings_.csv;
  if (!header_.empty()) options.header = header_;
  options.types.clear();
  std::vector<std::string> names, others;
  for (const ColumnSpec& column : store_->columns()) {
    names.push_back(column.name);
    options.types[column.name] = column.type;
  }
  options.may_lack = names;
  options.may_be_empty = true;
  auto reader = open(file, options, hash);
  for (const ColumnSpec& column : reader->columns()) {
    others.push_back(column.name);
    if (!contains(names, column.name))
      throw Error({.file = file.path}, "the column \"" + column.name + "\" is in this file, but not in " + first,
                  "all files of one table have the same columns");
  }
  for (const std::string& name : names)
    if (!contains(others, name))
      throw Error({.file = file.path}, "the column \"" + name + "\" is in " + first + ", but not in this file",
                  "all files of one table have the same columns");
  return names == others ? std::move(reader) : arranged(std::move(reader), store_->columns(), {}, file.path);
}

std::unique_ptr<TableReader> TableRows::openPlain(const TableFile& file, const CsvOptions& options,
                                                  Sha256* hash) const {
  const bool sqlite = settings_.format == "sqlite";
  if (sqlite || settings_.format == "parquet" || settings_.format == "arrow" ||
      (settings_.format == "auto" && isArrowFile(file.path))) {
    if (hash && isRemote(file.path)) {
      hash->update(remoteIdentity(file.path));
    } else if (hash) {
      // The readers of these formats jump about in the file, so it is hashed on its own.
      FileBytes bytes(file.path, hash);
      std::vector<char> buffer(size_t{1} << 20);
      while (bytes.read(buffer.data(), buffer.size()) > 0) {
      }
      hash->update(settings_.query);
    }
    if (sqlite) return openSqlite(file.path, settings_.query, options, settings_.stop);
    return openArrowFile(file.path, {.only = options.only,
                                     .may_lack = options.may_lack,
                                     .types = options.types,
                                     .missing = options.missing,
                                     .may_be_empty = options.may_be_empty,
                                     .threads = settings_.threads,
                                     .stop = settings_.stop});
  }
  return std::make_unique<CsvReader>(file.path, options,
                                     CsvReading{.threads = settings_.threads, .hash = hash, .stop = settings_.stop});
}

CsvOptions TableRows::optionsFor() const {
  CsvOptions options = settings_.csv;
  options.may_lack = settings_.targets;
  options.may_lack.insert(options.may_lack.end(), settings_.may_lack.begin(), settings_.may_lack.end());
  if (settings_.expected) {
    for (const ColumnSpec& column : *settings_.expected) {
      options.only.push_back(column.name);
      options.types[column.name] = column.type;
    }
  } else if (settings_.target_kind == "label" && settings_.targets.size() == 1) {
    options.types.emplace(settings_.targets[0], ColumnType::Category);
  }
  return options;
}

std::unique_ptr<TableReader> TableRows::openFirst(std::unique_ptr<Sha256>& hash) {
  const TableFile& file = settings_.files.front();
  CsvOptions options = optionsFor();
  const bool whole = settings_.most_rows == 0;
  auto reader = open(file, options, whole ? hash.get() : nullptr);
  if (!settings_.may_lack.empty()) reader = withLacking(std::move(reader), file);
  const auto target = std::find_if(reader->columns().begin(), reader->columns().end(),
                                   [&](const ColumnSpec& c) { return contains(settings_.targets, c.name); });
  labelled_ = settings_.target_kind == "label" ||
              (settings_.target_kind == "auto" && settings_.targets.size() == 1 && target != reader->columns().end() &&
               (target->type == ColumnType::Category || target->type == ColumnType::Text));
  if (labelled_ && settings_.targets.size() > 1)
    throw Error({.parameter = "target_kind"}, "a label is one column, got " + std::to_string(settings_.targets.size()),
                "several targets of 0 and 1 are several labels at once: set `target_kind` to target");
  if (labelled_ && target != reader->columns().end() && (target->type != ColumnType::Category || target->undecided)) {
    // Only now is it known that this column holds classes.
    options.types[target->name] = ColumnType::Category;
    reader.reset();
    hash = std::make_unique<Sha256>();
    reader = open(file, options, whole ? hash.get() : nullptr);
  }
  std::vector<std::string> names;
  for (const ColumnSpec& column : reader->columns()) names.push_back(column.name);
  for (const std::string& name : settings_.targets) {
    if (contains(names, name) || settings_.expected) continue;
    const std::string near = nearestName(name, names);
    throw Error({.parameter = "target", .file = file.path}, "there is no column \"" + name + "\"",
                near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  const auto* const csv = dynamic_cast<const CsvReader*>(reader.get());
  if (csv) header_ = csv->layout().dialect.header ? "yes" : "no";
  const char point = csv ? csv->layout().dialect.point : '.';
  store_ = std::make_unique<RowStore>(reader->columns(), settings_.memory_budget, point);
  sortColumns();
  return reader;
}

void TableRows::sortColumns() {
  const std::vector<ColumnSpec>& columns = store_->columns();
  for (const std::string& name : settings_.targets)
    for (size_t c = 0; c < columns.size(); ++c)
      if (columns[c].name == name) targets_.push_back(c);
  for (size_t c = 0; c < columns.size(); ++c)
    if (!contains(settings_.targets, columns[c].name)) features_.push_back(c);
  target_range_.assign(targets_.size(),
                       {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()});
  if (!settings_.expected) return;
  for (size_t c = 0; c < columns.size(); ++c)
    for (size_t e = 0; e < settings_.expected->size(); ++e)
      if ((*settings_.expected)[e].name == columns[c].name) store_->classTable(c).expect(settings_.expected_classes[e]);
}

void TableRows::readAll(TableReader& reader, const TableFile& file) {
  RowBlock block;
  const int64_t before = store_->rows();
  const int64_t after = bytes_before_ + reader.bytesTotal();
  while (reader.next(block)) {
    if (!settings_.expected) checkTargets(block, file);
    store_->append(block);
    if (settings_.progress) settings_.progress(bytes_before_ + reader.bytesDone(), std::max(bytes_all_, after));
    if (settings_.stop && settings_.stop->load()) throw Error({}, "stopped", {}, Fault::TryAgain);
    if (settings_.most_rows > 0 && store_->rows() >= settings_.most_rows) {
      partial_ |= reader.next(block);
      break;
    }
  }
  bytes_before_ = after;
  role_rows_.back() += store_->rows() - before;
}

void TableRows::checkTargets(RowBlock& block, const TableFile& file) {
  std::vector<char> keep;
  for (size_t t = 0; t < targets_.size(); ++t) {
    const ColumnBlock& column = block.columns[targets_[t]];
    const ColumnSpec& spec = store_->columns()[targets_[t]];
    std::vector<int64_t> rows;
    for (int64_t row = 0; row < block.rows; ++row)
      if (missing(column, spec.type, static_cast<size_t>(row))) rows.push_back(row);
    for (const double number : column.numbers) {
      if (std::isnan(number)) continue;
      target_range_[t].first = std::min(target_range_[t].first, number);
      target_range_[t].second = std::max(target_range_[t].second, number);
    }
    if (rows.empty()) continue;
    if (!settings_.drop_missing_target) {
      std::string where;
      for (size_t i = 0; i < std::min<size_t>(rows.size(), 5); ++i)
        where += (i > 0 ? ", " : "") +
                 std::to_string(block.first_line > 0 ? block.lineOf(rows[i]) : store_->rows() + rows[i] + 1);
      throw Error({.parameter = "missing_target", .file = file.path, .line = block.lineOf(rows[0])},
                  "the target \"" + spec.name + "\" is missing in " + (block.first_line > 0 ? "line " : "row ") +
                      where + (rows.size() > 5 ? " and more" : ""),
                  "fill it in, or set `missing_target` to drop to leave such rows out");
    }
    if (keep.empty()) keep.assign(static_cast<size_t>(block.rows), 1);
    for (const int64_t row : rows) keep[static_cast<size_t>(row)] = 0;
  }
  if (keep.empty()) return;
  dropped_ += std::count(keep.begin(), keep.end(), 0);
  filter(block, keep);
}

void TableRows::checkConstant() const {
  for (size_t t = 0; t < targets_.size(); ++t) {
    const ColumnSpec& column = store_->columns()[targets_[t]];
    const ClassTable& classes = store_->classTable(targets_[t]);
    const bool coded = classes.size() > 0;
    if (coded ? classes.size() > 1 : target_range_[t].first != target_range_[t].second)
      continue;  // no value: +inf, -inf
    const std::string value = coded ? classes.classes()->front() : numberText(target_range_[t].first);
    throw Error({.parameter = "target", .file = settings_.files[0].path},
                "the target \"" + column.name + "\" is \"" + value + "\" in every row",
                "there is nothing to learn: choose another column");
  }
}

}  // namespace blockyard
