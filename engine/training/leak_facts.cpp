#include "training/leak_facts.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "blocks/source.hpp"

namespace blockyard {
namespace {

constexpr int64_t kBins = 64;
// A column with more values per row than this names its rows rather than tells about them.
constexpr int64_t kLeastRowsOfValue = 3;
constexpr int64_t kMostBytes = int64_t{256} << 20;  // of rows that are tensors

using Groups = std::vector<int64_t>;  // by row: which value of the column it has; missing is a value, too
using Numbers = std::vector<double>;  // by row; NaN: missing

// What is to be predicted.
struct Target {
  std::optional<Groups> classes{};
  std::optional<Numbers> numbers{};
};

Target targetOf(const Source& source, const Batch& batch) {
  for (const auto& [port, signature] : source.outputs()) {
    if (!batch.has(port) || batch.packet(port).isTable()) continue;
    const at::Tensor tensor = batch[port];
    if (signature.kind == Wire::Label && tensor.dim() == 1) {
      const at::Tensor codes = tensor.to(at::kLong).contiguous();
      return {.classes = Groups(codes.const_data_ptr<int64_t>(), codes.const_data_ptr<int64_t>() + codes.numel())};
    }
    if (signature.kind == Wire::Target) {
      const at::Tensor first = (tensor.dim() > 1 ? tensor.select(1, 0) : tensor).to(at::kDouble).contiguous();
      return {.numbers = Numbers(first.const_data_ptr<double>(), first.const_data_ptr<double>() + first.numel())};
    }
  }
  return {};
}

// Every value a number of its own, in the order of appearance; how many there are.
template <class Values>
int64_t numberValues(const Values& values, Groups& groups) {
  std::unordered_map<std::decay_t<decltype(values[0])>, int64_t> known;
  for (const auto& value : values)
    groups.push_back(known.try_emplace(value, static_cast<int64_t>(known.size())).first->second);
  return static_cast<int64_t>(known.size());
}

Groups groupsOf(const Column& column, int64_t& distinct) {
  Groups out;
  out.reserve(static_cast<size_t>(column.rows()));
  if (column.type == ColumnType::Category) {
    distinct = numberValues(column.codes, out);
  } else if (column.type == ColumnType::Text) {
    distinct = numberValues(column.texts, out);
  } else {
    std::vector<double> values = column.numbers;
    for (double& value : values)
      if (std::isnan(value)) value = std::numeric_limits<double>::infinity();  // NaN equals nothing
    distinct = numberValues(values, out);
  }
  return out;
}

std::vector<size_t> orderOf(const Numbers& values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (std::isnan(values[a]) || std::isnan(values[b])) return !std::isnan(values[a]) && std::isnan(values[b]);
    return values[a] < values[b];
  });
  return order;
}

// Bins of equal frequency; equal values share one, missing values have the last.
Groups binsOf(const Numbers& values) {
  Groups out(values.size(), kBins);
  const std::vector<size_t> order = orderOf(values);
  int64_t bin = 0;
  for (size_t i = 0; i < order.size() && !std::isnan(values[order[i]]); ++i) {
    const auto wanted = static_cast<int64_t>(i) * kBins / static_cast<int64_t>(order.size());
    if (i == 0 || values[order[i]] != values[order[i - 1]]) bin = wanted;
    out[order[i]] = bin;
  }
  return out;
}

// Does every class lie in an interval of its own? Then a few thresholds tell them apart, wherever bins would begin.
bool isInOrder(const Numbers& values, const Groups& classes) {
  std::unordered_set<int64_t> done;
  const std::vector<size_t> order = orderOf(values);
  for (size_t i = 0; i < order.size(); ++i) {
    const int64_t now = classes[order[i]];
    if (std::isnan(values[order[i]])) return false;
    if (i == 0 || now == classes[order[i - 1]]) continue;
    done.insert(classes[order[i - 1]]);
    if (done.count(now) > 0 || values[order[i]] == values[order[i - 1]]) return false;
  }
  return true;
}

double lambdaOf(const Groups& groups, const Groups& classes) {
  std::map<std::pair<int64_t, int64_t>, int64_t> pairs;
  std::map<int64_t, int64_t> sizes, best;
  for (size_t i = 0; i < groups.size(); ++i) ++pairs[{groups[i], classes[i]}], ++sizes[classes[i]];
  int64_t right = 0, majority = 0;
  for (const auto& [pair, count] : pairs) best[pair.first] = std::max(best[pair.first], count);
  for (const auto& [group, count] : best) right += count;
  for (const auto& [name, count] : sizes) majority = std::max(majority, count);
  const auto rows = static_cast<int64_t>(groups.size());
  return rows == majority ? 0 : static_cast<double>(right - majority) / static_cast<double>(rows - majority);
}

double etaOf(const Groups& groups, const Numbers& numbers) {
  struct Sum {
    double sum = 0, count = 0;
  };
  std::map<int64_t, Sum> sums;
  Sum all;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (std::isnan(numbers[i])) continue;
    Sum& sum = sums[groups[i]];
    sum.sum += numbers[i], ++sum.count, all.sum += numbers[i], ++all.count;
  }
  if (all.count == 0) return 0;
  double between = 0, total = 0;
  const double mean = all.sum / all.count;
  for (const auto& [group, sum] : sums) between += sum.count * std::pow(sum.sum / sum.count - mean, 2);
  for (const double number : numbers)
    if (!std::isnan(number)) total += std::pow(number - mean, 2);
  return total > 0 ? std::sqrt(between / total) : 0;
}

double pearson(const Numbers& a, const Numbers& b) {
  double count = 0, mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    const double step_a = a[i] - mean_a, step_b = b[i] - mean_b;
    ++count;
    mean_a += step_a / count, mean_b += step_b / count;
    aa += step_a * (a[i] - mean_a), bb += step_b * (b[i] - mean_b), ab += step_a * (b[i] - mean_b);
  }
  return count >= kLeakLeastRows && aa > 0 && bb > 0 ? std::abs(ab) / std::sqrt(aa * bb) : 0;
}

// Ranks, equal values sharing their mean; NaN stays.
Numbers ranksOf(const Numbers& values) {
  Numbers out(values.size(), kMissingNumber);
  const std::vector<size_t> order = orderOf(values);
  for (size_t i = 0; i < order.size() && !std::isnan(values[order[i]]);) {
    size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (size_t j = i; j < end; ++j) out[order[j]] = static_cast<double>(i + end - 1) / 2;
    i = end;
  }
  return out;
}

void relate(const Column& column, const Groups& groups, const Target& target, ColumnFacts& facts) {
  const bool number = column.type == ColumnType::Number || column.type == ColumnType::Time;
  const bool few = facts.distinct * kLeastRowsOfValue <= column.rows();
  if (facts.distinct < 2) return;
  if (target.classes && (few || number)) {
    facts.measure = "lambda";
    facts.tells = number && isInOrder(column.numbers, *target.classes)
                      ? 1
                      : lambdaOf(few ? groups : binsOf(column.numbers), *target.classes);
  } else if (target.numbers && number) {
    facts.measure = "correlation";
    facts.tells =
        std::max(pearson(column.numbers, *target.numbers), pearson(ranksOf(column.numbers), ranksOf(*target.numbers)));
  } else if (target.numbers && few) {
    facts.measure = "eta";
    facts.tells = etaOf(groups, *target.numbers);
  }
}

ColumnFacts factsOf(const Column& column, const Target& target) {
  ColumnFacts facts{.name = column.name, .is_time = column.type == ColumnType::Time};
  const Groups groups = groupsOf(column, facts.distinct);
  facts.empty = facts.distinct == 1 && column.missing(0);
  double last = -std::numeric_limits<double>::infinity();
  for (const double value : column.numbers) {
    if (std::isnan(value)) continue;
    facts.rises &= value >= last;
    facts.whole_values &= value == std::floor(value);
    last = value;
  }
  relate(column, groups, target, facts);
  return facts;
}

// Adds the bytes of every row of one column.
void addBytes(const Column& column, std::vector<std::string>& rows) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!column.numbers.empty()) {
      const double value = column.numbers[i] + 0.0;  // -0 is 0
      rows[i].append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if (!column.codes.empty()) {
      rows[i].append(reinterpret_cast<const char*>(&column.codes[i]), sizeof column.codes[i]);
    } else if (!column.texts.empty()) {
      rows[i] += column.texts[i];
      rows[i] += '\0';
    }
  }
}

int64_t countDuplicates(const Batch& batch) {
  std::vector<std::string> rows(static_cast<size_t>(batch.rows()));
  for (const auto& [port, packet] : batch.items()) {
    if (packet.isTable()) {
      for (const auto& column : packet.table().columns()) addBytes(*column, rows);
      continue;
    }
    const at::Tensor tensor = packet.tensor().contiguous();
    const size_t width = rows.empty() ? 0 : tensor.nbytes() / rows.size();
    const auto* const bytes = static_cast<const char*>(tensor.const_data_ptr());
    for (size_t i = 0; i < rows.size(); ++i) rows[i].append(bytes + i * width, width);
  }
  std::unordered_set<std::string_view> seen;
  int64_t duplicates = 0;
  for (const std::string& row : rows) duplicates += seen.insert(row).second ? 0 : 1;
  return duplicates;
}

int64_t rowsToRead(Source& source) {
  int64_t bytes = 1;
  const Chunk first = source.read(0, 1);
  for (const auto& [port, packet] : first.batch.items())
    if (!packet.isTable()) bytes += static_cast<int64_t>(packet.tensor().nbytes());
  return std::clamp<int64_t>(kMostBytes / bytes, 1, kLeakRows);
}

}  // namespace

LeakFacts lookForLeaks(Source& source, const std::atomic<bool>* stop) {
  LeakFacts out;
  if (source.rows() == 0) return out;
  const Chunk chunk = source.read(0, rowsToRead(source));
  out.rows = chunk.batch.rows();
  const Target target = targetOf(source, chunk.batch);
  bool has_tensor = false;
  for (const auto& [port, packet] : chunk.batch.items()) {
    const Wire kind = source.outputs().at(port).kind;
    has_tensor |= !packet.isTable() && kind != Wire::Label && kind != Wire::Target;
    if (!packet.isTable()) continue;
    for (const auto& column : packet.table().columns()) {
      if (stop != nullptr && *stop) throw Error({}, "stopped", {}, Fault::TryAgain);
      out.columns.push_back(factsOf(*column, target));
    }
  }
  out.duplicates = countDuplicates(chunk.batch);
  constexpr int64_t kManyValues = 100;
  out.could_be_equal_by_chance =
      !has_tensor && std::none_of(out.columns.begin(), out.columns.end(),
                                  [](const ColumnFacts& column) { return column.distinct >= kManyValues; });
  return out;
}

}  // namespace blockyard
