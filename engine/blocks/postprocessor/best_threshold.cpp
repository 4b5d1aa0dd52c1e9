// Best threshold: the positive class wherever its probability is high enough, by the threshold that was best on the
// validation rows.
#include <ATen/ATen.h>

#include <algorithm>

#include "blocks/answers.hpp"
#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

// Rows at or above a threshold, and what is gained by it.
struct Point {
  double threshold = 0;
  int64_t hits = 0, false_alarms = 0;
};

struct Worth {
  double true_positive = 0, false_positive = 0, false_negative = 0, true_negative = 0;
};

class BestThreshold final : public Block {
 public:
  explicit BestThreshold(const Values& values)
      : goal_(values.text("goal")),
        least_(values.number("least")),
        worth_{values.number("value_true_positive"), values.number("value_false_positive"),
               values.number("value_false_negative"), values.number("value_true_negative")},
        positive_(values.text("positive")) {}

  void fit(FitRows& rows) override {
    std::vector<std::pair<double, bool>> answers;  // probability, and whether the row is positive
    for (Batch batch = rows.next(); batch.rows() > 0; batch = rows.next()) {
      if (!batch.has("target"))
        throw Error({.port = "target"}, "expected labels to choose the threshold by, got none",
                    "wire the source's label to this port");
      const int64_t positive = positiveIndex(positive_, *classNames(batch.packet("scores")));
      const at::Tensor scores = batch["scores"].to(at::kCPU, at::kDouble).select(1, positive).contiguous();
      const at::Tensor labels = batch["target"].to(at::kCPU, at::kLong).contiguous();
      for (int64_t i = 0; i < scores.size(0); ++i)
        answers.emplace_back(scores.const_data_ptr<double>()[i], labels.const_data_ptr<int64_t>()[i] == positive);
    }
    choose(answers);
  }

  Batch forward(const Batch& in, Step&) override {
    const Classes classes = classNames(in.packet("scores"));
    const int64_t positive = positiveIndex(positive_, *classes);
    const Thresholded said = thresholded(in["scores"], positive, threshold_);
    Batch out{
        {"answer",
         Packet(Table({labelColumn("label", said.label, classes), numberColumn("probability", said.probability)}))},
        {kDecision, said.label}};
    if (in.has("target")) {
      const at::Tensor wanted = in["target"].to(at::kCPU) == positive;
      const auto number = [](double value) { return at::scalar_tensor(value, at::kDouble); };
      out.set(kDecisionValue,
              at::where(said.reached, at::where(wanted, number(worth_.true_positive), number(worth_.false_positive)),
                        at::where(wanted, number(worth_.false_negative), number(worth_.true_negative))));
    }
    return out;
  }

  State state() const override { return {{{"threshold", threshold_}}, {}}; }
  void loadState(const State& state) override { restore(state, "threshold", threshold_); }

 private:
  // How good a threshold is; the first number counts first. Higher is better.
  std::pair<double, double> merit(const Point& point, int64_t positives, int64_t rows) const {
    const auto hits = static_cast<double>(point.hits), false_alarms = static_cast<double>(point.false_alarms);
    const auto all = static_cast<double>(positives), negatives = static_cast<double>(rows - positives);
    const double precision = point.hits + point.false_alarms > 0 ? hits / (hits + false_alarms) : 1;
    const double recall = positives > 0 ? hits / all : 0;
    if (goal_ == "f1") return {2 * hits / std::max(1.0, all + hits + false_alarms), 0};
    if (goal_ == "precision") return precision >= least_ ? std::pair(2.0, recall) : std::pair(precision, recall);
    if (goal_ == "recall") return recall >= least_ ? std::pair(2.0, precision) : std::pair(recall, precision);
    return {worth_.true_positive * hits + worth_.false_positive * false_alarms + worth_.false_negative * (all - hits) +
                worth_.true_negative * (negatives - false_alarms),
            0};
  }

  // Every probability that occurs is tried, and one above all of them. Of equally good ones the highest is taken.
  void choose(std::vector<std::pair<double, bool>>& answers) {
    if (answers.empty()) return;
    std::sort(answers.begin(), answers.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    const auto positives = std::count_if(answers.begin(), answers.end(), [](const auto& each) { return each.second; });
    const auto rows = static_cast<int64_t>(answers.size());
    Point point{.threshold = std::nextafter(1.0, 2.0)};
    auto best = merit(point, positives, rows);
    threshold_.fill_(point.threshold);
    for (size_t i = 0; i < answers.size(); ++i) {
      ++(answers[i].second ? point.hits : point.false_alarms);
      if (i + 1 < answers.size() && answers[i + 1].first == answers[i].first) continue;
      if (const auto here = merit(point, positives, rows); here > best) {
        best = here;
        threshold_.fill_(answers[i].first);
      }
    }
  }

  std::string goal_;
  double least_;
  Worth worth_;
  std::string positive_;
  at::Tensor threshold_ = at::full({}, 0.5, at::kDouble);
};

}  // namespace

BlockType best_threshold() {
  constexpr double kMany = 1e12;
  return {
      .schema =
          {.title = "Best threshold",
           .doc = "Answers the positive class wherever its probability reaches the threshold that was best on the "
                  "validation rows: by F1, by what right and wrong answers are worth, or with a precision or recall "
                  "that is demanded. The test rows are judged by it, in value, too.",
           .inputs = {{"scores", "float[N, K]", "probability of each class"},
                      {"target", "label", "the right class of each row; needed to choose", Wires::Optional}},
           .outputs = {{"answer", "table", "columns label and probability (of the positive class)"}},
           .params = {{"goal", "f1", Choices{"f1", "value", "precision", "recall"},
                       "f1: largest F1; value: largest sum of the values below; precision: largest recall with at "
                       "least the precision demanded; recall: the other way round"},
                      {"least", 0.9, Range{0, 1}, "goals precision and recall: what is demanded"},
                      {"value_true_positive", 0.0, Range{-kMany, kMany}, "worth of a positive row that is found"},
                      {"value_false_positive", -1.0, Range{-kMany, kMany},
                       "worth of a false alarm; a cost is negative"},
                      {"value_false_negative", -1.0, Range{-kMany, kMany}, "worth of a positive row that is missed"},
                      {"value_true_negative", 0.0, Range{-kMany, kMany}, "worth of a negative row that is left alone"},
                      {"positive", "", {}, "name of the positive class; empty: the last one"},
                      {"unit", "", {}, "what the values are counted in, shown behind them: EUR, hours"}},
           .examples = {{.in = {{"scores", {{4, 2}, {0.875, 0.125, 0.75, 0.25, 0.5, 0.5, 0.25, 0.75}}},
                                {"target", {{4}, {0, 1, 0, 1}, Element::Int64}}},
                         .out_tables = {{"answer", "label:category,probability\n0,0.125\n1,0.25\n1,0.5\n1,0.75\n"}}}},
           .fitted = true,
           .decides = true},
      .make = make<BestThreshold>,
      .infer = thresholdOutputs};
}

}  // namespace blockyard::postprocessor
