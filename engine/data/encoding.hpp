// Text encodings of files: told from the first bytes, turned into UTF-8 while reading.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/file_bytes.hpp"

namespace blockyard {

enum class Encoding { Utf8, Utf16Le, Utf16Be, Windows1252 };
const char* nameOf(Encoding encoding);  // "utf-8", ...
// The encoding of a setting: utf-8, utf-16, utf-16le, utf-16be, windows-1252, latin-1. Throws Error.
Encoding encodingNamed(const std::string& name);

// Offset of the first byte that is not valid UTF-8, or npos.
size_t invalidUtf8(std::string_view bytes);
// What is said of such a byte.
std::string notUtf8(char byte);

// The bytes of a file as UTF-8, without byte-order mark. If it is read as UTF-8 the bytes are handed on unchecked:
// whoever parses them knows the line to complain about.
class TextStream {
 public:
  // Without `wanted`: from the byte-order mark; else UTF-8 if the first bytes are, else Windows-1252 (which holds all
  // printable characters of Latin-1). Throws Error where the first bytes hold both UTF-8 and others.
  TextStream(std::string path, std::optional<Encoding> wanted, Sha256* hash = nullptr);

  // Fills `into`; fewer only at the end.
  size_t read(char* into, size_t count);
  Encoding encoding() const { return encoding_; }
  const FileBytes& file() const { return file_; }

 private:
  size_t rawRead(char* into, size_t count);
  void convertSome();

  FileBytes file_;
  Encoding encoding_ = Encoding::Utf8;
  std::string head_;  // looked at to tell the encoding, not yet handed out
  size_t head_used_ = 0;
  std::string converted_;
  size_t converted_used_ = 0;
  std::string rest_;  // bytes of a character that is not complete yet
  bool ended_ = false;
};

}  // namespace blockyard
