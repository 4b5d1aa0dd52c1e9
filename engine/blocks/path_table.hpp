// PathTable: a table whose rows name files, with what is to be predicted beside each. What the sources of pictures and
// of sounds that stand in tables share; a row is told by its number in the table.
#pragma once
#include <string>
#include <vector>

#include "blocks/class_folders.hpp"
#include "blocks/schema.hpp"
#include "blocks/source_setup.hpp"
#include "data/chunk.hpp"
#include "data/table_rows.hpp"

namespace blockyard {

// The parameters file, validation_file, test_file, column, and those of the target.
std::vector<Param> pathTableParams(const FileKind& kind);

class PathTable {
 public:
  // Reads the tables; no file that they name. Throws Error if no column holds names of such files.
  PathTable(const SourceSetup& setup, const FileKind& kind);

  // The files that the rows name, each seen from the folder of its table; of a look no more than it needs.
  std::vector<FolderFile> files(const SourceSetup& setup) const;
  bool partial() const { return rows_.partial(); }  // of a look: not all rows were read
  bool hasTarget() const { return !rows_.targets().empty(); }
  Signature targetSignature(const SourceSetup& setup) const;
  // The target of these rows.
  Packet target(const SourceSetup& setup, const std::vector<int64_t>& rows) const;
  // What these rows are for, if there is more than one table; empty else.
  std::vector<Part> parts(const SourceSetup& setup, const std::vector<int64_t>& rows) const;
  bool hasColumn(const std::string& name) const;
  // Columns of these rows by name. Throws Error at `split_column`.
  Table columns(const std::vector<std::string>& names, const std::vector<int64_t>& rows) const;
  const std::string& fingerprint() const { return rows_.fingerprint(); }

  // What is known before the data is read: the first rows tell whether there is such a column, and the target. Only the
  // outputs that hang on the table are set.
  static Signatures peek(const SourceSetup& setup, const FileKind& kind);

 private:
  TableRows rows_;
  size_t column_;  // of the paths, by its number in the store
};

}  // namespace blockyard
