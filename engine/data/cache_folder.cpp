#include "data/cache_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <ctime>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/safetensors.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRowsEnding = ".safetensors";
constexpr const char* kUnfinished = ".part";
constexpr const char* kLimitFile = "limit";

fs::path defaultFolder() {
  const auto variable = [](const char* name) -> fs::path {
    const char* const text = std::getenv(name);
    return text == nullptr ? "" : text;
  };
  if (const fs::path own = variable("BLOCKYARD_CACHE"); !own.empty()) return own;
  if (const fs::path cache = variable("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "blockyard" / "rows";
  if (const fs::path home = variable("HOME"); !home.empty()) return home / ".cache" / "blockyard" / "rows";
  return fs::temp_directory_path() / "blockyard-rows";
}

}  // namespace

CacheFolder::CacheFolder(fs::path path) : path_(path.empty() ? defaultFolder() : std::move(path)) {}

fs::path CacheFolder::fileOf(const std::string& key) const {
  return path_ / (key + kRowsEnding);
}

fs::path CacheFolder::unfinishedFileOf(const std::string& key) const {
  static std::atomic<int> number = 0;
  return path_ / (key + "." + std::to_string(::getpid()) + "-" + std::to_string(number++) + kUnfinished);
}

std::vector<CachedItem> CacheFolder::list() const {
  std::vector<CachedItem> out;
  std::error_code code;
  for (const auto& file : fs::directory_iterator(path_, code)) {
    struct stat info {};
    if (file.path().extension() != kRowsEnding || ::stat(file.path().c_str(), &info) != 0) continue;
    CachedItem item{.key = file.path().stem().string(), .bytes = info.st_size, .used_at = info.st_mtime};
    try {
      const SafetensorsFile entry(file.path());
      if (const auto what = entry.metadata().find(kCachedWhatKey); what != entry.metadata().end())
        item.what = what->second;
    } catch (const Error&) {
      item.what = "damaged";
    }
    out.push_back(std::move(item));
  }
  std::sort(out.begin(), out.end(), [](const CachedItem& a, const CachedItem& b) {
    return a.used_at != b.used_at ? a.used_at > b.used_at : a.key < b.key;
  });
  return out;
}

int64_t CacheFolder::clear(int64_t seconds) const {
  sweep();
  const int64_t now = ::time(nullptr);
  int64_t freed = 0;
  std::error_code code;
  for (const CachedItem& item : list())
    if (now - item.used_at >= seconds && fs::remove(fileOf(item.key), code)) freed += item.bytes;
  return freed;
}

int64_t CacheFolder::limit() const {
  std::error_code code;
  if (!fs::exists(path_ / kLimitFile, code)) return kCacheLimit;
  const std::string text = readFile(path_ / kLimitFile);
  int64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || bytes < 0)
    throw Error({.file = (path_ / kLimitFile).string()},
                "expected a number of bytes, got \"" + text.substr(0, 40) + "\"",
                "set it with \"blockyard cache --limit\"");
  return bytes;
}

void CacheFolder::setLimit(int64_t bytes) const {
  makeFolder(path_);
  writeDurably(path_ / kLimitFile, std::to_string(bytes));
  shrinkTo(bytes);
}

bool CacheFolder::makeRoom(int64_t bytes) const {
  const int64_t most = limit();
  if (bytes > most) return false;
  makeFolder(path_);
  sweep();
  shrinkTo(most - bytes);
  return true;
}

void CacheFolder::shrinkTo(int64_t bytes) const {
  std::vector<CachedItem> items = list();
  int64_t sum = 0;
  for (const CachedItem& item : items) sum += item.bytes;
  std::error_code code;
  for (; sum > bytes && !items.empty(); items.pop_back())
    if (fs::remove(fileOf(items.back().key), code)) sum -= items.back().bytes;
}

void CacheFolder::sweep() const {
  std::error_code code;
  for (const auto& file : fs::directory_iterator(path_, code)) {
    if (file.path().extension() != kUnfinished) continue;
    const FileHandle handle(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (handle.get() >= 0 && ::flock(handle.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(file.path().c_str());
  }
}

}  // namespace blockyard
