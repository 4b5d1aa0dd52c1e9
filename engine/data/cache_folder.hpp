// CacheFolder: the files of the cache of prepared rows (tensor_cache.hpp), without the tensors in them: how many there
// are, and which go when they are too many. Any thread, any number of processes. Torch-free.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace blockyard {

struct CachedItem {
  std::string key{};
  std::string what{};   // for people: what it was made from
  int64_t bytes = 0;    // on the disk
  int64_t used_at = 0;  // seconds since 1970
};

constexpr int64_t kCacheLimit = int64_t{20} << 30;

class CacheFolder {
 public:
  // By default BLOCKYARD_CACHE, or blockyard/rows in XDG_CACHE_HOME or ~/.cache.
  explicit CacheFolder(std::filesystem::path path = {});

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path fileOf(const std::string& key) const;
  // What an entry is called while it is written; locked as long as its writer lives.
  std::filesystem::path unfinishedFileOf(const std::string& key) const;
  std::vector<CachedItem> list() const;  // the one used last first
  // Removes the entries that were last used at least `seconds` ago; returns the bytes that are free now. What is mapped
  // somewhere stays readable there: only its name goes.
  int64_t clear(int64_t seconds = 0) const;
  // Bytes that all entries may take together; kCacheLimit if nobody has said otherwise.
  int64_t limit() const;
  void setLimit(int64_t bytes) const;  // and keeps to it at once
  // Makes the folder, if need be, and room for an entry; sweeps away what killed programs have left. False if the
  // entry is larger than the limit. Throws Error.
  bool makeRoom(int64_t bytes) const;

 private:
  void shrinkTo(int64_t bytes) const;
  void sweep() const;

  std::filesystem::path path_;
};

// Metadata of an entry: what it was made from.
constexpr const char* kCachedWhatKey = "what";

}  // namespace blockyard
