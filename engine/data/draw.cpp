#include "data/draw.hpp"

#include <algorithm>

namespace blockyard {

ClassBalance::ClassBalance(const std::vector<int64_t>& counts, int64_t without, double share) {
  const int64_t most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  const auto wanted = static_cast<int64_t>(share * static_cast<double>(most));
  int64_t place = 0, extra = 0;
  const auto add = [&](int64_t rows, int64_t drawn) {
    classes_.push_back({.rows = rows, .drawn = drawn, .first_place = place, .first_slot = size_, .first_extra = extra});
    place += rows, size_ += drawn, extra += drawn - rows;
  };
  for (const int64_t rows : counts) add(rows, rows == 0 ? 0 : std::max(rows, wanted));  // of nothing nothing is drawn
  add(without, without);
}

void ClassBalance::setNeighbours(size_t number, KeyedPermutation sample, at::Tensor neighbours) {
  classes_[number].sample = sample;
  classes_[number].neighbours = std::move(neighbours);
}

Drawn ClassBalance::at(int64_t slot, const KeyedRandom& random) const {
  const auto after = std::upper_bound(classes_.begin(), classes_.end(), slot,
                                      [](int64_t wanted, const Class& c) { return wanted < c.first_slot; });
  const Class& found = *(after - 1);  // an empty class begins where the next one does, and that one is found
  const int64_t number = slot - found.first_slot;
  if (number < found.rows) return {.place = found.first_place + number};
  const auto extra = static_cast<uint64_t>(found.first_extra + number - found.rows);
  Drawn out{.extra = static_cast<int64_t>(extra) + 1};
  const auto place = [&](uint64_t sampled) {
    const bool all = !found.neighbours.defined() || found.neighbours.size(0) == found.rows;
    return found.first_place + static_cast<int64_t>(all ? sampled : found.sample(sampled));
  };
  if (!found.neighbours.defined()) {
    out.place = place(random.below(3 * extra, static_cast<uint64_t>(found.rows)));
    return out;
  }
  const int64_t k = found.neighbours.size(1);
  const auto base = random.below(3 * extra, static_cast<uint64_t>(found.neighbours.size(0)));
  const auto which = random.below(3 * extra + 1, static_cast<uint64_t>(k));
  out.place = place(base);
  out.toward = place(static_cast<uint64_t>(
      found.neighbours.const_data_ptr<int32_t>()[static_cast<int64_t>(base) * k + static_cast<int64_t>(which)]));
  out.way = random.uniform(3 * extra + 2);
  return out;
}

}  // namespace blockyard
