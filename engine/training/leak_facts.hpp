// LeakFacts: what the first rows of a source say about whether a result on them can be trusted: columns that alone tell
// the target, rows that occur twice, columns that look like groups, times that are not in order.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace blockyard {

class Source;

struct ColumnFacts {
  std::string name{};
  // How much of the target the column alone tells, 0 to 1, and by which measure:
  //   "lambda"       target of classes: share of the errors of always guessing the most frequent class that go away
  //   when
  //                  the column's value is known (Goodman and Kruskal 1954). Many numbers: 64 bins of equal frequency.
  //   "correlation"  two numbers: the larger one of Pearson's and Spearman's, without its sign
  //   "eta"          category and number: the correlation ratio, its square root
  double tells = 0;
  std::string measure{};
  int64_t distinct = 0;
  bool empty = false;  // no row has a value
  bool is_time = false;
  bool rises = true;         // times: no row is earlier than the one before
  bool whole_values = true;  // names, or numbers without a fraction
};

struct LeakFacts {
  int64_t rows = 0;                       // that were looked at
  int64_t duplicates = 0;                 // rows of which an equal one, target included, came before
  bool could_be_equal_by_chance = false;  // nothing but few values: equal rows mean nothing
  std::vector<ColumnFacts> columns{};
};

constexpr int64_t kLeakRows = 50000;
// Fewer rows say nothing.
constexpr int64_t kLeakLeastRows = 50;

// Reads up to kLeakRows rows. Throws Error as the source does, and "stopped" once `stop` is set.
LeakFacts lookForLeaks(Source& source, const std::atomic<bool>* stop = nullptr);

}  // namespace blockyard
