// Long text: windows of one long text as tokens, and what comes next, for models of language.
#include <ATen/ATen.h>

#include <algorithm>
#include <map>

#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/text_source.hpp"
#include "data/unicode.hpp"

namespace blockyard::source {
namespace {

constexpr int64_t kPadding = 0, kUnknown = 1, kFirst = 2;
constexpr int64_t kBytes = 256;

// What a token stands for, as a class name: characters as they are, those that cannot be seen by their number.
std::string nameOfToken(char32_t c) {
  if (c < 0x20 || c == 0x7f) return "U+" + std::to_string(c);
  std::string out;
  appendUtf8(out, c);
  return out;
}

class LongText final : public Source {
 public:
  explicit LongText(const SourceSetup& setup)
      : by_bytes_(setup.values.text("tokens") == "bytes"),
        length_(setup.values.integer("length")),
        stride_(setup.values.integer("stride") > 0 ? setup.values.integer("stride") : length_),
        predicting_(setup.expected != nullptr && !setup.all_files) {
    path_ = pathOf(setup, "file");
    readFile(setup);
    // A text to go on from needs one window: its end.
    const int64_t needed = predicting_ ? 1 : length_ + 1;
    if (tokens_.size(0) < needed)
      throw Error({.parameter = "length", .file = path_},
                  "expected at least " + std::to_string(needed) + " characters, got " + std::to_string(tokens_.size(0)),
                  "lower `length`, or take a longer text");
    rows_ = predicting_ ? std::max<int64_t>(1, (tokens_.size(0) - length_) / stride_ + 1)
                        : (tokens_.size(0) - length_ - 1) / stride_ + 1;
    if (setup.most_rows > 0) rows_ = std::min(rows_, setup.most_rows);
    outputs_["tokens"] = {.element = Element::Int64, .shape = {"N", length_}};
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = names_;
    meaning_ = std::move(meaning);
    if (predicting_) return;
    outputs_["target"] = {
        .kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = names_, .open = setup.most_rows > 0};
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_; }
  std::string fingerprint() const override { return fingerprint_; }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows_ - first));
    const bool target = port == "target";
    at::Tensor out = at::full({count, target ? 1 : length_}, kPadding, at::kLong);
    const int32_t* const from = tokens_.const_data_ptr<int32_t>();
    int64_t* const to = out.mutable_data_ptr<int64_t>();
    for (int64_t i = 0; i < count; ++i) {
      const int64_t start = startOf(first + i), width = out.size(1);
      const int32_t* const window = from + start + (target ? length_ : 0);
      const int64_t there = std::min(width, tokens_.size(0) - start);
      std::copy_n(window, there, to + i * width);
    }
    return target ? Packet(out.squeeze(1), meaning_) : Packet(out);
  }

  RowSpans spans() const override {
    RowSpans out;
    for (int64_t row = 0; row < rows_; ++row) {
      const auto start = static_cast<double>(startOf(row)), next = start + static_cast<double>(length_);
      out.series.push_back(0);
      out.first.push_back(start);
      out.target.push_back(start);  // what is read is what others are asked for: nothing may be shared
      out.last.push_back(next);
    }
    return out;
  }

 private:
  // Predicting, the last window ends with the text.
  int64_t startOf(int64_t row) const {
    const int64_t spare = predicting_ ? std::max<int64_t>(0, tokens_.size(0) - length_) % stride_ : 0;
    return spare + row * stride_;
  }

  void readFile(const SourceSetup& setup) {
    Sha256 hash;
    const bool whole = setup.most_rows == 0;
    // A window's stride each, and some more, tell what a look needs.
    const int64_t most = whole ? 0 : setup.most_rows * stride_ + length_ + 1;
    std::vector<int32_t> tokens;
    std::map<char32_t, int32_t> known;
    if (setup.expected && setup.expected->count("target")) names_ = setup.expected->at("target").classes;
    std::map<std::string, int32_t> trained;
    for (size_t i = 0; i < names_.size(); ++i) trained.emplace(names_[i], static_cast<int32_t>(i));
    const TextFileReading reading{.encoding = wantedEncoding(setup.values),
                                  .hash = whole ? &hash : nullptr,
                                  .stop = setup.stop,
                                  .progress = setup.progress};
    std::vector<char32_t> characters;
    const auto add = [&](char32_t c) { characters.push_back(c); };
    forEachLine(path_, reading, [&](std::string_view line, int64_t number) {
      if (number > 1) add('\n');
      for (size_t at = 0; at < line.size();)
        add(by_bytes_ ? static_cast<unsigned char>(line[at++]) : nextCharacter(line, at));
      return whole || static_cast<int64_t>(characters.size()) < most;
    });
    if (names_.empty()) nameTokens(characters, setup.values.integer("min_count"), trained);
    tokens.reserve(characters.size());
    for (const char32_t c : characters) {
      auto at = known.find(c);
      if (at == known.end()) {
        const auto code = trained.find(tokenName(c));
        at = known.emplace(c, code == trained.end() ? static_cast<int32_t>(kUnknown) : code->second).first;
      }
      tokens.push_back(at->second);
    }
    tokens_ = at::tensor(tokens, at::kInt);
    fingerprint_ = hash.hex();
  }

  std::string tokenName(char32_t c) const { return by_bytes_ ? std::to_string(c) : nameOfToken(c); }

  void nameTokens(const std::vector<char32_t>& characters, int64_t least, std::map<std::string, int32_t>& codes) {
    names_ = {"(padding)", "(unknown)"};
    if (by_bytes_) {
      for (char32_t byte = 0; byte < kBytes; ++byte) names_.push_back(tokenName(byte));
    } else {
      std::map<char32_t, int64_t> counts;
      for (const char32_t c : characters) ++counts[c];
      for (const auto& [c, count] : counts)
        if (count >= least) names_.push_back(tokenName(c));
    }
    for (size_t i = kFirst; i < names_.size(); ++i) codes.emplace(names_[i], static_cast<int32_t>(i));
  }

  bool by_bytes_;
  int64_t length_, stride_;
  bool predicting_;
  std::string path_, fingerprint_;
  Texts names_;        // by token
  at::Tensor tokens_;  // int32 [characters]
  int64_t rows_ = 0;
  Signatures outputs_;
  std::shared_ptr<const Meaning> meaning_;
};

std::unique_ptr<Source> openLongText(const SourceSetup& setup) {
  return std::make_unique<LongText>(setup);
}

Signatures peekLongText(const SourceSetup& setup) {
  SourceSetup look = setup;
  look.most_rows = 1 << 14;
  return LongText(look).outputs();
}

}  // namespace

BlockType long_text() {
  return {
      .schema =
          {.title = "Long text",
           .doc = "Windows of one long text as codes of characters or bytes, each with the one that comes next as its "
                  "class: to learn a language character by character, at every place of a window with the "
                  "head Next token. Code 0 is padding, 1 unknown. Split by order, so "
                  "that no text is on both sides. When predicting, a file is a text to go on from.",
           .outputs = {{"tokens", "int[N, L]", "`length` codes, for an embedding with as many codes as classes"},
                       {"target", "label", "the code that comes next"}},
           .params = {{"file", "", {}, "the file with the text", "", Role::File},
                      {"tokens", "characters", Choices{"characters", "bytes"},
                       "what a code stands for: a character that the text has, or one of the 256 bytes of UTF-8"},
                      {"min_count", 1, Range{1, 1e9}, "characters: those that are rarer count as unknown"},
                      {"length", 64, Range{1, 1 << 16}, "length of a window", "tokens"},
                      {"stride", 0, Range{0, 1 << 20}, "from one window to the next; 0: as `length`, no overlap",
                       "tokens"},
                      encodingParam()}},
      .open = openLongText,
      .peek = peekLongText};
}

}  // namespace blockyard::source
