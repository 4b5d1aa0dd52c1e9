#include "data/path_guard.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "base/error.hpp"
#include "data/file_bytes.hpp"
#include "data/remote.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

struct Guard {
  std::mutex mutex{};
  bool on = false;
  std::vector<fs::path> allowed{};
};

Guard& guard() {
  static Guard it;
  return it;
}

// As the file system has it: a link inside the folder may lead out of it. What cannot be resolved is taken as written.
fs::path resolved(const fs::path& path) {
  if (isRemote(path.string())) return path.lexically_normal();  // below no folder of this machine
  std::error_code code;
  fs::path out = fs::weakly_canonical(fs::absolute(path, code), code);
  return code ? path.lexically_normal() : out;
}

bool isBelow(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace

void guardPaths() {
  const std::lock_guard lock(guard().mutex);
  guard().on = true;
}

void allowPath(const std::string& path) {
  fs::path place = resolved(path);
  if (place.filename().empty()) place = place.parent_path();  // "folder/"
  const std::lock_guard lock(guard().mutex);
  auto& allowed = guard().allowed;
  if (std::find(allowed.begin(), allowed.end(), place) == allowed.end()) allowed.push_back(std::move(place));
}

bool isPathAllowed(const std::string& folder, const std::string& path) {
  {
    const std::lock_guard lock(guard().mutex);
    if (!guard().on) return true;
  }
  const fs::path place = resolved(pathFrom(folder, path));
  if (!folder.empty() && isBelow(place, resolved(folder))) return true;
  const std::lock_guard lock(guard().mutex);
  const auto& allowed = guard().allowed;
  return std::any_of(allowed.begin(), allowed.end(), [&](const fs::path& each) { return isBelow(place, each); });
}

std::string dataPath(const std::string& folder, const std::string& path) {
  if (!path.empty() && !isPathAllowed(folder, path))
    throw Error({.file = path}, "lies outside the project's folder, and nobody has allowed to read it yet",
                "allow it, or copy it into the project's folder");
  return pathFrom(folder, path);
}

}  // namespace blockyard
