// Rows that are already in memory, as a source: typed JSON rows, decoded pictures.
#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "blocks/source.hpp"

namespace blockyard {

class MemorySource final : public Source {
 public:
  MemorySource(Batch rows, Signatures outputs) : rows_(std::move(rows)), outputs_(std::move(outputs)) {}

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  Chunk read(int64_t first, int64_t count) override {
    return {first, rows_.slice(first, std::min(count, rows() - first))};
  }
  std::string fingerprint() const override { return {}; }

 private:
  Batch rows_;
  Signatures outputs_;
};

// JSON rows as a table with the columns wanted: a list of objects ([{"x": 1}, ...]), one object of lists ({"x": [1,
// ...]}), or one row as an object. null, missing markers and columns in `may_lack` that do not come are missing values.
// Throws Error at the row and column for a value of another type, or another column that is missing. `file` is only
// named.
Table tableFromJson(const nlohmann::json& json, const std::vector<ColumnInfo>& wanted,
                    const std::vector<std::string>& may_lack, const std::string& file);

// Nested lists of numbers as the rows that `signature` [N, ...] describes. Throws Error where a list has another length
// than its neighbours or than the shape wants, or something is no number.
at::Tensor tensorFromJson(const nlohmann::json& json, const Signature& signature, const std::string& file);

}  // namespace blockyard
