#include "data/row_store.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "base/error.hpp"
#include "data/parse_number.hpp"
#include "data/short_numbers.hpp"
#include "data/unnamed_file.hpp"

namespace blockyard {
namespace {

bool smallerNumber(const std::pair<double, int32_t>& a, const std::pair<double, int32_t>& b) {
  return a.first < b.first;
}

// As where a column is known to hold numbers, but for the line.
void refuseInfinite(NumberText kind, const std::string& column, const std::string& text) {
  if (kind == NumberText::Infinite)
    throw Error({}, "column \"" + column + "\": expected a finite number, got \"" + text + "\"",
                "add it to the parameter `missing` if it stands for a missing value");
}

}  // namespace

void ClassTable::expect(const std::vector<std::string>& classes) {
  for (const std::string& name : classes) code(name);
  expected_ = names_.size();
}

int32_t ClassTable::code(std::string_view name) {
  const auto it = codes_.find(name);
  if (it != codes_.end()) return it->second;
  const auto next = static_cast<int32_t>(names_.size());
  names_.emplace_back(name);
  codes_.emplace(names_.back(), next);
  return next;
}

void ClassTable::finish() {
  std::vector<int32_t> order(names_.size());
  std::iota(order.begin(), order.end(), 0);
  const auto fresh = order.begin() + static_cast<int64_t>(expected_);
  std::sort(fresh, order.end(),
            [&](int32_t a, int32_t b) { return names_[static_cast<size_t>(a)] < names_[static_cast<size_t>(b)]; });
  std::vector<std::pair<double, int32_t>> numbers;
  for (auto it = fresh; it != order.end(); ++it) {
    double number = 0;
    if (parseNumber(names_[static_cast<size_t>(*it)], '.', number) != NumberText::Finite) break;
    numbers.emplace_back(number, *it);
  }
  if (numbers.size() == static_cast<size_t>(order.end() - fresh)) {
    // Stable: "1" and "1.0" stay in the order of their bytes.
    std::stable_sort(numbers.begin(), numbers.end(), smallerNumber);
    std::transform(numbers.begin(), numbers.end(), fresh, [](const auto& pair) { return pair.second; });
  }
  std::vector<std::string> sorted;
  final_.resize(names_.size());
  for (size_t i = 0; i < order.size(); ++i) {
    final_[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
    sorted.push_back(names_[static_cast<size_t>(order[i])]);
  }
  sorted_ = std::make_shared<const std::vector<std::string>>(std::move(sorted));
  codes_.clear();
}

ColumnType ClassTable::kindOf(int64_t rows, char point) const {
  const auto all = [&](const auto& is) { return std::all_of(sorted_->begin(), sorted_->end(), is); };
  double number = 0;
  if (all([&](const std::string& name) { return parseNumber(name, point, number) != NumberText::None; }))
    return ColumnType::Number;
  if (all([](const std::string& name) { return !std::isnan(timeFromText(name)); })) return ColumnType::Time;
  return static_cast<int64_t>(names_.size()) <= std::max<int64_t>(20, rows / 2) ? ColumnType::Category
                                                                                : ColumnType::Text;
}

RowStore::RowStore(std::vector<ColumnSpec> columns, int64_t memory_budget, char point)
    : columns_(std::move(columns)),
      limit_(std::min(memory_budget, kMostInMemory)),
      point_(point),
      tables_(columns_.size()),
      coded_(columns_.size()),
      numbers_(columns_.size()),
      remapped_(columns_.size()),
      packed_(columns_.size()) {
  for (size_t c = 0; c < columns_.size(); ++c) coded_[c] = columns_[c].type == ColumnType::Category;
}

void RowStore::decide(size_t column) {
  columns_[column].type = tables_[column].kindOf(rows_, point_);
  for (const std::string& name : *tables_[column].classes()) {
    double number = kMissingNumber;
    if (columns_[column].type == ColumnType::Number)
      refuseInfinite(parseNumber(name, point_, number), columns_[column].name, name);
    else
      number = timeFromText(name);
    numbers_[column].push_back(number);
  }
}

void RowStore::remap(const ColumnBlock& block, size_t column) {
  std::vector<int32_t> known(block.classes.size());
  for (size_t i = 0; i < known.size(); ++i) known[i] = tables_[column].code(block.classes[i]);
  remapped_[column].resize(block.codes.size());
  std::transform(block.codes.begin(), block.codes.end(), remapped_[column].begin(),
                 [&](int32_t code) { return code < 0 ? code : known[static_cast<size_t>(code)]; });
}

RowStore::Runs RowStore::runsOf(const RowBlock& block, Stored& stored) {
  Runs runs;
  const auto add = [&](const auto& values) {
    const size_t size = values.size() * sizeof(values[0]);
    if (size > 0) runs.emplace_back(reinterpret_cast<const char*>(values.data()), size);
    stored.size += static_cast<int64_t>(size);
  };
  for (size_t c = 0; c < columns_.size(); ++c) {
    const ColumnBlock& column = block.columns[c];
    stored.starts.push_back(stored.size);
    std::optional<int>& places = stored.places.emplace_back();
    if (coded_[c]) {
      remap(column, c);
      add(remapped_[c]);
    } else if (columns_[c].type == ColumnType::Text) {
      add(column.texts.ends);
      add(column.texts.bytes);
    } else {
      places = packNumbers(column.numbers, packed_[c]);
      if (places)
        add(packed_[c]);
      else
        add(column.numbers);
    }
  }
  return runs;
}

void RowStore::append(const RowBlock& block) {
  if (block.rows == 0) return;
  Stored stored{.first_row = rows_, .rows = block.rows};
  const Runs runs = runsOf(block, stored);
  if (!spooled() && memory_bytes_ + stored.size > limit_) spool();
  if (spooled()) {
    write(stored, runs);
  } else {
    stored.bytes.reserve(static_cast<size_t>(stored.size));
    for (const std::string_view run : runs) stored.bytes.insert(stored.bytes.end(), run.begin(), run.end());
    memory_bytes_ += stored.size;
  }
  stored_.push_back(std::move(stored));
  rows_ += block.rows;
}

void RowStore::finish() {
  for (ClassTable& table : tables_) table.finish();
  for (size_t c = 0; c < columns_.size(); ++c)
    if (columns_[c].undecided) decide(c);
  std::vector<std::vector<int32_t>>().swap(remapped_);
  std::vector<std::vector<int32_t>>().swap(packed_);
}

void RowStore::spool() {
  file_ = unnamedFile(file_name_);
  for (Stored& stored : stored_) {
    write(stored, {{stored.bytes.data(), stored.bytes.size()}});
    std::vector<char>().swap(stored.bytes);
  }
  memory_bytes_ = 0;
}

void RowStore::write(Stored& stored, const Runs& runs) {
  stored.offset = file_size_;
  std::vector<iovec> pieces;
  for (const std::string_view run : runs) pieces.push_back({const_cast<char*>(run.data()), run.size()});
  for (size_t at = 0; at < pieces.size();) {
    const auto count = static_cast<int>(std::min<size_t>(pieces.size() - at, IOV_MAX));
    ssize_t put = ::pwritev(file_.get(), pieces.data() + at, count, file_size_);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0)
      throw Error(
          {.file = file_name_},
          std::string("cannot write rows to a temporary file there: ") + std::strerror(put < 0 ? errno : ENOSPC),
          "free some space there, or set TMPDIR to a folder on a larger disk", Fault::Failed);
    file_size_ += put;
    for (; at < pieces.size() && static_cast<size_t>(put) >= pieces[at].iov_len; ++at)
      put -= static_cast<ssize_t>(pieces[at].iov_len);
    if (put > 0) {
      pieces[at].iov_base = static_cast<char*>(pieces[at].iov_base) + put;
      pieces[at].iov_len -= static_cast<size_t>(put);
    }
  }
}

void RowStore::fetch(const Stored& stored, int64_t at, void* into, size_t size) const {
  if (!spooled()) {
    if (size > 0) std::memcpy(into, stored.bytes.data() + at, size);
    return;
  }
  for (size_t done = 0; done < size;) {
    const ssize_t got = ::pread(file_.get(), static_cast<char*>(into) + done, size - done,
                                stored.offset + at + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      throw Error(
          {.file = file_name_},
          std::string("cannot read rows from the temporary file there: ") + std::strerror(got < 0 ? errno : EIO), {},
          Fault::Failed);
    done += static_cast<size_t>(got);
  }
}

void RowStore::readInto(const Stored& stored, size_t column, int64_t from, int64_t count, Column& into) const {
  const int64_t start = stored.starts[column];
  const auto n = static_cast<size_t>(count);
  if (coded_[column]) {
    std::vector<int32_t> codes(n);
    fetch(stored, start + from * 4, codes.data(), n * sizeof(int32_t));
    for (const int32_t appeared : codes) {
      const int32_t code = tables_[column].sortedCode(appeared);
      if (into.type == ColumnType::Category)
        into.codes.push_back(code);
      else if (into.type == ColumnType::Text)
        into.texts.push_back(code < 0 ? "" : (*tables_[column].classes())[static_cast<size_t>(code)]);
      else
        into.numbers.push_back(code < 0 ? kMissingNumber : numbers_[column][static_cast<size_t>(code)]);
    }
  } else if (into.type == ColumnType::Text) {
    std::vector<uint32_t> ends(n + 1, 0);
    const int64_t skip = from > 0 ? 1 : 0;  // the end of the text before is where the first one starts
    fetch(stored, start + (from - skip) * 4, ends.data() + 1 - skip,
          (n + static_cast<size_t>(skip)) * sizeof(uint32_t));
    std::string bytes(ends[n] - ends[0], '\0');
    fetch(stored, start + stored.rows * 4 + ends[0], bytes.data(), bytes.size());
    for (size_t i = 0; i < n; ++i) into.texts.emplace_back(bytes, ends[i] - ends[0], ends[i + 1] - ends[i]);
  } else {
    const size_t before = into.numbers.size();
    into.numbers.resize(before + n);
    if (const std::optional<int> places = stored.places[column]) {
      std::vector<int32_t> packed(n);
      fetch(stored, start + from * 4, packed.data(), n * sizeof(int32_t));
      unpackNumbers(*places, packed.data(), std::span(into.numbers).subspan(before));
    } else {
      fetch(stored, start + from * 8, into.numbers.data() + before, n * sizeof(double));
    }
  }
}

Table RowStore::read(int64_t first, int64_t count, const std::vector<size_t>& picks) const {
  if (picks.empty()) return Table(count);
  std::vector<Table::Shared> columns;
  // The block that holds the first row: the last one that starts at or before it.
  auto begin = std::upper_bound(stored_.begin(), stored_.end(), first,
                                [](int64_t row, const Stored& s) { return row < s.first_row; });
  if (begin != stored_.begin()) --begin;
  for (const size_t c : picks) {
    Column column{.name = columns_[c].name, .type = columns_[c].type};
    if (column.type == ColumnType::Category) {
      column.classes = tables_[c].classes();
      column.codes.reserve(static_cast<size_t>(count));
    } else if (column.type == ColumnType::Text) {
      column.texts.reserve(static_cast<size_t>(count));
    } else {
      column.numbers.reserve(static_cast<size_t>(count));
    }
    for (auto it = begin; it != stored_.end() && it->first_row < first + count; ++it) {
      const int64_t from = std::max<int64_t>(first - it->first_row, 0);
      const int64_t to = std::min(first + count - it->first_row, it->rows);
      readInto(*it, c, from, to - from, column);
    }
    columns.push_back(std::make_shared<const Column>(std::move(column)));
  }
  return Table(std::move(columns));
}

Table RowStore::read(int64_t first, int64_t count) const {
  std::vector<size_t> all(columns_.size());
  std::iota(all.begin(), all.end(), size_t{0});
  return read(first, count, all);
}

}  // namespace blockyard
