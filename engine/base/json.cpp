#include "base/json.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "base/file.hpp"
#include "base/value.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

constexpr size_t kLineWidth = 100;

// Where a byte stands, as an editor shows it.
Where placeOf(std::string_view text, size_t byte, const std::string& file) {
  Where where{.file = file, .line = 1, .column = 1};
  for (size_t i = 0; i < std::min(byte, text.size()); ++i) {
    if (text[i] == '\n') {
      ++where.line;
      where.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
      ++where.column;
    }
  }
  return where;
}

// The parser's own sentence without its number and place, which we give ourselves; bytes that are no ASCII are masked,
// because the sentence may quote broken UTF-8.
std::string problemOf(const std::string& what) {
  size_t begin = what.find(" - ");
  begin = begin == std::string::npos ? what.find("] ") + 2 : begin + 3;
  std::string out = what.substr(std::min(begin, what.size()));
  for (char& c : out)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  if (out.size() > 160) out = out.substr(0, 157) + "...";
  return "no valid JSON: " + out;
}

// Characters of the text that count how far the parser has come, which its callbacks do not tell.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** seen) : at_(at), seen_(seen) {}
  const char& operator*() const { return *at_; }
  CountingIterator& operator++() {
    *seen_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** seen_;
};

// Builds the document and refuses on the way what must not come in.
class GuardedBuilder final : public nlohmann::json_sax<Json> {
 public:
  GuardedBuilder(std::string_view text, const std::string& file, const char* const* seen)
      : text_(text), file_(file), seen_(seen) {}
  Json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool v) override { return add(v); }
  bool number_integer(number_integer_t v) override { return add(v); }
  bool number_unsigned(number_unsigned_t v) override { return add(v); }
  bool number_float(number_float_t v, const string_t& source) override {
    if (source.find_first_of(".eE") == std::string::npos)
      refuse("expected an integer of at most 64 bits, got " + source);
    return add(v);
  }
  bool string(string_t& v) override { return add(std::move(v)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return open(Json::object()); }
  bool start_array(size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (stack_.back()->contains(name)) {
      const size_t quote = text_.rfind('"', static_cast<size_t>(*seen_ - text_.data()) - 2);
      throw Error(placeOf(text_, quote, file_),
                  "the name \"" + name.substr(0, 60) + "\" stands here for the second time");
    }
    name_ = std::move(name);
    return true;
  }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    throw Error(placeOf(text_, position > 0 ? position - 1 : 0, file_), problemOf(error.what()));
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) {
    const size_t seen = static_cast<size_t>(*seen_ - text_.data());
    throw Error(placeOf(text_, seen > 0 ? seen - 1 : 0, file_), problem);
  }
  Json* place(Json value) {
    if (stack_.empty()) return &(root_ = std::move(value));
    Json& parent = *stack_.back();
    if (parent.is_object()) return &(parent[name_] = std::move(value));
    parent.push_back(std::move(value));
    return &parent.back();
  }
  bool add(Json value) { return place(std::move(value)) != nullptr; }
  bool open(Json value) {
    if (stack_.size() >= kMaxJsonDepth)
      refuse("expected at most " + std::to_string(kMaxJsonDepth) + " levels of nesting, got more");
    stack_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    stack_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::string& file_;
  const char* const* seen_;
  Json root_;
  std::vector<Json*> stack_;  // stays valid: only the innermost container grows, and its open child is its last item
  std::string name_;
};

std::string plainText(const Json& json) {
  if (json.is_number_float() && !std::isfinite(json.get<double>()))
    return "\"" + Value(json.get<double>()).text() + "\"";
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string oneLine(const Json& json) {
  if (!json.is_structured()) return plainText(json);
  std::string out = json.is_array() ? "[" : "{";
  for (const auto& [name, item] : json.items()) {
    if (out.size() > 1) out += ", ";
    if (json.is_object()) out += plainText(name) + ": ";
    out += plainText(item);
  }
  return out + (json.is_array() ? "]" : "}");
}

bool hasStructure(const Json& json) {
  return std::any_of(json.begin(), json.end(), [](const Json& item) { return item.is_structured() && !item.empty(); });
}

void dumpInto(std::string& out, const Json& json, size_t indent, bool in_list) {
  const bool may_fit = !json.is_structured() || ((json.is_array() || in_list || json.empty()) && !hasStructure(json));
  if (may_fit && json.size() <= kLineWidth) {
    const std::string line = oneLine(json);
    if (!json.is_structured() || json.empty() || indent + line.size() <= kLineWidth) {
      out += line;
      return;
    }
  }
  out += json.is_array() ? "[" : "{";
  const std::string margin = "\n" + std::string(indent + 2, ' ');
  bool first = true;
  for (const auto& [name, item] : json.items()) {
    out += (first ? "" : ",") + margin;
    if (json.is_object()) out += plainText(name) + ": ";
    dumpInto(out, item, indent + 2, json.is_array());
    first = false;
  }
  out += "\n" + std::string(indent, ' ') + (json.is_array() ? "]" : "}");
}

std::string shownKind(const Json& json) {
  if (json.is_object()) return "an object";
  if (json.is_array()) return "a list";
  std::string text = plainText(json);
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

std::string escaped(std::string name) {  // RFC 6901
  for (size_t at = 0; (at = name.find_first_of("~/", at)) != std::string::npos; at += 2)
    name.replace(at, 1, name[at] == '~' ? "~0" : "~1");
  return name;
}

}  // namespace

Json parseJson(std::string_view text, const std::string& file, size_t max_bytes) {
  if (text.size() > max_bytes)
    throw Error({.file = file},
                "expected at most " + std::to_string(max_bytes) + " bytes, got " + std::to_string(text.size()));
  // The parser takes a NUL for the end of the text and would pass over the rest.
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw Error(placeOf(text, nul, file), "no valid JSON: a NUL byte");
  const char* seen = text.data();
  GuardedBuilder builder(text, file, &seen);
  Json::sax_parse(CountingIterator(text.data(), &seen), CountingIterator(text.data() + text.size(), &seen), &builder);
  return builder.take();
}

Json readJson(const std::filesystem::path& path, size_t max_bytes) {
  return parseJson(readFile(path, max_bytes), path.string(), max_bytes);
}

std::string dumpJson(const Json& json) {
  std::string out;
  dumpInto(out, json, 0, false);
  return out + "\n";
}

JsonPlace JsonPlace::operator[](const std::string& name) const {
  if (auto found = find(name)) return *found;
  refuse("\"" + name + "\" is missing");
}

std::optional<JsonPlace> JsonPlace::find(const std::string& name) const {
  if (!json_->is_object()) expected("an object");
  const auto it = json_->find(name);
  if (it == json_->end()) return std::nullopt;
  return JsonPlace(*it, file_, pointer_ + "/" + escaped(name));
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::members() const {
  if (!json_->is_object()) expected("an object");
  std::vector<std::pair<std::string, JsonPlace>> out;
  for (const auto& [name, item] : json_->items())
    out.emplace_back(name, JsonPlace(item, file_, pointer_ + "/" + escaped(name)));
  return out;
}

std::vector<JsonPlace> JsonPlace::items() const {
  if (!json_->is_array()) expected("a list");
  std::vector<JsonPlace> out;
  for (const auto& item : *json_) out.emplace_back(item, file_, pointer_ + "/" + std::to_string(out.size()));
  return out;
}

void JsonPlace::allowOnly(const std::vector<std::string>& known) const {
  for (const auto& [name, place] : members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = nearestName(name, known);
    refuse("\"" + name + "\" is not known here", near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
}

const std::string& JsonPlace::text() const {
  if (!json_->is_string()) expected("a text");
  return json_->get_ref<const std::string&>();
}

bool JsonPlace::flag() const {
  if (!json_->is_boolean()) expected("true or false");
  return json_->get<bool>();
}

int64_t JsonPlace::integer() const {
  try {
    return valueFromJson(*json_, Value(0)).as<int64_t>();
  } catch (const Error& error) {
    refuse(error.problem());
  }
}

uint64_t JsonPlace::count() const {
  if (!json_->is_number_integer() || (!json_->is_number_unsigned() && json_->get<int64_t>() < 0))
    expected("an integer from 0 up");
  return json_->get<uint64_t>();
}

double JsonPlace::number() const {
  try {
    return valueFromJson(*json_, Value(0.0)).as<double>();
  } catch (const Error& error) {
    refuse(error.problem());
  }
}

std::vector<std::string> JsonPlace::texts() const {
  std::vector<std::string> out;
  for (const auto& item : items()) out.push_back(item.text());
  return out;
}

std::string JsonPlace::text(const std::string& name, const std::string& otherwise) const {
  const auto found = find(name);
  return found ? found->text() : otherwise;
}

bool JsonPlace::flag(const std::string& name, bool otherwise) const {
  const auto found = find(name);
  return found ? found->flag() : otherwise;
}

int64_t JsonPlace::integer(const std::string& name, int64_t otherwise) const {
  const auto found = find(name);
  return found ? found->integer() : otherwise;
}

double JsonPlace::number(const std::string& name, double otherwise) const {
  const auto found = find(name);
  return found ? found->number() : otherwise;
}

void JsonPlace::refuse(const std::string& problem, const std::string& hint) const {
  throw Error({.file = file_}, (pointer_.empty() ? "" : pointer_ + ": ") + problem, hint);
}

void JsonPlace::expected(const std::string& wanted) const {
  refuse("expected " + wanted + ", got " + shownKind(*json_));
}

}  // namespace blockyard
