// Signal: windows of long recordings with one or several channels, each with a class or number of its own.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/series_file.hpp"
#include "data/series_rows.hpp"

namespace blockyard::source {
namespace {

constexpr int64_t kPeekSamples = int64_t{1} << 18;

class Signal final : public Source {
 public:
  Signal(const SourceSetup& setup, int64_t most_rows)
      : values_(setup.values),
        window_(values_.integer("window")),
        channels_(values_.texts("channels")),
        target_(values_.text("target")) {
    if (channels_.empty()) throw Error({.parameter = "channels"}, "expected the columns with the signal, got none");
    const bool predicting = setup.expected != nullptr && !setup.all_files;
    if (setup.expected && setup.expected->count("target") == 0) target_.clear();
    label_ = values_.text("target_kind") == "label";
    if (label_ && setup.expected && !target_.empty()) classes_ = setup.expected->at("target").classes;
    known_classes_ = !classes_.empty();
    const SeriesFile file(setup, wantedColumns(predicting), most_rows);
    path_ = file.path(), fingerprint_ = file.fingerprint(), partial_ = file.partial();
    if (!target_.empty() && !file.has(target_)) target_.clear();
    findRecordings(file, predicting);
    readChannels(file, setup.memory_budget);
    std::vector<int64_t> starts = windowStarts(first_, {}, window_, hop(), false);
    if (starts.empty())
      throw Error({.parameter = "window", .file = path_},
                  "no window fits: it takes " + std::to_string(window_) + " samples, and the longest recording has " +
                      std::to_string(longest()),
                  "lower `window`, or see `recording`");
    if (target_.empty())
      starts_ = std::move(starts);
    else
      judge(file.column(target_), starts, predicting);
    describe(setup);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return static_cast<int64_t>(starts_.size()); }
  bool partial() const override { return partial_; }
  std::string fingerprint() const override { return fingerprint_; }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows() - first));
    if (port == "target") return {answers_.narrow(0, first, count), target_meaning_};
    std::vector<at::Tensor> parts;
    for (int64_t i = first; i < first + count; ++i)
      parts.push_back(signal_.narrow(0, starts_[static_cast<size_t>(i)], window_));
    const auto width = static_cast<int64_t>(channels_.size());
    if (parts.empty()) return {at::empty({0, width, window_}), signal_meaning_};
    return {at::stack(parts).transpose(1, 2).contiguous(), signal_meaning_};  // [N, C, W]
  }

  RowSpans spans() const override {
    RowSpans out;
    for (const int64_t start : starts_) {
      out.series.push_back(recording_[static_cast<size_t>(start)]);
      out.first.push_back(static_cast<double>(start));
      out.target.push_back(static_cast<double>(start));
      out.last.push_back(static_cast<double>(start + window_ - 1));
    }
    return out;
  }

  // Columns of `recording`, or all of them together under the name "recording".
  Table splitColumns(const std::vector<std::string>& names) override {
    std::vector<Table::Shared> columns;
    for (const auto& name : names) {
      const auto at = std::find(keys_.begin(), keys_.end(), name);
      if (at == keys_.end() && name != "recording")
        throw Error({.parameter = "split_column"}, "windows have no column \"" + name + "\"",
                    "there are \"recording\" and the columns that the parameter `recording` names");
      Column column{.name = name, .type = ColumnType::Text};
      for (const int64_t start : starts_) {
        const auto& cells = cells_[static_cast<size_t>(recording_[static_cast<size_t>(start)])];
        std::string text;
        for (size_t k = 0; k < cells.size(); ++k)
          if (at == keys_.end() || static_cast<size_t>(at - keys_.begin()) == k)
            text += (text.empty() ? "" : ", ") + cells[k];
        column.texts.push_back(text.empty() ? "all" : text);
      }
      columns.push_back(std::make_shared<const Column>(std::move(column)));
    }
    return Table(std::move(columns));
  }

 private:
  int64_t hop() const { return values_.integer("hop") > 0 ? values_.integer("hop") : window_; }

  std::vector<WantedColumn> wantedColumns(bool predicting) const {
    using As = WantedColumn::As;
    std::vector<WantedColumn> out;
    if (!target_.empty()) out.push_back({target_, "target", label_ ? As::Class : As::Number, predicting, classes_});
    for (const auto& name : values_.texts("recording"))
      if (name != target_) out.push_back({name, "recording", As::Key, predicting});
    for (const auto& name : channels_) out.push_back({name, "channels", As::Number});
    return out;
  }

  // A recording is a run of rows with the same values in the columns of `recording`.
  void findRecordings(const SeriesFile& file, bool predicting) {
    std::vector<Column> keys;
    for (const auto& name : values_.texts("recording")) {
      if (predicting && !file.has(name)) continue;
      keys.push_back(file.column(name));
      keys_.push_back(name);
    }
    const auto same = [&](int64_t row) {
      return std::all_of(keys.begin(), keys.end(), [&](const Column& key) {
        const auto at = static_cast<size_t>(row);
        if (key.type == ColumnType::Category) return key.codes[at] == key.codes[at - 1];
        return key.numbers[at] == key.numbers[at - 1] ||
               (std::isnan(key.numbers[at]) && std::isnan(key.numbers[at - 1]));
      });
    };
    for (int64_t row = 0; row < file.rows(); ++row) {
      const bool first = row == 0 || !same(row);
      first_.push_back(first ? 1 : 0);
      if (first) {
        cells_.emplace_back();
        for (const Column& key : keys) cells_.back().push_back(key.cell(row));
      }
      recording_.push_back(static_cast<int32_t>(cells_.size()) - 1);
    }
  }

  int64_t longest() const {
    int64_t most = 0, length = 0;
    for (const char first : first_) most = std::max(most, length = first != 0 ? 1 : length + 1);
    return most;
  }

  void readChannels(const SeriesFile& file, int64_t budget) {
    signal_ = sideBySide(channels_, file.rows(), budget, [&](const std::string& name) {
      const std::vector<double> numbers = file.column(name).numbers;
      for (size_t row = 0; row < numbers.size(); ++row)
        if (!std::isfinite(static_cast<float>(numbers[row])))
          throw Error({.parameter = "channels", .file = path_},
                      "expected a number in \"" + name + "\", row " + std::to_string(row + 1) + ", got " +
                          (std::isnan(numbers[row]) ? "nothing" : numberText(numbers[row])),
                      "a signal has no gaps: fill them in first, or cut the recording there");
      return std::vector<float>(numbers.begin(), numbers.end());
    });
  }

  // What a window is: the class that most or all of its samples have, the mean of its numbers.
  void judge(const Column& column, const std::vector<int64_t>& starts, bool predicting) {
    const bool constant = values_.text("mixed") == "drop";
    std::vector<float> numbers;
    std::vector<int64_t> labels;
    for (const int64_t start : starts) {
      if (!label_) {
        double sum = 0;
        for (int64_t i = start; i < start + window_; ++i) sum += column.numbers[static_cast<size_t>(i)];
        if (std::isnan(sum) && !predicting) continue;
        numbers.push_back(static_cast<float>(sum / static_cast<double>(window_)));
      } else {
        const int64_t label = labelOf(column, start, constant && !predicting);
        if (label < 0 && !predicting) continue;
        labels.push_back(label);
      }
      starts_.push_back(start);
    }
    if (starts_.empty())
      throw Error({.parameter = "mixed", .file = path_}, "no window has one class for all of its samples",
                  "lower `window`, or set `mixed` to majority");
    if (label_ && !known_classes_) classes_ = *column.classes;
    answers_ = label_ ? at::tensor(labels, at::kLong) : at::tensor(numbers, at::kFloat);
  }

  // -1: none, or not only one.
  int64_t labelOf(const Column& column, int64_t start, bool constant) const {
    std::map<int32_t, int64_t> counts;
    for (int64_t i = start; i < start + window_; ++i) ++counts[column.codes[static_cast<size_t>(i)]];
    if (constant && counts.size() > 1) return -1;
    counts.erase(kMissingCode);
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == counts.end()) return -1;
    return known_classes_ && most->first >= static_cast<int32_t>(classes_.size()) ? -1 : most->first;
  }

  void describe(const SourceSetup& setup) {
    auto meaning = std::make_shared<Meaning>();
    outputs_["signal"] = {.shape = {"N", static_cast<int64_t>(channels_.size()), window_}};
    signal_meaning_ = std::move(meaning);
    if (target_.empty()) return;
    if (label_ && !setup.expected && !partial_ && classes_.size() < 2)
      throw Error({.parameter = "target", .file = path_}, "every sample is of the class \"" + classes_.front() + "\"",
                  "there is nothing to tell apart");
    meaning = std::make_shared<Meaning>();
    if (label_) meaning->classes = classes_;
    if (!label_) meaning->columns = {target_}, meaning->unit = values_.text("unit");
    Signature target{.kind = label_ ? Wire::Label : Wire::Target, .shape = {"N"}, .open = label_ && partial_};
    if (label_) target.element = Element::Int64;
    target.classes = meaning->classes, target.unit = meaning->unit;
    outputs_["target"] = std::move(target);
    target_meaning_ = std::move(meaning);
  }

  Values values_;
  int64_t window_;
  Texts channels_, keys_, classes_;
  std::string target_, path_, fingerprint_;
  bool label_ = false, known_classes_ = false, partial_ = false;
  std::vector<char> first_;         // by sample: a recording begins
  std::vector<int32_t> recording_;  // by sample
  std::vector<Texts> cells_;        // by recording: the values of keys_
  at::Tensor signal_;               // [R, C]
  at::Tensor answers_;              // [N]
  std::vector<int64_t> starts_;
  Signatures outputs_;
  std::shared_ptr<const Meaning> signal_meaning_, target_meaning_;
};

std::unique_ptr<Source> openSignal(const SourceSetup& setup) {
  // A look needs samples for so many windows.
  const int64_t samples = setup.most_rows * std::max(setup.values.integer("window"), setup.values.integer("hop"));
  return std::make_unique<Signal>(setup, samples);
}

// Classes may stand anywhere in the file: of a long one they are not known yet.
Signatures peekSignal(const SourceSetup& setup) {
  return Signal(setup, std::max(kPeekSamples, 2 * setup.values.integer("window"))).outputs();
}

}  // namespace

BlockType signal() {
  return {
      .schema =
          {.title = "Signal",
           .doc = "Windows cut out of long recordings with one or several channels, such as vibration or sound as a "
                  "table, a row a sample. A recording is a run of rows with the same values in the columns of "
                  "`recording`; no window goes from one into another. Windows that overlap must not stand on both "
                  "sides of a split: split by group, with split_column \"recording\" or a column of it, or by order.",
           .outputs = {{"signal", "float[N, C, W]", "`window` samples of each channel"},
                       {"target", "label|target", "class or number of each window"}},
           .params = {seriesFileParam(),
                      {"channels", Texts{}, {}, "the columns with the signal", "", Role::Columns},
                      {"target", "", {}, "the column with the class or number; empty: none", "", Role::Column},
                      {"target_kind", "label", Choices{"label", "target"},
                       "label: a class; target: a number, of which a window has the mean"},
                      {"recording",
                       Texts{},
                       {},
                       "the columns that tell recordings apart; empty: there is one",
                       "",
                       Role::Columns},
                      {"window", 256, Range{1, 1 << 24}, "length of a window", "samples"},
                      {"hop", 0, Range{0, 1 << 24}, "from one window to the next; 0: as `window`, no overlap",
                       "samples"},
                      {"mixed", "drop", Choices{"drop", "majority"},
                       "a window with several classes: leave it out, or let it have the most frequent one"},
                      missingParam(),
                      {"unit", "", {}, "unit of a target of numbers, shown beside it"}}},
      .open = openSignal,
      .peek = peekSignal};
}

}  // namespace blockyard::source
