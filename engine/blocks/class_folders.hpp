// ClassFolders: files in folders that are named after their classes, as pictures and sounds often come. Torch-free.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "blocks/source_setup.hpp"
#include "data/part.hpp"

namespace blockyard {

struct FolderFile {
  std::string path{};
  std::string name{};  // as messages and the fingerprint know it
};

// Which files are meant, and what messages call them.
struct FileKind {
  std::function<bool(std::string_view)> is{};  // by the file's name
  std::string plural{};                        // "pictures"
  std::string formats{};                       // "JPEG, PNG, BMP, TIFF or WebP"
};

// All such files below a folder, sorted by their names, which are relative to it. Hidden files and folders are left
// out, and folders that are links are not followed. Throws Error.
std::vector<FolderFile> filesBelow(const std::string& folder, const std::function<bool(std::string_view)>& is);

struct ClassFolders {
  std::vector<FolderFile> files{};
  std::vector<Part> parts{};      // by file; empty if the folders do not say it
  std::vector<int64_t> labels{};  // by file, -1: a class that was not trained on; empty without classes
  std::vector<std::string> classes{};
};

// What lies in the folder that the parameter `folder` names: of every class the first file, then of every class the
// second, so that the first rows show all classes. Folders train, val and test above those of the classes say what the
// rows are for. Files that lie in the folder itself have no class; beside folders of classes they count only when
// predicting. Throws Error.
ClassFolders classFolders(const SourceSetup& setup, const FileKind& kind);

}  // namespace blockyard
