// RowSet: which rows of a source belong together (the training part, say): a range, or a list of row numbers.
#pragma once
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

namespace blockyard {

class RowSet {
 public:
  RowSet() = default;
  // The rows of `all` for which `wanted` holds; kept as a range if they lie side by side.
  template <class All, class Wanted>
  static RowSet of(const All& all, Wanted wanted) {
    RowSet out;
    int64_t last = -1;
    for (int64_t i = 0; i < static_cast<int64_t>(all.size()); ++i) {
      if (!wanted(all[static_cast<size_t>(i)])) continue;
      if (out.count_++ == 0) out.first_ = i;
      last = i;
    }
    if (out.count_ == 0 || last - out.first_ + 1 == out.count_) return out;
    // Of many rows the list is the largest thing that is held in memory: half of it where that is enough.
    const auto fill = [&](auto& list) {
      list.reserve(static_cast<size_t>(out.count_));
      for (int64_t i = out.first_; i <= last; ++i)
        if (wanted(all[static_cast<size_t>(i)])) list.push_back(static_cast<std::decay_t<decltype(list[0])>>(i));
    };
    if (last <= std::numeric_limits<uint32_t>::max())
      fill(out.list_);
    else
      fill(out.long_list_);
    return out;
  }
  static RowSet range(int64_t first, int64_t count) {
    RowSet out;
    out.first_ = first, out.count_ = count;
    return out;
  }

  // `count` rows in any order: fill(put) calls put(i, row) once for each i of [0, count); no row is beyond `last`.
  template <class Fill>
  static RowSet listed(int64_t count, int64_t last, Fill fill) {
    RowSet out;
    out.count_ = count;
    const auto into = [&](auto& list) {
      list.resize(static_cast<size_t>(count));
      fill([&](int64_t i, int64_t row) {
        list[static_cast<size_t>(i)] = static_cast<std::decay_t<decltype(list[0])>>(row);
      });
    };
    if (last <= std::numeric_limits<uint32_t>::max())
      into(out.list_);
    else
      into(out.long_list_);
    return out;
  }

  int64_t size() const { return count_; }
  bool isRange() const { return list_.empty() && long_list_.empty(); }
  int64_t operator[](int64_t i) const {
    if (!list_.empty()) return list_[static_cast<size_t>(i)];
    return long_list_.empty() ? first_ + i : long_list_[static_cast<size_t>(i)];
  }
  // The first `count` rows only.
  RowSet head(int64_t count) const {
    RowSet out = *this;
    if (count >= count_) return out;
    out.count_ = count;
    if (!list_.empty()) out.list_.resize(static_cast<size_t>(count));
    if (!long_list_.empty()) out.long_list_.resize(static_cast<size_t>(count));
    return out;
  }

 private:
  int64_t first_ = 0, count_ = 0;
  std::vector<uint32_t> list_;
  std::vector<int64_t> long_list_;
};

}  // namespace blockyard
