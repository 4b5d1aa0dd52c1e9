// What the engine finds in this library: see data/arrow_file.hpp.
#include <parquet/exception.h>

#include "arrow_reader.hpp"
#include "base/error.hpp"

namespace blockyard {
namespace {

std::unique_ptr<TableReader> open(const std::string& path, const ArrowOptions& options) {
  try {
    return std::make_unique<ArrowReader>(path, options);
  } catch (const parquet::ParquetException& error) {
    throw damagedArrow(path, error.what());
  }
}

constexpr ArrowPlugin kPlugin{.version = kArrowVersion, .open = open};

}  // namespace
}  // namespace blockyard

extern "C" __attribute__((visibility("default"))) const blockyard::ArrowPlugin* blockyardArrow() {
  return &blockyard::kPlugin;
}
