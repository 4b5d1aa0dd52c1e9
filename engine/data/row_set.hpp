// RowSet: which rows of a source belong together (the training part, say): a range, or a list of row numbers.
#pragma once
#include <cstdint>
#include <vector>

namespace blockyard {

class RowSet {
 public:
  RowSet() = default;
  // The rows of `all` for which `wanted` holds; kept as a range if they lie side by side.
  template <class All, class Wanted>
  static RowSet of(const All& all, Wanted wanted) {
    RowSet out;
    for (int64_t i = 0; i < static_cast<int64_t>(all.size()); ++i) {
      if (!wanted(all[static_cast<size_t>(i)])) continue;
      if (out.count_ == 0) out.first_ = i;
      if (out.list_.empty() && i != out.first_ + out.count_) {
        for (int64_t j = 0; j < out.count_; ++j) out.list_.push_back(out.first_ + j);
      }
      if (!out.list_.empty()) out.list_.push_back(i);
      ++out.count_;
    }
    return out;
  }
  static RowSet range(int64_t first, int64_t count) {
    RowSet out;
    out.first_ = first, out.count_ = count;
    return out;
  }

  int64_t size() const { return count_; }
  bool isRange() const { return list_.empty(); }
  int64_t operator[](int64_t i) const { return list_.empty() ? first_ + i : list_[static_cast<size_t>(i)]; }
  // The first `count` rows only.
  RowSet head(int64_t count) const {
    RowSet out = *this;
    if (count >= count_) return out;
    out.count_ = count;
    if (!list_.empty()) out.list_.resize(static_cast<size_t>(count));
    return out;
  }

 private:
  int64_t first_ = 0, count_ = 0;
  std::vector<int64_t> list_;
};

}  // namespace blockyard
