#include "serve/meters.hpp"

#include <unistd.h>

#include <fstream>

#include "data/table.hpp"

namespace blockyard {
namespace {

std::string escaped(const std::string& label) {
  std::string out;
  for (const char c : label) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::string labelled(const std::string& name, const std::string& model, const std::string& more = {}) {
  return name + "{model=\"" + escaped(model) + "\"" + more + "}";
}

void head(std::string& text, const std::string& name, const char* type, const char* help) {
  text += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

void line(std::string& text, const std::string& series, double value) {
  text += series + " " + numberText(value) + "\n";
}

double residentBytes() {
  int64_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

void Meters::answered(const std::string& model, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{model, status}];
  Times& times = times_[model];
  for (size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds > kBounds[i]) continue;
    ++times.upTo[i];
    break;
  }
  ++times.count;
  times.sum += seconds;
}

void Meters::batched(const std::string& model, int64_t rows, size_t requests) {
  const std::lock_guard lock(mutex_);
  Batches& batches = batches_[model];
  ++batches.batches;
  batches.rows += rows;
  batches.requests += static_cast<int64_t>(requests);
}

void Meters::reloaded(const std::string& model, bool taken) {
  const std::lock_guard lock(mutex_);
  ++reloads_[{model, taken}];
}

std::string Meters::text() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  head(out, "blockyard_requests_total", "counter", "Requests that were answered, by model and status.");
  for (const auto& [key, count] : requests_)
    line(out, labelled("blockyard_requests_total", key.first, ",code=\"" + std::to_string(key.second) + "\""),
         static_cast<double>(count));
  const std::string seconds = "blockyard_request_seconds";
  head(out, seconds, "histogram", "From the request's headers to its answer.");
  for (const auto& [model, times] : times_) {
    int64_t sum = 0;
    for (size_t i = 0; i < kBounds.size(); ++i) {
      sum += times.upTo[i];
      line(out, labelled(seconds + "_bucket", model, ",le=\"" + numberText(kBounds[i]) + "\""),
           static_cast<double>(sum));
    }
    line(out, labelled(seconds + "_bucket", model, ",le=\"+Inf\""), static_cast<double>(times.count));
    line(out, labelled(seconds + "_sum", model), times.sum);
    line(out, labelled(seconds + "_count", model), static_cast<double>(times.count));
  }
  head(out, "blockyard_batches_total", "counter", "How often a model was asked.");
  for (const auto& [model, b] : batches_)
    line(out, labelled("blockyard_batches_total", model), static_cast<double>(b.batches));
  head(out, "blockyard_batch_rows_total", "counter", "Rows that a model was asked for.");
  for (const auto& [model, b] : batches_)
    line(out, labelled("blockyard_batch_rows_total", model), static_cast<double>(b.rows));
  head(out, "blockyard_batch_requests_total", "counter", "Requests that a model was asked for.");
  for (const auto& [model, b] : batches_)
    line(out, labelled("blockyard_batch_requests_total", model), static_cast<double>(b.requests));
  head(out, "blockyard_reloads_total", "counter", "Model files that were replaced, and whether the new one was taken.");
  for (const auto& [key, count] : reloads_)
    line(out,
         labelled("blockyard_reloads_total", key.first, std::string(",taken=\"") + (key.second ? "yes" : "no") + "\""),
         static_cast<double>(count));
  head(out, "process_resident_memory_bytes", "gauge", "Memory of this process.");
  line(out, "process_resident_memory_bytes", residentBytes());
  return out;
}

}  // namespace blockyard
