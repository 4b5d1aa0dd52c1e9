#include "blocks/class_folders.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "blocks/row_pieces.hpp"
#include "data/row_store.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

// The names that a folder of rows for a purpose of their own may have.
constexpr std::array<std::pair<const char*, Part>, 7> kPartNames = {{{"train", Part::Train},
                                                                     {"training", Part::Train},
                                                                     {"val", Part::Validation},
                                                                     {"valid", Part::Validation},
                                                                     {"validation", Part::Validation},
                                                                     {"test", Part::Test},
                                                                     {"testing", Part::Test}}};

// The part that a folder's name stands for; Unused: none.
Part partNamed(const std::string& name) {
  for (const auto& [known, part] : kPartNames)
    if (name == known) return part;
  return Part::Unused;
}

// Names of the folders in a folder, sorted; hidden ones left out.
std::vector<std::string> foldersIn(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; at != end; at.increment(code)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (!name.starts_with('.') && at->is_directory(ignored)) out.push_back(name);
  }
  if (code) throwFileError(folder, "read the folder", code.value());
  std::sort(out.begin(), out.end());
  return out;
}

class Search {
 public:
  Search(const SourceSetup& setup, const FileKind& kind)
      : expected_(setup.expected), predicting_(setup.expected != nullptr && !setup.all_files), kind_(kind) {
    if (setup.values.text("folder").empty()) throw Error({.parameter = "folder"}, "no folder is named");
    const std::string folder = pathOf(setup, "folder");
    const std::vector<std::string> below = foldersIn(folder);
    const bool parted = !below.empty() && std::all_of(below.begin(), below.end(), [](const auto& name) {
      return partNamed(name) != Part::Unused;
    }) && std::any_of(below.begin(), below.end(), [](const auto& name) { return partNamed(name) == Part::Train; });
    if (!parted) {
      add(folder, "", below, Part::Train);
    } else {
      for (const Part part : {Part::Train, Part::Validation, Part::Test})
        for (const std::string& name : below)
          if (partNamed(name) == part && (setup.all_files || part == Part::Train))
            add(folder + "/" + name, name + "/", foldersIn(folder + "/" + name), part);
    }
    if (found_.files.empty())
      throw Error({.parameter = "folder", .file = folder}, "there are no " + kind_.plural + " in the folder",
                  "expected " + kind_.formats + " files in one folder for each class");
    if (!parted) found_.parts.clear();
    nameClasses();
  }

  ClassFolders found() && { return std::move(found_); }

 private:
  // The files of one part: of every class the first one, then of every class the second one, and so on, so that the
  // first rows show all classes.
  void add(const std::string& folder, const std::string& prefix, const std::vector<std::string>& classes, Part part) {
    std::vector<std::vector<FolderFile>> by_class;
    for (const std::string& name : classes) {
      by_class.push_back(filesBelow(folder + "/" + name, kind_.is));
      for (FolderFile& file : by_class.back()) file.name = prefix + name + "/" + file.name;
      if (by_class.back().empty())
        throw Error({.parameter = "folder", .file = folder + "/" + name},
                    "there are no " + kind_.plural + " in the folder of the class \"" + name + "\"",
                    "put " + kind_.formats + " files there, or remove the folder");
    }
    size_t most = 0;
    for (const auto& files : by_class) most = std::max(most, files.size());
    for (size_t i = 0; i < most; ++i) {
      for (size_t c = 0; c < by_class.size(); ++c) {
        if (i >= by_class[c].size()) continue;
        found_.files.push_back(std::move(by_class[c][i]));
        found_.labels.push_back(table_.code(classes[c]));
        found_.parts.push_back(part);
      }
    }
    if (!classes.empty() && !predicting_) return;
    for (FolderFile& file : filesBelow(folder, kind_.is)) {
      if (!classes.empty() && file.name.find('/') != std::string::npos) continue;
      file.name = prefix + file.name;
      found_.files.push_back(std::move(file));
      found_.labels.push_back(-1);
      found_.parts.push_back(part);
    }
  }

  // Sorted, or as they were trained on; one that was not is -1.
  void nameClasses() {
    const bool labelled = std::any_of(found_.labels.begin(), found_.labels.end(), [](int64_t c) { return c >= 0; });
    const bool wanted = expected_ == nullptr || expected_->count("target") > 0;
    table_.finish();
    if (!labelled || !wanted) {
      found_.labels.clear();
      return;
    }
    const std::vector<std::string>& here = *table_.classes();
    found_.classes = expected_ != nullptr ? expected_->at("target").classes : here;
    for (int64_t& label : found_.labels) {
      if (label < 0) continue;
      const std::string& name = here[static_cast<size_t>(table_.sortedCode(static_cast<int32_t>(label)))];
      const auto at = std::find(found_.classes.begin(), found_.classes.end(), name);
      label = at == found_.classes.end() ? -1 : at - found_.classes.begin();
    }
  }

  const Signatures* expected_;
  const bool predicting_;
  const FileKind& kind_;
  ClassTable table_;
  ClassFolders found_;
};

}  // namespace

std::vector<FolderFile> filesBelow(const std::string& folder, const std::function<bool(std::string_view)>& is) {
  std::vector<FolderFile> out;
  std::error_code code;
  fs::recursive_directory_iterator at(folder, code);
  if (code) throwFileError(folder, "read the folder", code.value());
  for (const fs::recursive_directory_iterator end; at != end; at.increment(code)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with('.')) {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code ignored;
    if (is(name) && at->is_regular_file(ignored))  // a link to one is one; a pipe or a socket is none
      out.push_back({at->path().string(), at->path().lexically_relative(folder).string()});
  }
  if (code) throwFileError(folder, "read the folder", code.value());
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

ClassFolders classFolders(const SourceSetup& setup, const FileKind& kind) {
  return Search(setup, kind).found();
}

}  // namespace blockyard
