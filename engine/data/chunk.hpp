// Packet, Batch and Chunk: what travels along the wires while data is prepared, trained on or predicted.
// A Packet is one wire's load for N rows; a Batch the packets of several ports; a Chunk a Batch that knows its rows.
#pragma once
#include <ATen/core/Tensor.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/part.hpp"
#include "data/table.hpp"

namespace blockyard {

// How a target was scaled: original = scaled * factor + offset, then exp(x) - 1 if it was taken as log(1 + x).
struct Scaling {
  double offset = 0;
  double factor = 1;
  bool log1p = false;
  bool operator==(const Scaling&) const = default;
};

// What a tensor means beyond its numbers; shared and immutable.
struct Meaning {
  std::vector<std::string> classes{};  // label: name of each index; scores: name of each column
  std::vector<std::string> columns{};  // tensors made from columns: name of each feature; target: name of each target
  std::optional<Scaling> scaling{};    // target and values predicted for it
  std::string unit{};
};

// Either a tensor [N, ...] with its meaning, or a table of N rows.
class Packet {
 public:
  Packet() = default;
  Packet(at::Tensor tensor, std::shared_ptr<const Meaning> meaning = {})
      : tensor_(std::move(tensor)), meaning_(std::move(meaning)) {}
  Packet(Table table) : table_(std::make_shared<const Table>(std::move(table))) {}

  bool isTable() const { return table_ != nullptr; }
  bool empty() const { return !table_ && !tensor_.defined(); }
  const at::Tensor& tensor() const { return tensor_; }
  const Table& table() const { return *table_; }
  // Never null.
  const Meaning& meaning() const;
  const std::shared_ptr<const Meaning>& sharedMeaning() const { return meaning_; }
  int64_t rows() const;
  // Rows [first, first + count); tensors as views.
  Packet slice(int64_t first, int64_t count) const;
  Packet take(const std::vector<int64_t>& picks) const;
  static Packet concat(const std::vector<Packet>& parts);

 private:
  at::Tensor tensor_;
  std::shared_ptr<const Table> table_;
  std::shared_ptr<const Meaning> meaning_;
};

// Packets by port name. A port that takes many wires ("x" of concatenate) holds them as "x", "x:1", "x:2", ...
class Batch {
 public:
  Batch() = default;
  Batch(std::initializer_list<std::pair<const std::string, Packet>> items) : items_(items) {}

  // The tensor on a port; asserts that it is there (the graph has been checked).
  const at::Tensor& operator[](const std::string& port) const { return packet(port).tensor(); }
  const Table& table(const std::string& port) const { return packet(port).table(); }
  const Packet& packet(const std::string& port) const;
  // All wires of a port that takes many, in the order of wiring.
  std::vector<at::Tensor> all(const std::string& port) const;
  bool has(const std::string& port) const { return items_.count(port) > 0; }
  void set(const std::string& port, Packet packet) { items_.insert_or_assign(port, std::move(packet)); }
  const std::map<std::string, Packet>& items() const { return items_; }
  // 0 if empty.
  int64_t rows() const;
  Batch slice(int64_t first, int64_t count) const;
  Batch take(const std::vector<int64_t>& picks) const;

 private:
  std::map<std::string, Packet> items_;
};

// The name under which the wire number `index` of a port that takes many is kept: "x", "x:1", "x:2".
std::string portSlot(const std::string& port, int64_t index);

// Rows [first_row, first_row + N) of a source.
struct Chunk {
  int64_t first_row = 0;
  Batch batch{};
};

}  // namespace blockyard
