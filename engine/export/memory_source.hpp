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

// What numbersFromJson (export/json_rows.hpp) finds, as a tensor.
at::Tensor tensorFromJson(const nlohmann::json& json, const Signature& signature, const std::string& file);

// The rows of batches with the same ports one after the other; at least one batch.
Batch joined(const std::vector<Batch>& batches);

}  // namespace blockyard
