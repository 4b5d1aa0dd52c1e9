// What the S3 plug-in offers to the Arrow plug-in under the name kS3Entry. Both belong to one build.
#pragma once
#include <arrow/io/interfaces.h>

#include <memory>
#include <string>
#include <vector>

namespace blockyard {

constexpr const char* kS3Entry = "blockyardS3";
struct S3Plugin {
  // All throw Error in words of their own: no bucket, no key, no credentials, no connection, another region.
  std::shared_ptr<arrow::io::RandomAccessFile> (*open)(const std::string& address) = nullptr;
  std::vector<std::string> (*list)(const std::string& prefix) = nullptr;
  std::string (*identity)(const std::string& address) = nullptr;
  void (*fail)(const std::string& address, const arrow::Status& status) = nullptr;  // always throws
};

// Loads it, once. Throws Error.
const S3Plugin& s3Plugin(const std::string& address);

}  // namespace blockyard
