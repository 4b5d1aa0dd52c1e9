#include "data/split.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"

namespace blockyard {
namespace {

// A class is dealt out in blocks of so many of its rows.
constexpr uint64_t kStratum = 1000;

// Where on [0, 1) a row stands, and what the place means. The test takes the front, so that it stays the same whatever
// the validation share or the fold is.
class Shares {
 public:
  explicit Shares(const SplitSettings& settings) : settings_(settings) {}

  Part part(double place) const {
    if (place < settings_.test_share) return Part::Test;
    if (settings_.folds > 0) {
      const double rest = (place - settings_.test_share) / (1 - settings_.test_share);
      const auto fold =
          std::min(static_cast<int64_t>(rest * static_cast<double>(settings_.folds)), settings_.folds - 1);
      return fold == settings_.fold ? Part::Validation : Part::Train;
    }
    return place < settings_.test_share + settings_.validation_share ? Part::Validation : Part::Train;
  }
  // The same for places that have an order: train, validation, test from front to end.
  Part ordered(double place) const {
    if (place >= 1 - settings_.test_share) return Part::Test;
    if (settings_.folds > 0) {
      const double rest = place / (1 - settings_.test_share);
      const auto fold =
          std::min(static_cast<int64_t>(rest * static_cast<double>(settings_.folds)), settings_.folds - 1);
      return fold == settings_.fold ? Part::Validation : Part::Train;
    }
    return place < 1 - settings_.test_share - settings_.validation_share ? Part::Train : Part::Validation;
  }

 private:
  const SplitSettings& settings_;
};

KeyedRandom randomOf(const SplitSettings& settings) {
  return KeyedRandom(settings.seed).key("split");
}

const char* hintFor(const SplitSettings& settings) {
  return settings.how == "time" ? "set training.split_column to a column with times"
                                : "set training.split_column to the column with the groups";
}

const Column& columnFor(const SplitSettings& settings, const SplitRows& rows) {
  if (!rows.column)
    throw Error({.parameter = "split_column"}, "a split by " + settings.how + " needs a column", hintFor(settings));
  return *rows.column;
}

std::vector<Part> splitRandom(const SplitSettings& settings, int64_t rows) {
  const KeyedRandom random = randomOf(settings);
  const Shares shares(settings);
  std::vector<Part> parts(static_cast<size_t>(rows));
  for (size_t row = 0; row < parts.size(); ++row) parts[row] = shares.part(random.uniform(row));
  return parts;
}

// The rows of a class are numbered as they come; each block of numbers is shuffled by a keyed permutation, and the
// place of a row is its place in the shuffled block. So a block has its exact shares, and rows that come later change
// nothing in the blocks that are full.
std::vector<Part> splitStratified(const SplitSettings& settings, const SplitRows& rows) {
  if (static_cast<int64_t>(rows.classes.size()) != rows.rows)
    throw Error({.parameter = "split"}, "a stratified split needs a label",
                "choose split random, or a target that is a class");
  const KeyedRandom random = randomOf(settings);
  const Shares shares(settings);
  std::map<int64_t, uint64_t> sizes, next;
  for (const int64_t c : rows.classes) ++sizes[c];
  std::map<int64_t, KeyedPermutation> shuffles;
  std::vector<Part> parts;
  parts.reserve(rows.classes.size());
  for (const int64_t c : rows.classes) {
    const uint64_t number = next[c]++, block = number / kStratum, within = number % kStratum;
    const uint64_t size = std::min(kStratum, sizes[c] - block * kStratum);
    if (within == 0)
      shuffles.insert_or_assign(c, KeyedPermutation(size, random.key(static_cast<uint64_t>(c)).key(block)));
    parts.push_back(shares.part((static_cast<double>(shuffles.at(c)(within)) + 0.5) / static_cast<double>(size)));
  }
  return parts;
}

std::vector<Part> splitOrder(const SplitSettings& settings, int64_t rows) {
  const Shares shares(settings);
  std::vector<Part> parts(static_cast<size_t>(rows));
  for (size_t row = 0; row < parts.size(); ++row)
    parts[row] = shares.ordered((static_cast<double>(row) + 0.5) / static_cast<double>(rows));
  return parts;
}

std::vector<Part> splitTime(const SplitSettings& settings, const SplitRows& rows) {
  const Column& column = columnFor(settings, rows);
  if (column.type != ColumnType::Time && column.type != ColumnType::Number)
    throw Error({.parameter = "split_column"},
                "expected times or numbers in \"" + column.name + "\", got " + nameOf(column.type) + " values",
                hintFor(settings));
  for (int64_t row = 0; row < column.rows(); ++row)
    if (column.missing(row))
      throw Error({.parameter = "split_column"},
                  "the time in \"" + column.name + "\" is missing in row " + std::to_string(row + 1),
                  "fill it in, or split in another way");
  std::vector<double> sorted = column.numbers;
  std::sort(sorted.begin(), sorted.end());
  const Shares shares(settings);
  std::vector<Part> parts;
  parts.reserve(column.numbers.size());
  for (const double time : column.numbers) {
    // Equal times share the place of the first of them.
    const auto before = std::lower_bound(sorted.begin(), sorted.end(), time) - sorted.begin();
    parts.push_back(shares.ordered((static_cast<double>(before) + 0.5) / static_cast<double>(sorted.size())));
  }
  return parts;
}

std::vector<Part> splitGroup(const SplitSettings& settings, const SplitRows& rows) {
  const Column& column = columnFor(settings, rows);
  const KeyedRandom random = randomOf(settings);
  const Shares shares(settings);
  // A group is known by its text, not by its code, so that it stays on its side when other groups are added.
  std::vector<Part> of_code;
  if (column.type == ColumnType::Category)
    for (const std::string& name : *column.classes) of_code.push_back(shares.part(random.key(name).uniform(0)));
  std::vector<Part> parts;
  parts.reserve(static_cast<size_t>(rows.rows));
  for (int64_t row = 0; row < rows.rows; ++row) {
    if (column.missing(row))
      throw Error({.parameter = "split_column"},
                  "the group in \"" + column.name + "\" is missing in row " + std::to_string(row + 1),
                  "fill it in, or split in another way");
    const auto i = static_cast<size_t>(row);
    switch (column.type) {
      case ColumnType::Category:
        parts.push_back(of_code[static_cast<size_t>(column.codes[i])]);
        break;
      case ColumnType::Text:
        parts.push_back(shares.part(random.key(column.texts[i]).uniform(0)));
        break;
      default: {
        uint64_t bits = 0;
        const double number = column.numbers[i] + 0.0;  // -0 and 0 are one group
        std::memcpy(&bits, &number, sizeof bits);
        parts.push_back(shares.part(random.key(bits).uniform(0)));
      }
    }
  }
  return parts;
}

std::vector<Part> splitGiven(const SplitSettings& settings, const SplitRows& rows) {
  if (static_cast<int64_t>(rows.given.size()) != rows.rows || rows.given.empty())
    throw Error({.parameter = "split"}, "the files of the source do not say which rows are for what",
                "name a validation_file or test_file in the source, or split in another way");
  std::vector<Part> parts = rows.given;
  const bool validated = std::find(parts.begin(), parts.end(), Part::Validation) != parts.end();
  if (validated && settings.folds == 0) return parts;
  SplitSettings rest = settings;
  rest.test_share = 0;
  const std::vector<Part> drawn = splitRandom(rest, rows.rows);
  for (size_t row = 0; row < parts.size(); ++row) {
    const bool open = parts[row] == Part::Train || (settings.folds > 0 && parts[row] == Part::Validation);
    if (open) parts[row] = drawn[row];
  }
  return parts;
}

// Rows by series, then by `from`.
std::vector<size_t> rowsInOrder(const RowSpans& spans, const std::vector<double>& from) {
  std::vector<size_t> rows(spans.last.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
    return spans.series[a] != spans.series[b] ? spans.series[a] < spans.series[b] : from[a] < from[b];
  });
  return rows;
}

void refuseSharedWindows(const std::vector<Part>& parts, const RowSpans& spans) {
  // Of the rows so far in a series, where those of each part end.
  std::map<Part, double> ends;
  int32_t series = -1;
  for (const size_t row : rowsInOrder(spans, spans.first)) {
    if (parts[row] == Part::Unused) continue;
    if (spans.series[row] != series) ends.clear();
    series = spans.series[row];
    for (const auto& [part, end] : ends)
      if (part != parts[row] && spans.first[row] <= end)
        throw Error({.parameter = "split"},
                    "windows of this source overlap, and this split puts such neighbours on two sides: what is judged "
                    "would have been seen while training",
                    "set training.split to time or order, or to group with a column that keeps whole series together");
    const auto at = ends.emplace(parts[row], spans.last[row]).first;
    at->second = std::max(at->second, spans.last[row]);
  }
}

// Rows of `part` become Unused if their target meets that of a row of `others`.
void dropReaching(std::vector<Part>& parts, const RowSpans& spans, Part part, std::initializer_list<Part> others) {
  // What the others are asked for, merged, in order; a stretch belongs to a series.
  struct Stretch {
    int32_t series;
    double first, last;
  };
  std::vector<Stretch> stretches;
  for (const size_t row : rowsInOrder(spans, spans.target)) {
    if (std::find(others.begin(), others.end(), parts[row]) == others.end()) continue;
    const bool joins = !stretches.empty() && stretches.back().series == spans.series[row] &&
                       spans.target[row] <= stretches.back().last;
    if (joins)
      stretches.back().last = std::max(stretches.back().last, spans.last[row]);
    else
      stretches.push_back({spans.series[row], spans.target[row], spans.last[row]});
  }
  for (size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] != part) continue;
    // The first stretch that does not end before the row's target begins.
    const auto at = std::lower_bound(stretches.begin(), stretches.end(), row, [&](const Stretch& one, size_t r) {
      return one.series != spans.series[r] ? one.series < spans.series[r] : one.last < spans.target[r];
    });
    if (at != stretches.end() && at->series == spans.series[row] && at->first <= spans.last[row])
      parts[row] = Part::Unused;
  }
}

}  // namespace

std::vector<Part> splitRows(const SplitSettings& settings, const SplitRows& rows) {
  if (settings.validation_share + settings.test_share >= 1 && settings.folds == 0 && settings.how != "given")
    throw Error({.parameter = "validation_share"}, "the shares of validation and test leave nothing to train on",
                "make them smaller");
  if (settings.folds == 1 || settings.fold >= std::max<int64_t>(settings.folds, 1))
    throw Error({.parameter = "fold"}, "expected at least 2 folds and a fold from 0 to folds - 1, got fold " +
                                           std::to_string(settings.fold) + " of " + std::to_string(settings.folds));
  if (settings.how == "random") return splitRandom(settings, rows.rows);
  if (settings.how == "stratified") return splitStratified(settings, rows);
  if (settings.how == "order") return splitOrder(settings, rows.rows);
  if (settings.how == "time") return splitTime(settings, rows);
  if (settings.how == "group") return splitGroup(settings, rows);
  if (settings.how == "given") return splitGiven(settings, rows);
  throw Error({.parameter = "split"}, "there is no split \"" + settings.how + "\"");
}

void keepWindowsApart(std::vector<Part>& parts, const RowSpans& spans, const std::string& how) {
  if (spans.last.size() != parts.size()) return;
  if (how != "time" && how != "order") {
    refuseSharedWindows(parts, spans);
    return;
  }
  dropReaching(parts, spans, Part::Train, {Part::Validation, Part::Test});
  dropReaching(parts, spans, Part::Validation, {Part::Test});
}

void checkClassesInTraining(const std::vector<Part>& parts, const std::vector<int64_t>& classes,
                            const std::vector<std::string>& class_names) {
  std::vector<int64_t> trained(class_names.size(), 0), others(class_names.size(), 0);
  for (size_t row = 0; row < classes.size(); ++row) {
    if (classes[row] < 0 || parts[row] == Part::Unused) continue;
    ++(parts[row] == Part::Train ? trained : others)[static_cast<size_t>(classes[row])];
  }
  for (size_t c = 0; c < class_names.size(); ++c)
    if (trained[c] == 0 && others[c] > 0)
      throw Error({.parameter = "split"},
                  "the class \"" + class_names[c] + "\" has no training row, but " + std::to_string(others[c]) +
                      " in validation and test",
                  "set training.split to stratified, or leave rows of so rare a class out");
}

void checkPartsNotEmpty(const std::vector<Part>& parts) {
  if (std::find(parts.begin(), parts.end(), Part::Train) == parts.end())
    throw Error({.parameter = "split"}, "the split leaves no training rows",
                "the shares, or the numbers of rows, groups or times are too small");
}

}  // namespace blockyard
