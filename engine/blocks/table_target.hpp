// TableTarget: the target columns of a table's rows as what a head learns from - classes, or numbers. What the sources
// that read tables share.
#pragma once
#include "blocks/source_setup.hpp"
#include "data/chunk.hpp"
#include "data/table_rows.hpp"

namespace blockyard {

class TableTarget {
 public:
  // Of rows that have been read and have a target. With a setting `positive` its classes count as one, all others as
  // "other". Throws Error at the parameter `target` if its columns hold neither
  // classes nor numbers, at `positive` for a class that is not there.
  TableTarget(const TableRows& rows, const SourceSetup& setup);

  const Signature& signature() const { return signature_; }
  // int64 [N] of classes, float32 [N] or [N, K] of numbers; `table` holds the target columns alone, in their order.
  // A class that was not trained on is -1.
  Packet packet(const Table& table) const;

 private:
  bool labelled_;
  std::vector<int32_t> truth_{};  // with a setting `positive`: by class of the store, 1 if it is one of them
  Signature signature_;
  std::shared_ptr<const Meaning> meaning_;
};

// Columns by name, of all rows. Throws Error at `split_column` with the nearest name.
Table columnsForSplit(const RowStore& store, const std::vector<std::string>& names);

}  // namespace blockyard
