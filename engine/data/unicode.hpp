// Characters of UTF-8 texts: reading them one by one, what kind they are, normal forms and lower case. The texts must
// be valid UTF-8 (sources see to it); a byte that is not is taken as U+FFFD. Thread-safe.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace blockyard {

// The character at `at`, which moves behind it. There must be one.
char32_t nextCharacter(std::string_view text, size_t& at);
void appendUtf8(std::string& to, char32_t character);
// Where each character starts, and the size of the text at the end.
std::vector<size_t> characterStarts(std::string_view text);

// As Python's re and str tell them: \w (letters, numbers, _), \s, \d, and what is punctuation or a symbol (P*, S*).
bool isWordCharacter(char32_t c);
bool isSpace(char32_t c);
bool isDigit(char32_t c);
bool isPunctuation(char32_t c);

enum class NormalForm { Nfc, Nfd, Nfkc };
std::string normalized(std::string_view text, NormalForm form);
// Character by character: U+0130 and the final sigma of Greek, which depend on more, are not treated.
std::string lowerCase(std::string_view text);
// Without the marks above and below letters (nonspacing marks after decomposition), composed again.
std::string withoutAccents(std::string_view text);
// Runs of white space as one blank, none at the ends.
std::string withSingleSpaces(std::string_view text);

}  // namespace blockyard
