#include "data/unnamed_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"

namespace blockyard {

FileHandle unnamedFile(std::string& folder) {
  const char* wanted = std::getenv("TMPDIR");
  folder = wanted && *wanted ? wanted : "/tmp";
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return FileHandle(fd);
  // Some file systems know no files without a name.
  std::string pattern = folder + "/blockyard-rows-XXXXXX";
  FileHandle file(::mkostemp(pattern.data(), O_CLOEXEC));
  if (file.get() < 0)
    throw Error({.file = folder}, std::string("cannot make a temporary file: ") + std::strerror(errno),
                "rows that do not fit into memory go there: set TMPDIR to a folder with space", Fault::Failed);
  ::unlink(pattern.c_str());
  return file;
}

}  // namespace blockyard
