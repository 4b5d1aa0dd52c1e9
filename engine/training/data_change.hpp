// Whether the files that a pipeline learns from are still what its last run has read. Torch-free.
#pragma once
#include <atomic>
#include <optional>
#include <string>

#include "graph/check.hpp"
#include "graph/plan.hpp"
#include "runs/data_seen.hpp"

namespace blockyard {

class Source;

// What `source`, which is open, has read for `plan`.
DataSeen dataSeen(const Plan& plan, const Source& source);

// A warning at the source block, with what is different, if the content of the files is another one than what the
// newest run that read the same has recorded. Size and time of change are compared first; only where they differ the
// files are read, which may take as long as a training's start. A file that has come to a folder or a pattern counts,
// and so does the second table of a join. `checked` is of `pipeline`. Never throws: a file that cannot be read is a
// matter of the checks. Any thread.
std::optional<Problem> dataChanged(const Project& project, const std::string& pipeline, const Checked& checked,
                                   const std::atomic<bool>* stop = nullptr);

// The files and folders that the pipeline reads, where they lie; for a pattern, the folder that it begins with.
std::vector<std::string> dataFilesOf(const Project& project, const std::string& pipeline, const Checked& checked);

}  // namespace blockyard
