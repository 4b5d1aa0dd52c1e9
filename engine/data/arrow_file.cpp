#include "data/arrow_file.hpp"

#include "base/error.hpp"
#include "data/file_bytes.hpp"

namespace blockyard {

bool isArrowFile(const std::string& path) {
  const std::string head = firstBytes(path, 6);
  return head.starts_with("PAR1") || head.starts_with("ARROW1") || head.starts_with("FEA1");
}

std::unique_ptr<TableReader> openArrowFile(const std::string& path, const ArrowOptions& options) {
  (void)options;
  throw Error({.file = path}, "reading Parquet and Arrow files is not in this build");
}

}  // namespace blockyard
