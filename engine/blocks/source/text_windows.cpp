// Text windows: one long text in pieces that end between words, each with the text that follows, for models of language
// whose tokens are learned from the training rows.
#include <algorithm>

#include "blocks/row_pieces.hpp"
#include "blocks/text_source.hpp"
#include "data/unicode.hpp"

namespace blockyard::source {
namespace {

class TextWindows final : public Source {
 public:
  explicit TextWindows(const SourceSetup& setup)
      : length_(setup.values.integer("length")),
        predicting_(setup.expected != nullptr && !setup.all_files),
        path_(pathOf(setup, "file")) {
    readFile(setup);
    const auto characters = predicting_ ? static_cast<int64_t>(characterStarts(text_).size()) - 1 : 0;
    cut(characters > length_ ? characters % length_ : 0);
    // The last window has nothing behind it to learn from.
    rows_ = static_cast<int64_t>(starts_.size()) - (predicting_ ? 1 : 2);
    if (rows_ < 1)
      throw Error({.parameter = "length", .file = path_},
                  predicting_ ? "expected a text to go on from, got white space"
                              : "expected at least two windows, got a text of " +
                                    std::to_string(starts_.back().character) + " characters",
                  predicting_ ? "" : "lower `length`, or take a longer text");
    if (setup.most_rows > 0) rows_ = std::min(rows_, setup.most_rows);
    const Signature texts{.kind = Wire::Table, .shape = {"N"}, .columns = {{kTextColumn, ColumnType::Text, {}}}};
    outputs_["text"] = texts;
    if (!predicting_) outputs_["text_after"] = texts;
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_; }
  std::string fingerprint() const override { return fingerprint_; }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    Column column{.name = kTextColumn, .type = ColumnType::Text};
    for (int64_t row = first; row < std::min(first + count, rows_); ++row) {
      const size_t start = startOf(row).byte, next = startOf(row + 1).byte;
      const std::string_view text(text_);
      column.texts.emplace_back(port == "text" ? text.substr(start, next - start) : firstWord(text.substr(next)));
    }
    return Table({std::make_shared<const Column>(std::move(column))});
  }

  RowSpans spans() const override {
    RowSpans out;
    for (int64_t row = 0; row < rows_; ++row) {
      const auto start = static_cast<double>(startOf(row).character);
      out.series.push_back(0);
      out.first.push_back(start);
      out.target.push_back(start);  // what is read is what others are asked for: nothing may be shared
      out.last.push_back(static_cast<double>(startOf(row + 1).character));
    }
    return out;
  }

 private:
  struct Place {
    size_t byte = 0;
    int64_t character = 0;
  };
  const Place& startOf(int64_t row) const { return starts_[static_cast<size_t>(row)]; }

  // No piece of the tokens that are learned crosses white space: one word tells the first of them.
  static std::string_view firstWord(std::string_view text) {
    size_t end = 0;
    for (size_t at = 0; at < text.size() && !isSpace(nextCharacter(text, at));) end = at;
    return text.substr(0, end);
  }

  void readFile(const SourceSetup& setup) {
    Sha256 hash;
    const bool whole = setup.most_rows == 0;
    const auto most = static_cast<size_t>(whole ? 0 : (setup.most_rows + 2) * length_);
    const TextFileReading reading{.encoding = wantedEncoding(setup.values),
                                  .hash = whole ? &hash : nullptr,
                                  .stop = setup.stop,
                                  .progress = setup.progress};
    forEachLine(path_, reading, [&](std::string_view line, int64_t) {
      text_.append(line).push_back('\n');
      return whole || text_.size() < most;
    });
    fingerprint_ = hash.hex();
  }

  // A window starts with the first word at or behind `next` and each multiple of `length` characters from there. The
  // end of the text stands last. Predicting, `next` is such that the last window is as long as the others.
  void cut(int64_t next) {
    bool in_word = false;
    Place place;
    for (size_t at = 0; at < text_.size(); place = {at, place.character + 1}) {
      const bool word = !isSpace(nextCharacter(text_, at));
      if (word && (!in_word || starts_.empty()) && place.character >= next) {
        starts_.push_back(place);
        while (next <= place.character) next += length_;
      }
      in_word = word;
    }
    starts_.push_back(place);
  }

  int64_t length_;
  bool predicting_;
  std::string path_, text_, fingerprint_;
  std::vector<Place> starts_;
  int64_t rows_ = 0;
  Signatures outputs_;
};

std::unique_ptr<Source> openTextWindows(const SourceSetup& setup) {
  return std::make_unique<TextWindows>(setup);
}

Signatures peekTextWindows(const SourceSetup& setup) {
  SourceSetup look = setup;
  look.most_rows = 16;
  return TextWindows(look).outputs();
}

}  // namespace

BlockType text_windows() {
  return {
      .schema =
          {.title = "Text windows",
           .doc =
               "One long text in pieces of some hundred characters that end between words, and the word that follows "
               "each: to learn a language in words or in pieces of words. Wire both to Tokenize (`text` to x, "
               "`text_after` to after), which learns its tokens from the training rows alone, and its outputs to an "
               "embedding and to the head Next token. Split by order, so that no text is on both sides. When "
               "predicting, a file is a text to go on from.",
           .outputs = {{"text", "table", "the column `text`"},
                       {"text_after", "table", "the word that follows; not when predicting"}},
           .params = {{"file", "", {}, "the file with the text", "", Role::File},
                      {"length", 300, Range{1, 1 << 20}, "how much text a window has, to the end of a word",
                       "characters"},
                      encodingParam()}},
      .open = openTextWindows,
      .peek = peekTextWindows};
}

}  // namespace blockyard::source
