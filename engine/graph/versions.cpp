#include "graph/versions.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "graph/project.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

const char* const kFolder = "versions";
const char* const kEnding = ".json";
constexpr size_t kMostBytes = 100;

int64_t changedAt(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mtime : 0;
}

std::string complaintOfVersionName(const std::string& name) {
  if (name.empty()) return "a version needs a name";
  if (name.size() > kMostBytes) return "the name has more than " + std::to_string(kMostBytes) + " bytes";
  if (name.front() == '.' || name.front() == ' ' || name.back() == ' ') return "it starts or ends with a dot or space";
  const auto bad = std::find_if(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
           std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
  });
  if (bad != name.end()) return "a file's name cannot hold a control character or one of / \\ : * ? \" < > |";
  return "";
}

}  // namespace

std::vector<Version> versionsOf(const fs::path& project_folder) {
  std::vector<Version> out;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(project_folder / kFolder, code)) {
    if (entry.path().extension() != kEnding) continue;
    out.push_back({entry.path().stem().string(), entry.path(), changedAt(entry.path())});
  }
  std::sort(out.begin(), out.end(),
            [](const Version& a, const Version& b) { return a.time != b.time ? a.time > b.time : a.name < b.name; });
  return out;
}

Version keepVersion(const Project& project, const std::string& pipeline, const std::string& name) {
  if (const std::string complaint = complaintOfVersionName(name); !complaint.empty())
    throw Error({}, "\"" + name + "\" cannot be the name of a version: " + complaint, "take another name",
                Fault::Usage);
  if (project.file.empty())
    throw Error({}, "the project is not saved yet", "save it first: versions are kept beside it", Fault::Usage);
  const fs::path folder = fs::path(project.folder()) / kFolder;
  Version out{.name = name, .file = folder / (name + kEnding)};
  std::error_code code;
  if (fs::exists(out.file, code))
    throw Error({.file = out.file.string()}, "there is a version of this name already", "take another name",
                Fault::Usage);
  makeFolder(folder);
  writeDurably(out.file, snapshotText(project, pipeline));
  out.time = changedAt(out.file);
  return out;
}

Snapshot openVersion(const Version& version) {
  return snapshotFromText(readFile(version.file), version.file.string());
}

}  // namespace blockyard
