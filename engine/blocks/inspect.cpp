#include "blocks/inspect.hpp"

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr int64_t kRows = 65536;
constexpr int64_t kElements = int64_t{1} << 24;  // of a chunk, where rows are large

struct Watched {
  ColumnProfiler profiler;
  std::vector<std::string> classes{};
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

void addPacket(std::vector<Watched>& watched, const Signature& signature, const Packet& packet) {
  if (packet.isTable()) {
    for (size_t i = 0; i < watched.size(); ++i) watched[i].profiler.add(*packet.table().columns()[i]);
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

int64_t chunkRows(Source& source) {
  int64_t elements = 1;
  const Chunk chunk = source.read(0, 1);
  for (const auto& [port, packet] : chunk.batch.items())
    if (!packet.isTable()) elements = std::max(elements, packet.tensor().numel());
  return std::clamp<int64_t>(kElements / elements, 1, kRows);
}

}  // namespace

DataProfile inspect(Source& source, const std::atomic<bool>* stop) {
  DataProfile profile{.rows = source.rows(), .fingerprint = source.fingerprint()};
  std::map<std::string, std::vector<Watched>> ports;
  const int64_t step = chunkRows(source);
  for (int64_t first = 0; first < source.rows(); first += step) {
    if (stop && stop->load()) throw Error({}, "stopped", {}, Fault::TryAgain);
    const Chunk chunk = source.read(first, step);
    for (const auto& [port, packet] : chunk.batch.items()) {
      const Signature& signature = source.outputs().at(port);
      if (first == 0) ports[port] = watch(port, signature, packet);
      addPacket(ports[port], signature, packet);
    }
  }
  for (const bool target : {false, true})
    for (const auto& [port, watched] : ports)
      for (const Watched& column : watched)
        if ((port == "target") == target) profile.columns.push_back(column.profiler.finish(column.classes));
  return profile;
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
