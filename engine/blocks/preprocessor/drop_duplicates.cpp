// Drop duplicates: of rows that are equal in some columns, training uses only the first.
#include <cstring>

#include "blocks/columns.hpp"
#include "blocks/leave_out.hpp"

namespace blockyard::preprocessor {
namespace {

// 128 bits of a row: enough that no two different rows of any file share them (2^-64 for 4 billion rows), few enough
// for many rows. Two 64-bit mixers over the same words, with different constants.
struct RowHash {
  uint64_t a = 0x9E3779B97F4A7C15, b = 0xC2B2AE3D27D4EB4F;

  static uint64_t mixed(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
  }
  void add(uint64_t word) {
    a = mixed(a ^ word) + 0x165667B19E3779F9;
    b = mixed((b + word) * 0xD6E8FEB86659FD93) ^ a;
  }
  bool operator==(const RowHash&) const = default;
};
struct Spread {
  size_t operator()(const RowHash& hash) const { return static_cast<size_t>(hash.a); }
};

void addText(RowHash& hash, const std::string& text) {
  hash.add(text.size());
  for (size_t i = 0; i < text.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + i, std::min<size_t>(8, text.size() - i));
    hash.add(word);
  }
}

class DropDuplicates final : public Block {
 public:
  explicit DropDuplicates(const Values& values) : wanted_(values.texts("columns")), applies_(values) {}

  Batch forward(const Batch& in, Step&) override { return {{"y", in.packet("x")}}; }

  void chooseRows(const Batch& in, Part* parts) override {
    const Table& table = in.table("x");
    std::vector<RowHash> hashes(static_cast<size_t>(table.rows()));
    for (const auto& name : pickColumns(columnsOf(table), wanted_, kAllColumns)) add(table.column(name), hashes);
    for (size_t i = 0; i < hashes.size(); ++i)
      if (applies_(parts[i]) && !seen_.insert(hashes[i]).second) parts[i] = Part::Unused;
  }

 private:
  // Categories by name, so that it does not matter in which order the classes stand.
  static void add(const Column& column, std::vector<RowHash>& hashes) {
    constexpr uint64_t kMissing = 0x7FF8000000000001;
    std::vector<uint64_t> names;
    if (column.type == ColumnType::Category && column.classes)
      for (const auto& name : *column.classes) {
        RowHash hash;
        addText(hash, name);
        names.push_back(hash.b);
      }
    for (size_t i = 0; i < hashes.size(); ++i) {
      if (column.missing(static_cast<int64_t>(i))) {
        hashes[i].add(kMissing);
      } else if (column.type == ColumnType::Category) {
        hashes[i].add(names[static_cast<size_t>(column.codes[i])]);
      } else if (column.type == ColumnType::Text) {
        addText(hashes[i], column.texts[i]);
      } else {
        const double value = column.numbers[i] == 0 ? 0 : column.numbers[i];  // -0 is 0
        uint64_t word = 0;
        std::memcpy(&word, &value, sizeof word);
        hashes[i].add(word);
      }
    }
  }

  Texts wanted_;
  AppliesTo applies_;
  std::unordered_set<RowHash, Spread> seen_;
};

Signatures inferDropDuplicates(const Values& values, const Signatures& inputs) {
  pickColumns(inputs.at("x"), values.texts("columns"), kAllColumns);
  return {{"y", inputs.at("x")}};
}

}  // namespace

BlockType drop_duplicates() {
  return {
      .schema =
          {.title = "Drop duplicates",
           .doc = "Of rows that are equal, training uses only the first; missing cells are equal to each other. The "
                  "number of rows left out is told when the training begins. A prediction still answers every row. "
                  "With applies_to = all a row to test with that stands among the training rows, too, is left out "
                  "if it comes later. Needs some 40 bytes of memory for each different row.",
           .inputs = {{"x", "table"}},
           .outputs = {{"y", "table"}},
           .params = {{"columns", Texts{}, {}, "rows are equal if these are; empty: all columns", "", Role::Columns},
                      appliesToParam()},
           .examples = {{.in_tables = {{"x", "a,b\n1,x\n1,x\n2,x\n"}}, .out_tables = {{"y", "a,b\n1,x\n1,x\n2,x\n"}}}},
           .leaves_out = true},
      .make = make<DropDuplicates>,
      .infer = inferDropDuplicates};
}

}  // namespace blockyard::preprocessor
