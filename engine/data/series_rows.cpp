#include "data/series_rows.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "data/table.hpp"

namespace blockyard {
namespace {

// So many rows a gap may need: more is a wrong step.
constexpr int64_t kMostFilled = 1'000'000;

class Arranger {
 public:
  Arranger(const std::vector<double>& time, const std::vector<int32_t>& series, const std::vector<std::string>& names,
           const SeriesOrder& order)
      : time_(time), series_(series), names_(names), order_(order) {}

  SeriesRows arranged() {
    const std::vector<int64_t> rows = inOrder();
    if (order_.gaps != "ignore" || order_.step > 0) step_ = order_.step > 0 ? order_.step : usualStep(rows);
    SeriesRows out;
    for (size_t i = 0; i < rows.size(); ++i) {
      const int64_t row = rows[i];
      const bool follows = i > 0 && seriesOf(rows[i - 1]) == seriesOf(row);
      bool first = !follows;
      if (follows) first = gap(rows[i - 1], row, out);
      add(out, row, time_[static_cast<size_t>(row)], seriesOf(row), first);
    }
    out.step = step_;
    return out;
  }

 private:
  int32_t seriesOf(int64_t row) const { return series_.empty() ? 0 : series_[static_cast<size_t>(row)]; }

  std::string timeOf(double time) const { return order_.dates ? timeText(time) : numberText(time); }

  std::string named(int64_t row) const {
    return series_.empty() ? "" : "series \"" + names_[static_cast<size_t>(seriesOf(row))] + "\": ";
  }

  static std::string rowText(int64_t row) { return "row " + std::to_string(row + 1); }

  // Series one behind the other, each in the order of its time.
  std::vector<int64_t> inOrder() const {
    std::vector<int64_t> rows(time_.size());
    std::iota(rows.begin(), rows.end(), int64_t{0});
    for (const int64_t row : rows) {
      if (std::isnan(time_[static_cast<size_t>(row)]))
        throw Error({.parameter = "time"}, "the time is missing in " + rowText(row),
                    "fill it in, or leave the row out");
      if (seriesOf(row) < 0)
        throw Error({.parameter = "series"}, "the name of the series is missing in " + rowText(row),
                    "fill it in, or leave the row out");
    }
    const auto time = [&](int64_t row) { return time_[static_cast<size_t>(row)]; };
    std::stable_sort(rows.begin(), rows.end(), [&](int64_t a, int64_t b) {
      if (seriesOf(a) != seriesOf(b)) return seriesOf(a) < seriesOf(b);
      return order_.sort && time(a) < time(b);
    });
    for (size_t i = 1; i < rows.size(); ++i) {
      const int64_t before = rows[i - 1], row = rows[i];
      if (seriesOf(before) != seriesOf(row) || time(before) < time(row)) continue;
      if (time(before) == time(row))
        throw Error({.parameter = "time"},
                    named(row) + "the time " + timeOf(time(row)) + " stands twice, in " + rowText(before) + " and " +
                        rowText(row),
                    "if there are several series, name the column that tells them apart in `series`");
      throw Error({.parameter = "sort"},
                  named(row) + "expected rows in the order of their time, but " + timeOf(time(row)) + " in " +
                      rowText(row) + " comes after " + timeOf(time(before)),
                  "set `sort`, or if there are several series, name the column that tells them apart in `series`");
    }
    return rows;
  }

  double usualStep(const std::vector<int64_t>& rows) const {
    std::map<double, int64_t> counts;
    for (size_t i = 1; i < rows.size(); ++i)
      if (seriesOf(rows[i - 1]) == seriesOf(rows[i]))
        ++counts[time_[static_cast<size_t>(rows[i])] - time_[static_cast<size_t>(rows[i - 1])]];
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() ? 0 : most->first;
  }

  std::string stepText() const { return numberText(step_) + (order_.dates ? " s" : ""); }

  // Whether the row begins anew behind `before`; fills the gap between them where that is wanted.
  bool gap(int64_t before, int64_t row, SeriesRows& out) const {
    if (order_.gaps == "ignore") return false;
    const double from = time_[static_cast<size_t>(before)], to = time_[static_cast<size_t>(row)];
    const double steps = (to - from) / step_, whole = std::round(steps);
    const bool fits = std::abs(steps - whole) < 1e-6 * std::max(1.0, whole);
    if (fits && whole == 1) return false;
    if (order_.gaps == "skip") return true;
    if (order_.gaps == "error")
      throw Error({.parameter = "gaps"},
                  named(row) + "expected a row for every " + stepText() + ", but " + timeOf(to) + " in " +
                      rowText(row) + " follows " + timeOf(from),
                  "set `gaps` to fill, skip or ignore, or set another `step`");
    if (!fits || whole > static_cast<double>(kMostFilled))
      throw Error({.parameter = "step"},
                  named(row) + "the gap from " + timeOf(from) + " to " + timeOf(to) + " in " + rowText(row) +
                      " cannot be filled with steps of " + stepText(),
                  "set another `step`, or set `gaps` to skip or ignore");
    for (int64_t k = 1; k < static_cast<int64_t>(whole); ++k)
      add(out, -1, from + static_cast<double>(k) * step_, seriesOf(row), false);
    return false;
  }

  static void add(SeriesRows& out, int64_t from, double time, int32_t series, bool first) {
    out.from.push_back(from);
    out.time.push_back(time);
    out.series.push_back(series);
    out.first.push_back(first ? 1 : 0);
  }

  const std::vector<double>& time_;
  const std::vector<int32_t>& series_;
  const std::vector<std::string>& names_;
  const SeriesOrder& order_;
  double step_ = 0;
};

}  // namespace

SeriesRows seriesRows(const std::vector<double>& time, const std::vector<int32_t>& series,
                      const std::vector<std::string>& names, const SeriesOrder& order) {
  return Arranger(time, series, names, order).arranged();
}

bool goesOn(const SeriesRows& rows, int64_t start, int64_t offset) {
  if (start + offset >= static_cast<int64_t>(rows.first.size())) return false;
  return std::none_of(rows.first.begin() + start + 1, rows.first.begin() + start + offset + 1,
                      [](char first) { return first != 0; });
}

double timeAt(const SeriesRows& rows, int64_t start, int64_t seen, int64_t offset) {
  if (goesOn(rows, start, offset)) return rows.time[static_cast<size_t>(start + offset)];
  if (rows.step <= 0) return kMissingNumber;
  return rows.time[static_cast<size_t>(start + seen - 1)] + static_cast<double>(offset - seen + 1) * rows.step;
}

void fillMissing(std::vector<float>& column, const SeriesRows& rows, const std::string& how) {
  const bool line = how == "interpolate";
  size_t last = column.size();  // the last value of this stretch; none
  for (size_t i = 0; i < column.size(); ++i) {
    if (rows.first[i] != 0) last = column.size();
    if (std::isnan(column[i])) {
      if (!line && last < column.size()) column[i] = column[last];
      continue;
    }
    if (line && last < column.size()) {
      const double from = column[last], rise = column[i] - from, width = rows.time[i] - rows.time[last];
      for (size_t k = last + 1; k < i; ++k)
        column[k] = static_cast<float>(from + rise * (rows.time[k] - rows.time[last]) / width);
    }
    last = i;
  }
}

std::vector<int64_t> windowStarts(const std::vector<char>& first, const std::vector<char>& bad, int64_t length,
                                  int64_t stride, bool to_end) {
  std::vector<int64_t> out;
  const auto rows = static_cast<int64_t>(first.size());
  for (int64_t begin = 0, end = 0; begin < rows; begin = end) {
    for (end = begin + 1; end < rows && first[static_cast<size_t>(end)] == 0;) ++end;
    const int64_t room = end - begin - length;
    int64_t good = 0;  // rows without a bad one, up to the window's end
    int64_t seen = begin;
    for (int64_t at = begin + (to_end && room >= 0 ? room % stride : 0); at + length <= end; at += stride) {
      for (; seen < at + length; ++seen) good = !bad.empty() && bad[static_cast<size_t>(seen)] != 0 ? 0 : good + 1;
      if (good >= length) out.push_back(at);
    }
  }
  return out;
}

}  // namespace blockyard
