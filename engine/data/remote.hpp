// Objects in S3-compatible storage: s3://bucket/key. They are read by a plug-in (data/arrow/s3), which is loaded when
// the first such address is opened; nothing is contacted before. Endpoint, region and credentials come from the
// environment (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN) and are kept
// nowhere.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace blockyard {

inline bool isRemote(std::string_view path) {
  return path.starts_with("s3://");
}
// The addresses of all objects that begin with `prefix`, a bucket and a folder, sorted. Throws Error.
std::vector<std::string> listRemote(const std::string& prefix);
// What changes when the content does: ETag, size and version. Throws Error.
std::string remoteIdentity(const std::string& address);

}  // namespace blockyard
