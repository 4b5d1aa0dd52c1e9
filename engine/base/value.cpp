#include "base/value.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

const char* const kTypeNames[] = {"flag",         "integer", "number", "text", "list of integers", "list of numbers",
                                  "list of texts"};

std::string numberText(double v) {
  if (std::isnan(v)) return "nan";
  if (std::isinf(v)) return v > 0 ? "inf" : "-inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
  return {buffer, end};
}

template <class List, class Show>
std::string listText(const List& list, Show show) {
  std::string out = "[";
  for (const auto& item : list) out += (out.size() > 1 ? ", " : "") + show(item);
  return out + "]";
}

std::string shown(const Json& json) {
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

[[noreturn]] void refuse(const char* wanted, const std::string& got) {
  throw Error({}, std::string("expected ") + wanted + ", got " + got);
}

double numberFrom(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (json == "inf") return std::numeric_limits<double>::infinity();
  if (json == "-inf") return -std::numeric_limits<double>::infinity();
  refuse("a number", shown(json));
}

int64_t integerFrom(const Json& json) {
  if (json.is_number_unsigned() && json.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    refuse("an integer of 64 bits", shown(json));
  if (json.is_number_integer()) return json.get<int64_t>();
  if (json.is_number_float()) {
    const double v = json.get<double>();
    if (v == std::floor(v) && std::abs(v) <= 9007199254740992.0) return static_cast<int64_t>(v);
  }
  refuse("an integer", shown(json));
}

const std::string& textFrom(const Json& json) {
  if (!json.is_string()) refuse("a text", shown(json));
  return json.get_ref<const std::string&>();
}

template <class List, class Take>
List listFrom(const Json& json, const char* wanted, Take take) {
  List out;
  if (!json.is_array()) refuse(wanted, shown(json));
  for (const auto& item : json) out.push_back(take(item));
  return out;
}

Json numberJson(double v) {
  if (std::isfinite(v)) return v;
  return numberText(v);
}

std::vector<std::string> splitList(std::string_view text) {
  std::vector<std::string> out;
  if (!text.empty() && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (item.size() >= 2 && (item.front() == '"' || item.front() == '\'') && item.back() == item.front())
      item = item.substr(1, item.size() - 2);
    out.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

int64_t integerFromText(const std::string& text) {
  int64_t v = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (code == std::errc() && end == text.data() + text.size()) return v;
  double d = 0;
  const auto [dend, dcode] = std::from_chars(text.data(), text.data() + text.size(), d);
  if (dcode != std::errc() || dend != text.data() + text.size() || d != std::floor(d) ||
      std::abs(d) > 9007199254740992.0)
    refuse("an integer", "\"" + text + "\"");
  return static_cast<int64_t>(d);
}

double numberFromText(const std::string& text) {
  double v = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), v);
  if (code != std::errc() || end != text.data() + text.size()) refuse("a number", "\"" + text + "\"");
  return v;
}

}  // namespace

const char* Value::typeName() const {
  return kTypeNames[data_.index()];
}

std::string Value::text() const {
  struct Show {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return numberText(v); }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const Integers& v) const { return listText(v, *this); }
    std::string operator()(const Numbers& v) const { return listText(v, *this); }
    std::string operator()(const Texts& v) const { return listText(v, *this); }
  };
  return std::visit(Show{}, data_);
}

const Value& Values::at(const std::string& name) const {
  const auto it = items_.find(name);
  if (it == items_.end()) throw Error({.parameter = name}, "is not set", "this is a defect of the block's schema");
  return it->second;
}

const Value* Values::find(const std::string& name) const {
  const auto it = items_.find(name);
  return it == items_.end() ? nullptr : &it->second;
}

bool Values::flag(const std::string& name) const {
  return at(name).as<bool>();
}
int64_t Values::integer(const std::string& name) const {
  return at(name).as<int64_t>();
}
double Values::number(const std::string& name) const {
  const Value& v = at(name);
  return v.is<int64_t>() ? static_cast<double>(v.as<int64_t>()) : v.as<double>();
}
const std::string& Values::text(const std::string& name) const {
  return at(name).as<std::string>();
}
const Integers& Values::integers(const std::string& name) const {
  return at(name).as<Integers>();
}
const Numbers& Values::numbers(const std::string& name) const {
  return at(name).as<Numbers>();
}
const Texts& Values::texts(const std::string& name) const {
  return at(name).as<Texts>();
}

Json toJson(const Value& value) {
  struct Write {
    Json operator()(bool v) const { return v; }
    Json operator()(int64_t v) const { return v; }
    Json operator()(double v) const { return numberJson(v); }
    Json operator()(const std::string& v) const { return v; }
    Json operator()(const Integers& v) const { return v; }
    Json operator()(const Numbers& v) const {
      Json out = Json::array();
      for (double item : v) out.push_back(numberJson(item));
      return out;
    }
    Json operator()(const Texts& v) const { return v; }
  };
  return std::visit(Write{}, value.data());
}

Value valueFromJson(const Json& json, const Value& like) {
  switch (like.data().index()) {
    case 0:
      if (!json.is_boolean()) refuse("true or false", shown(json));
      return json.get<bool>();
    case 1:
      return integerFrom(json);
    case 2:
      return numberFrom(json);
    case 3:
      return textFrom(json);
    case 4:
      return listFrom<Integers>(json, "a list of integers", integerFrom);
    case 5:
      return listFrom<Numbers>(json, "a list of numbers", numberFrom);
    default:
      return listFrom<Texts>(json, "a list of texts", textFrom);
  }
}

Value valueFromJson(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return integerFrom(json);
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_array()) {
    if (std::all_of(json.begin(), json.end(), [](const Json& j) { return j.is_string(); }))
      return valueFromJson(json, Texts{});
    if (std::all_of(json.begin(), json.end(), [](const Json& j) { return j.is_number_integer(); }))
      return valueFromJson(json, Integers{});
    return valueFromJson(json, Numbers{});
  }
  refuse("a flag, a number, a text or a list of them", shown(json));
}

Value valueFromText(std::string_view text, const Value& like) {
  const std::string whole(text);
  switch (like.data().index()) {
    case 0:
      if (whole == "true" || whole == "yes" || whole == "on" || whole == "1") return true;
      if (whole == "false" || whole == "no" || whole == "off" || whole == "0") return false;
      refuse("true or false", "\"" + whole + "\"");
    case 1:
      return integerFromText(whole);
    case 2:
      return numberFromText(whole);
    case 3:
      return whole;
    case 4: {
      Integers out;
      for (const auto& item : splitList(text)) out.push_back(integerFromText(item));
      return out;
    }
    case 5: {
      Numbers out;
      for (const auto& item : splitList(text)) out.push_back(numberFromText(item));
      return out;
    }
    default:
      return splitList(text);
  }
}

Json toJson(const Values& values) {
  Json out = Json::object();
  for (const auto& [name, value] : values.items()) out[name] = toJson(value);
  return out;
}

Values valuesFromJson(const Json& json) {
  if (!json.is_object()) refuse("an object", shown(json));
  Values out;
  for (const auto& [name, value] : json.items()) out.set(name, valueFromJson(value));
  return out;
}

std::string nearestName(const std::string& name, const std::vector<std::string>& candidates) {
  std::string best;
  // A third of the letters may be wrong. Of a word of one or two, one may lack or be too much.
  const bool is_short = name.size() < 3;
  size_t best_distance = std::max<size_t>(name.size() < 6 ? 1 : 2, name.size() / 3) + 1;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const auto& candidate : candidates) {
    std::vector<size_t> row(candidate.size() + 1), above, above2;
    for (size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= name.size(); ++i) {
      above2 = std::exchange(above, row);
      row[0] = i;
      for (size_t j = 1; j < row.size(); ++j) {
        const bool same = lower(name[i - 1]) == lower(candidate[j - 1]);
        row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
        // Two letters that changed places are one error of a typist.
        if (i > 1 && j > 1 && name[i - 1] == candidate[j - 2] && name[i - 2] == candidate[j - 1])
          row[j] = std::min(row[j], above2[j - 2] + 1);
      }
    }
    if (is_short && row.back() > 0 && candidate.size() == name.size()) continue;
    if (row.back() < best_distance) best_distance = row.back(), best = candidate;
  }
  return best;
}

}  // namespace blockyard
