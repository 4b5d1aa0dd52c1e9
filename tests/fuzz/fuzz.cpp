#include "fuzz.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/error.hpp"
#include "data/encoding.hpp"

namespace blockyard::fuzz {

void defect(const std::string& what) {
  std::fprintf(stderr, "defect: %s\n", what.c_str());
  std::abort();
}

size_t Input::choice(size_t count) {
  if (rest_.empty()) return 0;
  const auto byte = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  return byte % count;
}

MemoryFile::MemoryFile(std::string_view bytes) : file_(::memfd_create("fuzz", MFD_CLOEXEC)) {
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t written = ::write(file_, bytes.data() + done, bytes.size() - done);
    if (written <= 0) defect("no memory for the file");
    done += static_cast<size_t>(written);
  }
  path_ = "/proc/self/fd/" + std::to_string(file_);
}

MemoryFile::~MemoryFile() {
  ::close(file_);
}

std::string refusalOf(void (*read)(void*), void* what) {
  constexpr size_t kLongest = 2000;
  try {
    read(what);
  } catch (const Error& error) {
    const std::string text = error.what();
    if (invalidUtf8(text) != std::string::npos) defect("a message that is no UTF-8");
    if (text.find('\n') != std::string::npos) defect("a message of several lines: " + text);
    if (text.size() > kLongest) defect("a message of " + std::to_string(text.size()) + " bytes");
    if (error.problem().empty()) defect("a refusal without a word");
    return text;
  }
  return {};
}

}  // namespace blockyard::fuzz
