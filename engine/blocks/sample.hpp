// Sample: some rows of one wire as plain values - statistics per column, the rows themselves, pictures - for whoever
// shows them (the window, the command). Torch-free; made once, then only read.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "blocks/signature.hpp"
#include "data/profile.hpp"

namespace blockyard {

class Packet;

// How often values lie in each of some equal bins from low to high; the last bin holds `high` too. All in one bin of
// width 1 around it if there is only one value.
struct Bins {
  double low = 0, high = 0;
  std::vector<int64_t> counts{};  // empty if there is no finite value
};

// What one column holds: of a table or target, of the features of a tensor, or all values of a tensor at once.
struct SampleColumn {
  ColumnProfile profile{};  // its type of tensors: "float32", ...; infinite values are in its rows only
  int64_t infinite = 0;
  Bins bins{};  // numbers and times
};

// Pictures as bytes [N, C, H, W], C = 1 (grey) or 3 (RGB).
struct Pictures {
  int64_t count = 0, channels = 0, height = 0, width = 0;
  std::vector<uint8_t> bytes{};
  double low = 0, high = 255;  // the values that 0 and 255 stand for
};

struct Sample {
  Signature signature{};  // sizes known but for the rows
  int64_t rows = 0;
  std::vector<int64_t> row_ids{};     // of each row in its source, from 0; empty if unknown
  std::vector<std::string> labels{};  // class of each row; empty if unknown, "" where it is missing
  std::vector<SampleColumn> columns{};

  // The first rows. Tables, labels: as a table; a label is one category column. Else numbers, row-major.
  Table table{};
  std::vector<int64_t> row_shape{};  // of the numbers: [] is one number a row
  std::vector<std::string> names{};  // of the numbers of a row, if they have some
  std::vector<double> numbers{};
  Pictures pictures{};  // of the first rows, where rows can be seen as pictures

  bool isTable() const { return !table.columns().empty(); }
  // Rows and columns of the first rows, as shown in a table: the numbers of a row lie side by side.
  int64_t shownRows() const;
  int64_t shownColumns() const;
  std::string columnName(int64_t column) const;  // "bill_length_mm"; "3", "0, 2, 5" for the place in a row
  // Text that reads back as the same value; "" if missing.
  std::string cell(int64_t row, int64_t column) const;
};

// How much of the rows themselves is kept; the statistics are over all of them.
struct SampleLimits {
  int64_t rows = 10000;
  int64_t numbers = int64_t{1} << 20;
  int64_t pictures = 256;
  int64_t picture_bytes = int64_t{1} << 23;
};

constexpr int64_t kSampleBins = 20;
constexpr int64_t kMostSampleColumns = 1024;  // a tensor with more features is described as a whole

// `packet` is on the CPU; `signature` says what kind of wire it is and the unit, the rest is read off the packet.
Sample sampleOf(const Packet& packet, const Signature& signature, const SampleLimits& limits = {});
// The class of each row of a label's packet, "" where it is missing.
std::vector<std::string> labelTexts(const Packet& label);

}  // namespace blockyard
