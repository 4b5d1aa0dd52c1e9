// FormulaWords: a formula as numbers, texts, names and signs, and errors that say at which character. What the parser
// of Formula stands on.
#pragma once
#include <string>
#include <string_view>

namespace blockyard {

struct FormulaToken {
  enum class Kind { End, Number, Text, Name, Quoted, Sign };
  Kind kind = Kind::End;
  std::string text{};
  double number = 0;
  size_t at = 0;  // in bytes
};

class FormulaWords {
 public:
  // Throws Error at `parameter` if there is nothing to read, or far too much.
  FormulaWords(const std::string& text, const std::string& parameter);

 protected:
  // Throws Error about the character at byte `at`.
  [[noreturn]] void fail(size_t at, const std::string& problem, const std::string& hint = {}) const;
  [[noreturn]] void failAtToken(const std::string& expected, const std::string& hint = {}) const;
  // Goes on to the next token.
  void advance();
  const FormulaToken& token() const { return token_; }
  bool atSign(const char* sign) const { return token_.kind == FormulaToken::Kind::Sign && token_.text == sign; }
  bool atWord(const char* word) const { return token_.kind == FormulaToken::Kind::Name && token_.text == word; }
  bool takeSign(const char* sign) { return atSign(sign) ? (advance(), true) : false; }
  bool takeWord(const char* word) { return atWord(word) ? (advance(), true) : false; }
  void needSign(const char* sign, const std::string& expected) {
    if (!takeSign(sign)) failAtToken(expected);
  }

 private:
  void readNumber();
  void readEnclosed(char mark, FormulaToken::Kind kind);
  void readSign();

  const std::string& text_;
  const std::string& parameter_;
  size_t next_ = 0;
  FormulaToken token_;
};

}  // namespace blockyard
