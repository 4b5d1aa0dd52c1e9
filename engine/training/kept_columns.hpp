// KeptColumns: what the model will read of every row, while it is put together chunk by chunk, and where it lies: in
// memory, in a temporary file once it exceeds the memory budget, or in the cache, where the next run finds it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "data/part.hpp"
#include "data/tensor_cache.hpp"
#include "training/pipeline.hpp"

namespace blockyard {

class KeptColumns {
 public:
  // `fingerprint` is that of the data; `parts` says what each of its rows is for, and must outlive this object. The
  // blocks that prepare rows have been made and fitted.
  KeptColumns(const Pipeline& pipeline, const Plan& plan, std::string fingerprint, const std::vector<Part>& parts);

  // Whether an earlier run has left them in the cache. `first` is what crosses the cuts for some first rows: it tells
  // shapes and what the tensors mean.
  bool find(const std::vector<Packet>& first);
  // Makes room for all rows, `seconds` being how long the preparing of all of them will take by the first chunk.
  // Without room in the cache they are kept for this run alone; throws Error if there is none for that either.
  void begin(const std::vector<Packet>& first, double seconds);
  // Why they are not kept although they were to be; empty if they are.
  const std::string& notice() const { return notice_; }
  // Rows [first, first + N) of column `index`.
  void put(size_t index, int64_t first, const at::Tensor& rows);
  // All rows are there; with them in the cache this waits for the disk.
  std::vector<Packet> finish();

 private:
  void take(const std::vector<Packet>& first, const std::vector<at::Tensor>& tensors);
  void beginInCache(const std::vector<CachedShape>& shapes);

  const Pipeline& pipeline_;
  const Plan& plan_;
  std::string fingerprint_;
  const std::vector<Part>& parts_;
  int64_t rows_;
  std::string how_;  // training.row_cache: auto, off or always
  std::string key_;
  TensorCache cache_;
  std::unique_ptr<CacheEntry> entry_;
  std::string notice_;
  std::vector<Packet> columns_;
};

}  // namespace blockyard
