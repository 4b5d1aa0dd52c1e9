// WorstRows: finds the rows that a head is most wrong about while they are judged, and then describes them from the
// source. Keeps no more than that many, whatever the number of rows. Engine thread.
#pragma once
#include "blocks/source.hpp"
#include "data/row_set.hpp"
#include "runs/error_examples.hpp"
#include "training/answered_rows.hpp"

namespace blockyard {

class WorstRows {
 public:
  explicit WorstRows(size_t most = 20) : most_(most) {}

  // The next batch of rows, in their order. What has no answer row by row (the next token at every place of a window)
  // gives no examples.
  void add(const PipelineNode& head, const Batch& in, const Batch& out);
  // Reads the rows again: `rows` are those that were judged. Nothing if there was no answer row by row. Throws Error.
  std::optional<ErrorExamples> describe(const RowSet& rows, Source& source) const;

 private:
  struct Found {
    double wrongness = 0;
    int64_t place = 0;  // among the rows judged
    std::string truth{}, said{};
    double probability = 0, truth_probability = 0;
  };
  void take(Found found);

  size_t most_;
  bool none_ = false;  // there are no answers row by row
  int64_t rows_ = 0, wrong_ = 0;
  std::string head_{}, measure_{};
  std::vector<Found> found_{};  // a heap, the least wrong on top
};

}  // namespace blockyard
