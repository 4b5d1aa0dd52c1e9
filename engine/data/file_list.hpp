// FileList: the files that one setting stands for - a file, a pattern such as "data/*.csv" or "data/**/*.parquet", or a
// folder with everything below it. Torch-free.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace blockyard {

struct ListedFile {
  std::string path{};
  // Columns that the folders on the way name, as in year=2024/month=1/part.parquet; "" is a missing value.
  std::vector<std::pair<std::string, std::string>> folders{};
};

// Whether it stands for more than one file: it has a * or ? or [ and is no file itself, or is a folder.
bool listsFiles(const std::string& path);
// Sorted by name, so that the order never depends on the disk. A folder gives the tables below it (CSV, TSV, Parquet,
// Arrow, Feather, also packed as .gz or .zst); what begins with a dot or an underscore is left out, in patterns what
// begins with a dot. In a pattern ** stands for any number of folders. A single file is not looked for. Throws Error if
// there is none.
std::vector<ListedFile> listFiles(const std::string& path);

}  // namespace blockyard
