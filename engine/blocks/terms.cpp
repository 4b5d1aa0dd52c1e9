#include "blocks/terms.hpp"

#include <algorithm>

#include "data/unicode.hpp"

namespace blockyard {
namespace {

// Runs of white space of two and more as one blank; a single one stays what it is.
std::string withShortSpaces(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    if (!isSpace(nextCharacter(text, at))) {
      out += text.substr(start, at - start);
      continue;
    }
    const size_t behind = at;
    size_t next = at;
    while (next < text.size() && isSpace(nextCharacter(text, next))) at = next;
    out += at > behind ? std::string_view(" ") : text.substr(start, behind - start);
  }
  return out;
}

std::vector<std::string_view> spacedWords(std::string_view text) {
  std::vector<std::string_view> out;
  size_t start = 0;
  bool open = false;
  for (size_t at = 0; at < text.size();) {
    const size_t here = at;
    const bool space = isSpace(nextCharacter(text, at));
    if (!space && !open) start = here;
    if (space && open) out.push_back(text.substr(start, here - start));
    open = !space;
  }
  if (open) out.push_back(text.substr(start));
  return out;
}

}  // namespace

TermSplitter::TermSplitter(const Values& values) : lower_(values.flag("lower_case")) {
  const std::string& analyzer = values.text("analyzer");
  analyzer_ = analyzer == "words"        ? Analyzer::Words
              : analyzer == "characters" ? Analyzer::Characters
                                         : Analyzer::CharactersInWords;
  const Integers& ngrams = values.integers("ngrams");
  if (ngrams.size() != 2 || ngrams[0] > ngrams[1])
    throw Error({.parameter = "ngrams"},
                "expected the shortest and the longest n-gram, such as [1, 2], got " + Value(ngrams).text());
  low_ = static_cast<size_t>(ngrams[0]), high_ = static_cast<size_t>(ngrams[1]);
}

std::vector<Param> TermSplitter::params() {
  return {{"analyzer", "words", Choices{"words", "characters", "characters_in_words"},
           "what terms are made of: words of at least two letters or digits; characters; or characters within words, "
           "with a blank at both ends"},
          {"ngrams", Integers{1, 1}, Range{1, 32}, "the shortest and the longest run of them that is a term"},
          {"lower_case", true, {}, "take capital letters for small ones"}};
}

void TermSplitter::split(std::string_view text, const std::function<void(std::string_view)>& each) const {
  std::string lower;
  if (lower_) text = lower = lowerCase(text);
  if (analyzer_ == Analyzer::Words) words(text, each);
  if (analyzer_ == Analyzer::Characters) characters(text, each);
  if (analyzer_ == Analyzer::CharactersInWords) charactersInWords(text, each);
}

void TermSplitter::words(std::string_view text, const std::function<void(std::string_view)>& each) const {
  std::vector<std::string_view> words;
  size_t start = 0, length = 0;
  for (size_t at = 0; at <= text.size();) {
    const size_t here = at;
    if (at < text.size() && isWordCharacter(nextCharacter(text, at))) {
      if (length++ == 0) start = here;
      continue;
    }
    if (length > 1) words.push_back(text.substr(start, here - start));
    length = 0;
    if (here == text.size()) break;
  }
  if (low_ == 1)
    for (const auto word : words) each(word);
  std::string joined;
  for (size_t n = std::max<size_t>(low_, 2); n <= std::min(high_, words.size()); ++n) {
    for (size_t i = 0; i + n <= words.size(); ++i) {
      joined.assign(words[i]);
      for (size_t k = i + 1; k < i + n; ++k) joined.append(" ").append(words[k]);
      each(joined);
    }
  }
}

void TermSplitter::characters(std::string_view text, const std::function<void(std::string_view)>& each) const {
  const std::string plain = withShortSpaces(text);
  const std::vector<size_t> starts = characterStarts(plain);
  const size_t count = starts.size() - 1;
  for (size_t n = low_; n <= std::min(high_, count); ++n)
    for (size_t i = 0; i + n <= count; ++i) each(std::string_view(plain).substr(starts[i], starts[i + n] - starts[i]));
}

void TermSplitter::charactersInWords(std::string_view text, const std::function<void(std::string_view)>& each) const {
  for (const auto word : spacedWords(text)) {
    const std::string padded = " " + std::string(word) + " ";
    const std::vector<size_t> starts = characterStarts(padded);
    const size_t count = starts.size() - 1;
    for (size_t n = low_; n <= high_; ++n) {
      // A word that is too short counts once, as a whole.
      const size_t last = count > n ? count - n : 0;
      for (size_t i = 0; i <= last; ++i) {
        const size_t end = starts[std::min(i + n, count)];
        each(std::string_view(padded).substr(starts[i], end - starts[i]));
      }
      if (last == 0) break;
    }
  }
}

std::vector<std::string_view> wordsAndSigns(std::string_view text) {
  enum class Kind { Space, Word, Sign };
  std::vector<std::string_view> out;
  size_t start = 0;
  Kind open = Kind::Space;
  const auto close = [&](size_t end) {
    if (open != Kind::Space) out.push_back(text.substr(start, end - start));
  };
  for (size_t at = 0; at < text.size();) {
    const size_t here = at;
    const char32_t c = nextCharacter(text, at);
    const Kind kind = isWordCharacter(c) ? Kind::Word : isSpace(c) ? Kind::Space : Kind::Sign;
    if (kind == open) continue;
    close(here);
    open = kind, start = here;
  }
  close(text.size());
  return out;
}

void TermCounts::add(std::string_view term) {
  auto it = entries_.find(term);
  if (it == entries_.end()) it = entries_.emplace(std::string(term), Entry{}).first;
  ++it->second.count;
  if (it->second.last_text == texts_) return;
  it->second.last_text = texts_;
  ++it->second.texts;
}

void TermCounts::endText() {
  ++texts_;
  while (entries_.size() > most_) {
    ++forgotten_;
    std::erase_if(entries_, [&](const auto& entry) { return entry.second.count <= forgotten_; });
  }
}

std::vector<TermCounts::Term> TermCounts::terms() const {
  std::vector<Term> out;
  out.reserve(entries_.size());
  for (const auto& [text, entry] : entries_) out.push_back({text, entry.count, entry.texts});
  std::sort(out.begin(), out.end(), [](const Term& a, const Term& b) { return a.text < b.text; });
  return out;
}

std::vector<TermCounts::Term> mostFrequent(std::vector<TermCounts::Term> terms, size_t most) {
  if (most == 0 || terms.size() <= most) return terms;
  std::stable_sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  terms.resize(most);
  std::sort(terms.begin(), terms.end(), [](const auto& a, const auto& b) { return a.text < b.text; });
  return terms;
}

}  // namespace blockyard
