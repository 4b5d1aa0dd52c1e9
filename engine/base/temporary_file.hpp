// TemporaryFile: content that came without a file, for readers that want one. In $TMPDIR, gone with the object.
#pragma once
#include <string>
#include <string_view>

namespace blockyard {

class TemporaryFile {
 public:
  // `ending` says what kind of file it is: ".csv". Throws Error if it cannot be written.
  TemporaryFile(std::string_view content, const std::string& ending);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace blockyard
