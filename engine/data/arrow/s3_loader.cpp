#include <dlfcn.h>

#include <filesystem>

#include "base/error.hpp"
#include "s3.hpp"

namespace blockyard {
namespace {

struct FoundS3 {
  const S3Plugin* plugin = nullptr;
  std::string problem{};
};

// It lies beside this library.
FoundS3 findPlugin() {
  namespace fs = std::filesystem;
  Dl_info self{};
  if (dladdr(reinterpret_cast<void*>(&s3Plugin), &self) == 0 || self.dli_fname == nullptr)
    return {nullptr, "it is lost"};
  const fs::path file = fs::path(self.dli_fname).parent_path() / "libblockyard-s3.so";
  std::error_code none;
  if (!fs::exists(file, none)) return {nullptr, "it is not in this build"};
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {nullptr, dlerror()};
  const auto entry = reinterpret_cast<const S3Plugin* (*)()>(dlsym(library, kS3Entry));
  if (entry == nullptr) return {nullptr, file.string() + " belongs to another build"};
  return {entry(), {}};
}

}  // namespace

const S3Plugin& s3Plugin(const std::string& address) {
  static const FoundS3 kFound = findPlugin();
  if (kFound.plugin == nullptr)
    throw Error({.file = address}, "the reader of S3 storage cannot be loaded: " + kFound.problem,
                "copy the file to this machine, or build with an Arrow that has S3", Fault::Failed);
  return *kFound.plugin;
}

}  // namespace blockyard
