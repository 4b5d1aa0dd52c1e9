#include "blocks/sample.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "data/chunk.hpp"

namespace blockyard {
namespace {

constexpr int64_t kSmallestPicture = 2;  // pixels across

Element elementOf(at::ScalarType type) {
  switch (type) {
    case at::kDouble:
      return Element::Float64;
    case at::kByte:
      return Element::UInt8;
    case at::kBool:
      return Element::Bool;
    case at::kLong:
    case at::kInt:
    case at::kShort:
    case at::kChar:
      return Element::Int64;
    default:
      return Element::Float32;
  }
}

// Numbers [rows], `step` apart.
struct Numbered {
  const double* data = nullptr;
  int64_t count = 0, step = 1;
  double operator[](int64_t i) const { return data[i * step]; }
};

Bins binsOf(const Numbered& values, double low, double high) {
  Bins bins{.low = low, .high = high};
  if (!std::isfinite(low) || !std::isfinite(high)) return {};
  if (low == high) bins.low -= 0.5, bins.high += 0.5;
  bins.counts.assign(kSampleBins, 0);
  const double width = bins.high - bins.low;
  for (int64_t i = 0; i < values.count; ++i) {
    if (!std::isfinite(values[i])) continue;
    const auto bin = static_cast<int64_t>((values[i] - bins.low) / width * static_cast<double>(kSampleBins));
    ++bins.counts[static_cast<size_t>(std::clamp<int64_t>(bin, 0, kSampleBins - 1))];
  }
  return bins;
}

SampleColumn describe(const Numbered& values, const std::string& name, const std::string& type) {
  ColumnProfiler profiler({}, name, type);
  SampleColumn out;
  for (int64_t i = 0; i < values.count; ++i) {
    if (std::isinf(values[i]))
      ++out.infinite;
    else
      profiler.addNumber(values[i]);
  }
  out.profile = profiler.finish({});
  out.profile.rows += out.infinite;
  out.bins = binsOf(values, out.profile.min, out.profile.max);
  return out;
}

SampleColumn describe(const Column& column) {
  if (column.type == ColumnType::Number || column.type == ColumnType::Time)
    return describe({column.numbers.data(), column.rows()}, column.name, nameOf(column.type));
  ColumnProfiler profiler({}, column.name, nameOf(column.type));
  profiler.add(column);
  return {.profile = profiler.finish(column.classes ? *column.classes : std::vector<std::string>{})};
}

Column labelColumn(const Packet& packet) {
  Column out{.name = "label", .type = ColumnType::Category};
  const at::Tensor codes = packet.tensor().to(at::kLong).reshape({-1}).contiguous();
  const int64_t* const data = codes.const_data_ptr<int64_t>();
  const auto known = static_cast<int64_t>(packet.meaning().classes.size());
  for (int64_t i = 0; i < codes.numel(); ++i)
    out.codes.push_back(data[i] >= 0 && data[i] < known ? static_cast<int32_t>(data[i]) : kMissingCode);
  out.classes = std::make_shared<const std::vector<std::string>>(packet.meaning().classes);
  return out;
}

void addTable(Sample& sample, const Table& table, const SampleLimits& limits) {
  for (const auto& column : table.columns()) sample.columns.push_back(describe(*column));
  sample.table = table.rows() > limits.rows ? table.slice(0, limits.rows) : table;
}

int64_t product(const std::vector<int64_t>& sizes) {
  int64_t out = 1;
  for (const int64_t size : sizes) out *= size;
  return out;
}

std::vector<std::string> namesOf(const Meaning& meaning, int64_t count) {
  for (const auto* names : {&meaning.columns, &meaning.classes})
    if (static_cast<int64_t>(names->size()) == count) return *names;
  return {};
}

void describeNumbers(Sample& sample, const at::Tensor& values) {
  const double* const data = values.const_data_ptr<double>();
  const int64_t width = product(sample.row_shape);
  const std::string type = nameOf(sample.signature.element);
  const bool single = sample.row_shape.empty() || width == 1;
  if (!single) sample.columns.push_back(describe({data, values.numel()}, "all values", type));
  if (sample.row_shape.size() > 1 || width > kMostSampleColumns) return;
  const std::string one = sample.names.empty() ? std::string("value") : sample.names.front();
  for (int64_t k = 0; k < width; ++k)
    sample.columns.push_back(describe({data + k, sample.rows, width}, single ? one : sample.columnName(k), type));
}

// Rows [C, H, W] of one or three channels: bytes as they are, other numbers from the smallest to the largest.
Pictures picturesOf(const at::Tensor& tensor, const Bins& bins, const SampleLimits& limits) {
  Pictures out;
  if (tensor.dim() != 4 || (tensor.size(1) != 1 && tensor.size(1) != 3) || tensor.size(2) < kSmallestPicture ||
      tensor.size(3) < kSmallestPicture || tensor.size(0) == 0)
    return out;
  out.channels = tensor.size(1), out.height = tensor.size(2), out.width = tensor.size(3);
  const int64_t bytes = out.channels * out.height * out.width;
  out.count = std::min({tensor.size(0), limits.pictures, std::max<int64_t>(1, limits.picture_bytes / bytes)});
  at::Tensor first = tensor.narrow(0, 0, out.count);
  if (tensor.scalar_type() != at::kByte) {
    if (bins.counts.empty()) return {};
    out.low = bins.low, out.high = bins.high;
    first = ((first.to(at::kDouble) - out.low) * (255 / (out.high - out.low))).nan_to_num(0).clamp(0, 255).round();
  }
  first = first.to(at::kByte).contiguous();
  out.bytes.assign(first.const_data_ptr<uint8_t>(), first.const_data_ptr<uint8_t>() + first.numel());
  return out;
}

void addTensor(Sample& sample, const Packet& packet, const SampleLimits& limits) {
  const at::Tensor& tensor = packet.tensor();
  sample.row_shape = tensor.sizes().slice(1).vec();
  const int64_t width = product(sample.row_shape);
  sample.names = namesOf(packet.meaning(), width);
  const at::Tensor values = tensor.to(at::kDouble).contiguous();
  describeNumbers(sample, values);
  const int64_t kept =
      std::min({sample.rows, limits.rows, width == 0 ? 0 : std::max<int64_t>(1, limits.numbers / width)});
  const double* const data = values.const_data_ptr<double>();
  sample.numbers.assign(data, data + kept * width);
  if (!sample.columns.empty()) sample.pictures = picturesOf(tensor, sample.columns.front().bins, limits);
}

std::string floatText(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr;
  return {text, end};
}

}  // namespace

int64_t Sample::shownRows() const {
  if (isTable()) return table.rows();
  const int64_t width = shownColumns();
  return width == 0 ? 0 : static_cast<int64_t>(numbers.size()) / width;
}

int64_t Sample::shownColumns() const {
  return isTable() ? static_cast<int64_t>(table.columns().size()) : numbers.empty() ? 0 : product(row_shape);
}

std::string Sample::columnName(int64_t column) const {
  const auto at = static_cast<size_t>(column);
  if (isTable()) return table.columns()[at]->name;
  if (at < names.size()) return names[at];
  if (row_shape.empty()) return "value";
  std::string out;
  for (size_t d = row_shape.size(); d-- > 0; column /= row_shape[d])
    out = std::to_string(column % row_shape[d]) + (out.empty() ? "" : ", ") + out;
  return out;
}

std::string Sample::cell(int64_t row, int64_t column) const {
  if (isTable()) return table.columns()[static_cast<size_t>(column)]->cell(row);
  const double value = numbers[static_cast<size_t>(row * shownColumns() + column)];
  if (std::isnan(value)) return {};
  return signature.element == Element::Float32 ? floatText(value) : numberText(value);
}

Sample sampleOf(const Packet& packet, const Signature& signature, const SampleLimits& limits) {
  Sample sample{.signature = signature, .rows = packet.rows()};
  sample.signature.open = false;
  if (packet.isTable()) {
    sample.signature.columns.clear();
    for (const auto& column : packet.table().columns())
      sample.signature.columns.push_back(
          {column->name, column->type, column->classes ? *column->classes : std::vector<std::string>{}});
    addTable(sample, packet.table(), limits);
    return sample;
  }
  sample.signature.element = elementOf(packet.tensor().scalar_type());
  sample.signature.shape = {Dim("N")};
  for (int64_t d = 1; d < packet.tensor().dim(); ++d) sample.signature.shape.emplace_back(packet.tensor().size(d));
  if (!packet.meaning().classes.empty()) sample.signature.classes = packet.meaning().classes;
  if (signature.kind == Wire::Label) {
    addTable(sample, Table({std::make_shared<const Column>(labelColumn(packet))}), limits);
  } else {
    addTensor(sample, packet, limits);
  }
  return sample;
}

std::vector<std::string> labelTexts(const Packet& label) {
  const Column column = labelColumn(label);
  std::vector<std::string> out;
  for (int64_t row = 0; row < column.rows(); ++row) out.push_back(column.cell(row));
  return out;
}

}  // namespace blockyard
