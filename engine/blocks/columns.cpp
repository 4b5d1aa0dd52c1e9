#include "blocks/columns.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

namespace blockyard {
namespace {

std::string typesText(ColumnTypes types) {
  std::string out;
  for (const auto type : types) out += (out.empty() ? "" : " or ") + std::string(nameOf(type));
  return out;
}

bool among(ColumnTypes types, ColumnType type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

std::vector<ColumnInfo> columnsOf(const Table& table) {
  std::vector<ColumnInfo> out;
  for (const auto& column : table.columns())
    out.push_back({column->name, column->type, column->classes ? *column->classes : std::vector<std::string>{}});
  return out;
}

Signature signatureOf(const Table& table) {
  return {.kind = Wire::Table, .shape = {"N"}, .columns = columnsOf(table)};
}

Texts pickColumns(const std::vector<ColumnInfo>& have, const Texts& wanted, ColumnTypes types,
                  const std::string& parameter, bool open) {
  Texts out;
  if (wanted.empty()) {
    for (const auto& column : have)
      if (among(types, column.type)) out.push_back(column.name);
    return out;
  }
  std::unordered_map<std::string_view, const ColumnInfo*> known;
  for (const auto& column : have) known.emplace(column.name, &column);
  std::unordered_set<std::string_view> taken;
  for (const auto& name : wanted) {
    const auto it = known.find(name);
    if (it == known.end()) {
      if (open) continue;
      Texts names;
      for (const auto& column : have) names.push_back(column.name);
      const std::string near = nearestName(name, names);
      throw Error({.parameter = parameter}, "there is no column \"" + name + "\"",
                  near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    if (!among(types, it->second->type))
      throw Error({.parameter = parameter}, "expected columns of type " + typesText(types) + ", but \"" + name +
                                                "\" is " + nameOf(it->second->type));
    if (taken.insert(name).second) out.push_back(name);
  }
  return out;
}

Texts pickColumns(const Signature& table, const Texts& wanted, ColumnTypes types, const std::string& parameter) {
  return pickColumns(table.columns, wanted, types, parameter, table.open);
}

ColumnInfo* findColumn(std::vector<ColumnInfo>& columns, const std::string& name) {
  const auto it = std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == name; });
  return it == columns.end() ? nullptr : &*it;
}

bool contains(const Texts& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::unordered_set<std::string> setOf(const Texts& names) {
  return {names.begin(), names.end()};
}

Param columnsParam(const std::string& type) {
  return {"columns", Texts{}, {}, "the columns to work on; empty: every " + type + " column", "", Role::Columns};
}

Signatures inferNumbers(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  for (const auto& name : pickColumns(out, values.texts("columns"), {ColumnType::Number, ColumnType::Time}))
    findColumn(out.columns, name)->type = ColumnType::Number;
  return {{"y", out}};
}

void requireLowBelowHigh(const Values& values) {
  const double low = values.number("low"), high = values.number("high");
  if (low >= high)
    throw Error({.parameter = "high"},
                "expected a number above low = " + Value(low).text() + ", got " + Value(high).text());
}

State Learned::state() const {
  State out;
  out.values.set("columns", columns);
  for (const auto& [name, list] : numbers) out.tensors.emplace(name, tensorOf(list));
  return out;
}

void Learned::load(const State& state, std::initializer_list<const char*> names) {
  columns = stateTexts(state, "columns");
  numbers.clear();
  for (const char* name : names) numbers[name] = stateNumbers(state, name, columns.size());
}

void throwNoRows() {
  throw Error({.port = "x"}, "expected training rows to learn from, got none");
}

void forEachColumn(size_t count, int64_t rows, const std::function<void(size_t)>& work) {
  constexpr int64_t kWorthAThread = 16384;
  const int64_t grain = std::max<int64_t>(1, kWorthAThread / std::max<int64_t>(1, rows));
  at::parallel_for(0, static_cast<int64_t>(count), grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) work(static_cast<size_t>(i));
  });
}

Table withColumns(const Table& table, const Texts& names, const MakeColumns& make) {
  std::vector<std::vector<Column>> made(names.size());
  forEachColumn(names.size(), table.rows(), [&](size_t i) { made[i] = make(table.column(names[i]), i); });
  std::vector<Table::Shared> out;
  for (const auto& column : table.columns()) {
    const auto it = std::find(names.begin(), names.end(), column->name);
    if (it == names.end()) {
      out.push_back(column);
    } else {
      for (auto& replacement : made[static_cast<size_t>(it - names.begin())])
        out.push_back(std::make_shared<const Column>(std::move(replacement)));
    }
  }
  return out.empty() ? Table(table.rows()) : Table(std::move(out));
}

Table withNumbers(const Table& table, const Texts& names, const ChangeNumbers& change) {
  return withColumns(table, names, [&](const Column& column, size_t index) {
    std::vector<Column> out(1, column);
    out.front().type = ColumnType::Number;
    change(out.front().numbers.data(), column.rows(), index);
    return out;
  });
}

void Moments::add(const double* values, int64_t count) {
  constexpr int64_t kBlock = 2048;  // 16 KB: stays in the first cache for the second pass
  for (int64_t first = 0; first < count; first += kBlock) addBlock(values + first, std::min(kBlock, count - first));
}

// Eight sums side by side, so that the loops run as vector instructions and the order of adding never changes.
void Moments::addBlock(const double* values, int64_t count) {
  constexpr int64_t kLanes = 8;
  double present[kLanes] = {}, sum[kLanes] = {}, squares[kLanes] = {}, low[kLanes], high[kLanes];
  std::fill_n(low, kLanes, low_);
  std::fill_n(high, kLanes, high_);
  // Values are summed as their distance from one near them, so that a large mean costs no digits.
  const double near = count_ > 0 ? mean_ : *std::find_if(values, values + count - 1, [](double v) { return v == v; });
  const auto each_lane = [&](const auto& take) {
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes)
      for (int64_t lane = 0; lane < kLanes; ++lane) take(values[i + lane], lane);
    for (int64_t lane = 0; i < count; ++i, ++lane) take(values[i], lane);
  };
  each_lane([&](double v, int64_t lane) {
    const bool there = v == v;
    present[lane] += there ? 1.0 : 0.0;
    sum[lane] += there ? v - near : 0.0;
    low[lane] = v < low[lane] ? v : low[lane];
    high[lane] = v > high[lane] ? v : high[lane];
  });
  const auto total = [](const double* lanes) {
    return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
  };
  low_ = *std::min_element(low, low + kLanes);
  high_ = *std::max_element(high, high + kLanes);
  const double added = total(present);
  if (added == 0) return;
  const double mean = near + total(sum) / added;
  each_lane([&](double v, int64_t lane) {
    const double away = v - mean;
    squares[lane] += v == v ? away * away : 0.0;
  });
  const auto before = static_cast<double>(count_);
  const double apart = mean - mean_, all = before + added;
  squares_ += total(squares) + apart * apart * (before * added / all);
  mean_ += apart * (added / all);
  count_ += static_cast<int64_t>(added);
}

void Moments::requireFinite(const std::string& column) const {
  if (count_ == 0 || (std::isfinite(low_) && std::isfinite(high_))) return;
  throw Error({.port = "x"},
              "expected finite numbers in column \"" + column + "\", got " + (std::isinf(high_) ? "inf" : "-inf"),
              "correct the data, or insert Quantile clip before");
}

double Moments::deviation() const {
  if (count_ == 0) return 0;
  const auto n = static_cast<double>(count_);
  const double variance = squares_ / n;
  // What rounding alone can leave of a constant column; scikit-learn draws the same line.
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  const double rounding = n * mean_ * kEpsilon;
  return variance <= n * kEpsilon * variance + rounding * rounding ? 0 : std::sqrt(variance);
}

void Quantiles::add(const Column& column) {
  for (const double v : column.numbers) {
    if (std::isnan(v)) continue;
    if (levels_[0].size() == kExact) compact(0);
    levels_[0].push_back(v);
    ++count_;
  }
}

void Quantiles::compact(size_t level) {
  if (levels_.size() == level + 1) {
    levels_.emplace_back();
    odd_.push_back(false);
  }
  if (levels_[level + 1].size() + kExact / 2 > kExact) compact(level + 1);
  std::vector<double>& full = levels_[level];
  std::sort(full.begin(), full.end());
  for (size_t i = odd_[level] ? 1 : 0; i < full.size(); i += 2) levels_[level + 1].push_back(full[i]);
  odd_[level] = !odd_[level];
  full.clear();
}

std::vector<std::pair<double, int64_t>> Quantiles::weighted() const {
  std::vector<std::pair<double, int64_t>> out;
  for (size_t level = 0; level < levels_.size(); ++level)
    for (const double v : levels_[level]) out.emplace_back(v, int64_t{1} << level);
  std::sort(out.begin(), out.end());
  return out;
}

double Quantiles::at(double share) const {
  const auto weighted = this->weighted();
  int64_t total = 0;
  for (const auto& item : weighted) total += item.second;
  const double position = share * static_cast<double>(total - 1);
  const auto below = static_cast<int64_t>(std::floor(position));
  int64_t seen = 0;
  for (size_t i = 0; i < weighted.size(); ++i) {
    seen += weighted[i].second;
    if (seen <= below) continue;
    const double low = weighted[i].first, part = position - static_cast<double>(below);
    const double high = seen > below + 1 || i + 1 == weighted.size() ? low : weighted[i + 1].first;
    return part == 0 || low == high ? low : low + (high - low) * part;
  }
  return weighted.back().first;
}

void Counts::add(const Column& column) {
  if (column.type == ColumnType::Category) {
    classes_ = column.classes;
    if (classes_) per_class_.resize(std::max(per_class_.size(), classes_->size()));
    for (const int32_t code : column.codes)
      if (code >= 0) ++per_class_[static_cast<size_t>(code)];
    return;
  }
  for (const double v : column.numbers) {
    if (std::isnan(v) || too_many_) continue;
    ++per_number_[v];
    too_many_ = per_number_.size() > kMost;
  }
}

bool Counts::mostFrequent(double& value) const {
  int64_t most = 0;
  for (size_t code = 0; code < per_class_.size(); ++code)
    if (per_class_[code] > most) most = per_class_[code], value = static_cast<double>(code);
  for (const auto& [number, count] : per_number_)
    if (count > most || (count == most && number < value)) most = count, value = number;
  return most > 0;
}

}  // namespace blockyard
