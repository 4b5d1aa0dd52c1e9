// Terms: the words, characters or n-grams that a text consists of, as scikit-learn's vectorizers define them, and how
// often each occurs in many texts. Torch-free.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "blocks/schema.hpp"

namespace blockyard {

// Cuts texts into terms. Settings: analyzer (words: runs of at least two letters, digits or _; characters: runs of
// white space count as one blank; characters_in_words: the same within words, with a blank at both ends), ngrams [low,
// high], lower_case.
class TermSplitter {
 public:
  // Throws Error at the parameter `ngrams`.
  explicit TermSplitter(const Values& values);

  // Calls each(term) for every occurrence.
  void split(std::string_view text, const std::function<void(std::string_view)>& each) const;
  // The three parameters.
  static std::vector<Param> params();

 private:
  void words(std::string_view text, const std::function<void(std::string_view)>& each) const;
  void characters(std::string_view text, const std::function<void(std::string_view)>& each) const;
  void charactersInWords(std::string_view text, const std::function<void(std::string_view)>& each) const;

  enum class Analyzer { Words, Characters, CharactersInWords } analyzer_;
  size_t low_, high_;
  bool lower_;
};

// Words and runs of other signs: what matches \w+|[^\w\s]+ (NLTK's WordPunctTokenizer).
std::vector<std::string_view> wordsAndSigns(std::string_view text);

// How often terms occur, and in how many texts. Exact up to kMostTerms different terms; beyond, the rarest so far are
// forgotten (lossy counting, Manku and Motwani, VLDB 2002), after a text, so that the result depends on the order of
// the texts alone.
class TermCounts {
 public:
  static constexpr size_t kMostTerms = size_t{1} << 21;

  explicit TermCounts(size_t most = kMostTerms) : most_(most) {}

  void add(std::string_view term);
  void endText();

  struct Term {
    std::string text{};
    int64_t count = 0;
    int64_t texts = 0;
  };
  int64_t texts() const { return texts_; }
  // Ordered by their bytes.
  std::vector<Term> terms() const;

 private:
  struct Entry {
    int64_t count = 0, texts = 0, last_text = -1;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  size_t most_;
  int64_t texts_ = 0, forgotten_ = 0;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
};

// The `most` most frequent terms (0: all); of equals those that come first by their bytes. The order stays.
std::vector<TermCounts::Term> mostFrequent(std::vector<TermCounts::Term> terms, size_t most);

}  // namespace blockyard
