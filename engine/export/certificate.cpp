#include "export/certificate.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "export/answer_flow.hpp"
#include "export/bundle.hpp"
#include "export/memory_source.hpp"
#include "training/prepare.hpp"
#include "training/state_file.hpp"

namespace blockyard {
namespace {

constexpr int64_t kMostRows = 16, kMostBytes = 4 << 20;
constexpr double kWithoutBound = std::numeric_limits<double>::infinity();

int64_t bytesOf(const Batch& rows) {
  int64_t out = 0;
  for (const auto& [port, packet] : rows.items()) {
    if (!packet.isTable()) {
      out += static_cast<int64_t>(packet.tensor().nbytes());
      continue;
    }
    for (const auto& column : packet.table().columns()) {
      out += packet.rows() * 8;
      for (const auto& text : column->texts) out += static_cast<int64_t>(text.size());
    }
  }
  return out;
}

// What somebody who wants an answer has of a row: all but the target.
Batch askedOf(const Batch& given) {
  Batch out;
  for (const auto& [port, packet] : given.items())
    if (port != "target") out.set(port, packet);
  return out;
}

double deviation(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const double out = std::abs(a - b) / std::max(1.0, std::abs(b));
  return std::isfinite(out) ? out : kWithoutBound;
}

double deviation(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return kWithoutBound;
  const at::Tensor x = a.to(at::kCPU, at::kDouble).contiguous(), y = b.to(at::kCPU, at::kDouble).contiguous();
  double out = 0;
  for (int64_t i = 0; i < x.numel(); ++i)
    out = std::max(out, deviation(x.const_data_ptr<double>()[i], y.const_data_ptr<double>()[i]));
  return out;
}

double deviation(const Column& a, const Column& b) {
  if (a.rows() != b.rows() || a.type != b.type) return kWithoutBound;
  double out = 0;
  for (int64_t row = 0; row < a.rows(); ++row) {
    const auto i = static_cast<size_t>(row);
    if (a.type == ColumnType::Number || a.type == ColumnType::Time)
      out = std::max(out, deviation(a.numbers[i], b.numbers[i]));
    else if (a.cell(row) != b.cell(row))
      return kWithoutBound;
  }
  return out;
}

Deviation deviation(const Table& a, const Table& b) {
  if (a.names() != b.names() || a.rows() != b.rows()) return {kWithoutBound, "the columns of the answers"};
  Deviation out;
  for (const auto& column : a.columns())
    if (const double found = deviation(*column, b.column(column->name)); found > out.largest)
      out = {found, column->name};
  return out;
}

double deviation(const Batch& a, const Batch& b) {
  double out = 0;
  for (const auto& [port, packet] : a.items()) {
    if (!b.has(port) || packet.isTable() != b.packet(port).isTable()) return kWithoutBound;
    const Packet& other = b.packet(port);
    out = std::max(out, packet.isTable() ? deviation(packet.table(), other.table()).largest
                                         : deviation(packet.tensor(), other.tensor()));
  }
  return a.items().size() == b.items().size() ? out : kWithoutBound;
}

// Everything that flows for the rows, prepared or computed.
std::vector<Flow> flowsOf(const Pipeline& pipeline, const Certificate& certificate, at::Device device) {
  const at::NoGradGuard no_grad;
  std::vector<Flow> out{prepareRows(pipeline, certificate.rows)};
  out.push_back(answerRows(pipeline, out[0], 0, certificate.rows.rows(), device));
  return out;
}

std::string keyOf(const std::string& of, const std::string& what) {
  return std::string(kCertificatePrefix) + of + ":" + what;
}

void addTable(State& state, const std::string& of, const Table& table) {
  Texts types;
  for (size_t i = 0; i < table.columns().size(); ++i) {
    const Column& column = *table.columns()[i];
    const std::string key = keyOf(of, std::to_string(i));
    types.emplace_back(nameOf(column.type));
    if (column.type == ColumnType::Text)
      state.values.set(key, column.texts);
    else if (column.type == ColumnType::Category)
      state.tensors[key] = at::tensor(column.codes, at::kInt), state.values.set(key, *column.classes);
    else
      state.tensors[key] = at::tensor(column.numbers, at::kDouble);
  }
  state.values.set(keyOf(of, "names"), table.names());
  state.values.set(keyOf(of, "types"), types);
}

[[noreturn]] void throwDamaged(const std::string& what) {
  throw Error({}, "the rows that prove the answers are damaged: " + what, "export the pipeline again");
}

template <class T>
std::vector<T> numbersOf(const State& state, const std::string& key, at::ScalarType type) {
  const auto found = state.tensors.find(key);
  if (found == state.tensors.end()) throwDamaged("no " + key);
  const at::Tensor values = found->second.to(type).contiguous();
  return {values.const_data_ptr<T>(), values.const_data_ptr<T>() + values.numel()};
}

// An empty list does not tell what it is a list of.
Texts textsOf(const State& state, const std::string& key) {
  const Value* const value = state.values.find(key);
  if (value == nullptr) throwDamaged("no " + key);
  return value->is<Texts>() ? value->as<Texts>() : Texts{};
}

Table tableFrom(const State& state, const std::string& of) {
  const Texts names = textsOf(state, keyOf(of, "names")), types = textsOf(state, keyOf(of, "types"));
  std::vector<Table::Shared> columns;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string key = keyOf(of, std::to_string(i));
    Column column{.name = names[i]};
    for (const auto type : {ColumnType::Number, ColumnType::Category, ColumnType::Text, ColumnType::Time})
      if (i < types.size() && types[i] == nameOf(type)) column.type = type;
    if (column.type == ColumnType::Text)
      column.texts = textsOf(state, key);
    else if (column.type == ColumnType::Category)
      column.codes = numbersOf<int32_t>(state, key, at::kInt),
      column.classes = std::make_shared<const Texts>(textsOf(state, key));
    else
      column.numbers = numbersOf<double>(state, key, at::kDouble);
    for (const int32_t code : column.codes)
      if (code < kMissingCode || code >= static_cast<int32_t>(column.classes->size()))
        throwDamaged("a class of " + key);
    columns.push_back(std::make_shared<const Column>(std::move(column)));
  }
  return Table(std::move(columns));
}

}  // namespace

Certificate certificateOf(const Pipeline& pipeline, const PreparedData& data, at::Device device) {
  Certificate out{.device = device.str()};
  for (const Part part : {Part::Test, Part::Validation, Part::Train}) {
    const RowSet& rows = data.rows(part);
    if (rows.size() == 0) continue;
    out.part = part;
    const int64_t most = std::min(kMostRows, rows.size());
    std::vector<Batch> picked;
    int64_t bytes = 0;
    for (int64_t i = 0; i < most && (i == 0 || bytes * (i + 1) / i <= kMostBytes); ++i) {
      picked.push_back(askedOf(data.source->read(rows[i * rows.size() / most], 1).batch));
      bytes += bytesOf(picked.back());
    }
    out.rows = joined(picked);
    out.answers = answersOf(pipeline, flowsOf(pipeline, out, device)[1]);
    break;
  }
  return out;
}

Deviation deviationOf(const Pipeline& written, const Pipeline& trained, const Certificate& certificate,
                      at::Device trained_on) {
  const auto found = flowsOf(written, certificate, at::kCPU), wanted = flowsOf(trained, certificate, trained_on);
  Deviation out;
  for (size_t node = 0; node < trained.nodes().size(); ++node) {
    for (size_t stage = 0; stage < wanted.size(); ++stage)
      if (const double here = deviation(found[stage][node], wanted[stage][node]); here > out.largest)
        out = {here, trained.nodes()[node].plan.id};
    if (out.largest > kMostDeviation) break;
  }
  return out;
}

Deviation replay(Bundle& bundle, const Certificate& certificate) {
  Signatures ports;
  for (const auto& [port, packet] : certificate.rows.items()) ports[port] = bundle.inputs().at(port);
  Deviation out;
  const auto compare = [&](int64_t first, int64_t count) {
    MemorySource source(certificate.rows.slice(first, count), ports);
    const Table wanted = certificate.answers.slice(first, count);
    bundle.answer(source, [&](const Answers& said) {
      if (const Deviation here = deviation(said.table, wanted); here.largest > out.largest) out = here;
    });
  };
  const int64_t rows = certificate.rows.rows();
  compare(0, rows);
  for (int64_t row = 0; rows > 1 && row < rows; ++row) compare(row, 1);
  return out;
}

void requireSame(const Deviation& deviation, const std::string& file) {
  if (deviation.largest <= kMostDeviation) return;
  throw Error({.file = file},
              "the answers to the rows that were kept as a proof are not what they were: \"" + deviation.where + "\" " +
                  (std::isinf(deviation.largest) ? "differs" : "deviates by " + numberText(deviation.largest)) +
                  ", at most " + numberText(kMostDeviation) + " is allowed",
              "the file is whole, so this version or machine computes otherwise: use the one that wrote it, or train "
              "again");
}

void addTo(State& state, const Certificate& certificate) {
  if (certificate.rows.rows() == 0) return;
  Texts ports;
  for (const auto& [port, packet] : certificate.rows.items()) {
    ports.push_back(port);
    if (packet.isTable())
      addTable(state, "rows:" + port, packet.table());
    else
      state.tensors[keyOf("rows", port)] = packet.tensor();
  }
  addTable(state, "answers", certificate.answers);
  state.values.set(keyOf("is", "ports"), ports);
  state.values.set(keyOf("is", "about"), Texts{nameOf(certificate.part), certificate.device});
  state.tensors[keyOf("is", "deviation")] = at::tensor(certificate.deviation, at::kDouble);
}

Certificate certificateFrom(const State& state) {
  Certificate out;
  if (!state.values.has(keyOf("is", "ports"))) return out;
  for (const std::string& port : textsOf(state, keyOf("is", "ports"))) {
    const auto tensor = state.tensors.find(keyOf("rows", port));
    out.rows.set(port,
                 tensor == state.tensors.end() ? Packet(tableFrom(state, "rows:" + port)) : Packet(tensor->second));
  }
  out.answers = tableFrom(state, "answers");
  for (const auto& [port, packet] : out.rows.items())
    if (packet.rows() != out.answers.rows()) throwDamaged("another number of rows than of answers");
  const Texts about = textsOf(state, keyOf("is", "about"));
  if (about.size() != 2) throwDamaged("nothing is known about them");
  for (const Part part : {Part::Test, Part::Validation, Part::Train})
    if (about[0] == nameOf(part)) out.part = part;
  out.device = about[1];
  out.deviation = numbersOf<double>(state, keyOf("is", "deviation"), at::kDouble).at(0);
  return out;
}

std::string withoutCertificate(const SafetensorsFile& bundle) {
  State kept = stateFrom(bundle);
  const auto proves = [](const std::string& name) { return name.rfind(kCertificatePrefix, 0) == 0; };
  std::erase_if(kept.tensors, [&](const auto& each) { return proves(each.first); });
  Values values;
  for (const auto& [name, value] : kept.values.items())
    if (!proves(name)) values.set(name, value);
  kept.values = std::move(values);
  const StateViews views(kept);
  Metadata metadata = bundle.metadata();
  metadata.erase(kHashKey);
  for (const auto& [name, text] : views.metadata()) metadata[name] = text;
  metadata[kHashKey] = contentHash(views.tensors(), metadata);
  return safetensorsBytes(views.tensors(), metadata);
}

}  // namespace blockyard
