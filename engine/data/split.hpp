// Which rows are for training, which for validation and which for the test. Every answer is a function of the seed and
// of the row alone (its number, class, group or time), so it is the same for any chunk size and thread count.
// Torch-free.
//
//   random      a keyed hash of the row number: rows that are appended later change nothing for those before. The
//   shares
//               are exact in expectation.
//   stratified  the same within each class, in blocks of kStratum rows of a class, so that each class has its exact
//   share order       the first rows train, the next validate, the last test time        the same in the order of a
//   time (or number); equal times stay together group       a keyed hash of the group, so that a group is never on two
//   sides given       as the source's files say; where they give no validation rows, a random share of the training
//   rows is taken
//
// With folds, the test share is taken first, then the rest is cut into equal parts in the same manner, of which number
// `fold` validates.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "data/part.hpp"
#include "data/table.hpp"

namespace blockyard {

struct SplitSettings {
  std::string how = "random";  // random, stratified, order, time, group, given
  double validation_share = 0.15;
  double test_share = 0.15;
  int64_t folds = 0;  // 0: off
  int64_t fold = 0;
  uint64_t seed = 0;
};

// What a split may look at; what it does not need may be empty.
struct SplitRows {
  int64_t rows = 0;
  std::vector<int64_t> classes{};  // stratified: class of each row, -1: none
  const Column* column = nullptr;  // time and group: the column
  std::vector<Part> given{};       // given
};

// One entry per row. Throws Error if something needed is missing.
std::vector<Part> splitRows(const SplitSettings& settings, const SplitRows& rows);

// Which stretch of a sequence each row covers, where rows are windows: entries as many as rows, or none. Times, or
// numbers of places, with both ends in.
struct RowSpans {
  std::vector<int32_t> series{};  // windows of different series have nothing in common
  std::vector<double> first{};    // of all that the row shows
  std::vector<double> target{};   // from here on the row is asked for what is there
  std::vector<double> last{};
};

// Keeps windows of different parts apart. A split by time or order: a training row whose target reaches into what a
// validation or test row is asked for becomes Unused, and so does a validation row towards the test; what a row looks
// back on may lie in an earlier part, as it will when predicting. Any other split: throws Error if windows that overlap
// are on two sides.
void keepWindowsApart(std::vector<Part>& parts, const RowSpans& spans, const std::string& how);
// Throws Error if a class has no training row although it has others: what was never seen cannot be told. `classes`
// holds the class of each row.
void checkClassesInTraining(const std::vector<Part>& parts, const std::vector<int64_t>& classes,
                            const std::vector<std::string>& class_names);
// Throws Error if there are no training rows.
void checkPartsNotEmpty(const std::vector<Part>& parts);

}  // namespace blockyard
