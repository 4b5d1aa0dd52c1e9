// SentencePieces: subword pieces by byte-pair encoding or a unigram language model, learned and applied by the
// SentencePiece library on one thread. Codes: 0 padding, 1 unknown, then the pieces. Torch-free.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sentencepiece {
class SentencePieceProcessor;
}

namespace blockyard {

class SentencePieces {
 public:
  // From a model that learned() gave. Throws Error if it is none.
  explicit SentencePieces(const std::string& model);
  ~SentencePieces();
  SentencePieces(SentencePieces&&) noexcept;
  SentencePieces& operator=(SentencePieces&&) noexcept;

  // `method`: bpe or unigram. White space of any kind is a blank. Throws Error at port x without texts, at the
  // parameter `vocabulary` if it is too small for the characters that occur.
  static std::string learned(const std::string& method, int64_t vocabulary, std::vector<std::string> texts);

  std::vector<int> codes(std::string_view text) const;  // thread-safe
  std::vector<std::string> pieces() const;              // by code

 private:
  std::unique_ptr<sentencepiece::SentencePieceProcessor> processor_;
};

}  // namespace blockyard
