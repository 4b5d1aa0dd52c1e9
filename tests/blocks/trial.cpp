#include "trial.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <fstream>

#include "checks.hpp"
#include "try_block.hpp"

namespace blockyard {
namespace {

constexpr int kAttempts = 200;

// Keyed random numbers, drawn one after the other.
class Dice {
 public:
  explicit Dice(KeyedRandom random) : random_(random) {}

  int64_t below(int64_t n) { return static_cast<int64_t>(random_.below(count_++, static_cast<uint64_t>(n))); }
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  double uniform(double low, double high) { return low + (high - low) * random_.uniform(count_++); }
  double normal() { return random_.normal(count_++); }
  bool flip() { return below(2) == 1; }
  template <class List>
  const auto& pick(const List& list) {
    return list[static_cast<size_t>(below(static_cast<int64_t>(list.size())))];
  }

 private:
  KeyedRandom random_;
  uint64_t count_ = 0;
};

std::vector<std::string> split(const std::string& text, const std::string& separators) {
  std::vector<std::string> out{""};
  for (const char c : text) {
    if (separators.find(c) != std::string::npos) out.emplace_back();
    if (separators.find(c) == std::string::npos && c != ' ') out.back() += c;
  }
  return out;
}

// --- settings

std::vector<std::string> columnNames(const Signatures& inputs) {
  std::vector<std::string> out;
  for (const auto& [port, signature] : inputs)
    for (const auto& column : signature.columns) out.push_back(column.name);
  return out;
}

// A formula over the columns; a condition compares two of them.
std::string drawnFormula(const Signatures& inputs, bool condition, Dice& dice) {
  std::vector<std::string> parts{"2", "0.5"};
  for (const auto& column : inputs.at("x").columns) {
    if (column.type == ColumnType::Number) parts.push_back("`" + column.name + "`");
    if (column.type == ColumnType::Time) parts.push_back("hour(" + column.name + ")");
    if (column.type == ColumnType::Category) parts.push_back("if(" + column.name + " == \"class a\", 1, missing)");
    if (column.type == ColumnType::Text) parts.push_back("length(" + column.name + ")");
  }
  static const std::vector<std::string> kSigns{" + ", " * ", " / ", " ^ "};
  const std::string sum = dice.pick(parts) + dice.pick(kSigns) + dice.pick(parts);
  return condition ? sum + " < " + dice.pick(parts) : "max(" + sum + ", " + dice.pick(parts) + ")";
}

// A second table, with a key that some rows find.
std::string secondTable() {
  static const TestFolder kFolder;
  static const std::string kFile = [] {
    std::ofstream(kFolder / "second.csv")
        << "key,size,kind,day\nclass a,1,x,2024-01-31\nclass b,2,y,\nword,,x,2024-02-01\n";
    return kFolder / "second.csv";
  }();
  return kFile;
}

Value drawn(const Param& param, const Signatures& inputs, Dice& dice) {
  const Range* range = std::get_if<Range>(&param.limit);
  const auto* choices = std::get_if<Choices>(&param.limit);
  const auto low = [&](double otherwise) { return range && std::isfinite(range->low) ? range->low : otherwise; };
  const auto high = [&](double otherwise) { return range ? std::min(range->high, otherwise) : otherwise; };
  const auto integer = [&](int64_t lowest) {
    return dice.between(lowest, static_cast<int64_t>(high(static_cast<double>(lowest + 6))));
  };
  const auto number = [&] { return dice.uniform(low(-2), high(std::max(low(-2), 0.0) + 2)); };
  if (param.fallback.is<bool>()) return dice.flip();
  // Sizes such as a vocabulary are at least 4, so that small codes always fit.
  if (param.fallback.is<int64_t>())
    return integer(std::max(static_cast<int64_t>(low(-2)), std::min<int64_t>(param.fallback.as<int64_t>(), 4)));
  if (param.fallback.is<double>()) return number();
  if (param.fallback.is<std::string>()) {
    if (choices) return dice.pick(*choices);
    if (param.role == Role::File) return secondTable();
    if (param.name == "file_key") return "key";
    if (param.name == "formula" || param.name == "condition")
      return drawnFormula(inputs, param.name == "condition", dice);
    const auto names = columnNames(inputs);
    return param.role == Role::Column && !names.empty() ? Value(dice.pick(names)) : param.fallback;
  }
  if (param.fallback.is<Integers>()) {
    Integers out;
    for (int64_t i = dice.between(1, 2); i > 0; --i) out.push_back(integer(static_cast<int64_t>(low(0))));
    return out;
  }
  if (param.fallback.is<Numbers>()) {
    Numbers out;
    for (int64_t i = dice.between(1, 3); i > 0; --i) out.push_back(number());
    return out;
  }
  const std::vector<std::string> from = choices                       ? *choices
                                        : param.role == Role::Columns ? columnNames(inputs)
                                                                      : Texts{};
  Texts out;
  for (const auto& name : from)
    if (dice.flip()) out.push_back(name);
  return out;
}

// --- what comes in

Dim drawnSize(const std::string& name, std::map<std::string, int64_t>& sizes, Dice& dice) {
  if (name == "N") return Dim("N");
  if (std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) return Dim(std::stoll(name));
  static const std::vector<int64_t> kSizes{1, 2, 3, 4, 5, 6, 8, 9};
  return Dim(sizes.emplace(name, dice.pick(kSizes)).first->second);
}

Texts classNamed(int64_t count) {
  Texts out;
  for (int64_t i = 0; i < count; ++i) out.push_back("class " + std::string(1, static_cast<char>('a' + i)));
  return out;
}

std::vector<ColumnInfo> drawnColumns(Dice& dice) {
  std::vector<ColumnInfo> out;
  for (int64_t i = dice.between(1, 3); i > 0; --i) out.push_back({"number" + std::to_string(i), ColumnType::Number});
  for (int64_t i = dice.between(0, 2); i > 0; --i)
    out.push_back({"category" + std::to_string(i), ColumnType::Category, classNamed(dice.between(2, 4))});
  if (dice.flip()) out.push_back({"text", ColumnType::Text});
  if (dice.flip()) out.push_back({"time", ColumnType::Time});
  return out;
}

Signature drawnSignature(const Port& port, std::map<std::string, int64_t>& sizes, Dice& dice) {
  const std::string pattern = dice.pick(split(port.pattern == "any" ? "table|float[N, F]" : port.pattern, "|"));
  const std::vector<std::string> words = split(pattern, "[,]");  // "float", "N", "F", ""
  static const std::map<std::string, Wire> kKinds{{"table", Wire::Table},
                                                  {"image", Wire::Image},
                                                  {"text", Wire::Text},
                                                  {"label", Wire::Label},
                                                  {"target", Wire::Target}};
  static const std::map<std::string, Element> kElements{{"image", Element::UInt8},
                                                        {"uint8", Element::UInt8},
                                                        {"int", Element::Int64},
                                                        {"label", Element::Int64},
                                                        {"bool", Element::Bool}};
  Signature out;
  if (const auto it = kKinds.find(words[0]); it != kKinds.end()) out.kind = it->second;
  if (const auto it = kElements.find(words[0]); it != kElements.end()) out.element = it->second;
  for (size_t i = 1; i + 1 < words.size(); ++i) {
    if (words[i] != "...") out.shape.push_back(drawnSize(words[i], sizes, dice));
    if (words[i] == "...")
      for (int64_t extra = sizes.emplace("...", dice.between(0, 2)).first->second; extra > 0; --extra)
        out.shape.push_back(drawnSize("..." + std::to_string(extra), sizes, dice));
  }
  if (out.shape.empty()) out.shape.emplace_back("N");
  if (words.size() == 1 && out.kind == Wire::Image)
    for (const char* name : {"C", "H", "W"}) out.shape.push_back(drawnSize(name, sizes, dice));
  if (words.size() == 1 && out.kind == Wire::Target && dice.flip()) out.shape.emplace_back(dice.between(1, 3));
  if (out.kind == Wire::Table) out.columns = drawnColumns(dice);
  if (out.kind == Wire::Label) out.classes = classNamed(sizes.emplace("K", dice.between(2, 4)).first->second);
  if (port.name == "scores" && out.shape.size() == 2) out.classes = classNamed(out.shape[1].size);
  return out;
}

Table::Shared drawnColumn(const ColumnInfo& info, int64_t rows, bool gaps, Dice& dice) {
  static const Texts kWords{"", "a", "word", "two words", "Grüße", "0.5"};
  Column out{.name = info.name, .type = info.type};
  out.classes = std::make_shared<const Texts>(info.classes);
  for (int64_t row = 0; row < rows; ++row) {
    const bool missing = dice.below(8) == 0 && gaps;
    if (info.type == ColumnType::Text) out.texts.push_back(dice.pick(kWords));
    if (info.type == ColumnType::Category)
      out.codes.push_back(missing ? kMissingCode
                                  : static_cast<int32_t>(dice.below(static_cast<int64_t>(info.classes.size()))));
    if (info.type == ColumnType::Number) out.numbers.push_back(missing ? kMissingNumber : 3 * dice.normal());
    if (info.type == ColumnType::Time)
      out.numbers.push_back(missing ? kMissingNumber : 1e9 + static_cast<double>(dice.below(1 << 28)));
  }
  return std::make_shared<const Column>(std::move(out));
}

// `gaps`: some cells are missing.
Packet drawnPacket(const Port& port, const Signature& signature, int64_t rows, bool gaps, Dice& dice) {
  if (signature.kind == Wire::Table) {
    std::vector<Table::Shared> columns;
    for (const auto& info : signature.columns) columns.push_back(drawnColumn(info, rows, gaps, dice));
    return {Table(std::move(columns))};
  }
  std::vector<int64_t> sizes{rows};
  for (size_t i = 1; i < signature.shape.size(); ++i) sizes.push_back(signature.shape[i].size);
  at::Tensor tensor = at::empty(sizes, at::kDouble);
  double* data = tensor.mutable_data_ptr<double>();
  const int64_t codes = signature.classes.empty() ? 4 : static_cast<int64_t>(signature.classes.size());
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    if (signature.element == Element::Float32)
      data[i] = signature.kind == Wire::Target ? std::abs(dice.normal()) : dice.normal();
    if (signature.element == Element::UInt8) data[i] = static_cast<double>(dice.below(256));
    if (signature.element == Element::Int64) data[i] = static_cast<double>(dice.below(codes));
    if (signature.element == Element::Bool) data[i] = static_cast<double>(dice.below(2));
  }
  static const std::map<Element, at::ScalarType> kTypes{{Element::Float32, at::kFloat},
                                                        {Element::UInt8, at::kByte},
                                                        {Element::Int64, at::kLong},
                                                        {Element::Bool, at::kBool}};
  if (port.name == "scores") tensor = tensor.softmax(-1);
  auto meaning = std::make_shared<Meaning>();
  meaning->classes = signature.classes;
  return {tensor.to(kTypes.at(signature.element)), meaning};
}

Trial drawnTrial(const BlockType& type, uint64_t seed, Dice dice) {
  Trial out{.type = &type, .seed = seed};
  std::map<std::string, int64_t> sizes;
  const bool gaps = type.schema.id != "preprocessor/to_features";  // refuses them, and says what to do
  for (const auto& port : type.schema.inputs) {
    if (port.pattern.starts_with("like ")) {
      out.inputs[port.name] = out.inputs.at(port.pattern.substr(5));
    } else {
      out.inputs[port.name] = drawnSignature(port, sizes, dice);
    }
    const int64_t wires = port.wires == Wires::Many ? dice.between(1, 3) : 1;
    for (int64_t i = 0; i < wires; ++i) {
      const std::string slot = portSlot(port.name, i);
      out.inputs[slot] = out.inputs.at(port.name);
      out.rows.set(slot, drawnPacket(port, out.inputs.at(slot), kTrialRows, gaps, dice));
      out.later.set(slot, drawnPacket(port, out.inputs.at(slot), kLaterRows, gaps, dice));
    }
  }
  Values given;
  for (const auto& param : type.schema.params)
    if (dice.flip() && param.name != "codes")
      given.set(param.name, drawn(param, out.inputs, dice));  // codes: whole numbers only
  out.values = completeValues(type.schema.params, given);
  out.outputs = inferOutputs(type, out.values, out.inputs);
  out.block();  // may be refused because of the data
  return out;
}

}  // namespace

std::unique_ptr<Block> Trial::block(uint64_t weights_seed) const {
  auto out = type->make({values, inputs, KeyedRandom(weights_seed)});
  RowsOf training(fitBatch());
  if (type->schema.fitted) out->fit(training);
  return out;
}

std::unique_ptr<Block> Trial::bareBlock(uint64_t weights_seed) const {
  Signatures needed = inputs;
  for (const auto& port : type->schema.inputs)
    if (port.wires == Wires::Optional) needed.erase(port.name);
  return type->make({values, needed, KeyedRandom(weights_seed)});
}

Batch Trial::fitBatch() const {
  const Kind kind = type->schema.kind;
  if (kind == Kind::Classifier || kind == Kind::Regressor) return {{"target", rows.packet("target")}};
  return rows;
}

Batch Trial::required(const Batch& batch) const {
  Batch out;
  for (const auto& [slot, packet] : batch.items()) {
    const Port* port = type->schema.findInput(slot.substr(0, slot.find(':')));
    if (port->wires != Wires::Optional) out.set(slot, packet);
  }
  return out;
}

Trial makeTrial(const BlockType& type, uint64_t seed) {
  std::string last;
  for (uint64_t attempt = 0; attempt < kAttempts; ++attempt) {
    try {
      return drawnTrial(type, seed, Dice(KeyedRandom(seed).key(type.schema.id).key(attempt)));
    } catch (const Error& error) {
      last = error.what();
      if (error.where().port.empty() && error.where().parameter.empty())
        throw Error({}, "a refusal names neither port nor parameter: " + last);
    }
  }
  throw Error(
      {}, "no random settings were accepted in " + std::to_string(kAttempts) + " attempts; the last refusal: " + last);
}

}  // namespace blockyard
