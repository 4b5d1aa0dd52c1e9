// Draw: which row comes at which place of an epoch. Every answer is computed from (seed, epoch, place) alone, so that
// no shuffle is stored, a training goes on anywhere, and neither threads nor chunks change what is drawn.
//
// Usually each row comes once. With a ClassBalance the rows of rare classes come more often: after Lemaitre et al.,
// "Imbalanced-learn" (JMLR 2017), every row once, and what its class lacks as random rows of the class, drawn with
// replacement; or, after Chawla et al., "SMOTE" (JAIR 2002), each of those moved a random part of the way towards one
// of its nearest neighbours of the same class.
#pragma once
#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "base/random.hpp"

namespace blockyard {

// Places are counted in the RowSet that is drawn from.
struct Drawn {
  int64_t place = 0;
  int64_t extra = 0;    // 0: the row itself; else the number, from 1, of a row that is drawn beyond those of the set
  int64_t toward = -1;  // -1: as it is; else the place of the row towards which it is moved
  double way = 0;       // the part of the way, [0, 1)
};

// How often each class is drawn in an epoch. Made for a RowSet whose rows lie class by class. Immutable: shared by
// threads.
class ClassBalance {
 public:
  // `counts`: rows of each class, in the order in which they lie; behind them `without` rows without a class, which
  // come once. Classes with less than `share` times the rows of the largest one are filled up to that.
  ClassBalance(const std::vector<int64_t>& counts, int64_t without, double share);

  // Neighbours of a class that is filled up: `sample` picks the rows among which they were looked for, int32 [M, k]
  // their numbers in the sample.
  void setNeighbours(size_t number, KeyedPermutation sample, at::Tensor neighbours);

  int64_t classes() const { return static_cast<int64_t>(classes_.size()); }
  int64_t rows(size_t number) const { return classes_[number].rows; }
  int64_t drawn(size_t number) const { return classes_[number].drawn; }
  int64_t firstPlace(size_t number) const { return classes_[number].first_place; }
  int64_t size() const { return size_; }  // rows of an epoch

  // What stands at `slot` < size() before the epoch is shuffled.
  Drawn at(int64_t slot, const KeyedRandom& random) const;

 private:
  struct Class {
    int64_t rows = 0, drawn = 0;
    int64_t first_place = 0, first_slot = 0, first_extra = 0;
    KeyedPermutation sample{1, KeyedRandom(0)};
    at::Tensor neighbours{};  // undefined: rows are drawn as they are
  };
  std::vector<Class> classes_;
  int64_t size_ = 0;
};

class Draw {
 public:
  // Each row once.
  Draw(KeyedPermutation order) : order_(order) {}
  // Those of `balance`, in the order `order` of as many rows; `random` is the epoch's.
  Draw(KeyedPermutation order, std::shared_ptr<const ClassBalance> balance, const KeyedRandom& random)
      : order_(order), balance_(std::move(balance)), random_(random) {}

  int64_t size() const { return static_cast<int64_t>(order_.size()); }
  Drawn operator()(int64_t index) const {
    const auto slot = static_cast<int64_t>(order_(static_cast<uint64_t>(index)));
    return balance_ ? balance_->at(slot, random_) : Drawn{.place = slot};
  }

 private:
  KeyedPermutation order_;
  std::shared_ptr<const ClassBalance> balance_;
  KeyedRandom random_{0};
};

}  // namespace blockyard
