#include "data/file_list.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "data/remote.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;
using Parts = std::vector<std::string>;

constexpr size_t kMostFiles = 100000;

bool isPattern(const std::string& text) {
  return text.find_first_of("*?[") != std::string::npos;
}

Parts partsOf(const fs::path& path) {
  Parts out;
  for (const auto& part : path)
    if (!part.empty()) out.push_back(part.string());
  return out;
}

// Whether the parts of a path from number i on fit those of the pattern from number p on. Tried by columns, so that
// many ** cost no more than one.
bool fits(const Parts& pattern, const Parts& path) {
  std::vector<char> open(path.size() + 1, 0), next;
  open[0] = 1;  // path parts that the pattern so far has taken
  for (const auto& part : pattern) {
    next.assign(path.size() + 1, 0);
    for (size_t i = 0; i <= path.size(); ++i) {
      if (part == "**") {
        next[i] = open[i] || (i > 0 && next[i - 1] && !path[i - 1].starts_with('.'));
      } else if (i > 0 && open[i - 1]) {
        next[i] = ::fnmatch(part.c_str(), path[i - 1].c_str(), FNM_PERIOD) == 0;
      }
    }
    open.swap(next);
  }
  return open.back() != 0;
}

bool isTable(const fs::path& file) {
  std::string name = file.filename().string();
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const char* packed : {".gz", ".zst"})
    if (name.ends_with(packed)) name.resize(name.size() - std::string(packed).size());
  for (const char* end : {".csv", ".tsv", ".txt", ".parquet", ".arrow", ".feather", ".ipc"})
    if (name.ends_with(end)) return true;
  return false;
}

std::string decoded(const std::string& text) {
  if (text == "__HIVE_DEFAULT_PARTITION__") return {};
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto isHex = [&](size_t at) {
      return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at]));
    };
    if (text[i] == '%' && isHex(i + 1) && isHex(i + 2)) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> foldersOf(const Parts& path) {
  std::vector<std::pair<std::string, std::string>> out;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const size_t at = path[i].find('=');
    if (at != std::string::npos && at > 0)
      out.emplace_back(decoded(path[i].substr(0, at)), decoded(path[i].substr(at + 1)));
  }
  return out;
}

// Some of what lies in a folder, for whoever has mistyped a name.
std::string whatLiesIn(const fs::path& folder) {
  std::error_code code;
  if (!fs::is_directory(folder, code)) return "there is no folder " + folder.string();
  std::vector<std::string> names;
  for (fs::directory_iterator it(folder, code), end; !code && it != end && names.size() < 1000; it.increment(code))
    names.push_back(it->path().filename().string());
  std::sort(names.begin(), names.end());
  constexpr size_t kShown = 5;
  std::string out;
  for (size_t i = 0; i < std::min(kShown, names.size()); ++i) out += (i > 0 ? ", " : "") + names[i];
  if (names.empty()) return folder.string() + " is empty";
  return folder.string() + " holds " + out + (names.size() > kShown ? ", ..." : "");
}

// All files below `base` that are wanted, as paths from there.
template <class Wanted>
std::vector<ListedFile> filesBelow(const fs::path& base, const std::string& path, Wanted wanted) {
  std::vector<ListedFile> out;
  std::error_code code;
  for (fs::recursive_directory_iterator it(base, fs::directory_options::skip_permission_denied, code), end;
       !code && it != end; it.increment(code)) {
    std::error_code unreadable;
    const bool folder = it->is_directory(unreadable);
    const fs::path below = it->path().lexically_relative(base);
    const Parts parts = partsOf(below);
    if (folder && parts.back().starts_with('.')) it.disable_recursion_pending();
    if (folder || !wanted(parts)) continue;
    out.push_back({it->path().string(), foldersOf(parts)});
    if (out.size() > kMostFiles)
      throw Error({.file = path}, "more than " + std::to_string(kMostFiles) + " files fit", "name fewer of them");
  }
  std::sort(out.begin(), out.end(), [](const ListedFile& a, const ListedFile& b) { return a.path < b.path; });
  return out;
}

// s3://bucket/folder/ or s3://bucket/folder/*.parquet.
std::vector<ListedFile> listObjects(const std::string& path) {
  const size_t sign = std::min(path.find_first_of("*?["), path.size());
  const std::string base = path.substr(0, path.rfind('/', sign) + 1);
  const Parts pattern = partsOf(path.substr(base.size()));
  std::vector<ListedFile> out;
  for (const std::string& object : listRemote(base)) {
    const Parts parts = partsOf(object.substr(base.size()));
    const std::string& name = parts.empty() ? object : parts.back();
    const bool wanted = pattern.empty() ? isTable(name) && name[0] != '_' && name[0] != '.' : fits(pattern, parts);
    if (wanted) out.push_back({object, foldersOf(parts)});
  }
  if (out.empty()) throw Error({.file = path}, "no table in the storage fits this address");
  return out;
}

}  // namespace

bool listsFiles(const std::string& path) {
  std::error_code code;
  if (isRemote(path)) return isPattern(path) || path.ends_with('/');
  return fs::is_directory(path, code) || (isPattern(path) && !fs::exists(path, code));
}

std::vector<ListedFile> listFiles(const std::string& path) {
  if (!listsFiles(path)) return {{path, {}}};
  if (isRemote(path)) return listObjects(path);
  std::error_code code;
  if (fs::is_directory(path, code)) {
    auto out = filesBelow(path, path, [](const Parts& parts) {
      return std::none_of(parts.begin(), parts.end(),
                          [](const auto& part) { return part[0] == '_' || part[0] == '.'; }) &&
             isTable(parts.back());
    });
    if (out.empty()) throw Error({.file = path}, "there is no table in this folder", whatLiesIn(path));
    return out;
  }
  fs::path base;
  Parts pattern;
  for (const auto& part : fs::path(path)) {
    if (pattern.empty() && !isPattern(part.string()))
      base /= part;
    else
      pattern.push_back(part.string());
  }
  if (base.empty()) base = ".";
  auto out = filesBelow(base, path, [&](const Parts& parts) { return fits(pattern, parts); });
  if (out.empty()) throw Error({.file = path}, "no file fits this pattern", whatLiesIn(base));
  return out;
}

}  // namespace blockyard
