#include "data/unicode.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

namespace blockyard {
namespace {

bool isAscii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

std::string mapped(std::string_view text, int options) {
  if (isAscii(text)) return std::string(text);  // every normal form of ASCII is the text itself
  utf8proc_uint8_t* out = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &out, static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (size < 0) return std::string(text);  // not UTF-8: left as it is
  return {reinterpret_cast<const char*>(out), static_cast<size_t>(size)};
}

utf8proc_category_t categoryOf(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

}  // namespace

char32_t nextCharacter(std::string_view text, size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) {
    ++at;
    return first;
  }
  utf8proc_int32_t c = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &c);
  at += size > 0 ? static_cast<size_t>(size) : 1;
  return size > 0 ? static_cast<char32_t>(c) : U'\uFFFD';
}

void appendUtf8(std::string& to, char32_t character) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(character), bytes);
  to.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
}

std::vector<size_t> characterStarts(std::string_view text) {
  std::vector<size_t> out;
  for (size_t at = 0; at < text.size(); nextCharacter(text, at)) out.push_back(at);
  out.push_back(text.size());
  return out;
}

bool isWordCharacter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  const auto category = categoryOf(c);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
         (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool isSpace(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f);
  const auto category = categoryOf(c);
  return c == 0x85 || (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

bool isDigit(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9';
  return categoryOf(c) == UTF8PROC_CATEGORY_ND;
}

bool isPunctuation(char32_t c) {
  const auto category = categoryOf(c);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_SO;
}

std::string normalized(std::string_view text, NormalForm form) {
  if (form == NormalForm::Nfd) return mapped(text, UTF8PROC_DECOMPOSE);
  return mapped(text, form == NormalForm::Nfc ? UTF8PROC_COMPOSE : UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

std::string lowerCase(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const char32_t c = nextCharacter(text, at);
    if (c < 0x80)
      out.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
    else
      appendUtf8(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))));
  }
  return out;
}

std::string withoutAccents(std::string_view text) {
  if (isAscii(text)) return std::string(text);
  const std::string apart = normalized(text, NormalForm::Nfd);
  std::string bare;
  for (size_t at = 0; at < apart.size();) {
    const char32_t c = nextCharacter(apart, at);
    if (categoryOf(c) != UTF8PROC_CATEGORY_MN) appendUtf8(bare, c);
  }
  return normalized(bare, NormalForm::Nfc);
}

std::string withSingleSpaces(std::string_view text) {
  std::string out;
  bool open = false;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    if (isSpace(nextCharacter(text, at))) {
      open = !out.empty();
      continue;
    }
    if (std::exchange(open, false)) out += ' ';
    out += text.substr(start, at - start);
  }
  return out;
}

}  // namespace blockyard
