#include "data/arrow_file.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "data/file_bytes.hpp"
#include "data/remote.hpp"

namespace blockyard {
namespace {

constexpr std::string_view kStreamMark = "\xff\xff\xff\xff";  // in front of every message of a stream

struct FoundArrow {
  const ArrowPlugin* plugin = nullptr;
  std::string problem{};
};

// Beside the program, or beside the library that holds this function, and in the folders next to them.
FoundArrow findPlugin() {
  namespace fs = std::filesystem;
  std::error_code none;
  std::vector<fs::path> homes = {fs::read_symlink("/proc/self/exe", none).parent_path()};
  Dl_info self{};
  if (dladdr(reinterpret_cast<void*>(&isArrowFile), &self) != 0 && self.dli_fname)
    homes.push_back(fs::weakly_canonical(self.dli_fname, none).parent_path());
  for (const fs::path& home : homes) {
    for (const fs::path& folder : {home / ".." / "lib", home, home / ".." / "lib" / "blockyard", home / "blockyard"}) {
      const fs::path file = folder / "libblockyard-arrow.so";
      if (!fs::exists(file, none)) continue;
      void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
      if (!library) return {nullptr, dlerror()};
      const auto entry = reinterpret_cast<const ArrowPlugin* (*)()>(dlsym(library, kArrowEntry));
      const ArrowPlugin* plugin = entry ? entry() : nullptr;
      if (!plugin || plugin->version != kArrowVersion)
        return {nullptr, fs::weakly_canonical(file, none).string() + " belongs to another build"};
      return {plugin, {}};
    }
  }
  return {nullptr, "it is not in this build"};
}

const ArrowPlugin& plugin(const std::string& path) {
  static const FoundArrow kFound = findPlugin();
  if (!kFound.plugin)
    throw Error({.file = path}, "the library for Parquet and Arrow files cannot be loaded: " + kFound.problem,
                "write the table as CSV, or install Arrow and build again", Fault::Failed);
  return *kFound.plugin;
}

}  // namespace

bool isArrowFile(const std::string& path) {
  if (isRemote(path)) return true;
  const std::string head = firstBytes(path, 6);
  return head.starts_with("PAR1") || head.starts_with("ARROW1") || head.starts_with("FEA1") ||
         head.starts_with(kStreamMark);
}

std::unique_ptr<TableReader> openArrowFile(const std::string& path, const ArrowOptions& options) {
  return plugin(path).open(path, options);
}

std::vector<std::string> listRemote(const std::string& prefix) {
  return plugin(prefix).list_remote(prefix);
}

std::string parquetOf(const Table& table, const ParquetTypes& types) {
  return plugin("").parquet(table, types);
}

std::string remoteIdentity(const std::string& address) {
  return plugin(address).remote_identity(address);
}

}  // namespace blockyard
