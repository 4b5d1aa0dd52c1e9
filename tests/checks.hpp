// What many tests need: the Error of a call, a folder that is gone afterwards, a full disk, flipped bits.
#pragma once
#include <sys/resource.h>

#include <QTemporaryDir>
#include <csignal>
#include <fstream>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace blockyard {

// The Error that `call` throws; nothing if it throws none.
template <class Call>
std::optional<Error> errorOf(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

// The whole sentence of that Error, empty if there is none.
template <class Call>
std::string errorText(Call call) {
  const auto error = errorOf(call);
  return error ? error->what() : "";
}

// At the head of a test that writes ONNX models.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SKIP_WITHOUT_ONNX() QSKIP("what writes ONNX models is not loaded together with a sanitizer")
#else
#define SKIP_WITHOUT_ONNX() static_cast<void>(0)
#endif

class TestFolder {
 public:
  std::string operator/(const std::string& name) const {
    return folder_.filePath(QString::fromStdString(name)).toStdString();
  }
  std::string path() const { return folder_.path().toStdString(); }

 private:
  QTemporaryDir folder_;
};

// While it lives, no file may grow past `bytes`: a write in the middle fails, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

// Writes without care for the disk, for tests with thousands of files.
inline void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Calls `look(bytes)` with every bit of `whole` flipped in turn.
template <class Look>
void forEveryFlip(const std::string& whole, Look look) {
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string bad = whole;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
    look(bad);
  }
}

}  // namespace blockyard

// QCOMPARE for texts, with both sides shown.
#define COMPARE_TEXT(actual, expected) QCOMPARE(QString::fromStdString(actual), QString::fromStdString(expected))
#define VERIFY_CONTAINS(text, part) \
  QVERIFY2(std::string(text).find(part) != std::string::npos, std::string(text).c_str())
