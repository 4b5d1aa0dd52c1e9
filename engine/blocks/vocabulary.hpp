// Vocabulary: the classes of some category columns and how often each occurs in the training rows. What one-hot and
// ordinal codes learn. Classes are found again by name, so a table with other codes for the same classes gives the same
// result.
#pragma once
#include <string>
#include <vector>

#include "blocks/columns.hpp"

namespace blockyard {

struct Vocabulary {
  struct Entry {
    std::string column{};
    Texts classes{};    // in the order of the source
    Integers counts{};  // of each class; 0: the class is known, but no training row has it
  };
  std::vector<Entry> entries{};

  static Vocabulary learned(FitRows& rows, const Texts& wanted);
  static Vocabulary from(const State& state);
  State state() const;
  Texts columns() const;
};

// For each class of `column` its place in entry.classes; -1 for a class that no training row has.
std::vector<int64_t> placesIn(const Vocabulary::Entry& entry, const Column& column);

}  // namespace blockyard
