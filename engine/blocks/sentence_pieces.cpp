#include "blocks/sentence_pieces.hpp"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "base/error.hpp"
#include "data/unicode.hpp"

namespace blockyard {
namespace {

class TextIterator final : public sentencepiece::SentenceIterator {
 public:
  explicit TextIterator(std::vector<std::string> texts) : texts_(std::move(texts)) {}
  bool done() const override { return at_ >= texts_.size(); }
  void Next() override { ++at_; }
  const std::string& value() const override { return texts_[at_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  std::vector<std::string> texts_;
  size_t at_ = 0;
};

// The trainer for byte pairs numbers places with 16 bits, and falls over texts of more that hold words of some thousand
// characters. No language has such words: they are runs of something else, whose pieces are learned as well from parts.
constexpr size_t kLongestWord = 1000;  // bytes

void cutLongWords(std::string& text) {
  std::string out;
  size_t word = 0;  // where the word at hand began
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    nextCharacter(text, at);
    if (text[start] == ' ') word = at;
    if (at - word > kLongestWord) out += ' ', word = start;
    out.append(text, start, at - start);
  }
  text = std::move(out);
}

// "... Vocabulary size is smaller than required_chars. 30 vs 60. ...": the second number, or nothing.
std::string neededSize(const std::string& message) {
  const size_t start = message.find("required_chars. ");
  const size_t vs = start == std::string::npos ? start : message.find(" vs ", start);
  if (vs == std::string::npos) return {};
  return message.substr(vs + 4, message.find('.', vs) - vs - 4);
}

}  // namespace

SentencePieces::SentencePieces(const std::string& model)
    : processor_(std::make_unique<sentencepiece::SentencePieceProcessor>()) {
  if (!processor_->LoadFromSerializedProto(model).ok())
    throw Error({}, "the saved SentencePiece model cannot be read", "the file is damaged");
}

SentencePieces::~SentencePieces() = default;
SentencePieces::SentencePieces(SentencePieces&&) noexcept = default;
SentencePieces& SentencePieces::operator=(SentencePieces&&) noexcept = default;

std::string SentencePieces::learned(const std::string& method, int64_t vocabulary, std::vector<std::string> texts) {
  for (std::string& text : texts) text = withSingleSpaces(text);
  std::erase_if(texts, [](const std::string& text) { return text.empty(); });
  if (method == "bpe")
    for (std::string& text : texts)
      if (text.size() > kLongestWord) cutLongWords(text);
  if (texts.empty()) throw Error({.port = "x"}, "every training text is empty, so there are no pieces to learn");
  TextIterator sentences(std::move(texts));
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train({{"model_type", method},
                                                                  {"vocab_size", std::to_string(vocabulary)},
                                                                  {"hard_vocab_limit", "false"},
                                                                  {"pad_id", "0"},
                                                                  {"unk_id", "1"},
                                                                  {"bos_id", "-1"},
                                                                  {"eos_id", "-1"},
                                                                  {"num_threads", "1"},
                                                                  {"minloglevel", "4"},
                                                                  {"max_sentence_length", "1000000000"},
                                                                  {"normalization_rule_name", "identity"}},
                                                                 &sentences, &model);
  if (status.ok()) return model;
  if (const std::string needed = neededSize(status.message()); !needed.empty())
    throw Error(
        {.parameter = "vocabulary"},
        "expected at least " + needed + ", one for each character that occurs, got " + std::to_string(vocabulary));
  throw Error({.parameter = "method"}, "SentencePiece has learned nothing: " + std::string(status.message()));
}

std::vector<int> SentencePieces::codes(std::string_view text) const {
  std::vector<int> out;
  const std::string plain = withSingleSpaces(text);
  if (!processor_->Encode({plain.data(), plain.size()}, &out).ok()) out.clear();
  return out;
}

std::vector<std::string> SentencePieces::pieces() const {
  std::vector<std::string> out;
  for (int i = 0; i < processor_->GetPieceSize(); ++i) out.push_back(processor_->IdToPiece(i));
  return out;
}

}  // namespace blockyard
