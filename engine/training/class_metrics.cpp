// Classes and labels: counts of right and wrong answers, areas under curves, and how honest the probabilities are.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "training/metrics.hpp"
#include "training/ranking.hpp"

namespace blockyard {
namespace {

// Of one class: rows that have it and were given it, that were given it wrongly, that have it and were not given it.
struct Counts {
  int64_t hits = 0, false_alarms = 0, missed = 0;
  bool occurs() const { return hits + false_alarms + missed > 0; }
};

// sklearn's zero_division = 0.
double ratio(double part, double whole) {
  return whole > 0 ? part / whole : 0.0;
}

ClassScore scoreOf(const Counts& c) {
  const auto hits = static_cast<double>(c.hits);
  ClassScore out{.support = c.hits + c.missed, .predicted = c.hits + c.false_alarms};
  if (!c.occurs()) {
    out.precision = out.recall = out.f1 = kNoScore;
    return out;
  }
  out.precision = ratio(hits, static_cast<double>(out.predicted));
  out.recall = ratio(hits, static_cast<double>(out.support));
  out.f1 = ratio(2 * hits, static_cast<double>(out.predicted + out.support));
  return out;
}

// precision, recall and f1 over several classes, as sklearn averages them. Classes that neither truth nor answers have
// are left out, unless they are `labels` of their own, which always count (as 0).
void addAverages(const std::vector<Counts>& counts, bool labels, Metrics& out) {
  Counts sum;
  ClassScore macro, weighted;
  double classes = 0, support = 0;
  for (size_t k = 0; k < counts.size(); ++k) {
    sum.hits += counts[k].hits;
    sum.false_alarms += counts[k].false_alarms;
    sum.missed += counts[k].missed;
    const bool occurs = counts[k].occurs();
    classes += occurs || labels ? 1 : 0;
    if (!occurs) continue;
    const ClassScore& score = out.per_class[k];
    const auto weight = static_cast<double>(score.support);
    support += weight;
    macro.precision += score.precision;
    macro.recall += score.recall;
    macro.f1 += score.f1;
    weighted.precision += weight * score.precision;
    weighted.recall += weight * score.recall;
    weighted.f1 += weight * score.f1;
  }
  const ClassScore micro = scoreOf(sum);
  const auto put = [&](const std::string& name, double ClassScore::*of) {
    out.numbers[name + "_micro"] = sum.occurs() ? micro.*of : 0.0;
    out.numbers[name + "_macro"] = ratio(macro.*of, classes);
    out.numbers[name + "_weighted"] = ratio(weighted.*of, support);
  };
  put("precision", &ClassScore::precision);
  put("recall", &ClassScore::recall);
  put("f1", &ClassScore::f1);
}

// The mean over classes; NaN as soon as one is, as sklearn.
void addMeanAreas(Metrics& out) {
  double roc = 0, pr = 0;
  for (const ClassScore& score : out.per_class) roc += score.roc_auc, pr += score.pr_auc;
  const auto n = static_cast<double>(out.per_class.size());
  out.numbers["roc_auc"] = roc / n;
  out.numbers["pr_auc"] = pr / n;
}

// sklearn clips probabilities by the machine's epsilon of float64.
double surprise(double probability) {
  constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
  return -std::log(std::clamp(probability, kEpsilon, 1 - kEpsilon));
}

// Probabilities of K >= 2 classes for each row. Two classes may come as one column, the probability of the second.
struct ClassTable {
  std::span<const float> scores;
  std::span<const int64_t> labels;
  size_t k;
  bool single;

  size_t label(size_t i) const { return static_cast<size_t>(labels[i]); }
  double probability(size_t i, size_t c) const {
    if (!single) return scores[i * k + c];
    return c == 1 ? static_cast<double>(scores[i]) : 1.0 - static_cast<double>(scores[i]);
  }
  size_t answer(size_t i) const {
    if (single) return scores[i] > 0.5F ? 1 : 0;
    const auto row = scores.subspan(i * k, k);
    return static_cast<size_t>(std::max_element(row.begin(), row.end()) - row.begin());
  }
  RankingScores ranking(size_t c) const {
    const auto positive = [&](int64_t row) { return label(static_cast<size_t>(row)) == c; };
    if (!single) return rankingScores(scores, static_cast<int64_t>(k), static_cast<int64_t>(c), positive);
    if (c == 1) return rankingScores(scores, 1, 0, positive);
    std::vector<float> reversed(scores.begin(), scores.end());  // 1 - p would make ties of small probabilities
    for (float& p : reversed) p = -p;
    return rankingScores(reversed, 1, 0, positive);
  }
};

std::vector<Counts> countAnswers(const ClassTable& table, Metrics& out) {
  constexpr size_t kMostConfused = 1000;  // the tokens of a language would make a matrix that nobody looks at
  if (table.k <= kMostConfused) out.confusion.assign(table.k, std::vector<int64_t>(table.k, 0));
  std::vector<Counts> counts(table.k);
  int64_t right = 0, in_top = 0;
  constexpr int64_t kTop = 5;
  for (size_t i = 0; i < table.labels.size(); ++i) {
    const size_t label = table.label(i), answer = table.answer(i);
    if (!out.confusion.empty()) ++out.confusion[label][answer];
    if (label == answer)
      ++counts[label].hits;
    else
      ++counts[label].missed, ++counts[answer].false_alarms;
    right += answer == label ? 1 : 0;
    if (table.k <= kTop) continue;
    // Among equal scores top_k_accuracy_score ranks the later class higher.
    const auto row = table.scores.subspan(i * table.k, table.k);
    int64_t better = 0;
    for (size_t c = 0; c < table.k; ++c) better += row[c] > row[label] || (row[c] == row[label] && c > label) ? 1 : 0;
    in_top += better < kTop ? 1 : 0;
  }
  const auto rows = static_cast<double>(table.labels.size());
  out.numbers["accuracy"] = static_cast<double>(right) / rows;
  if (table.k > kTop) out.numbers["top_5"] = static_cast<double>(in_top) / rows;
  return counts;
}

// log_loss, and brier: the squared distance to the truth; of the second class alone if there are two (sklearn's
// scale_by_half "auto").
void addHonesty(const ClassTable& table, Metrics& out) {
  double log_loss = 0, brier = 0;
  for (size_t i = 0; i < table.labels.size(); ++i) {
    log_loss += surprise(table.probability(i, table.label(i)));
    for (size_t c = table.k == 2 ? 1 : 0; c < table.k; ++c) {
      const double difference = table.probability(i, c) - (c == table.label(i) ? 1.0 : 0.0);
      brier += difference * difference;
    }
  }
  const auto rows = static_cast<double>(table.labels.size());
  out.numbers["log_loss"] = log_loss / rows;
  out.numbers["brier"] = brier / rows;
}

}  // namespace

Metrics classMetrics(std::span<const float> scores, std::span<const int64_t> labels, std::vector<std::string> classes) {
  Metrics out{.classes = std::move(classes)};
  if (labels.empty()) return out;
  const bool single = scores.size() == labels.size();
  const ClassTable table{scores, labels, single ? 2 : scores.size() / labels.size(), single};
  assert(scores.size() == labels.size() * (single ? 1 : table.k));
  for (const int64_t label : labels)
    if (label < 0 || label >= static_cast<int64_t>(table.k))
      throw Error({}, "expected labels from 0 to " + std::to_string(table.k - 1) + ", got " + std::to_string(label));

  const std::vector<Counts> counts = countAnswers(table, out);
  for (size_t c = 0; c < table.k; ++c) {
    out.per_class.push_back(scoreOf(counts[c]));
    const RankingScores areas = table.ranking(c);
    out.per_class[c].roc_auc = areas.roc_auc;
    out.per_class[c].pr_auc = areas.pr_auc;
  }
  addAverages(counts, /*labels=*/false, out);
  addMeanAreas(out);
  if (table.k == 2) {
    const ClassScore& positive = out.per_class[1];
    out.numbers["precision"] = positive.predicted > 0 ? positive.precision : 0.0;
    out.numbers["recall"] = positive.support > 0 ? positive.recall : 0.0;
    out.numbers["f1"] = positive.predicted + positive.support > 0 ? positive.f1 : 0.0;
    out.numbers["roc_auc"] = positive.roc_auc;
    out.numbers["pr_auc"] = positive.pr_auc;
  }
  addHonesty(table, out);
  return out;
}

Metrics labelMetrics(std::span<const float> scores, std::span<const float> targets, std::vector<std::string> classes) {
  Metrics out{.classes = std::move(classes)};
  const size_t columns = out.classes.size();
  if (scores.empty() || columns == 0) return out;
  const size_t rows = scores.size() / columns;
  std::vector<Counts> counts(columns);
  int64_t exact = 0, wrong = 0;
  double log_loss = 0, brier = 0;
  for (size_t i = 0; i < rows; ++i) {
    const int64_t wrong_before = wrong;
    for (size_t c = 0; c < columns; ++c) {
      const double p = scores[i * columns + c];
      const bool truth = targets[i * columns + c] > 0.5F, answer = p > 0.5;
      counts[c].hits += truth && answer ? 1 : 0;
      counts[c].false_alarms += !truth && answer ? 1 : 0;
      counts[c].missed += truth && !answer ? 1 : 0;
      wrong += truth != answer ? 1 : 0;
      log_loss += surprise(truth ? p : 1 - p);
      brier += (p - (truth ? 1 : 0)) * (p - (truth ? 1 : 0));
    }
    exact += wrong == wrong_before ? 1 : 0;
  }
  const auto cells = static_cast<double>(rows * columns);
  for (size_t c = 0; c < columns; ++c) {
    out.per_class.push_back(scoreOf(counts[c]));
    const RankingScores areas =
        rankingScores(scores, static_cast<int64_t>(columns), static_cast<int64_t>(c),
                      [&](int64_t row) { return targets[static_cast<size_t>(row) * columns + c] > 0.5F; });
    out.per_class[c].roc_auc = areas.roc_auc;
    out.per_class[c].pr_auc = areas.pr_auc;
  }
  addAverages(counts, /*labels=*/true, out);
  addMeanAreas(out);
  out.numbers["accuracy"] = static_cast<double>(exact) / static_cast<double>(rows);
  out.numbers["hamming"] = static_cast<double>(wrong) / cells;
  out.numbers["log_loss"] = log_loss / cells;
  out.numbers["brier"] = brier / cells;
  return out;
}

}  // namespace blockyard
