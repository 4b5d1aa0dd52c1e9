// The bytes of TensorBoard's event files: records with checksums, and inside them protocol buffers, of which we need so
// little that writing them by hand is shorter than a library. Pure functions on memory; for journal.* alone.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockyard::events {

// What a chart of weights needs: `counts[i]` values lie below or at `limits[i]` and above the limit before.
struct Histogram {
  double min = 0, max = 0, sum = 0, sum_squares = 0;
  std::vector<double> limits{}, counts{};
};

// Writes fields of a message, one after the other.
class Message {
 public:
  Message& varint(int field, uint64_t value);
  Message& number(int field, double value);
  Message& single(int field, float value);
  Message& bytes(int field, std::string_view value);  // texts and messages
  Message& numbers(int field, const std::vector<double>& values);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Reads them: while (next()) look at field() and take what it is.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}
  bool next();
  bool broken() const { return broken_; }
  int field() const { return field_; }
  uint64_t varint() const { return wire_ == 0 ? bits_ : 0; }
  double number() const;  // fixed 64
  float single() const;   // fixed 32
  std::string_view bytes() const { return bytes_; }
  bool packed() const { return wire_ == 2; }
  std::vector<double> numbers() const;  // packed doubles

 private:
  bool take(uint64_t& out);
  std::string_view rest_, bytes_;
  uint64_t bits_ = 0;
  int field_ = 0, wire_ = 0;
  bool broken_ = false;
};

// Length, checksum, data, checksum.
void appendRecord(std::string& out, std::string_view data);

// The next record of a file's bytes from `at` on.
struct RecordStep {
  enum Kind { Record, Damaged, Torn, End } kind = End;
  std::string_view data{};
  size_t next = 0;  // where to go on; after damage, at the next record that is whole
};
RecordStep nextRecord(std::string_view bytes, size_t at);

// One summary value of an event, whichever of the known ways it was written.
struct Point {
  std::string tag{};
  std::string plugin{};  // "scalars", "text", "hparams", ...; only with the first value of a tag in a file
  std::optional<double> scalar{};
  std::optional<std::string> text{};
  std::optional<Histogram> histogram{};
};

struct Event {
  double wall_time = 0;  // seconds since 1970, UTC
  int64_t step = 0;
  bool restart = false;  // from this step on, what stands in earlier files is void
  std::vector<Point> points{};
};
// Nothing if these bytes are no event.
std::optional<Event> parseEvent(std::string_view data);

}  // namespace blockyard::events
