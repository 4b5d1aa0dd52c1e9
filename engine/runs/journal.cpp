#include "runs/journal.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

#include "base/error.hpp"

namespace blockyard {
namespace {

using events::Message;

constexpr size_t kBuffer = size_t{1} << 16;
constexpr double kFlushEvery = 2;  // seconds
constexpr const char* kEventsPrefix = "events.out.tfevents.";
constexpr int kScalar = 1, kTensor = 2;  // classes of data

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string hostName() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "host";
  std::string out(name);
  for (char& c : out)
    if (c == '/' || c == '.') c = '-';
  return out;
}

// The number in the name of the newest file of the folder; nothing if there is none.
std::optional<int64_t> newestFile(const std::filesystem::path& folder) {
  std::optional<int64_t> out;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(kEventsPrefix, 0) != 0) continue;
    const int64_t seconds = std::strtoll(name.c_str() + std::string_view(kEventsPrefix).size(), nullptr, 10);
    if (seconds < 9'999'999'999) out = std::max(out.value_or(0), seconds);
  }
  if (code) throwFileError(folder, "read the folder", code.value());
  return out;
}

// Named by the seconds since 1970, but one more than in the newest file: so the names sort as the starts did.
GrowingFile newFile(const std::filesystem::path& folder, const std::optional<int64_t>& newest) {
  std::string digits = std::to_string(std::max(static_cast<int64_t>(now()), newest.value_or(0) + 1));
  digits.insert(0, 10 - std::min<size_t>(10, digits.size()), '0');
  return GrowingFile(folder / (kEventsPrefix + digits + "." + hostName() + "." + std::to_string(::getpid()) + ".0"));
}

std::string describe(std::string_view plugin, int data_class, std::string_view content) {
  Message data;
  data.bytes(1, plugin);
  if (!content.empty()) data.bytes(2, content);
  Message out;
  out.bytes(1, data.text());
  if (data_class != 0) out.varint(4, static_cast<uint64_t>(data_class));
  return out.text();
}

std::string hparamText(const Value& value) {
  Message out;  // a google.protobuf.Value
  if (value.is<bool>()) return out.varint(4, value.as<bool>() ? 1 : 0).text();
  if (value.is<int64_t>()) return out.number(2, static_cast<double>(value.as<int64_t>())).text();
  if (value.is<double>()) return out.number(2, value.as<double>()).text();
  return out.bytes(3, value.text()).text();
}

int hparamType(const Value& value) {
  return value.is<bool>() ? 2 : value.is<int64_t>() || value.is<double>() ? 3 : 1;
}

}  // namespace

Histogram histogramOf(std::span<const float> values, size_t buckets) {
  Histogram out;
  size_t count = 0;
  for (const float v : values) {
    if (!std::isfinite(v)) continue;
    out.min = count == 0 ? v : std::min<double>(out.min, v);
    out.max = count == 0 ? v : std::max<double>(out.max, v);
    out.sum += v;
    out.sum_squares += static_cast<double>(v) * v;
    ++count;
  }
  if (count == 0 || buckets == 0) return out;
  if (out.min == out.max) buckets = 1;
  const double width = (out.max - out.min) / static_cast<double>(buckets);
  for (size_t i = 1; i <= buckets; ++i)
    out.limits.push_back(i == buckets ? out.max : out.min + width * static_cast<double>(i));
  out.counts.assign(buckets, 0);
  for (const float v : values) {
    if (!std::isfinite(v)) continue;
    const double at = width > 0 ? (v - out.min) / width : 0;
    ++out.counts[std::min(buckets - 1, static_cast<size_t>(at))];
  }
  return out;
}

Journal::Journal(const std::filesystem::path& folder, std::optional<int64_t> resumed_at)
    : Journal(folder, resumed_at, newestFile(folder)) {}

Journal::Journal(const std::filesystem::path& folder, std::optional<int64_t> resumed_at, std::optional<int64_t> newest)
    : file_(newFile(folder, newest)), flushed_at_(now()) {
  Message first;
  first.number(1, flushed_at_).bytes(3, "brain.Event:2").bytes(10, Message().bytes(1, "blockyard").text());
  events::appendRecord(buffer_, first.text());
  if (!newest) resumed_at = 0;  // TensorBoard takes a mark of restart for one only if the run began with a mark
  if (resumed_at) {
    Message restart;
    restart.number(1, flushed_at_)
        .varint(2, static_cast<uint64_t>(*resumed_at))
        .bytes(7, Message().varint(1, 1).text());
    events::appendRecord(buffer_, restart.text());
  }
  flush();
}

Journal::~Journal() {
  try {
    flush();
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): nobody is left to tell
  }
}

void Journal::record(std::string_view data, double wall_time) {
  events::appendRecord(buffer_, data);
  if (buffer_.size() >= kBuffer || wall_time - flushed_at_ >= kFlushEvery || wall_time < flushed_at_) {
    flushed_at_ = wall_time;
    flush();
  }
}

void Journal::value(std::string_view tag, int64_t step, int field, std::string_view content, std::string_view plugin,
                    int data_class, double wall_time, std::string_view plugin_content) {
  Message value;
  value.bytes(1, tag);
  if (!plugin.empty() && tags_.find(tag) == tags_.end()) {
    value.bytes(9, describe(plugin, data_class, plugin_content));
    tags_.emplace(tag);
  }
  value.bytes(field, content);
  Message event;
  event.number(1, wall_time).varint(2, static_cast<uint64_t>(step)).bytes(5, Message().bytes(1, value.text()).text());
  record(event.text(), wall_time);
}

void Journal::scalar(std::string_view tag, int64_t step, double number, std::optional<double> wall_time) {
  const auto bits = std::bit_cast<uint32_t>(static_cast<float>(number));
  char tensor[10] = {0x08, 1, 0x12, 0, 0x2A, 4};  // dtype float, shape [], one packed float
  for (int i = 0; i < 4; ++i) tensor[6 + i] = static_cast<char>(bits >> (8 * i));
  value(tag, step, 8, {tensor, sizeof tensor}, "scalars", kScalar, wall_time ? *wall_time : now());
}

void Journal::text(std::string_view tag, int64_t step, std::string_view markdown, std::optional<double> wall_time) {
  Message tensor;
  tensor.varint(1, 7).bytes(2, Message().bytes(2, Message().varint(1, 1).text()).text()).bytes(8, markdown);
  value(tag, step, 8, tensor.text(), "text", kTensor, wall_time ? *wall_time : now());
}

void Journal::histogram(std::string_view tag, int64_t step, const Histogram& histogram,
                        std::optional<double> wall_time) {
  double count = 0;
  for (const double n : histogram.counts) count += n;
  Message message;
  message.number(1, histogram.min).number(2, histogram.max).number(3, count).number(4, histogram.sum);
  message.number(5, histogram.sum_squares).numbers(6, histogram.limits).numbers(7, histogram.counts);
  value(tag, step, 5, message.text(), {}, 0, wall_time ? *wall_time : now());
}

void Journal::event(int64_t step, std::string_view note, std::optional<double> wall_time) {
  text("events", step, note, wall_time);
}

void Journal::hparams(const Values& settings, const std::vector<std::string>& metrics,
                      std::optional<double> wall_time) {
  const double time = wall_time ? *wall_time : now();
  Message experiment, session;
  for (const auto& [name, setting] : settings.items()) {
    experiment.bytes(4, Message().bytes(1, name).varint(4, static_cast<uint64_t>(hparamType(setting))).text());
    session.bytes(1, Message().bytes(1, name).bytes(2, hparamText(setting)).text());
  }
  for (const auto& metric : metrics) experiment.bytes(5, Message().bytes(1, Message().bytes(2, metric).text()).text());
  session.number(5, time);
  hparamsRecord("_hparams_/experiment", Message().varint(1, 0).bytes(2, experiment.text()).text(), time);
  hparamsRecord("_hparams_/session_start_info", Message().varint(1, 0).bytes(3, session.text()).text(), time);
}

void Journal::ended(bool success, std::optional<double> wall_time) {
  const double time = wall_time ? *wall_time : now();
  const std::string session = Message().varint(1, success ? 1 : 2).number(2, time).text();
  hparamsRecord("_hparams_/session_end_info", Message().varint(1, 0).bytes(4, session).text(), time);
  flush();
}

void Journal::hparamsRecord(std::string_view tag, std::string_view content, double wall_time) {
  // The message rides in the description of the tag; its value is an empty tensor.
  const std::string empty =
      Message().varint(1, 1).bytes(2, Message().bytes(2, Message().varint(1, 0).text()).text()).text();
  value(tag, 0, 8, empty, "hparams", 0, wall_time, content);
}

void Journal::flush() {
  file_.write(buffer_);
  buffer_.clear();
}

void Journal::sync() {
  flush();
  file_.sync();
}

}  // namespace blockyard
