// S3-compatible storage through Arrow and the AWS SDK, which is started with the first address and ended with the
// program.
#include "s3.hpp"

#include <arrow/filesystem/s3fs.h>
#include <arrow/util/key_value_metadata.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"

namespace blockyard {
namespace {

namespace fs = arrow::fs;

constexpr int64_t kAttempts = 3;
constexpr double kConnectSeconds = 5;
constexpr size_t kMostObjects = 100000;

std::string variable(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  return {};
}

struct Store {
  std::string endpoint = variable({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"});  // empty: Amazon
  std::string region = variable({"AWS_REGION", "AWS_DEFAULT_REGION"});
  std::string key = variable({"AWS_ACCESS_KEY_ID"});
  std::string secret = variable({"AWS_SECRET_ACCESS_KEY"});
  std::string token = variable({"AWS_SESSION_TOKEN"});

  std::string name() const { return endpoint.empty() ? "Amazon S3" : endpoint; }
};

bool holds(const std::string& text, std::initializer_list<const char*> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const char* part) { return text.find(part) != std::string::npos; });
}

// "bucket/key" of s3://bucket/key, as Arrow calls it.
std::string placeOf(const std::string& address) {
  return address.substr(std::string_view("s3://").size());
}

std::string bucketOf(const std::string& address) {
  const std::string place = placeOf(address);
  return place.substr(0, place.find('/'));
}

// Words of the library are looked at and never handed on: they may hold what is nobody's business.
void fail(const std::string& address, const arrow::Status& status) {
  const Store store;
  const Where where{.file = address};
  const std::string text = status.message();
  const std::string bucket = bucketOf(address);
  if (holds(text, {"NO_SUCH_BUCKET", "NoSuchBucket"}))
    throw Error(where, "there is no bucket \"" + bucket + "\" at " + store.name(),
                "check its name, and AWS_ENDPOINT_URL if the storage is not Amazon's");
  if (holds(text, {"code: 301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint",
                   "configured region"}))
    throw Error(
        where,
        "the bucket \"" + bucket + "\" is not in the region " + (store.region.empty() ? "us-east-1" : store.region),
        "set AWS_REGION to the region of the bucket, or AWS_ENDPOINT_URL to where the storage is");
  if (holds(text, {"NETWORK_CONNECTION", "curlCode", "resolve host", "REQUEST_TIMEOUT"}))
    throw Error(where, store.name() + " cannot be reached", "check the network, and AWS_ENDPOINT_URL", Fault::TryAgain);
  if (holds(text, {"ACCESS_DENIED", "AccessDenied", "INVALID_ACCESS_KEY_ID", "SIGNATURE_DOES_NOT_MATCH",
                   "EXPIRED_TOKEN", "ExpiredToken", "code: 403", "INVALID_CLIENT_TOKEN_ID"}))
    throw Error(where, store.name() + " refuses the credentials, or they may not read this",
                "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if they are temporary, AWS_SESSION_TOKEN");
  if (holds(text, {"Path does not exist", "NO_SUCH_KEY", "RESOURCE_NOT_FOUND", "code: 404"}))
    throw Error(where, "there is no such object in the bucket \"" + bucket + "\"", "check the key behind the bucket");
  throw Error(where, store.name() + " gives an answer that is not understood",
              "is it an S3-compatible storage? AWS_ENDPOINT_URL says where it is");
}

template <class T>
T take(const std::string& address, arrow::Result<T> result) {
  if (!result.ok()) fail(address, result.status());
  return std::move(result).ValueUnsafe();
}

Error noAddress(const std::string& address) {
  return Error({.file = address}, "expected s3://bucket/key, got \"" + address + "\"");
}

// Made anew each time: the environment may say something else by now.
std::shared_ptr<fs::S3FileSystem> connection(const std::string& address) {
  static const bool kStarted = fs::InitializeS3({.log_level = fs::S3LogLevel::Off}).ok();
  const Store store;
  if (!kStarted) throw Error({.file = address}, "the reader of S3 storage cannot be started", {}, Fault::Failed);
  if (bucketOf(address).empty()) throw noAddress(address);
  if (store.key.empty() || store.secret.empty())
    throw Error({.file = address}, "there are no credentials for " + store.name(),
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  fs::S3Options options = fs::S3Options::FromAccessKey(store.key, store.secret, store.token);
  options.region = store.region.empty() ? "us-east-1" : store.region;
  options.connect_timeout = kConnectSeconds;
  options.retry_strategy = fs::S3RetryStrategy::GetAwsStandardRetryStrategy(kAttempts);
  if (!store.endpoint.empty()) {
    const size_t mark = store.endpoint.find("://");
    options.scheme = mark == std::string::npos ? "https" : store.endpoint.substr(0, mark);
    options.endpoint_override = mark == std::string::npos ? store.endpoint : store.endpoint.substr(mark + 3);
    while (options.endpoint_override.ends_with('/')) options.endpoint_override.pop_back();
    if (options.scheme != "http" && options.scheme != "https")
      throw Error({.file = address}, "AWS_ENDPOINT_URL is no address: " + store.endpoint,
                  "expected https://host or http://host:port");
  }
  auto made = fs::S3FileSystem::Make(options);
  // The SDK's threads must end before its objects go, or they would wait for ever. Asked for only now, because what is
  // made last goes first: the first system has made the objects that ending needs.
  [[maybe_unused]] static const int kEnds = std::atexit([] { (void)fs::EnsureS3Finalized(); });
  return take(address, std::move(made));
}

// An answer without words (to HEAD) does not tell a missing bucket from a missing key.
void requireBucket(fs::S3FileSystem& system, const std::string& address) {
  const fs::FileInfo info = take(address, system.GetFileInfo(bucketOf(address)));
  if (info.type() == fs::FileType::NotFound) fail(address, arrow::Status::IOError("NO_SUCH_BUCKET"));
}

std::shared_ptr<arrow::io::RandomAccessFile> open(const std::string& address) {
  const auto system = connection(address);
  if (placeOf(address).find_first_not_of('/', bucketOf(address).size()) == std::string::npos) throw noAddress(address);
  auto file = system->OpenInputFile(placeOf(address));
  if (!file.ok()) {
    if (!holds(file.status().message(), {"NETWORK_CONNECTION", "curlCode", "resolve host"}))
      requireBucket(*system, address);
    fail(address, file.status());
  }
  return *file;
}

std::vector<std::string> list(const std::string& prefix) {
  const auto system = connection(prefix);
  fs::FileSelector selector;
  selector.base_dir = placeOf(prefix);
  while (selector.base_dir.ends_with('/')) selector.base_dir.pop_back();
  selector.recursive = true;
  selector.allow_not_found = true;
  auto found = system->GetFileInfo(selector);
  if (!found.ok()) {
    if (!holds(found.status().message(), {"NETWORK_CONNECTION", "curlCode", "resolve host"}))
      requireBucket(*system, prefix);
    fail(prefix, found.status());
  }
  std::vector<std::string> out;
  for (const fs::FileInfo& info : *found)
    if (info.IsFile()) out.push_back("s3://" + info.path());
  if (out.empty()) requireBucket(*system, prefix);
  if (out.size() > kMostObjects)
    throw Error({.file = prefix}, "more than " + std::to_string(kMostObjects) + " objects begin so",
                "name fewer of them");
  std::sort(out.begin(), out.end());
  return out;
}

std::string identity(const std::string& address) {
  const auto file = open(address);
  const auto facts = take(address, file->ReadMetadata());
  std::string out = "size " + std::to_string(take(address, file->GetSize()));
  for (const char* name : {"ETag", "VersionId"})
    if (facts)
      if (const auto value = facts->Get(name); value.ok()) out += std::string(" ") + name + " " + *value;
  return out;
}

constexpr S3Plugin kPlugin{.open = open, .list = list, .identity = identity, .fail = fail};

}  // namespace
}  // namespace blockyard

extern "C" __attribute__((visibility("default"))) const blockyard::S3Plugin* blockyardS3() {
  return &blockyard::kPlugin;
}
