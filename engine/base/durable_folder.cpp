#include "base/durable_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

// Gone at the end, whatever happens: what was written, or the old folder once both have changed places.
struct Temporary {
  fs::path path;
  ~Temporary() {
    std::error_code none;
    fs::remove_all(path, none);
  }
};

void bringInPlace(const fs::path& made, const fs::path& folder) {
  std::error_code none;
  const bool there = fs::exists(folder, none);
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, folder.c_str(), there ? RENAME_EXCHANGE : RENAME_NOREPLACE) == 0)
    return;
  if (there && (errno == EINVAL || errno == ENOSYS))
    throw Error({.file = folder.string()}, "this file system cannot put a folder in the place of another at once",
                "choose another name, or take the old folder away");
  throwFileError(folder, "write", errno);
}

}  // namespace

void writeFolderDurably(const fs::path& folder, const FolderFiles& files) {
  // "name/" and "name" are one folder.
  const fs::path place = folder.has_filename() ? folder : folder.parent_path();
  const fs::path above = place.has_parent_path() ? place.parent_path() : fs::path(".");
  const Temporary made{above / ("." + place.filename().string() + "." + std::to_string(::getpid()) + ".tmp")};
  std::error_code none;
  fs::remove_all(made.path, none);  // of a dead process that had our number
  makeFolder(made.path);
  for (const auto& [name, bytes] : files) {
    const fs::path file = made.path / name;
    makeFolder(file.parent_path());
    writeDurably(file, bytes);
  }
  bringInPlace(made.path, place);
  syncFolder(above);
}

}  // namespace blockyard
