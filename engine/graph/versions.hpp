// Versions: named states of a pipeline that somebody wanted to keep, in the folder `versions` beside the project, one
// readable file each. Blocks on the disk; any thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "graph/snapshot.hpp"

namespace blockyard {

struct Version {
  std::string name{};
  std::filesystem::path file{};
  int64_t time = 0;  // seconds since 1970: when it was kept
};

// Newest first; empty if there are none.
std::vector<Version> versionsOf(const std::filesystem::path& project_folder);
// Keeps the pipeline and the variables as they are. Throws Error (Usage) for a name that cannot be a file's or is
// taken: a version is never overwritten.
Version keepVersion(const Project& project, const std::string& pipeline, const std::string& name);
Snapshot openVersion(const Version& version);

}  // namespace blockyard
