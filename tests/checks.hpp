// What many tests need: the Error of a call, and a folder that is gone afterwards.
#pragma once
#include <QTemporaryDir>
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

class TestFolder {
 public:
  std::string operator/(const std::string& name) const {
    return folder_.filePath(QString::fromStdString(name)).toStdString();
  }
  std::string path() const { return folder_.path().toStdString(); }

 private:
  QTemporaryDir folder_;
};

}  // namespace blockyard

// QCOMPARE for texts, with both sides shown.
#define COMPARE_TEXT(actual, expected) QCOMPARE(QString::fromStdString(actual), QString::fromStdString(expected))
#define VERIFY_CONTAINS(text, part) \
  QVERIFY2(std::string(text).find(part) != std::string::npos, std::string(text).c_str())
