#include "data/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr size_t kLookAt = size_t{1} << 20;  // bytes that decide between UTF-8 and Windows-1252
constexpr size_t kConvert = size_t{1} << 16;
constexpr std::string_view kBomUtf8 = "\xef\xbb\xbf", kBomLe = "\xff\xfe", kBomBe = "\xfe\xff";

// What 0x80 to 0x9f mean in Windows-1252; the five that are not assigned stay control characters, as browsers do it.
constexpr std::array<uint16_t, 32> kUpper1252 = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                                 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                                 0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

void appendUtf8(std::string& out, uint32_t c) {
  const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6), put(0x80 | (c & 63));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
  } else {
    put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 63)), put(0x80 | (c >> 6 & 63)), put(0x80 | (c & 63));
  }
}

// Length of the valid character at `p`, 0 if there is none (Unicode 15, table 3-7).
size_t characterAt(const unsigned char* p, const unsigned char* end) {
  const auto more = [&](size_t n) {
    if (static_cast<size_t>(end - p) < n) return false;
    for (size_t i = 1; i < n; ++i)
      if ((p[i] & 0xc0) != 0x80) return false;
    return true;
  };
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xc2) return 0;
  if (p[0] < 0xe0) return more(2) ? 2 : 0;
  if (p[0] < 0xf0) {
    if (!more(3) || (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f)) return 0;
    return 3;
  }
  if (p[0] > 0xf4 || !more(4) || (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)) return 0;
  return 4;
}

// Whether there is a character of several bytes: text that is not UTF-8 hardly ever has one by accident.
bool holdsUtf8(std::string_view bytes) {
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  for (const auto* const end = p + bytes.size(); p < end; ++p)
    if (*p >= 0x80 && characterAt(p, end) > 1) return true;
  return false;
}

[[noreturn]] void throwNotUtf8(std::string_view text, size_t at, const std::string& file) {
  const std::string_view before = text.substr(0, at);
  throw Error({.file = file,
               .line = 1 + std::count(before.begin(), before.end(), '\n'),
               .column = static_cast<int64_t>(at - (before.rfind('\n') + 1)) + 1},
              notUtf8(text[at]) + ", though other characters of the file are",
              "repair it, or set `encoding`, e.g. to windows-1252 if the file is of that");
}

}  // namespace

std::string notUtf8(char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "0x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
  return std::string("the byte ") + text + " is not UTF-8";
}

const char* nameOf(Encoding encoding) {
  static const char* const kNames[] = {"utf-8", "utf-16le", "utf-16be", "windows-1252"};
  return kNames[static_cast<int>(encoding)];
}

Encoding encodingNamed(const std::string& name) {
  if (name == "utf-8") return Encoding::Utf8;
  if (name == "utf-16le" || name == "utf-16") return Encoding::Utf16Le;
  if (name == "utf-16be") return Encoding::Utf16Be;
  if (name == "windows-1252" || name == "latin-1") return Encoding::Windows1252;
  throw Error({.parameter = "encoding"}, "the encoding \"" + name + "\" is not known",
              "known are utf-8, utf-16le, utf-16be, windows-1252 and latin-1");
}

size_t invalidUtf8(std::string_view bytes) {
  const auto* const begin = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const end = begin + bytes.size();
  for (const auto* p = begin; p < end;) {
    uint64_t word = 0;
    if (end - p >= 8 && (std::memcpy(&word, p, 8), (word & 0x8080808080808080U) == 0)) {
      p += 8;
      continue;
    }
    const size_t n = characterAt(p, end);
    if (n == 0) return static_cast<size_t>(p - begin);
    p += n;
  }
  return std::string_view::npos;
}

TextStream::TextStream(std::string path, std::optional<Encoding> wanted, Sha256* hash) : file_(std::move(path), hash) {
  head_.resize(wanted ? 4 : kLookAt);
  head_.resize(file_.read(head_.data(), head_.size()));
  const std::string_view head = head_;
  if (head.starts_with(kBomUtf8)) {
    encoding_ = Encoding::Utf8, head_used_ = 3;
  } else if (head.starts_with(kBomLe)) {
    encoding_ = Encoding::Utf16Le, head_used_ = 2;
  } else if (head.starts_with(kBomBe)) {
    encoding_ = Encoding::Utf16Be, head_used_ = 2;
  } else if (!wanted) {
    // A character that is cut off by the end of what was looked at is no mistake.
    const size_t bad = invalidUtf8(head);
    const bool cut = head.size() == kLookAt && bad != std::string_view::npos && bad + 4 > head.size();
    encoding_ = bad == std::string_view::npos || cut ? Encoding::Utf8 : Encoding::Windows1252;
    if (encoding_ == Encoding::Windows1252 && holdsUtf8(head)) throwNotUtf8(head, bad, file_.path());
  }
  if (wanted && !(encoding_ == Encoding::Utf16Be && *wanted == Encoding::Utf16Le)) {
    // "utf-16" leaves the order of the bytes to the mark; any other wish beats the mark, which is dropped either way.
    encoding_ = *wanted;
  }
}

size_t TextStream::rawRead(char* into, size_t count) {
  const size_t n = std::min(count, head_.size() - head_used_);
  std::memcpy(into, head_.data() + head_used_, n);
  head_used_ += n;
  if (head_used_ == head_.size() && !head_.empty()) head_.clear(), head_.shrink_to_fit(), head_used_ = 0;
  return n + (n < count ? file_.read(into + n, count - n) : 0);
}

void TextStream::convertSome() {
  converted_.clear();
  converted_used_ = 0;
  std::string raw = std::move(rest_);
  rest_.clear();
  const size_t kept = raw.size();
  raw.resize(kept + kConvert);
  raw.resize(kept + rawRead(raw.data() + kept, kConvert));
  ended_ = raw.size() < kept + kConvert;
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(raw[i])); };
  if (encoding_ == Encoding::Windows1252) {
    for (size_t i = 0; i < raw.size(); ++i) {
      const uint32_t b = byte(i);
      appendUtf8(converted_, b >= 0x80 && b < 0xa0 ? kUpper1252[b - 0x80] : b);
    }
    return;
  }
  const size_t low = encoding_ == Encoding::Utf16Le ? 0 : 1;
  const auto unit = [&](size_t i) { return byte(i + low) | byte(i + 1 - low) << 8; };
  const auto bad = [&](const char* problem) -> void {
    throw Error({.file = file_.path()}, problem, "is it another encoding? set the parameter `encoding`");
  };
  size_t i = 0;
  for (; i + 2 <= raw.size(); i += 2) {
    uint32_t c = unit(i);
    if (c >= 0xdc00 && c < 0xe000) bad("the UTF-16 text has half a character (a lone surrogate)");
    if (c >= 0xd800 && c < 0xdc00) {
      if (i + 4 > raw.size()) break;
      const uint32_t d = unit(i + 2);
      if (d < 0xdc00 || d >= 0xe000) bad("the UTF-16 text has half a character (a lone surrogate)");
      c = 0x10000 + ((c - 0xd800) << 10 | (d - 0xdc00));
      i += 2;
    }
    appendUtf8(converted_, c);
  }
  rest_ = raw.substr(i);
  if (ended_ && !rest_.empty()) bad("the UTF-16 text ends in the middle of a character");
}

size_t TextStream::read(char* into, size_t count) {
  if (encoding_ == Encoding::Utf8) return rawRead(into, count);
  size_t done = 0;
  while (done < count) {
    if (converted_used_ == converted_.size()) {
      if (ended_) break;
      convertSome();
      if (converted_.empty() && ended_) break;
    }
    const size_t n = std::min(count - done, converted_.size() - converted_used_);
    std::memcpy(into + done, converted_.data() + converted_used_, n);
    converted_used_ += n;
    done += n;
  }
  return done;
}

}  // namespace blockyard
