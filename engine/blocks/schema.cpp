#include "blocks/schema.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace blockyard {
namespace {

template <class List>
auto findByName(const List& list, const std::string& name) -> decltype(list.data()) {
  for (const auto& item : list)
    if (item.name == name) return &item;
  return nullptr;
}

std::string rangeText(const Range& range) {
  const bool low = std::isfinite(range.low), high = std::isfinite(range.high);
  if (low && high) return "from " + Value(range.low).text() + " to " + Value(range.high).text();
  if (low) return "of at least " + Value(range.low).text();
  return "of at most " + Value(range.high).text();
}

std::string outOfRange(const Value& value, const Range& range) {
  const auto outside = [&](double v) { return !(v >= range.low && v <= range.high); };
  const auto first = [&](const auto& list) {
    for (const auto v : list)
      if (outside(static_cast<double>(v))) return "expected numbers " + rangeText(range) + ", got " + Value(v).text();
    return std::string();
  };
  if (value.is<Integers>()) return first(value.as<Integers>());
  if (value.is<Numbers>()) return first(value.as<Numbers>());
  if (value.is<int64_t>() && outside(static_cast<double>(value.as<int64_t>())))
    return "expected an integer " + rangeText(range) + ", got " + value.text();
  if (value.is<double>() && outside(value.as<double>()))
    return "expected a number " + rangeText(range) + ", got " + value.text();
  return {};
}

std::string notAChoice(const Value& value, const Choices& choices) {
  const Texts given = value.is<Texts>() ? value.as<Texts>() : Texts{value.text()};
  for (const auto& text : given) {
    if (std::find(choices.begin(), choices.end(), text) != choices.end()) continue;
    std::string names;
    for (const auto& choice : choices) names += (names.empty() ? "" : ", ") + choice;
    const std::string near = nearestName(text, choices);
    return "expected one of " + names + ", got \"" + text + "\"" +
           (near.empty() ? "" : "; did you mean \"" + near + "\"?");
  }
  return {};
}

template <class T>
bool isEmpty(const Value& value) {
  return value.is<T>() && value.as<T>().empty();
}

// The value in the type of `like`, where no information is lost: 3 stands for 3.0, [3] and "3", and an empty list,
// which has no type of its own, for a list of any type.
std::optional<Value> adapted(const Value& value, const Value& like) {
  if (value.data().index() == like.data().index()) return value;
  const bool empty = isEmpty<Integers>(value) || isEmpty<Numbers>(value) || isEmpty<Texts>(value);
  if (like.is<double>() && value.is<int64_t>()) return static_cast<double>(value.as<int64_t>());
  if (like.is<std::string>() && (value.is<int64_t>() || (value.is<Integers>() && !empty))) return value.text();
  if (like.is<Integers>() && value.is<int64_t>()) return Integers{value.as<int64_t>()};
  if (like.is<Integers>() && empty) return Integers{};
  if (like.is<Numbers>() && value.is<int64_t>()) return Numbers{static_cast<double>(value.as<int64_t>())};
  if (like.is<Numbers>() && value.is<double>()) return Numbers{value.as<double>()};
  if (like.is<Numbers>() && value.is<Integers>())
    return Numbers(value.as<Integers>().begin(), value.as<Integers>().end());
  if (like.is<Numbers>() && empty) return Numbers{};
  if (like.is<Texts>() && value.is<std::string>()) return Texts{value.as<std::string>()};
  if (like.is<Texts>() && empty) return Texts{};
  return std::nullopt;
}

}  // namespace

const char* nameOf(Kind kind) {
  static const char* const kNames[] = {"source",    "preprocessor", "extractor", "classifier",
                                       "regressor", "generator",    "agent",     "postprocessor"};
  return kNames[static_cast<int>(kind)];
}

const Param* BlockSchema::findParam(const std::string& name) const {
  return findByName(params, name);
}
const Port* BlockSchema::findInput(const std::string& name) const {
  return findByName(inputs, name);
}
const Port* BlockSchema::findOutput(const std::string& name) const {
  return findByName(outputs, name);
}

std::vector<std::string> BlockSchema::paramNames() const {
  std::vector<std::string> out;
  for (const auto& param : params) out.push_back(param.name);
  return out;
}

std::string complaint(const Param& param, const Value& given) {
  const std::optional<Value> value = adapted(given, param.fallback);
  if (!value)
    return std::string("expected a ") + param.fallback.typeName() + ", got the " + given.typeName() + " " +
           given.text();
  if (const auto* range = std::get_if<Range>(&param.limit)) return outOfRange(*value, *range);
  if (const auto* choices = std::get_if<Choices>(&param.limit)) return notAChoice(*value, *choices);
  return {};
}

Values completeValues(const std::vector<Param>& params, const Values& given) {
  Values out;
  for (const auto& [name, value] : given.items()) {
    const Param* param = findByName(params, name);
    if (param == nullptr) {
      std::vector<std::string> names;
      for (const auto& p : params) names.push_back(p.name);
      const std::string near = nearestName(name, names);
      throw Error({.parameter = name}, "there is no such parameter",
                  near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    if (const std::string problem = complaint(*param, value); !problem.empty())
      throw Error({.parameter = name}, problem);
  }
  for (const auto& param : params) {
    const Value* value = given.find(param.name);
    out.set(param.name, value == nullptr ? param.fallback : *adapted(*value, param.fallback));
  }
  return out;
}

}  // namespace blockyard
