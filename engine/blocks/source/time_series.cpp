// Time series: windows of one or several series, with what follows each window as its target.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/series_file.hpp"
#include "data/series_rows.hpp"

namespace blockyard::source {
namespace {

class TimeSeries final : public Source {
 public:
  TimeSeries(const SourceSetup& setup, int64_t most_rows)
      : values_(setup.values),
        budget_(setup.memory_budget),
        predicting_(setup.expected != nullptr && !setup.all_files),
        lookback_(values_.integer("lookback")),
        horizon_(values_.integer("horizon")),
        target_as_(values_.text("target_as")),
        targets_(values_.texts("targets")),
        features_(values_.texts("features").empty() ? targets_ : values_.texts("features")) {
    if (values_.text("time").empty()) throw Error({.parameter = "time"}, "expected the column with the time, got none");
    if (features_.empty())
      throw Error({.parameter = "targets"}, "expected the columns to predict, or `features` to look at, got none");
    const SeriesFile file(setup, wantedColumns(setup), most_rows > 0 ? most_rows + lookback_ + horizon_ : 0);
    partial_ = file.partial();
    fingerprint_ = file.fingerprint();
    path_ = file.path();
    for (const auto& name : targets_) has_targets_ &= file.has(name);
    if (targets_.empty() || (setup.expected && setup.expected->count("target") == 0)) has_targets_ = false;
    arrange(file);
    if (has_targets_) chooseKind(file, setup);
    readValues(file);
    findWindows();
    describe(setup);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return static_cast<int64_t>(starts_.size()); }
  bool partial() const override { return partial_; }
  Texts notices() const override {
    if (names_.empty()) return {};
    std::vector<char> has_window(names_.size(), 0);
    for (const int64_t start : starts_) has_window[static_cast<size_t>(series_.series[static_cast<size_t>(start)])] = 1;
    const auto left_out = std::count(has_window.begin(), has_window.end(), 0);
    if (left_out == 0) return {};
    const auto first = std::find(has_window.begin(), has_window.end(), 0) - has_window.begin();
    return {std::to_string(left_out) + " of " + std::to_string(names_.size()) +
            " series give no window, since none has rows enough without gaps; the first is \"" +
            names_[static_cast<size_t>(first)] + "\""};
  }
  std::string fingerprint() const override { return fingerprint_; }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows() - first));
    if (port == "windows") return {windows(x_, 0, lookback_, first, count), window_meaning_};
    if (label_) return {labels(first, count), target_meaning_};
    at::Tensor y = windows(y_, lookback_, horizon_, first, count);  // [N, H, T]
    if (target_as_ != "value") y = change(y, windows(y_, lookback_ - 1, 1, first, count));
    y = y.flatten(1);
    return {y.size(1) == 1 ? y.squeeze(1) : y, target_meaning_};
  }

  RowSpans spans() const override {
    RowSpans out;
    const int64_t ahead = targets_.empty() ? 0 : horizon_;
    for (const int64_t start : starts_) {
      const auto at = static_cast<size_t>(start);
      const auto last = std::min(static_cast<size_t>(start + lookback_ + ahead) - 1, series_.time.size() - 1);
      out.series.push_back(series_.series[at]);
      out.first.push_back(series_.time[at]);
      out.target.push_back(series_.time[ahead > 0 ? std::min(at + static_cast<size_t>(lookback_), last) : at]);
      out.last.push_back(series_.time[last]);
    }
    return out;
  }

  // The time of a row is that of the last value it is asked for.
  Table splitColumns(const std::vector<std::string>& names) override {
    std::vector<Table::Shared> columns;
    for (const auto& name : names) {
      Column column{.name = name};
      if (name == values_.text("time")) {
        column.type = dates_ ? ColumnType::Time : ColumnType::Number;
        column.numbers = spans().last;
      } else if (name == values_.text("series") && !name.empty()) {
        column.type = ColumnType::Category;
        column.classes = std::make_shared<const Texts>(names_);
        for (const int64_t start : starts_) column.codes.push_back(series_.series[static_cast<size_t>(start)]);
      } else {
        throw Error({.parameter = "split_column"}, "windows have no column \"" + name + "\"",
                    "there are the time" + std::string(names_.empty() ? "" : " and the name of the series"));
      }
      columns.push_back(std::make_shared<const Column>(std::move(column)));
    }
    return Table(std::move(columns));
  }

  // The series, and the time that is predicted; of several steps that of the first and of the last one. Where the steps
  // are not even, the time of a row that is not there yet is not known: the last one that was seen then says more.
  Table rowNames(int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows() - first));
    const std::string& name = values_.text("time");
    std::vector<Table::Shared> columns;
    if (!names_.empty()) columns.push_back(std::make_shared<const Column>(seriesNames(first, count)));
    const auto add = [&](const std::string& as, int64_t offset) {
      Column column{.name = as, .type = dates_ ? ColumnType::Time : ColumnType::Number};
      for (int64_t row = first; row < first + count; ++row)
        column.numbers.push_back(timeAt(series_, starts_[static_cast<size_t>(row)], lookback_, offset));
      columns.push_back(std::make_shared<const Column>(std::move(column)));
    };
    if (series_.step <= 0) add(name + " (last seen)", lookback_ - 1);
    add(horizon_ == 1 ? name : name + " +1", lookback_);
    if (horizon_ > 1) add(name + " +" + std::to_string(horizon_), lookback_ + horizon_ - 1);
    return Table(std::move(columns));
  }

 private:
  Column seriesNames(int64_t first, int64_t count) const {
    Column out{.name = values_.text("series"), .type = ColumnType::Category};
    out.classes = std::make_shared<const Texts>(names_);
    for (int64_t row = first; row < first + count; ++row)
      out.codes.push_back(series_.series[static_cast<size_t>(starts_[static_cast<size_t>(row)])]);
    return out;
  }

  std::vector<WantedColumn> wantedColumns(const SourceSetup& setup) const {
    using As = WantedColumn::As;
    std::vector<WantedColumn> out{{values_.text("time"), "time", As::Key}};
    if (!values_.text("series").empty()) out.push_back({values_.text("series"), "series", As::Class});
    for (const auto& name : features_)
      out.push_back({name, values_.texts("features").empty() ? "targets" : "features", As::Number});
    const std::string& kind = values_.text("target_kind");
    WantedColumn target{.parameter = "targets", .as = As::Answer, .may_lack = predicting_};
    if (kind == "label") target.as = As::Class;
    if (kind == "target") target.as = As::Number;
    if (setup.expected && setup.expected->count("target")) {
      const Signature& known = setup.expected->at("target");
      target.as = known.kind == Wire::Label ? As::Class : As::Number;
      target.classes = known.classes;
    }
    for (const auto& name : targets_) {
      target.name = name;
      out.push_back(target);
    }
    return out;
  }

  // Whether the target is a class, and if so which one each row has.
  void chooseKind(const SeriesFile& file, const SourceSetup& setup) {
    const Column column = file.column(targets_.front());
    const bool known = setup.expected != nullptr;
    label_ = column.type == ColumnType::Category || values_.text("target_kind") == "label" ||
             (known && setup.expected->at("target").kind == Wire::Label);
    if (!label_) return;
    const auto only = [&](bool holds, const std::string& parameter, const std::string& problem) {
      if (!holds) throw Error({.parameter = parameter, .file = path_}, problem);
    };
    only(targets_.size() == 1, "targets", "a class is one column, got " + std::to_string(targets_.size()));
    only(horizon_ == 1, "horizon", "expected 1 for a class, the next step, got " + std::to_string(horizon_));
    only(target_as_ == "value", "target_as", "expected \"value\" for a class, got \"" + target_as_ + "\"");
    const ClassCodes found = classCodes(column, known ? setup.expected->at("target").classes : Texts{});
    classes_ = found.classes;
    const std::string& how = values_.text("missing_values");
    for (size_t i = 0; i < series_.from.size(); ++i) {
      const int64_t row = series_.from[i];
      int32_t code = row < 0 ? kMissingCode : found.codes[static_cast<size_t>(row)];
      if (row >= 0 && code < 0 && how == "error" && !predicting_)
        throw Error({.parameter = "missing_values", .file = path_},
                    "the class in \"" + column.name + "\" is missing in row " + std::to_string(row + 1),
                    "set `missing_values` to skip, or to forward to take the one before");
      if (code < 0 && how == "forward" && i > 0 && series_.first[i] == 0) code = codes_.back();
      codes_.push_back(code);
    }
  }

  // The class that follows each window; -1: there is none yet.
  at::Tensor labels(int64_t first, int64_t count) const {
    at::Tensor out = at::empty({count}, at::kLong);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t start = starts_[static_cast<size_t>(first + i)];
      const bool there = goesOn(series_, start, lookback_);
      out.mutable_data_ptr<int64_t>()[i] = there ? codes_[static_cast<size_t>(start + lookback_)] : kMissingCode;
    }
    return out;
  }

  void arrange(const SeriesFile& file) {
    Column time = file.column(values_.text("time"));
    if (time.type != ColumnType::Time && time.type != ColumnType::Number)
      throw Error({.parameter = "time", .file = path_}, "expected times or numbers in the column \"" + time.name +
                                                            "\", got " + nameOf(time.type) + " values");
    dates_ = time.type == ColumnType::Time;
    Column series;
    if (!values_.text("series").empty()) series = file.column(values_.text("series"));
    if (series.classes) names_ = *series.classes;
    try {
      series_ = seriesRows(time.numbers, series.codes, names_,
                           {.sort = values_.flag("sort"),
                            .gaps = values_.text("gaps"),
                            .step = values_.number("step"),
                            .dates = dates_});
    } catch (const Error& error) {
      throw error.at({.file = path_});
    }
  }

  std::vector<float> valuesOf(const SeriesFile& file, const std::string& name) const {
    const std::vector<double> read = file.column(name).numbers;
    const std::string& how = values_.text("missing_values");
    std::vector<float> out;
    out.reserve(series_.from.size());
    for (const int64_t row : series_.from) {
      const double value = row < 0 ? kMissingNumber : read[static_cast<size_t>(row)];
      if (row >= 0 && std::isnan(value) && how == "error")
        throw Error({.parameter = "missing_values", .file = path_},
                    "the value of \"" + name + "\" is missing in row " + std::to_string(row + 1),
                    "set `missing_values` to forward, interpolate or skip");
      if (std::isinf(static_cast<float>(value)))
        throw Error({.file = path_}, "expected finite numbers in \"" + name + "\", got " + numberText(value) +
                                         " in row " + std::to_string(row + 1));
      out.push_back(static_cast<float>(value));
    }
    // A gap that was filled holds no values yet.
    if (how != "skip") fillMissing(out, series_, how == "error" ? "interpolate" : how);
    return out;
  }

  void readValues(const SeriesFile& file) {
    const auto count = static_cast<int64_t>(series_.from.size());
    const auto of = [&](const std::string& name) { return valuesOf(file, name); };
    x_ = sideBySide(features_, count, budget_, of);
    if (!has_targets_ || label_) return;
    y_ = sideBySide(targets_, count, budget_, of);
    if (target_as_ != "log_return") return;
    const at::Tensor bad = (y_ <= 0).nonzero();
    if (bad.size(0) == 0) return;
    const int64_t row = series_.from[static_cast<size_t>(bad[0][0].item<int64_t>())];
    throw Error({.parameter = "target_as", .file = path_},
                "a log return takes numbers above zero, and \"" +
                    targets_[static_cast<size_t>(bad[0][1].item<int64_t>())] + "\" has another" +
                    (row < 0 ? std::string() : " in row " + std::to_string(row + 1)),
                "set `target_as` to difference");
  }

  // What has become of the last value that a window shows: `last` is [N, 1, T].
  at::Tensor change(const at::Tensor& values, const at::Tensor& last) const {
    return target_as_ == "difference" ? values - last : (values / last).log_();
  }

  // Rows in which a value is missing.
  static std::vector<char> missingIn(const at::Tensor& values) {
    const at::Tensor bad = values.isnan().any(1).to(at::kByte).contiguous();
    return {bad.const_data_ptr<uint8_t>(), bad.const_data_ptr<uint8_t>() + bad.numel()};
  }

  void findWindows() {
    const int64_t stride = values_.integer("stride");
    const std::vector<char> bad = missingIn(x_);
    if (predicting_) {
      // What follows the last window is not known yet: that is the question.
      starts_ = windowStarts(series_.first, bad, lookback_, stride, true);
    } else if (!has_targets_) {
      starts_ = windowStarts(series_.first, bad, lookback_, stride, false);
    } else {
      std::vector<char> bad_target;
      if (!label_) bad_target = missingIn(y_);
      for (const int32_t code : codes_) bad_target.push_back(code < 0 ? 1 : 0);
      const auto isBad = [](const std::vector<char>& rows, int64_t from, int64_t count) {
        return std::any_of(rows.begin() + from, rows.begin() + from + count, [](char one) { return one != 0; });
      };
      const int64_t seen = target_as_ == "value" ? 0 : 1;  // a change is taken from the last value of the window
      for (const int64_t start : windowStarts(series_.first, {}, lookback_ + horizon_, stride, false))
        if (!isBad(bad, start, lookback_) && !isBad(bad_target, start + lookback_ - seen, horizon_ + seen))
          starts_.push_back(start);
    }
    if (!starts_.empty()) return;
    int64_t longest = 0, length = 0;
    for (const char first : series_.first) longest = std::max(longest, length = first != 0 ? 1 : length + 1);
    const int64_t needed = lookback_ + (predicting_ || !has_targets_ ? 0 : horizon_);
    throw Error({.parameter = "lookback", .file = path_},
                "no window fits: it takes " + std::to_string(needed) +
                    " rows without gaps or missing values, and the "
                    "longest stretch has " +
                    std::to_string(longest),
                "lower `lookback` or `horizon`, or see `gaps` and `missing_values`");
  }

  void describe(const SourceSetup& setup) {
    auto meaning = std::make_shared<Meaning>();
    meaning->columns = features_;
    outputs_["windows"] = {.shape = {"N", lookback_, static_cast<int64_t>(features_.size())}};
    window_meaning_ = std::move(meaning);
    if (!has_targets_) return;
    meaning = std::make_shared<Meaning>();
    if (label_) {
      if (classes_.size() < 2 && !setup.expected && !partial_)
        throw Error({.parameter = "targets", .file = path_}, "every row is of the class \"" + classes_.front() + "\"",
                    "there is nothing to tell apart");
      meaning->classes = classes_;
      outputs_["target"] = {
          .kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = classes_, .open = partial_};
      target_meaning_ = std::move(meaning);
      return;
    }
    for (int64_t h = 1; h <= horizon_; ++h)
      for (const auto& name : targets_)
        meaning->columns.push_back(changeName(name) + (horizon_ == 1 ? "" : " +" + std::to_string(h)));
    meaning->unit = values_.text("unit");
    const int64_t width = horizon_ * static_cast<int64_t>(targets_.size());
    Signature target{.kind = Wire::Target, .shape = {"N"}, .unit = meaning->unit};
    if (width > 1) target.shape.emplace_back(width);
    outputs_["target"] = std::move(target);
    target_meaning_ = std::move(meaning);
  }

  std::string changeName(const std::string& name) const {
    return target_as_ == "value" ? name : name + (target_as_ == "difference" ? " difference" : " log return");
  }

  // Rows [start + offset, + length) of each window [first, first + count): [count, length, columns]. Behind the end of
  // a series there is nothing, NaN.
  at::Tensor windows(const at::Tensor& values, int64_t offset, int64_t length, int64_t first, int64_t count) const {
    const int64_t width = values.size(1), all = values.size(0);
    at::Tensor out = at::full({count, length, width}, kMissingNumber, at::kFloat);
    const float* const from = values.const_data_ptr<float>();
    float* const to = out.mutable_data_ptr<float>();
    for (int64_t i = 0; i < count; ++i) {
      const int64_t start = starts_[static_cast<size_t>(first + i)] + offset;
      int64_t there = 0;
      while (there < length && start + there < all &&
             (offset + there == 0 || series_.first[static_cast<size_t>(start + there)] == 0))
        ++there;
      std::copy_n(from + start * width, there * width, to + i * length * width);
    }
    return out;
  }

  Values values_;
  int64_t budget_;
  bool predicting_, partial_ = false, has_targets_ = true, dates_ = false, label_ = false;
  int64_t lookback_, horizon_;
  std::string target_as_;
  Texts targets_, features_, names_, classes_;
  std::string fingerprint_, path_;
  SeriesRows series_;
  at::Tensor x_, y_;            // [R, F] and [R, T]
  std::vector<int32_t> codes_;  // [R], where the target is a class
  std::vector<int64_t> starts_;
  Signatures outputs_;
  std::shared_ptr<const Meaning> window_meaning_, target_meaning_;
};

std::unique_ptr<Source> openTimeSeries(const SourceSetup& setup) {
  return std::make_unique<TimeSeries>(setup, setup.most_rows);
}

// What the ports carry follows from the settings; the first rows show that the columns are there.
Signatures peekTimeSeries(const SourceSetup& setup) {
  return TimeSeries(setup, kDetectRows).outputs();
}

}  // namespace

BlockType time_series() {
  return {
      .schema =
          {.title = "Time series",
           .doc = "Windows of one or several series in a table, and as the target what follows each window: `horizon` "
                  "steps of the target columns, or the class of the next step. Split by time, with split_column the "
                  "column of the time: a row counts "
                  "as of its last target, and a training row whose target reaches into the time of validation or test "
                  "is left out. When predicting, the last window of a file asks for what comes after it.",
           .outputs = {{"windows", "float[N, L, F]", "`lookback` steps of the features"},
                       {"target", "label|target",
                        "the target columns in the steps that follow, step by step; or the next class"}},
           .params =
               {seriesFileParam(),
                {"time", "", {}, "the column with the time, or with a number that rises", "", Role::Column},
                {"series", "", {}, "the column that tells several series apart; empty: there is one", "", Role::Column},
                {"targets", Texts{}, {}, "the columns to predict; empty: no target", "", Role::Columns},
                {"target_kind", "auto", Choices{"auto", "label", "target"},
                 "label: a class, that of the next step; target: numbers. auto: label if the column holds texts"},
                {"features", Texts{}, {}, "the columns to look at; empty: the targets", "", Role::Columns},
                {"lookback", 24, Range{1, 1 << 20}, "steps that a window shows", "steps"},
                {"horizon", 1, Range{1, 1 << 16}, "steps to predict", "steps"},
                {"target_as", "value", Choices{"value", "difference", "log_return"},
                 "value: as it will be; difference: what it will be less the last value of the window; log_return: the "
                 "logarithm of what it will be divided by that value, as prices are compared"},
                {"stride", 1, Range{1, 1 << 20}, "steps from one window to the next", "steps"},
                {"sort", false, {}, "bring the rows into the order of their time; off: they must be"},
                {"gaps", "error", Choices{"error", "ignore", "fill", "skip"},
                 "where rows are missing: complain; take rows as they follow (trading days, months); fill in rows, "
                 "with "
                 "values as `missing_values` says; or leave out windows over the gap"},
                {"step", 0.0, Range{0, 1e15}, "time from one row to the next; 0: what is most frequent", "s"},
                {"missing_values", "error", Choices{"error", "forward", "interpolate", "skip"},
                 "where values are missing: complain (and interpolate in rows that `gaps` fills); take the value "
                 "before; take the line between neighbours, which looks ahead; or leave out such windows"},
                missingParam(),
                {"unit", "", {}, "unit of the target, shown beside it"}}},
      .open = openTimeSeries,
      .peek = peekTimeSeries};
}

}  // namespace blockyard::source
