#include "blocks/inspect.hpp"

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <string_view>

#include "base/error.hpp"
#include "data/association.hpp"

namespace blockyard {
namespace {

constexpr int64_t kRows = 65536;
constexpr int64_t kHeadElements = int64_t{1} << 18;  // a few hundredths of a second
constexpr int64_t kRowsOfTask = 4096;
constexpr int64_t kChunkElements = int64_t{1} << 24;  // of a chunk, where rows are large

struct Watched {
  ColumnProfiler profiler;
  std::vector<std::string> classes{};
  Association association{};

  ColumnProfile finish() const {
    ColumnProfile out = profiler.finish(classes);
    out.association = association.value();
    if (!std::isnan(out.association)) out.measure = association.measure();
    return out;
  }
};

// One profiler for each column of a port.
std::vector<Watched> watch(const std::string& port, const Signature& signature, const Packet& first) {
  std::vector<Watched> out;
  if (signature.kind == Wire::Table) {
    for (const ColumnInfo& column : signature.columns)
      out.push_back({ColumnProfiler(port, column.name, nameOf(column.type)), column.classes});
  } else if (signature.kind == Wire::Target) {
    const std::vector<std::string>& names = first.meaning().columns;
    const int64_t count = first.tensor().dim() > 1 ? first.tensor().size(1) : 1;
    for (int64_t i = 0; i < count; ++i) {
      const auto k = static_cast<size_t>(i);
      const std::string plain = count == 1 ? port : port + " " + std::to_string(i + 1);
      out.push_back({ColumnProfiler(port, k < names.size() ? names[k] : plain, "target")});
    }
  } else if (signature.kind == Wire::Label) {
    out.push_back({ColumnProfiler(port, port, "label"), signature.classes});
  } else {
    out.push_back({ColumnProfiler(port, port, signature.text())});
  }
  return out;
}

// What the rows of a chunk are to be predicted as, where the source says so.
TargetRows targetOf(const Source& source, const Batch& batch) {
  TargetRows out;
  for (const auto& [port, signature] : source.outputs()) {
    if (!batch.has(port) || batch.packet(port).isTable()) continue;
    if (signature.kind == Wire::Label && batch[port].dim() == 1) {
      const at::Tensor codes = batch[port].to(at::kLong).contiguous();
      out.codes.assign(codes.const_data_ptr<int64_t>(), codes.const_data_ptr<int64_t>() + codes.numel());
    } else if (signature.kind == Wire::Target) {
      const at::Tensor first = batch[port].dim() > 1 ? batch[port].select(1, 0) : batch[port];
      const at::Tensor numbers = first.to(at::kDouble).contiguous();
      out.numbers.assign(numbers.const_data_ptr<double>(), numbers.const_data_ptr<double>() + numbers.numel());
    }
  }
  return out;
}

uint64_t hashOf(const Column& column, size_t row) {
  if (!column.texts.empty()) return std::hash<std::string>{}(column.texts[row]);
  if (!column.codes.empty()) return static_cast<uint64_t>(column.codes[row]);
  return std::bit_cast<uint64_t>(column.numbers[row] + 0.0);  // -0 is 0
}

// One hash per row, over all ports.
std::vector<uint64_t> rowHashes(const Batch& batch) {
  std::vector<uint64_t> out(static_cast<size_t>(batch.rows()), 0);
  const auto add = [&](size_t row, uint64_t bits) { out[row] = mixedBits(out[row] * 0x9e3779b97f4a7c15U + bits + 1); };
  for (const auto& [port, packet] : batch.items()) {
    const at::Tensor tensor = packet.isTable() ? at::Tensor() : packet.tensor().contiguous();
    const size_t width = !tensor.defined() || out.empty() ? 0 : tensor.nbytes() / out.size();
    const auto* const bytes = tensor.defined() ? static_cast<const char*>(tensor.const_data_ptr()) : nullptr;
    at::parallel_for(0, static_cast<int64_t>(out.size()), kRowsOfTask, [&, &part = packet](int64_t begin, int64_t end) {
      for (auto row = static_cast<size_t>(begin); row < static_cast<size_t>(end); ++row) {
        if (bytes != nullptr)
          add(row, std::hash<std::string_view>{}(std::string_view(bytes + row * width, width)));
        else
          for (const auto& column : part.table().columns()) add(row, hashOf(*column, row));
      }
    });
  }
  return out;
}

void addPacket(std::vector<Watched>& watched, const Signature& signature, const Packet& packet,
               const TargetRows& target) {
  if (packet.isTable()) {
    // Each column by one thread, so that the order of its values is that of the rows.
    at::parallel_for(0, static_cast<int64_t>(watched.size()), 1, [&](int64_t begin, int64_t end) {
      for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
        watched[i].profiler.add(*packet.table().columns()[i]);
        watched[i].association.add(*packet.table().columns()[i], target);
      }
    });
    return;
  }
  const bool columns = signature.kind == Wire::Target && packet.tensor().dim() > 1;
  const at::Tensor values = packet.tensor().to(at::kDouble).contiguous();
  const double* const data = values.const_data_ptr<double>();
  for (int64_t i = 0; i < values.numel(); ++i) {
    if (signature.kind == Wire::Label)
      watched[0].profiler.addCode(static_cast<int64_t>(data[i]));
    else
      watched[columns ? static_cast<size_t>(i) % watched.size() : 0].profiler.addNumber(data[i]);
  }
}

// As many rows as have `elements` numbers outside of tables.
int64_t rowsWith(Source& source, int64_t elements) {
  int64_t of_row = 1;
  const Chunk chunk = source.read(0, 1);
  for (const auto& [port, packet] : chunk.batch.items())
    if (!packet.isTable()) of_row = std::max(of_row, packet.tensor().numel());
  return std::max<int64_t>(elements / of_row, 1);
}

DataProfile inspectRows(Source& source, int64_t rows, int64_t step, const std::atomic<bool>* stop) {
  DataProfile profile{.rows = rows, .fingerprint = source.fingerprint()};
  profile.notices = source.notices();
  std::map<std::string, std::vector<Watched>> ports;
  DuplicateCount duplicates;
  for (int64_t first = 0; first < rows; first += step) {
    if (stop && stop->load()) throw Error({}, "stopped", {}, Fault::TryAgain);
    const Chunk chunk = source.read(first, std::min(step, rows - first));
    const TargetRows target = targetOf(source, chunk.batch);
    for (const auto& [port, packet] : chunk.batch.items()) {
      const Signature& signature = source.outputs().at(port);
      if (first == 0) ports[port] = watch(port, signature, packet);
      addPacket(ports[port], signature, packet, target);
    }
    for (const uint64_t hash : rowHashes(chunk.batch)) duplicates.add(hash);
  }
  profile.duplicates = duplicates.count();
  profile.duplicates_estimated = !duplicates.exact();
  for (const bool target : {false, true})
    for (const auto& [port, watched] : ports)
      for (const Watched& column : watched)
        if ((port == "target") == target) profile.columns.push_back(column.finish());
  return profile;
}

}  // namespace

DataProfile inspect(Source& source, const std::atomic<bool>* stop) {
  return inspectRows(source, source.rows(), std::min(kRows, rowsWith(source, kChunkElements)), stop);
}

DataProfile inspectHead(Source& source, int64_t most_rows) {
  const int64_t rows = std::min({most_rows, source.rows(), rowsWith(source, kHeadElements)});
  return inspectRows(source, rows, rows, nullptr);
}

DataProfile inspectSource(const std::string& type, const Values& values, const std::string& folder,
                          const std::atomic<bool>* stop) {
  const BlockType& block = blockType(type);
  const Values complete = completeValues(block.schema.params, values);
  SourceSetup setup{.values = complete, .folder = folder};
  setup.stop = stop;
  return inspect(*block.open(setup), stop);
}

}  // namespace blockyard
