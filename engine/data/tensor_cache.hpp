// TensorCache: rows that took long to make, kept on the disk for the next run that needs the same ones. An entry is one
// safetensors file, mapped into memory, named by a key in which everything stands that the rows follow from. It appears
// at its place only once it is whole and on the disk; what a killed program leaves behind is swept away by the next
// one. The entries that were not used for longest go when there are too many. Any thread, any number of processes.
#pragma once
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/cache_folder.hpp"

namespace blockyard {

// What one tensor of an entry is to be.
struct CachedShape {
  at::ScalarType type = at::kFloat;
  std::vector<int64_t> sizes{};
};

// An entry on its way: fill its tensors, then commit(). Without that, nothing has happened.
class CacheEntry {
 public:
  ~CacheEntry();
  CacheEntry(const CacheEntry&) = delete;
  CacheEntry& operator=(const CacheEntry&) = delete;

  // Mapped from the file; they stay valid after this object is gone.
  const std::vector<at::Tensor>& tensors() const { return tensors_; }
  // Brings the entry to the disk and to its place. Throws Error (Fault::Failed).
  void commit();

 private:
  friend class TensorCache;
  class Map;
  CacheEntry(std::filesystem::path place, std::filesystem::path temporary, const std::string& head, uint64_t size);

  std::filesystem::path place_, temporary_;
  int file_ = -1;
  std::shared_ptr<Map> map_;
  std::vector<at::Tensor> tensors_;
};

class TensorCache {
 public:
  explicit TensorCache(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}

  const CacheFolder& folder() const { return folder_; }
  // The tensors under `key`, read-only, in the order in which they were asked for; nothing if there is no such entry,
  // or none that is whole, or its file was written to since it came to its place.
  std::optional<std::vector<at::Tensor>> find(const std::string& key) const;
  // Makes room and begins an entry; null if it is larger than the limit. `what` tells people what it is made from.
  // Throws Error (Fault::Failed) if the disk has no room or the folder cannot be written.
  std::unique_ptr<CacheEntry> begin(const std::string& key, const std::vector<CachedShape>& shapes,
                                    const std::string& what) const;

 private:
  CacheFolder folder_;
};

}  // namespace blockyard
