#include "blocks/schema.hpp"

#include <algorithm>
#include <cmath>

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
  if (value.is<double>() && outside(value.as<double>())) return "expected a number " + rangeText(range) + ", got " + value.text();
  return {};
}

std::string notAChoice(const Value& value, const Choices& choices) {
  const Texts given = value.is<Texts>() ? value.as<Texts>() : Texts{value.text()};
  for (const auto& text : given) {
    if (std::find(choices.begin(), choices.end(), text) != choices.end()) continue;
    std::string names;
    for (const auto& choice : choices) names += (names.empty() ? "" : ", ") + choice;
    const std::string near = nearestName(text, choices);
    return "expected one of " + names + ", got \"" + text + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?");
  }
  return {};
}

}  // namespace

const char* nameOf(Kind kind) {
  static const char* const kNames[] = {"source",    "preprocessor", "extractor", "classifier",
                                       "regressor", "generator",    "agent",     "postprocessor"};
  return kNames[static_cast<int>(kind)];
}

const Param* BlockSchema::findParam(const std::string& name) const { return findByName(params, name); }
const Port* BlockSchema::findInput(const std::string& name) const { return findByName(inputs, name); }
const Port* BlockSchema::findOutput(const std::string& name) const { return findByName(outputs, name); }

std::vector<std::string> BlockSchema::paramNames() const {
  std::vector<std::string> out;
  for (const auto& param : params) out.push_back(param.name);
  return out;
}

std::string complaint(const Param& param, const Value& value) {
  const bool integer_for_number = param.fallback.is<double>() && value.is<int64_t>();
  const bool empty_list = value.is<Integers>() && value.as<Integers>().empty();  // an empty list has no type of its own
  const bool integers_for_numbers = param.fallback.is<Numbers>() && value.is<Integers>();
  const bool texts = param.fallback.is<Texts>();
  if (value.data().index() != param.fallback.data().index() && !integer_for_number && !integers_for_numbers && !(empty_list && texts))
    return std::string("expected a ") + param.fallback.typeName() + ", got the " + value.typeName() + " " + value.text();
  if (const auto* range = std::get_if<Range>(&param.limit)) return outOfRange(value, *range);
  if (const auto* choices = std::get_if<Choices>(&param.limit)) return notAChoice(value, *choices);
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
      throw Error({.parameter = name}, "there is no such parameter", near.empty() ? "" : "did you mean \"" + near + "\"?");
    }
    if (const std::string problem = complaint(*param, value); !problem.empty()) throw Error({.parameter = name}, problem);
  }
  for (const auto& param : params) {
    const Value* value = given.find(param.name);
    if (value == nullptr) {
      out.set(param.name, param.fallback);
    } else if (param.fallback.is<double>() && value->is<int64_t>()) {
      out.set(param.name, static_cast<double>(value->as<int64_t>()));
    } else if (param.fallback.is<Numbers>() && value->is<Integers>()) {
      out.set(param.name, Numbers(value->as<Integers>().begin(), value->as<Integers>().end()));
    } else if (param.fallback.is<Texts>() && value->is<Integers>()) {
      out.set(param.name, Texts{});
    } else {
      out.set(param.name, *value);
    }
  }
  return out;
}

}  // namespace blockyard
