// The files that a pipeline learns from: those of its source, and those in which other blocks look something up (join).
// Torch-free, any thread.
#pragma once
#include <string>
#include <vector>

#include "graph/plan.hpp"
#include "runs/data_seen.hpp"

namespace blockyard {

class Source;

// As the settings of the blocks name them: a file, a folder, a pattern.
struct PlanFiles {
  std::vector<std::string> source{}, others{};
  bool operator==(const PlanFiles&) const = default;
};
PlanFiles filesOf(const Plan& plan);

// How these files are now. A pattern stands for the files that fit it; seen from `folder` if they are relative.
std::vector<DataFile> lookAtFiles(const PlanFiles& files, const std::string& folder);

// The one of that name, or null.
const DataFile* fileNamed(const std::string& name, const std::vector<DataFile>& files);

// Throws Error if a file is another one than before: whoever reads while somebody writes has read neither version.
void refuseChanges(const std::vector<DataFile>& before, const std::vector<DataFile>& now);

// SHA-256 of all that is learned from: that of `source`, and where other blocks read files, of these together with it.
// Throws Error if one of them cannot be read.
std::string dataFingerprint(const PlanFiles& files, const std::string& folder, const Source& source);

}  // namespace blockyard
