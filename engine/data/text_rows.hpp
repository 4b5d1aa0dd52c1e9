// TextRows: the examples of a source of texts, each a text and perhaps its class, kept in a RowStore. What files of
// lines and folders of files share. Torch-free; one thread.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"
#include "data/encoding.hpp"
#include "data/row_store.hpp"

namespace blockyard {

constexpr size_t kLongestText = size_t{64} << 20;  // bytes of one example
constexpr const char* kTextColumn = "text";

struct TextFileReading {
  std::optional<Encoding> encoding{};  // found out if it is not given
  Sha256* hash = nullptr;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(int64_t, int64_t)> progress{};  // bytes done and in all
};

// Calls line(text, number) for every line of a file, number counting from 1, the ending left out, until it returns
// false. Returns whether the end was reached. Throws Error at the line for bytes that are no text of the encoding, for
// a NUL byte (the file is no text) and for a line longer than kLongestText.
bool forEachLine(const std::string& file, const TextFileReading& reading,
                 const std::function<bool(std::string_view, int64_t)>& line);
// The whole file as one text. Throws Error as above.
std::string readText(const std::string& file, const TextFileReading& reading);

class TextRows {
 public:
  // `labelled`: there is a column of classes. `expected` classes keep their places, others follow.
  TextRows(bool labelled, const std::vector<std::string>& expected, int64_t memory_budget);

  // `label` nullptr: missing.
  void add(std::string_view text, const std::string* label);
  void finish();

  int64_t rows() const { return store_.rows() + block_.rows; }
  bool labelled() const { return labelled_; }
  const Classes& classes() const;
  // One text column, or one column of codes.
  Table texts(int64_t first, int64_t count) const { return store_.read(first, count, {0}); }
  Table labels(int64_t first, int64_t count) const { return store_.read(first, count, {1}); }

 private:
  void flush();

  bool labelled_;
  RowStore store_;
  RowBlock block_;
  std::vector<std::string> block_classes_;
};

}  // namespace blockyard
