// JSON from outside and back. parseJson is the one door for every text that we did not make ourselves in this process:
// nesting, size, duplicate names, numbers that would not survive and bad UTF-8 are refused with line and column.
// JsonPlace walks through the result; whatever is missing or of the wrong type is an Error that names the place.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace blockyard {

constexpr int kMaxJsonDepth = 64;
constexpr size_t kMaxJsonBytes = size_t{256} << 20;

// Throws Error with file, line and column (in characters, from 1). `file` is only named.
nlohmann::json parseJson(std::string_view text, const std::string& file, size_t max_bytes = kMaxJsonBytes);
nlohmann::json readJson(const std::filesystem::path& path, size_t max_bytes = kMaxJsonBytes);

// Stable text made to be read in a diff: two spaces per level, names in order, short lists of plain values (and short
// plain objects in a list) on one line, a newline at the end. Numbers that JSON lacks become "nan", "inf", "-inf";
// bytes that are no UTF-8 become U+FFFD, because a project can always be saved.
std::string dumpJson(const nlohmann::json& json);

// A value inside a document, with its address. Keeps a reference: the document must outlive it.
class JsonPlace {
 public:
  JsonPlace(const nlohmann::json& json, std::string file, std::string pointer = {})
      : json_(&json), file_(std::move(file)), pointer_(std::move(pointer)) {}

  const nlohmann::json& json() const { return *json_; }
  const std::string& pointer() const { return pointer_; }  // "/nodes/3/type"; empty for the document itself
  const std::string& file() const { return file_; }

  // Members. Throw Error if this is no object, or the member is missing.
  JsonPlace operator[](const std::string& name) const;
  std::optional<JsonPlace> find(const std::string& name) const;
  std::vector<std::pair<std::string, JsonPlace>> members() const;
  // Items of a list. Throws Error if this is none.
  std::vector<JsonPlace> items() const;
  // Refuses members that are not in `known`, with the nearest name as a hint.
  void allowOnly(const std::vector<std::string>& known) const;

  // Typed values; throw Error with what was expected and what came.
  const std::string& text() const;
  bool flag() const;
  int64_t integer() const;
  uint64_t count() const;  // an integer from 0 up
  double number() const;   // takes "nan", "inf" and "-inf" too
  std::vector<std::string> texts() const;

  // The same for members that may be missing.
  std::string text(const std::string& name, const std::string& otherwise) const;
  bool flag(const std::string& name, bool otherwise) const;
  int64_t integer(const std::string& name, int64_t otherwise) const;
  double number(const std::string& name, double otherwise) const;

  // An Error here: "file: /pointer: problem".
  [[noreturn]] void refuse(const std::string& problem, const std::string& hint = {}) const;
  [[noreturn]] void expected(const std::string& wanted) const;  // "expected <wanted>, got <this>"

 private:
  const nlohmann::json* json_;
  std::string file_, pointer_;
};

}  // namespace blockyard
