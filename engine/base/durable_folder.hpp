// A folder of several files that belong together: it appears at its place whole, as a file does (base/file.hpp).
#pragma once
#include <filesystem>
#include <map>
#include <string>

namespace blockyard {

// Bytes by path inside of the folder: "code/loader.py".
using FolderFiles = std::map<std::string, std::string>;

// Makes the folder, or puts it in the place of one that is there, of which nothing is left then: at any moment there is
// the old folder or the whole new one. Throws Error; the old one is whole then.
void writeFolderDurably(const std::filesystem::path& folder, const FolderFiles& files);

}  // namespace blockyard
