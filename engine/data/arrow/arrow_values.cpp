#include "arrow_values.hpp"

#include <arrow/util/decimal.h>
#include <arrow/util/float16.h>

#include <unordered_map>

#include "base/error.hpp"
#include "data/parse_number.hpp"

namespace blockyard {
namespace {

using arrow::Type;

// Seconds of one unit.
double secondsOf(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1e3;
    case arrow::TimeUnit::MICRO:
      return 1e6;
    default:
      return 1e9;
  }
}

// Calls visit(i, value) for every cell that is there.
template <class ArrayType, class Visit>
bool each(const arrow::Array& array, Visit visit) {
  const auto& typed = static_cast<const ArrayType&>(array);
  for (int64_t i = 0; i < typed.length(); ++i)
    if (!typed.IsNull(i)) visit(i, typed.GetView(i));
  return true;
}

template <class ArrayType>
bool copyNumbers(const arrow::Array& array, double* into, double divisor = 1) {
  return each<ArrayType>(array, [&](int64_t i, auto value) { into[i] = static_cast<double>(value) / divisor; });
}

template <class ArrayType, class Decimal>
bool copyDecimals(const arrow::Array& array, double* into) {
  const auto& type = static_cast<const arrow::DecimalType&>(*array.type());
  const auto& typed = static_cast<const ArrayType&>(array);
  for (int64_t i = 0; i < typed.length(); ++i)
    if (!typed.IsNull(i)) into[i] = Decimal(typed.GetValue(i)).ToDouble(type.scale());
  return true;
}

// The numbers of an array whose type is one; false if it is none. `into` holds NaN before.
bool numbersOf(const arrow::Array& array, double* into) {
  switch (array.type_id()) {
    case Type::BOOL:
      return copyNumbers<arrow::BooleanArray>(array, into);
    case Type::INT8:
      return copyNumbers<arrow::Int8Array>(array, into);
    case Type::INT16:
      return copyNumbers<arrow::Int16Array>(array, into);
    case Type::INT32:
      return copyNumbers<arrow::Int32Array>(array, into);
    case Type::INT64:
      return copyNumbers<arrow::Int64Array>(array, into);
    case Type::UINT8:
      return copyNumbers<arrow::UInt8Array>(array, into);
    case Type::UINT16:
      return copyNumbers<arrow::UInt16Array>(array, into);
    case Type::UINT32:
      return copyNumbers<arrow::UInt32Array>(array, into);
    case Type::UINT64:
      return copyNumbers<arrow::UInt64Array>(array, into);
    case Type::FLOAT:
      return copyNumbers<arrow::FloatArray>(array, into);
    case Type::DOUBLE:
      return copyNumbers<arrow::DoubleArray>(array, into);
    case Type::HALF_FLOAT:
      return each<arrow::HalfFloatArray>(
          array, [&](int64_t i, uint16_t bits) { into[i] = arrow::util::Float16::FromBits(bits).ToDouble(); });
    case Type::DECIMAL128:
      return copyDecimals<arrow::Decimal128Array, arrow::Decimal128>(array, into);
    case Type::DECIMAL256:
      return copyDecimals<arrow::Decimal256Array, arrow::Decimal256>(array, into);
    case Type::DATE32:
      return each<arrow::Date32Array>(array, [&](int64_t i, int32_t days) { into[i] = days * 86400.0; });
    case Type::DATE64:
      return copyNumbers<arrow::Date64Array>(array, into, 1e3);
    case Type::TIMESTAMP:
      return copyNumbers<arrow::TimestampArray>(
          array, into, secondsOf(static_cast<const arrow::TimestampType&>(*array.type()).unit()));
    case Type::DURATION:
      return copyNumbers<arrow::DurationArray>(
          array, into, secondsOf(static_cast<const arrow::DurationType&>(*array.type()).unit()));
    case Type::TIME32:
      return copyNumbers<arrow::Time32Array>(array, into,
                                             secondsOf(static_cast<const arrow::Time32Type&>(*array.type()).unit()));
    case Type::TIME64:
      return copyNumbers<arrow::Time64Array>(array, into,
                                             secondsOf(static_cast<const arrow::Time64Type&>(*array.type()).unit()));
    default:
      return array.type_id() == Type::NA;
  }
}

}  // namespace

bool isText(const arrow::DataType& type) {
  return type.id() == Type::STRING || type.id() == Type::LARGE_STRING || type.id() == Type::STRING_VIEW;
}

ColumnType naturalType(const arrow::DataType& type) {
  switch (type.id()) {
    case Type::DATE32:
    case Type::DATE64:
    case Type::TIMESTAMP:
      return ColumnType::Time;
    case Type::DICTIONARY: {
      const ColumnType values = naturalType(*static_cast<const arrow::DictionaryType&>(type).value_type());
      return values == ColumnType::Text ? ColumnType::Category : values;
    }
    default:
      return arrow::is_numeric(type.id()) || arrow::is_decimal(type.id()) || type.id() == Type::BOOL ||
                     type.id() == Type::NA || type.id() == Type::DURATION || type.id() == Type::TIME32 ||
                     type.id() == Type::TIME64 || type.id() == Type::HALF_FLOAT
                 ? ColumnType::Number
                 : ColumnType::Text;
  }
}

void ArrowCells::fail(int64_t i, const std::string& expected, std::string_view got) const {
  throw Error({.file = file},
              "column \"" + name + "\": expected " + expected + " in row " + std::to_string(first_row + i + 1) +
                  ", got \"" + std::string(got.substr(0, 40)) + "\"",
              "add it to the parameter `missing` if it stands for a missing value");
}

std::string_view ArrowCells::text(int64_t i, std::string& scratch) const {
  if (array.IsNull(i)) return {};
  switch (array.type_id()) {
    case Type::STRING:
      return static_cast<const arrow::StringArray&>(array).GetView(i);
    case Type::LARGE_STRING:
      return static_cast<const arrow::LargeStringArray&>(array).GetView(i);
    case Type::STRING_VIEW:
      return static_cast<const arrow::StringViewArray&>(array).GetView(i);
    default:
      break;
  }
  if (naturalType(*array.type()) == ColumnType::Text) {
    const auto scalar = array.GetScalar(i);
    scratch = scalar.ok() ? (*scalar)->ToString() : std::string();
    // A list says its type first: list<item: int64>[1, 2].
    if (const std::string type = array.type()->ToString(); scratch.starts_with(type)) scratch.erase(0, type.size());
    return scratch;
  }
  double number = kMissingNumber;
  numbersOf(*array.Slice(i, 1), &number);
  return scratch = std::isnan(number)                               ? ""
                   : naturalType(*array.type()) == ColumnType::Time ? timeText(number)
                                                                    : numberText(number);
}

void ArrowCells::append(ColumnType type, ColumnBlock& into) const {
  if (array.type_id() == Type::DICTIONARY) {
    // The values once, then by index.
    const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
    ColumnBlock values;
    ArrowCells{*coded.dictionary(), missing, file, name, first_row}.append(type, values);
    const auto at = [&](int64_t i) { return static_cast<size_t>(coded.GetValueIndex(i)); };
    if (type == ColumnType::Category) into.classes = values.classes;
    for (int64_t i = 0; i < coded.length(); ++i) {
      const bool none = coded.IsNull(i);
      if (type == ColumnType::Category)
        into.codes.push_back(none ? kMissingCode : values.codes[at(i)]);
      else if (type == ColumnType::Text)
        into.texts.add(none ? std::string_view{} : values.texts[at(i)]);
      else
        into.numbers.push_back(none ? kMissingNumber : values.numbers[at(i)]);
    }
    return;
  }
  if (type == ColumnType::Category || type == ColumnType::Text)
    appendTexts(type, into);
  else if (naturalType(*array.type()) == ColumnType::Text)
    appendParsed(type, into.numbers);
  else
    appendNumbers(into.numbers);
}

void ArrowCells::appendNumbers(std::vector<double>& into) const {
  const size_t before = into.size();
  into.resize(before + static_cast<size_t>(array.length()), kMissingNumber);
  numbersOf(array, into.data() + before);
  for (size_t i = before; i < into.size(); ++i) {
    for (const double marker : missing.numbers())
      if (into[i] == marker) into[i] = kMissingNumber;
    if (!std::isinf(into[i])) continue;
    const char* const got = into[i] > 0 ? "inf" : "-inf";
    if (!missing.contains(got)) fail(static_cast<int64_t>(i - before), "a finite number", got);
    into[i] = kMissingNumber;
  }
}

void ArrowCells::appendParsed(ColumnType type, std::vector<double>& into) const {
  std::string scratch;
  for (int64_t i = 0; i < array.length(); ++i) {
    const std::string_view cell = text(i, scratch);
    double number = kMissingNumber;
    if (!missing.contains(cell)) {
      if (type == ColumnType::Time) number = timeFromText(cell);
      const bool fits =
          type == ColumnType::Time ? !std::isnan(number) : parseNumber(cell, '.', number) == NumberText::Finite;
      if (!fits) fail(i, type == ColumnType::Time ? "a time" : "a finite number", cell);
    }
    into.push_back(number);
  }
}

void ArrowCells::appendTexts(ColumnType type, ColumnBlock& into) const {
  std::unordered_map<std::string, int32_t> codes;
  std::string scratch;
  for (int64_t i = 0; i < array.length(); ++i) {
    const std::string_view cell = text(i, scratch);
    const bool none = missing.contains(cell);
    if (type == ColumnType::Text) {
      into.texts.add(none ? std::string_view{} : cell);
    } else if (none) {
      into.codes.push_back(kMissingCode);
    } else {
      const auto [at, fresh] = codes.try_emplace(std::string(cell), static_cast<int32_t>(into.classes.size()));
      if (fresh) into.classes.add(cell);
      into.codes.push_back(at->second);
    }
  }
}

}  // namespace blockyard
