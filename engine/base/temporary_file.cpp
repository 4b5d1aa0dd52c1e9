#include "base/temporary_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/file.hpp"

namespace blockyard {

TemporaryFile::TemporaryFile(std::string_view content, const std::string& ending) {
  const char* folder = std::getenv("TMPDIR");
  path_ = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/blockyard-XXXXXX" + ending;
  const FileHandle file(mkstemps(path_.data(), static_cast<int>(ending.size())));
  if (file.get() < 0) throwFileError(path_, "make a temporary file", errno);
  while (!content.empty()) {
    const ssize_t written = write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int code = errno;
      unlink(path_.c_str());
      throwFileError(path_, "write", code);
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
}

TemporaryFile::~TemporaryFile() {
  unlink(path_.c_str());
}

}  // namespace blockyard
