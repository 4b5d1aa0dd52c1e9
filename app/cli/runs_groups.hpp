// How "blockyard runs compare" shows groups of runs.
#pragma once
#include "command.hpp"
#include "runs/groups.hpp"

namespace blockyard::cli {

// What to group by, as on the command line.
struct GroupOptions {
  Texts tags{};  // --group
  Texts by{};    // --group-by: "settings", "tag", or names of settings
  bool any() const { return !tags.empty() || !by.empty(); }
};
void addGroupOptions(CLI::App& app, GroupOptions& options);

// Throws Error (Usage). `notes` are those of the runs, in the same order.
std::vector<RunGroup> groupsAsAsked(const GroupOptions& options, const std::vector<RunRecord>& runs,
                                    const std::vector<RunNotes>& notes);
// The metrics that a person looks at first; with `class_score` each metric is that score of a class, and all are shown.
void printGroups(const GroupComparison& comparison, const std::vector<RunRecord>& runs, const std::string& class_score,
                 const Context& context);

}  // namespace blockyard::cli
