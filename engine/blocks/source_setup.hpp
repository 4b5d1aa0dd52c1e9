// What a source is opened or looked into with; apart from source.hpp so that the checks need no tensor.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "blocks/signature.hpp"

namespace blockyard {

// What a source is opened with.
struct SourceSetup {
  const Values& values;                      // complete
  std::string folder{};                      // relative paths start here: the project's folder
  int64_t memory_budget = int64_t{1} << 30;  // bytes that rows kept in memory may take; more goes to a temporary file
  int threads = 0;                           // 0: as many as there are cores
  // When predicting: what the trained pipeline expects on each port. Types and classes are taken from here instead of
  // being detected, a column in excess is ignored, and the target may be missing.
  const Signatures* expected = nullptr;
  // Columns of those that new rows may come without, as no block looks at them; they are missing values then.
  std::vector<std::string> may_lack{};
  // A look at the first rows: about so many are enough, of the first file; 0: all rows of all files. What a source then
  // gives are rows as they come, not checked for what only training needs.
  int64_t most_rows = 0;
  bool all_files = true;  // those of the validation and test rows, too; new rows to predict come from one file
  // Called now and then from the engine thread: bytes done and in all (0: unknown).
  std::function<void(int64_t, int64_t)> progress{};
  // Set from any thread: the source stops soon with Error "stopped".
  const std::atomic<bool>* stop = nullptr;
};

}  // namespace blockyard
