// When a column of texts is one of classes: its values repeat. At most half as many values as rows, or very few at all.
#pragma once
#include <algorithm>
#include <cstddef>

namespace blockyard {

inline constexpr size_t kLongestClass = 100;  // bytes; longer texts are sentences

constexpr bool textsRepeat(size_t values, size_t rows) {
  constexpr size_t kFew = 20;
  return values <= std::max(kFew, rows / 2);
}

}  // namespace blockyard
