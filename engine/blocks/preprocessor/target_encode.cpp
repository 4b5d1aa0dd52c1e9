// Target encode: puts in the place of a category the mean of the target over the training rows that have it.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

const ColumnTypes kCategoryColumns = {ColumnType::Category};
constexpr const char* kMissingClass = "";  // a missing cell counts as a class of its own

// Sums over the rows of one class, of the target less a number near its mean.
struct Sums {
  double count = 0, sum = 0, squares = 0;
  void add(double y) { count += 1, sum += y, squares += y * y; }
  Sums less(const Sums& other) const { return {count - other.count, sum - other.sum, squares - other.squares}; }
  double mean() const { return count > 0 ? sum / count : 0; }
  double deviations() const { return std::max(0.0, squares - sum * mean()); }  // sum of squared distances from the mean
};

// By class name, all folds and each of them. `all` counts every row.
struct FoldSums {
  std::unordered_map<std::string, Sums> classes{};
  Sums all{};
};
// What is learned of a column: for every target (one, or one per class of the target).
struct Encoding {
  std::unordered_map<std::string, double> values{};
  double otherwise = 0;  // for a class that was not seen
  double of(const std::string& name) const {
    const auto it = values.find(name);
    return it == values.end() ? otherwise : it->second;
  }
};

class TargetEncode final : public Block {
 public:
  explicit TargetEncode(const Setup& setup)
      : wanted_(setup.values.texts("columns")),
        smooth_(setup.values.number("smooth")),
        folds_(static_cast<size_t>(setup.values.integer("folds"))),
        random_(setup.random.key("folds")) {}

  void fit(FitRows& rows) override {
    int64_t row = 0;
    bool first = true;
    std::vector<std::vector<std::vector<FoldSums>>> parts;  // by column, target, fold
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      if (!batch.has("target"))
        throw Error({.port = "target"}, "expected a wire with the target, got none",
                    "the source gives the target on a port of its own");
      const Table& table = batch.table("x");
      const at::Tensor y = valuesOf(batch.packet("target"));  // [N, K]
      if (first) start(table, batch.packet("target"), y, parts);
      first = false;
      const at::Tensor ids = rows.rowIds();
      std::vector<size_t> folds;
      for (int64_t i = 0; i < table.rows(); ++i, ++row)
        folds.push_back(foldOf(ids.defined() ? ids.const_data_ptr<int64_t>()[i] : row));
      forEachColumn(names_.size(), table.rows(), [&](size_t c) { add(table.column(names_[c]), y, folds, parts[c]); });
    }
    if (first) throwNoRows();
    learn(parts);
  }

  Batch forward(const Batch& in, Step& step) override {
    const at::Tensor& ids = step.rowIds();
    return {{"y", withColumns(in.table("x"), names_, [&](const Column& column, size_t c) {
               std::vector<Column> out;
               for (size_t k = 0; k < targets(); ++k)
                 out.push_back(encoded(column, c, k, ids.defined() ? ids.const_data_ptr<int64_t>() : nullptr));
               return out;
             })}};
  }

  State state() const override {
    State out;
    out.values.set("columns", names_);
    out.values.set("targets", target_classes_);
    for (size_t c = 0; c < names_.size(); ++c) {
      Texts classes;
      for (const auto& [name, _] : all_[c][0].values) classes.push_back(name);
      std::sort(classes.begin(), classes.end());
      out.values.set("classes:" + names_[c], classes);
      Numbers values;
      for (size_t k = 0; k < targets(); ++k) {
        values.push_back(all_[c][k].otherwise);
        for (const auto& name : classes) values.push_back(all_[c][k].values.at(name));
      }
      out.tensors.emplace("values:" + names_[c], tensorOf(values));
    }
    return out;
  }

  void loadState(const State& state) override {
    names_ = stateTexts(state, "columns");
    target_classes_ = stateTexts(state, "targets");
    all_.clear(), by_fold_.clear();
    for (const auto& column : names_) {
      const Texts classes = stateTexts(state, "classes:" + column);
      const Numbers values = stateNumbers(state, "values:" + column, (classes.size() + 1) * targets());
      std::vector<Encoding>& encodings = all_.emplace_back(targets());
      size_t at = 0;
      for (Encoding& encoding : encodings) {
        encoding.otherwise = values[at++];
        for (const auto& name : classes) encoding.values.emplace(name, values[at++]);
      }
    }
  }

 private:
  size_t targets() const { return std::max<size_t>(1, target_classes_.size()); }
  size_t foldOf(int64_t row) const { return static_cast<size_t>(random_.below(static_cast<uint64_t>(row), folds_)); }

  // [N, K] in float64, NaN where it is missing: a number, 1 for the second of two classes, or 1 for the class of each
  // column.
  static at::Tensor valuesOf(const Packet& target) {
    const at::Tensor& y = target.tensor();
    if (y.is_floating_point()) {
      if (y.dim() > 1 && y.size(1) != 1)
        throw Error({.port = "target"}, "expected one number to encode by, got " + std::to_string(y.size(1)));
      return y.to(at::kDouble).reshape({-1, 1}).contiguous();
    }
    const auto count = static_cast<int64_t>(target.meaning().classes.size());
    const at::Tensor wanted = count == 2 ? at::ones({1, 1}, at::kLong) : at::arange(count, at::kLong).unsqueeze(0);
    const at::Tensor column = y.to(at::kLong).reshape({-1, 1});
    return column.eq(wanted).to(at::kDouble).masked_fill(column.lt(0), kMissingNumber).contiguous();
  }

  void start(const Table& table, const Packet& target, const at::Tensor& y,
             std::vector<std::vector<std::vector<FoldSums>>>& parts) {
    names_ = pickColumns(columnsOf(table), wanted_, kCategoryColumns);
    target_classes_ = y.size(1) > 1 ? target.meaning().classes : Texts{};
    parts.assign(names_.size(), std::vector<std::vector<FoldSums>>(targets(), std::vector<FoldSums>(folds_)));
    near_.assign(targets(), 0);
    for (size_t k = 0; k < targets(); ++k)
      for (int64_t i = 0; i < y.size(0) && near_[k] == 0; ++i) {
        const double value = y.const_data_ptr<double>()[i * y.size(1) + static_cast<int64_t>(k)];
        if (!std::isnan(value)) near_[k] = value;
      }
  }

  void add(const Column& column, const at::Tensor& y, const std::vector<size_t>& folds,
           std::vector<std::vector<FoldSums>>& parts) const {
    const double* values = y.const_data_ptr<double>();
    static const Texts kNone;
    const Texts& classes = column.classes ? *column.classes : kNone;
    for (size_t k = 0; k < targets(); ++k) {
      std::vector<std::vector<Sums*>> places(folds_, std::vector<Sums*>(classes.size() + 1, nullptr));
      for (size_t i = 0; i < folds.size(); ++i) {
        const double value = values[i * targets() + k];
        if (std::isnan(value)) continue;
        FoldSums& part = parts[k][folds[i]];
        const auto code = static_cast<size_t>(column.codes[i] + 1);
        Sums*& place = places[folds[i]][code];
        if (place == nullptr) place = &part.classes[code == 0 ? kMissingClass : classes[code - 1]];
        place->add(value - near_[k]);
        part.all.add(value - near_[k]);
      }
    }
  }

  void learn(const std::vector<std::vector<std::vector<FoldSums>>>& parts) {
    all_.assign(names_.size(), {});
    by_fold_.assign(names_.size(), {});
    for (size_t c = 0; c < names_.size(); ++c)
      for (size_t k = 0; k < targets(); ++k) {
        FoldSums whole;
        for (const FoldSums& part : parts[c][k]) {
          whole.all = {whole.all.count + part.all.count, whole.all.sum + part.all.sum,
                       whole.all.squares + part.all.squares};
          for (const auto& [name, sums] : part.classes) {
            Sums& into = whole.classes[name];
            into = {into.count + sums.count, into.sum + sums.sum, into.squares + sums.squares};
          }
        }
        all_[c].push_back(encodingOf(whole, nullptr, near_[k]));
        std::vector<Encoding>& folds = by_fold_[c].emplace_back();
        for (const FoldSums& part : parts[c][k]) folds.push_back(encodingOf(whole, &part, near_[k]));
      }
  }

  // From all rows, or from those that are not in `left_out`. As scikit-learn: a mean that is drawn towards that of all
  // rows, by `smooth` rows, or for 0 as far as the spread within the class says (Micci-Barreca 2001, empirical Bayes).
  Encoding encodingOf(const FoldSums& whole, const FoldSums* left_out, double near) const {
    const Sums all = left_out ? whole.all.less(left_out->all) : whole.all;
    const double variance = all.count > 0 ? all.deviations() / all.count : 0;
    Encoding out{.otherwise = all.mean() + near};
    for (const auto& [name, sums] : whole.classes) {
      Sums own = sums;
      if (left_out)
        if (const auto it = left_out->classes.find(name); it != left_out->classes.end()) own = sums.less(it->second);
      double mean = all.mean();
      if (smooth_ > 0) {
        mean = (own.sum + smooth_ * all.mean()) / (own.count + smooth_);
      } else if (own.count > 0) {
        const double between = variance * own.count, within = own.deviations() / own.count;
        const double weight = between + within > 0 ? between / (between + within) : 1;
        mean = weight * own.mean() + (1 - weight) * all.mean();
      }
      out.values.emplace(name, mean + near);
    }
    return out;
  }

  // Training rows by what the other folds say, so that a row's own target is not among its features.
  Column encoded(const Column& column, size_t c, size_t k, const int64_t* ids) const {
    if (column.type != ColumnType::Category)
      throw Error({.port = "x"},
                  "expected categories in column \"" + column.name + "\", got values of type " + nameOf(column.type));
    Column out{.name = target_classes_.empty() ? column.name : column.name + "_" + target_classes_[k]};
    static const Texts kNone;
    const Texts& classes = column.classes ? *column.classes : kNone;
    const auto tableOf = [&](const Encoding& encoding) {
      Numbers values{encoding.of(kMissingClass)};
      for (const auto& name : classes) values.push_back(encoding.of(name));
      return values;
    };
    const Numbers all = tableOf(all_[c][k]);
    std::vector<Numbers> folds;
    if (ids != nullptr && !by_fold_.empty())
      for (const Encoding& encoding : by_fold_[c][k]) folds.push_back(tableOf(encoding));
    out.numbers.reserve(column.codes.size());
    for (size_t i = 0; i < column.codes.size(); ++i) {
      const bool trained = !folds.empty() && ids[i] >= 0;
      out.numbers.push_back((trained ? folds[foldOf(ids[i])] : all)[static_cast<size_t>(column.codes[i] + 1)]);
    }
    return out;
  }

  Texts wanted_;
  double smooth_;
  size_t folds_;
  KeyedRandom random_;
  Texts names_, target_classes_;                             // the latter only if there are more than two
  Numbers near_;                                             // by target: a number near its mean
  std::vector<std::vector<Encoding>> all_;                   // by column and target
  std::vector<std::vector<std::vector<Encoding>>> by_fold_;  // by column, target and fold; only while training
};

Signatures inferTargetEncode(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  const auto picked = setOf(pickColumns(out, values.texts("columns"), kCategoryColumns));
  const auto target = inputs.find("target");
  const Texts classes = target == inputs.end() || target->second.kind != Wire::Label ? Texts{} : target->second.classes;
  if (target != inputs.end() && target->second.kind == Wire::Target && target->second.shape.size() > 1 &&
      target->second.shape[1].known() && target->second.shape[1].size != 1)
    throw Error({.port = "target"}, "expected one number to encode by, got " + target->second.text());
  std::vector<ColumnInfo> columns;
  for (const auto& column : out.columns) {
    if (picked.count(column.name) == 0) {
      columns.push_back(column);
    } else if (classes.size() < 3) {
      columns.push_back({column.name});
    } else {
      for (const auto& name : classes) columns.push_back({column.name + "_" + name});
    }
  }
  out.columns = std::move(columns);
  out.open |= target == inputs.end() || target->second.open;
  return {{"y", out}};
}

}  // namespace

BlockType target_encode() {
  return {
      .schema = {.title = "Target encode",
                 .doc =
                     "Puts a number in the place of a category: the mean of the target over the training rows of that "
                     "class (of two target classes: the share of the second; of more: one column each), drawn towards "
                     "the mean of all rows where a class is rare. A training row is encoded by the other folds alone, "
                     "so that its own target is not among its features; all other rows by all training rows. A class "
                     "that was not seen gets the mean of all rows, a missing cell counts as a class. Good for columns "
                     "with many classes.",
                 .inputs = {{"x", "table"},
                            {"target", "label|target", "of the source; not needed to predict", Wires::Optional}},
                 .outputs = {{"y", "table"}},
                 .params = {columnsParam("category"),
                            {"smooth", 0.0, Range{0, 1e9},
                             "as many rows of the overall mean are added to each class; 0: found out from the spread "
                             "within the class (empirical Bayes)",
                             "rows"},
                            {"folds", 5, Range{2, 100}, "into how many folds the training rows are cut"}},
                 .examples =
                     {{.params = {{"smooth", 1.0}},
                       .in = {{"target", {{4}, {1, 1, 0, 1}, Element::Int64}}},
                       .in_tables = {{"x", "a,b\nx,1\nx,2\ny,3\ny,4\n"}},
                       .out_tables = {{"y", "a,b\n0.9166666667,1\n0.9166666667,2\n0.5833333333,3\n0.5833333333,4\n"}}}},
                 .fitted = true},
      .make = make<TargetEncode>,
      .infer = inferTargetEncode};
}

}  // namespace blockyard::preprocessor
