// RunNotes: what people say about a run afterwards - tags, a note, put away or not. Kept in <run>/notes.json, apart
// from the record, which says what happened and is not to be touched for that. Written durably; any thread, and several
// processes may change the same notes. Beside it: the baseline of a project, the run that others are compared with.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "base/value.hpp"

namespace blockyard {

struct RunNotes {
  Texts tags{};  // sorted, each once
  std::string text{};
  bool archived = false;  // left out of lists unless asked for
  std::string deleted{};  // when it went to the trash, UTC; empty outside of it
  bool operator==(const RunNotes&) const = default;
};

// `run_folder` is <project>/runs/<id>. No notes if there is no file. Throws Error for a damaged one.
RunNotes readNotes(const std::filesystem::path& run_folder);
// Changes what is on the disk now and returns what it is then; whoever watches the folder of the
// runs hears of it. Throws Error.
RunNotes changeNotes(const std::filesystem::path& run_folder, const std::function<void(RunNotes&)>& change);

// One word that can be typed and searched for: no spaces, commas or control characters. Throws Error (Usage).
void checkTag(const std::string& tag);
void addTag(RunNotes& notes, const std::string& tag);
void removeTag(RunNotes& notes, const std::string& tag);

// The pinned run's id; empty if there is none, or if it is gone.
std::string pinnedBaseline(const std::filesystem::path& project_folder);
// An empty id unpins. Throws Error.
void pinBaseline(const std::filesystem::path& project_folder, const std::string& id);

}  // namespace blockyard
