// What the engine finds in this library: see data/arrow_file.hpp.
#include <parquet/exception.h>

#include "arrow_reader.hpp"
#include "base/error.hpp"
#include "parquet_writer.hpp"
#include "s3.hpp"

namespace blockyard {
namespace {

std::unique_ptr<TableReader> open(const std::string& path, const ArrowOptions& options) {
  try {
    return std::make_unique<ArrowReader>(path, options);
  } catch (const parquet::ParquetException& error) {
    throw damagedArrow(path, error.what());
  }
}

std::vector<std::string> listRemote(const std::string& prefix) {
  return s3Plugin(prefix).list(prefix);
}

std::string remoteIdentity(const std::string& address) {
  return s3Plugin(address).identity(address);
}

constexpr ArrowPlugin kPlugin{.version = kArrowVersion,
                              .open = open,
                              .list_remote = listRemote,
                              .remote_identity = remoteIdentity,
                              .parquet = writeParquet};

}  // namespace
}  // namespace blockyard

extern "C" __attribute__((visibility("default"))) const blockyard::ArrowPlugin* blockyardArrow() {
  return &blockyard::kPlugin;
}
