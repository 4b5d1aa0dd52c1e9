// Value and Values: the settings of a block, as plain data. Widgets show and edit Values, the project file stores them,
// blocks are made from them. A Value knows only its type; what is allowed stands in the block's schema.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace blockyard {

using Integers = std::vector<int64_t>;
using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

// One setting. The type of a parameter is the type of its default.
class Value {
 public:
  using Data = std::variant<bool, int64_t, double, std::string, Integers, Numbers, Texts>;

  Value() : data_(false) {}
  Value(bool v) : data_(v) {}
  Value(int v) : data_(static_cast<int64_t>(v)) {}
  Value(int64_t v) : data_(v) {}
  Value(double v) : data_(v) {}
  Value(const char* v) : data_(std::string(v)) {}
  Value(std::string v) : data_(std::move(v)) {}
  Value(Integers v) : data_(std::move(v)) {}
  Value(Numbers v) : data_(std::move(v)) {}
  Value(Texts v) : data_(std::move(v)) {}

  const Data& data() const { return data_; }
  template <class T>
  bool is() const {
    return std::holds_alternative<T>(data_);
  }
  template <class T>
  const T& as() const {
    return std::get<T>(data_);
  }
  // "flag", "integer", "number", "text", "integers", "numbers" or "texts".
  const char* typeName() const;
  // As a person writes it: true, 3, 0.5, relu, [1, 2]. Numbers are the shortest text that reads back the same.
  std::string text() const;
  bool operator==(const Value&) const = default;

 private:
  Data data_;
};

// Named settings, ordered by name. The accessors assert that the name is there with that type: the schema has been
// checked before a block is made (see completeValues in blocks/schema.hpp).
class Values {
 public:
  Values() = default;
  Values(std::initializer_list<std::pair<const std::string, Value>> items) : items_(items) {}

  bool flag(const std::string& name) const;
  int64_t integer(const std::string& name) const;
  double number(const std::string& name) const;  // takes an integer too
  const std::string& text(const std::string& name) const;
  const Integers& integers(const std::string& name) const;
  const Numbers& numbers(const std::string& name) const;
  const Texts& texts(const std::string& name) const;

  bool has(const std::string& name) const { return items_.count(name) > 0; }
  const Value* find(const std::string& name) const;
  void set(const std::string& name, Value value) { items_.insert_or_assign(name, std::move(value)); }
  void remove(const std::string& name) { items_.erase(name); }
  const std::map<std::string, Value>& items() const { return items_; }
  bool operator==(const Values&) const = default;

 private:
  const Value& at(const std::string& name) const;
  std::map<std::string, Value> items_;
};

// The value in JSON, and back. `like` gives the wanted type (3 becomes 3.0 where a number is wanted, [] an empty list
// of the right kind); throws Error with what was expected and what came. Numbers that JSON lacks are the texts "nan",
// "inf", "-inf".
nlohmann::json toJson(const Value& value);
Value valueFromJson(const nlohmann::json& json, const Value& like);
// Without a wanted type: the narrowest that fits. For settings of unknown blocks and for state.
Value valueFromJson(const nlohmann::json& json);
// The text of a command line ("0.5", "true", "[1,2]", "a,b") as a value of the type of `like`. Throws Error.
Value valueFromText(std::string_view text, const Value& like);

nlohmann::json toJson(const Values& values);
Values valuesFromJson(const nlohmann::json& json);

// The candidate with the smallest edit distance to `name`, if it is near enough to be a typing error; else empty.
std::string nearestName(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace blockyard
