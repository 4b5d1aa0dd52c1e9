// Loader: gathers the batches of one epoch, on threads of its own, ahead of the step. Which rows a batch holds is a
// function of (order, index): the number of threads and who is faster never change a batch.
#pragma once
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/random.hpp"
#include "data/chunk.hpp"
#include "data/gather.hpp"
#include "data/row_set.hpp"

namespace blockyard {

struct LoaderSettings {
  int64_t batch_size = 32;
  int64_t first_batch = 0;  // where to begin within the epoch
  int64_t batches = -1;     // how many batches the epoch has at most; -1: all rows, the last batch may be short
  int threads = 1;          // 0: gather on the calling thread
  Memory memory = Memory::Plain;
};

struct LoadedBatch {
  int64_t index = 0;              // within the epoch
  std::vector<Packet> packets{};  // one per column, N rows each
  at::Tensor row_ids{};           // int64 [N], numbers in the source
};

class Loader {
 public:
  // `columns` hold all rows of the source (contiguous CPU tensors) and must outlive the loader; `order` permutes the
  // rows of `rows`, or is empty for their own order.
  Loader(const std::vector<Packet>& columns, const RowSet& rows, std::optional<KeyedPermutation> order,
         LoaderSettings settings);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // The next batch, or nothing at the end of the epoch. One consumer. Rethrows what failed on a thread.
  std::optional<LoadedBatch> next();
  // Batches in the whole epoch, wherever it began.
  int64_t batches() const { return batches_; }

 private:
  LoadedBatch gathered(int64_t index) const;
  void work();

  const std::vector<Packet>& columns_;
  const RowSet& rows_;
  std::optional<KeyedPermutation> order_;
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
