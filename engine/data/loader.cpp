#include "data/loader.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <utility>

namespace blockyard {

constexpr int64_t kPicksPerTask = 256;

Loader::Loader(const std::vector<Packet>& columns, const RowSet& rows, std::optional<Draw> draw,
               LoaderSettings settings)
    : columns_(columns), rows_(rows), draw_(std::move(draw)), settings_(std::move(settings)) {
  batches_ = (this->rows() + settings.batch_size - 1) / settings.batch_size;
  if (settings.batches >= 0) batches_ = std::min(batches_, settings.batches);
  next_to_gather_ = next_to_give_ = settings.first_batch;
  ring_.resize(2 * static_cast<size_t>(settings.threads) + 1);
  for (int i = 0; i < settings.threads; ++i) threads_.emplace_back([this] { work(); });
}

Loader::~Loader() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  room_.notify_all();
  for (auto& thread : threads_) thread.join();
}

LoadedBatch Loader::gathered(int64_t index) const {
  const int64_t first = index * settings_.batch_size;
  const int64_t count = std::min(settings_.batch_size, rows() - first);
  LoadedBatch out{.index = index};
  if (!draw_ && rows_.isRange()) {  // rows side by side in memory need no copy
    for (const auto& column : columns_) {
      if (column.isTable())
        out.packets.push_back(column.slice(rows_[first], count));
      else
        out.packets.emplace_back(sliceRows(column.tensor(), rows_[first], count), column.sharedMeaning());
    }
    out.row_ids = at::arange(rows_[first], rows_[first] + count, at::kLong);
    return out;
  }
  out.row_ids = at::empty({count}, at::kLong);
  int64_t* const ids = out.row_ids.mutable_data_ptr<int64_t>();
  std::vector<int64_t> picks(static_cast<size_t>(count));
  std::vector<Drawn> drawn(static_cast<size_t>(count));
  const auto pick = [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Drawn& one = drawn[static_cast<size_t>(i)];
      one = draw_ ? (*draw_)(first + i) : Drawn{.place = first + i};
      const int64_t row = picks[static_cast<size_t>(i)] = rows_[one.place];
      ids[i] = one.extra == 0 ? row : columns_.front().rows() - 1 + one.extra;
    }
  };
  const bool parallel = settings_.threads == 0;  // the caller's step has not begun: its cores are free
  if (parallel)
    at::parallel_for(0, count, kPicksPerTask, pick);
  else
    pick(0, count);
  for (const auto& column : columns_) {
    if (column.isTable())
      out.packets.push_back(column.take(picks));
    else
      out.packets.emplace_back(gatherRows(column.tensor(), picks, settings_.memory, parallel), column.sharedMeaning());
  }
  for (const size_t column : settings_.mixed) {
    at::Tensor rows = out.packets[column].tensor();
    move(rows, columns_[column].tensor(), drawn);
  }
  return out;
}

void Loader::move(at::Tensor& out, const at::Tensor& column, const std::vector<Drawn>& drawn) const {
  std::vector<int64_t> at, toward;
  std::vector<double> ways;
  for (size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i].toward < 0) continue;
    at.push_back(static_cast<int64_t>(i)), toward.push_back(rows_[drawn[i].toward]), ways.push_back(drawn[i].way);
  }
  if (at.empty()) return;
  const at::Tensor places = at::tensor(at, at::kLong);
  const at::Tensor from = out.index_select(0, places);
  std::vector<int64_t> each(static_cast<size_t>(out.dim()), 1);
  each[0] = -1;
  const at::Tensor way = at::tensor(ways, at::kDouble).to(out.scalar_type()).view(each);
  // One operation at a time: a fused one rounds differently where it is vectorized and where it is not.
  out.index_copy_(0, places, from + (gatherRows(column, toward) - from) * way);
}

void Loader::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    room_.wait(lock, [&] {
      return closed_ || next_to_gather_ >= batches_ ||
             next_to_gather_ < next_to_give_ + static_cast<int64_t>(ring_.size());
    });
    if (closed_ || failure_ || next_to_gather_ >= batches_) return;
    const int64_t index = next_to_gather_++;
    lock.unlock();
    std::optional<LoadedBatch> batch;
    std::exception_ptr failure;
    try {
      batch = gathered(index);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && !failure_) failure_ = failure;
    ring_[static_cast<size_t>(index) % ring_.size()] = std::move(batch);
    ready_.notify_one();
  }
}

std::optional<LoadedBatch> Loader::next() {
  if (next_to_give_ >= batches_) return std::nullopt;
  if (threads_.empty()) return gathered(next_to_give_++);
  std::unique_lock lock(mutex_);
  auto& slot = ring_[static_cast<size_t>(next_to_give_) % ring_.size()];
  ready_.wait(lock, [&] { return failure_ || slot; });
  if (failure_) std::rethrow_exception(failure_);
  std::optional<LoadedBatch> out = std::exchange(slot, std::nullopt);
  ++next_to_give_;
  room_.notify_one();
  return out;
}

}  // namespace blockyard
