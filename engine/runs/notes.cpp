#include "runs/notes.hpp"

#include <algorithm>
#include <fstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "runs/lock.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr size_t kMostBytes = size_t{16} << 20;

fs::path notesFile(const fs::path& run_folder) {
  return run_folder / "notes.json";
}
fs::path baselineFile(const fs::path& project_folder) {
  return project_folder / "runs" / "baseline.json";
}

// Also gives the document, whose members that this version does not know are written again.
RunNotes readNotes(const fs::path& run_folder, Json& json) {
  const fs::path file = notesFile(run_folder);
  json = Json::object();
  std::error_code code;
  if (!fs::exists(file, code)) return {};
  json = readJson(file, kMostBytes);
  const JsonPlace place(json, file.string());
  RunNotes out{
      .text = place.text("text", ""), .archived = place.flag("archived", false), .deleted = place.text("deleted", "")};
  if (const auto tags = place.find("tags")) out.tags = tags->texts();
  return out;
}

// Whoever shows the runs watches their folder, not every one of them: something has to come and go there.
void tellWatchers(const fs::path& runs) {
  const fs::path mark = runs / ".changed";
  std::ofstream(mark).close();
  std::error_code code;
  fs::remove(mark, code);
}

}  // namespace

RunNotes readNotes(const fs::path& run_folder) {
  Json ignored;
  return readNotes(run_folder, ignored);
}

RunNotes changeNotes(const fs::path& run_folder, const std::function<void(RunNotes&)>& change) {
  const FolderLock lock(run_folder);
  Json json;
  const RunNotes before = readNotes(run_folder, json);
  RunNotes notes = before;
  change(notes);
  if (notes == before) return notes;
  json["tags"] = notes.tags;
  json["text"] = notes.text;
  json["archived"] = notes.archived;
  json["deleted"] = notes.deleted;
  writeDurably(notesFile(run_folder), dumpJson(json));
  tellWatchers(run_folder.parent_path());
  return notes;
}

void checkTag(const std::string& tag) {
  constexpr size_t kLongest = 100;
  const bool fits = !tag.empty() && tag.size() <= kLongest && tag.front() != '-' &&
                    std::none_of(tag.begin(), tag.end(),
                                 [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == 0x7f; });
  if (!fits)
    throw Error({}, "\"" + tag + "\" cannot be a tag",
                "a tag is one word of at most 100 characters, without spaces and commas, such as \"best-so-far\"",
                Fault::Usage);
}

void addTag(RunNotes& notes, const std::string& tag) {
  checkTag(tag);
  const auto at = std::lower_bound(notes.tags.begin(), notes.tags.end(), tag);
  if (at == notes.tags.end() || *at != tag) notes.tags.insert(at, tag);
}

void removeTag(RunNotes& notes, const std::string& tag) {
  std::erase(notes.tags, tag);
}

std::string pinnedBaseline(const fs::path& project_folder) {
  const fs::path file = baselineFile(project_folder);
  std::error_code code;
  if (!fs::exists(file, code)) return {};
  const Json json = readJson(file, kMostBytes);
  const std::string id = JsonPlace(json, file.string()).text("run", "");
  const bool plain = !id.empty() && id.find('/') == std::string::npos && id.front() != '.';
  return plain && fs::is_directory(project_folder / "runs" / id, code) ? id : std::string();
}

void pinBaseline(const fs::path& project_folder, const std::string& id) {
  writeDurably(baselineFile(project_folder), dumpJson({{"run", id}}));
}

}  // namespace blockyard
