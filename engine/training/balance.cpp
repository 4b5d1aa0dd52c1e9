#include "training/balance.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>

#include "data/gather.hpp"
#include "data/nearest.hpp"

namespace blockyard {
namespace {

constexpr int64_t kMostRows = 10'000;      // of a class whose neighbours are known: 4 bytes for each neighbour
constexpr int64_t kMostNumbers = 1 << 26;  // in all those rows together: 256 MiB

// Whether what cut number `index` carries is read as a target, and whether as features.
struct Uses {
  bool target = false, features = false;
};

Uses usesOf(const Pipeline& pipeline, size_t index) {
  Uses out;
  const WireStart& cut = pipeline.cuts()[index];
  for (const PipelineNode& node : pipeline.nodes()) {
    if (node.stage != Stage::Live) continue;
    for (const auto& input : node.plan.inputs)
      if (input.from == cut.node && input.port == cut.port)
        (node.isHead() && input.slot == "target" ? out.target : out.features) = true;
  }
  return out;
}

bool isNumbers(const at::Tensor& column) {
  return column.scalar_type() == at::kFloat || column.scalar_type() == at::kDouble;
}

// The classes that the first head that learns classes learns. Throws Error if there is none.
const Packet& classColumn(const Pipeline& pipeline, const PreparedData& data) {
  for (size_t i = 0; i < data.columns.size(); ++i) {
    const Packet& column = data.columns[i];
    if (usesOf(pipeline, i).target && column.tensor().scalar_type() == at::kLong && column.tensor().dim() == 1 &&
        !column.meaning().classes.empty())
      return column;
  }
  throw Error({.block = "training", .parameter = "balance"},
              "expected a head that learns classes, found none whose target is a label",
              "set balance to none, or the source's target_kind to label");
}

// Rows of each class and, last, those without one; puts `rows` in that order.
std::vector<int64_t> groupByClass(const Packet& column, RowSet& rows) {
  const auto classes = static_cast<int64_t>(column.meaning().classes.size());
  const int64_t* codes = column.tensor().const_data_ptr<int64_t>();
  const auto classOf = [&](int64_t i) {
    const int64_t code = codes[rows[i]];
    return static_cast<size_t>(code >= 0 && code < classes ? code : classes);
  };
  std::vector<int64_t> counts(static_cast<size_t>(classes) + 1);
  for (int64_t i = 0; i < rows.size(); ++i) ++counts[classOf(i)];
  std::vector<int64_t> next(counts.size());
  for (size_t c = 1; c < counts.size(); ++c) next[c] = next[c - 1] + counts[c - 1];
  rows = RowSet::listed(rows.size(), column.rows() - 1, [&](const auto& put) {
    for (int64_t i = 0; i < rows.size(); ++i) put(next[classOf(i)]++, rows[i]);
  });
  return counts;
}

// Columns that synthetic rows mix.
std::vector<size_t> mixedColumns(const Pipeline& pipeline, const PreparedData& data) {
  std::vector<size_t> out;
  for (size_t i = 0; i < data.columns.size(); ++i) {
    if (!usesOf(pipeline, i).features) continue;
    const WireStart& cut = pipeline.cuts()[i];
    if (!isNumbers(data.columns[i].tensor()))
      throw Error({.block = pipeline.nodes()[cut.node].plan.id, .port = cut.port},
                  std::string("SMOTE mixes rows of float32 numbers, and here come ") +
                      (data.columns[i].tensor().scalar_type() == at::kByte ? "pixels" : "whole numbers"),
                  "use training.balance=oversample");
    out.push_back(i);
  }
  return out;
}

// What is mixed, of some rows: float32 [M, F].
at::Tensor featuresOf(const PreparedData& data, const std::vector<size_t>& mixed, const std::vector<int64_t>& picks) {
  std::vector<at::Tensor> parts;
  for (const size_t column : mixed)
    parts.push_back(gatherRows(data.columns[column].tensor(), picks)
                        .reshape({static_cast<int64_t>(picks.size()), -1})
                        .to(at::kFloat));
  return at::cat(parts, 1).contiguous();
}

void findNeighbours(ClassBalance& balance, size_t number, const std::vector<size_t>& mixed, const PreparedData& data,
                    const RowSet& rows, int64_t k, const KeyedRandom& random, const std::atomic<bool>* stop,
                    const std::function<void(double)>& progress) {
  const int64_t all = balance.rows(number);
  int64_t width = 0;
  for (const size_t column : mixed) {
    const at::Tensor& tensor = data.columns[column].tensor();
    width += tensor.numel() / std::max<int64_t>(1, tensor.size(0));
  }
  const int64_t count = std::min({all, kMostRows, std::max(k + 1, kMostNumbers / std::max<int64_t>(1, width))});
  if (count < 2) return;  // alone in its class: drawn again as it is
  const KeyedPermutation sample(static_cast<uint64_t>(all), random.key(static_cast<uint64_t>(number)));
  std::vector<int64_t> picks;
  for (int64_t i = 0; i < count; ++i) {
    const auto place = count == all ? i : static_cast<int64_t>(sample(static_cast<uint64_t>(i)));
    picks.push_back(rows[balance.firstPlace(number) + place]);
  }
  balance.setNeighbours(number, sample,
                        nearestRows(featuresOf(data, mixed, picks), std::min(k, count - 1), stop, progress));
}

std::string noticeOf(const ClassBalance& balance, const std::vector<std::string>& classes, bool smote) {
  constexpr size_t kNamed = 5;
  std::string list;
  size_t filled = 0;
  int64_t rows = 0;
  for (size_t c = 0; c < classes.size() + 1; ++c) {
    rows += balance.rows(c);
    if (balance.drawn(c) == balance.rows(c)) continue;
    if (++filled > kNamed) continue;
    list += (list.empty() ? "\"" : ", \"") + classes[c] + "\": " + std::to_string(balance.drawn(c)) + " for " +
            std::to_string(balance.rows(c));
  }
  if (filled == 0) return "balance: no class is rare enough to be filled up";
  if (filled > kNamed) list += " and " + std::to_string(filled - kNamed) + " more classes";
  return "balance: an epoch draws " + std::to_string(balance.size()) + " rows for " + std::to_string(rows) + " (" +
         list + (smote ? ", mixed with their neighbours" : "") + "); the training loss counts them as they are drawn";
}

}  // namespace

Balanced balanced(const Pipeline& pipeline, const Values& training, const PreparedData& data, const KeyedRandom& random,
                  const PrepareOptions& options, RowSet& rows) {
  const std::string& how = training.text("balance");
  if (how == "none") return {};
  const Packet& column = classColumn(pipeline, data);
  std::vector<int64_t> counts = groupByClass(column, rows);
  const int64_t without = counts.back();
  counts.pop_back();
  const auto balance = std::make_shared<ClassBalance>(counts, without, training.number("balance_share"));
  Balanced out{.notice = noticeOf(*balance, column.meaning().classes, how == "smote")};
  if (how == "smote") {
    out.mixed = mixedColumns(pipeline, data);
    std::vector<size_t> rare;
    for (size_t c = 0; c < counts.size(); ++c)
      if (balance->drawn(c) > balance->rows(c)) rare.push_back(c);
    for (size_t i = 0; i < rare.size(); ++i) {
      const auto progress = [&](double share) {
        if (options.progress)
          options.progress("find neighbours", (static_cast<double>(i) + share) / static_cast<double>(rare.size()));
      };
      findNeighbours(*balance, rare[i], out.mixed, data, rows, training.integer("smote_neighbors"), random,
                     options.stop, progress);
      if (options.stop != nullptr && *options.stop)
        throw Error({}, "stopped while the data was being prepared", {}, Fault::TryAgain);
    }
  }
  out.classes = balance;
  return out;
}

}  // namespace blockyard
