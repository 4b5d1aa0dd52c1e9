// Loader: gathers the batches of one epoch, on threads of its own, ahead of the step. Which rows a batch holds is a
// function of (draw, index): the number of threads and who is faster never change a batch.
#pragma once
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "data/chunk.hpp"
#include "data/draw.hpp"
#include "data/gather.hpp"
#include "data/row_set.hpp"

namespace blockyard {

struct LoaderSettings {
  int64_t batch_size = 32;
  int64_t first_batch = 0;  // where to begin within the epoch
  int64_t batches = -1;     // how many batches the epoch has at most; -1: all rows, the last batch may be short
  int threads = 1;          // 0: gather on the calling thread
  Memory memory = Memory::Plain;
  std::vector<size_t> mixed{};  // columns of numbers in which a row that moves towards another one moves
};

struct LoadedBatch {
  int64_t index = 0;              // within the epoch
  std::vector<Packet> packets{};  // one per column, N rows each
  // int64 [N], numbers in the source; a row that is drawn once more has a number of its own beyond those, so that
  // whatever is keyed by it differs.
  at::Tensor row_ids{};
};

class Loader {
 public:
  // `columns` hold all rows of the source (contiguous CPU tensors) and must outlive the loader; `draw` says which of
  // `rows` come, or is empty for all in their own order.
  Loader(const std::vector<Packet>& columns, const RowSet& rows, std::optional<Draw> draw, LoaderSettings settings);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next batch, or nothing at the end of the epoch. One consumer. Rethrows what failed on a thread.
  std::optional<LoadedBatch> next();
  // Batches in the whole epoch, wherever it began.
  int64_t batches() const { return batches_; }

 private:
  LoadedBatch gathered(int64_t index) const;
  int64_t rows() const { return draw_ ? draw_->size() : rows_.size(); }
  // Moves rows of `out` towards others of `column`.
  void move(at::Tensor& out, const at::Tensor& column, const std::vector<Drawn>& drawn) const;
  void work();

  const std::vector<Packet>& columns_;
  const RowSet& rows_;
  std::optional<Draw> draw_;
  LoaderSettings settings_;
  int64_t batches_ = 0;

  std::mutex mutex_;
  std::condition_variable room_, ready_;
  std::vector<std::optional<LoadedBatch>> ring_;  // batch i waits in slot i % size
  int64_t next_to_gather_ = 0;
  int64_t next_to_give_ = 0;
  std::exception_ptr failure_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace blockyard
