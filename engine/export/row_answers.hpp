// What a trained pipeline says about each row of a part whose truth is known, and where two of them say different
// things. Torch-free plain data; the functions block for as long as predicting takes, any thread but the GUI's.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "blocks/sample.hpp"
#include "export/bundle.hpp"
#include "training/answered_rows.hpp"

namespace blockyard {

// `bundle` is the file of a run's trained pipeline, `folder` the project's. The rows are told apart as they were in
// training. The answers are those of the first head, unless PredictOptions name another. Throws Error (Fault::TryAgain
// if stopped).
RowAnswers answersOnPart(const std::string& bundle, const std::string& folder, Part part,
                         const PredictOptions& options = {});

struct Disagreement {
  RowAnswers first{}, second{};     // about the same rows, in the same order
  std::vector<size_t> differing{};  // of them; for numbers all that differ, the largest difference first
  int64_t learned_by_second = 0;    // rows that the second was trained on: it may know them by heart
};
// About the rows that are `part` to the first one. Throws Error if the two answer different questions, or if their data
// is not the same.
Disagreement disagreement(const std::string& first_bundle, const std::string& second_bundle, const std::string& folder,
                          Part part, const PredictOptions& options = {});

// What a person can see of these rows, one row each, in this order: the columns of a table, or pictures, of the first
// kMostPictures rows. Neither where the source gives something else. Throws Error.
constexpr size_t kMostPictures = 256;
struct RowInputs {
  Table table{};
  Pictures pictures{};
};
RowInputs inputsOfRows(const Plan& plan, const std::string& folder, const std::vector<int64_t>& rows,
                       const std::atomic<bool>* stop = nullptr);

}  // namespace blockyard
