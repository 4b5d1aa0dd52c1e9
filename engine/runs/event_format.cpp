#include "runs/event_format.hpp"

#include <bit>
#include <cstring>

#include "base/crc32c.hpp"

namespace blockyard::events {
namespace {

static_assert(std::endian::native == std::endian::little, "event files are little-endian, and so is this code");

template <class T>
T loaded(std::string_view bytes) {
  T out{};
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

template <class T>
std::string_view asBytes(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

void appendVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

constexpr size_t kHead = 12, kFoot = 4;

// The length of the record at `at`, if its checksum is right.
std::optional<uint64_t> lengthAt(std::string_view bytes, size_t at) {
  const std::string_view length = bytes.substr(at, 8);
  if (maskedCrc(crc32c(length)) != loaded<uint32_t>(bytes.substr(at + 8, 4))) return std::nullopt;
  return loaded<uint64_t>(length);
}

bool wholeRecordAt(std::string_view bytes, size_t at) {
  const auto length = lengthAt(bytes, at);
  if (!length || *length > bytes.size() - at - kHead || bytes.size() - at - kHead - *length < kFoot) return false;
  const std::string_view data = bytes.substr(at + kHead, *length);
  return maskedCrc(crc32c(data)) == loaded<uint32_t>(bytes.substr(at + kHead + *length, kFoot));
}

// A number out of a tensor: one element, of float or double, in any of the three ways to store it.
std::optional<double> numberIn(std::string_view tensor, std::optional<std::string>& text) {
  uint64_t dtype = 0;
  std::string_view content;
  std::optional<double> out;
  for (Fields f(tensor); f.next();) {
    if (f.field() == 1) dtype = f.varint();
    if (f.field() == 4) content = f.bytes();
    if (f.field() == 5 && f.packed() && f.bytes().size() >= 4) out = loaded<float>(f.bytes());
    if (f.field() == 5 && !f.packed()) out = f.single();
    if (f.field() == 6 && f.packed() && f.bytes().size() >= 8) out = loaded<double>(f.bytes());
    if (f.field() == 6 && !f.packed()) out = f.number();
    if (f.field() == 8) text = (text ? *text + "\n" : "") + std::string(f.bytes());
  }
  if (dtype == 1 && content.size() == 4) out = loaded<float>(content);
  if (dtype == 2 && content.size() == 8) out = loaded<double>(content);
  return out;
}

// Nothing if it is none that could be drawn.
std::optional<Histogram> histogramIn(std::string_view message) {
  Histogram out;
  for (Fields f(message); f.next();) {
    if (f.field() == 1) out.min = f.number();
    if (f.field() == 2) out.max = f.number();
    if (f.field() == 4) out.sum = f.number();
    if (f.field() == 5) out.sum_squares = f.number();
    if (f.field() == 6) out.limits = f.numbers();
    if (f.field() == 7) out.counts = f.numbers();
  }
  if (out.limits.size() != out.counts.size()) return std::nullopt;
  return out;
}

Point pointIn(std::string_view value) {
  Point out;
  for (Fields f(value); f.next();) {
    if (f.field() == 1) out.tag = f.bytes();
    if (f.field() == 2) out.scalar = f.single();
    if (f.field() == 5) out.histogram = histogramIn(f.bytes());
    if (f.field() == 8) out.scalar = numberIn(f.bytes(), out.text);
    if (f.field() != 9) continue;
    for (Fields metadata(f.bytes()); metadata.next();) {
      if (metadata.field() != 1) continue;
      for (Fields plugin(metadata.bytes()); plugin.next();)
        if (plugin.field() == 1) out.plugin = plugin.bytes();
    }
  }
  return out;
}

}  // namespace

Message& Message::varint(int field, uint64_t value) {
  appendVarint(text_, static_cast<uint64_t>(field) << 3);
  appendVarint(text_, value);
  return *this;
}

Message& Message::number(int field, double value) {
  appendVarint(text_, static_cast<uint64_t>(field) << 3 | 1);
  text_ += asBytes(value);
  return *this;
}

Message& Message::single(int field, float value) {
  appendVarint(text_, static_cast<uint64_t>(field) << 3 | 5);
  text_ += asBytes(value);
  return *this;
}

Message& Message::bytes(int field, std::string_view value) {
  appendVarint(text_, static_cast<uint64_t>(field) << 3 | 2);
  appendVarint(text_, value.size());
  text_ += value;
  return *this;
}

Message& Message::numbers(int field, const std::vector<double>& values) {
  return bytes(field, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)});
}

bool Fields::take(uint64_t& out) {
  out = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    out |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool Fields::next() {
  if (rest_.empty() || broken_) return false;
  uint64_t key = 0;
  broken_ = true;
  if (!take(key)) return false;
  field_ = static_cast<int>(key >> 3 & 0x1FFFFFFF);
  wire_ = static_cast<int>(key & 7);
  bits_ = 0;
  bytes_ = {};
  if (wire_ == 0) {
    if (!take(bits_)) return false;
  } else {
    uint64_t size = wire_ == 1 ? 8 : 4;
    if (wire_ == 2 && !take(size)) return false;
    if ((wire_ != 1 && wire_ != 2 && wire_ != 5) || size > rest_.size()) return false;
    bytes_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  broken_ = false;
  return true;
}

double Fields::number() const {
  return wire_ == 1 ? loaded<double>(bytes_) : 0;
}

float Fields::single() const {
  return wire_ == 5 ? loaded<float>(bytes_) : 0;
}

std::vector<double> Fields::numbers() const {
  std::vector<double> out(wire_ == 2 ? bytes_.size() / sizeof(double) : 0);
  if (!out.empty()) std::memcpy(out.data(), bytes_.data(), out.size() * sizeof(double));
  return out;
}

void appendRecord(std::string& out, std::string_view data) {
  const uint64_t size = data.size();
  out += asBytes(size);
  out += asBytes(maskedCrc(crc32c(asBytes(size))));
  out += data;
  out += asBytes(maskedCrc(crc32c(data)));
}

RecordStep nextRecord(std::string_view bytes, size_t at) {
  if (at >= bytes.size()) return {RecordStep::End, {}, bytes.size()};
  if (bytes.size() - at < kHead) return {RecordStep::Torn, {}, at};
  if (const auto length = lengthAt(bytes, at)) {
    const size_t rest = bytes.size() - at - kHead;
    if (*length > rest || rest - *length < kFoot) return {RecordStep::Torn, {}, at};
    const size_t next = at + kHead + *length + kFoot;
    const std::string_view data = bytes.substr(at + kHead, *length);
    return {wholeRecordAt(bytes, at) ? RecordStep::Record : RecordStep::Damaged, data, next};
  }
  // The length itself is damaged, so the next record must be found by its checksums.
  for (size_t next = at + 1; next + kHead + kFoot <= bytes.size(); ++next)
    if (wholeRecordAt(bytes, next)) return {RecordStep::Damaged, {}, next};
  return {RecordStep::Damaged, {}, bytes.size()};
}

std::optional<Event> parseEvent(std::string_view data) {
  Event out;
  Fields f(data);
  while (f.next()) {
    if (f.field() == 1) out.wall_time = f.number();
    if (f.field() == 2) out.step = static_cast<int64_t>(f.varint());
    if (f.field() == 5) {
      Fields summary(f.bytes());
      while (summary.next())
        if (summary.field() == 1) out.points.push_back(pointIn(summary.bytes()));
      if (summary.broken()) return std::nullopt;
    }
    if (f.field() == 7)
      for (Fields session(f.bytes()); session.next();)
        if (session.field() == 1 && session.varint() == 1) out.restart = true;
  }
  if (f.broken()) return std::nullopt;
  return out;
}

}  // namespace blockyard::events
