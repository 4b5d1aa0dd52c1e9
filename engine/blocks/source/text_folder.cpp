// Text folder: one text a file, whose class is the folder it lies in.
#include <algorithm>
#include <filesystem>
#include <map>

#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/text_source.hpp"

namespace blockyard::source {
namespace {

namespace fs = std::filesystem;

// Files by the first folder below the one that is named; "" for those that lie in it themselves.
using Files = std::map<std::string, std::vector<fs::path>>;

bool wanted(const fs::path& path, const Texts& endings) {
  const std::string ending = path.extension().string();
  return endings.empty() || std::any_of(endings.begin(), endings.end(), [&](const std::string& one) {
           return ending == (one.starts_with('.') ? one : "." + one);
         });
}

Files filesIn(const fs::path& folder, const Texts& endings) {
  Files out;
  std::error_code problem;
  fs::recursive_directory_iterator at(folder, problem);
  for (const fs::recursive_directory_iterator end; !problem && at != end; at.increment(problem)) {
    const fs::path& path = at->path();
    const bool hidden = path.filename().string().starts_with('.');
    if (hidden && at->is_directory()) at.disable_recursion_pending();
    if (hidden || !at->is_regular_file() || !wanted(path, endings)) continue;
    const fs::path inside = path.lexically_relative(folder);
    out[inside.has_parent_path() ? inside.begin()->string() : ""].push_back(path);
  }
  if (problem) throw Error({.file = folder.string()}, "cannot read the folder: " + problem.message());
  for (auto& [name, files] : out) std::sort(files.begin(), files.end());
  return out;
}

Files found(const SourceSetup& setup, const std::string& path) {
  if (fs::is_regular_file(path)) {
    if (setup.expected && !setup.all_files) return {{"", {path}}};
    throw Error({.parameter = "folder", .file = path}, "expected a folder of texts, got a file",
                "source/text_lines reads a file with one text a line");
  }
  if (!fs::is_directory(path))
    throw Error({.parameter = "folder", .file = path}, "cannot open: there is no such folder");
  Files files = filesIn(path, setup.values.texts("endings"));
  if (files.empty())
    throw Error({.parameter = "endings", .file = path}, "there are no such files in the folder",
                "empty `endings` takes files of any name");
  return files;
}

std::unique_ptr<Source> openFolder(const SourceSetup& setup, int64_t most_rows) {
  const std::string path = pathOf(setup, "folder");
  Files files = found(setup, path);
  bool labelled = setup.values.text("label") == "folder";
  Texts classes;
  for (const auto& [name, list] : files) classes.push_back(name);
  const bool predicting = setup.expected && !setup.all_files;
  if (labelled && !predicting && files.count("") > 0)
    throw Error({.parameter = "label", .file = files.at("").front().string()},
                "expected texts in folders, one for each class, but this file lies outside of them",
                "set `label` to none, or move the file");
  const Texts known = firstClasses(setup, classes);
  const auto isKnown = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  if (setup.expected) labelled &= setup.expected->count("target") > 0;
  if (predicting) labelled &= std::any_of(classes.begin(), classes.end(), isKnown) && files.count("") == 0;
  FoundTexts out{.rows = TextRows(labelled, labelled ? known : Texts{}, setup.memory_budget), .file = path};
  Sha256 hash;
  int64_t all = 0, done = 0;
  for (const auto& [name, list] : files) all += static_cast<int64_t>(list.size());
  for (const auto& [name, list] : files) {
    const auto most =
        static_cast<size_t>(most_rows > 0 ? std::max<int64_t>(1, most_rows / static_cast<int64_t>(files.size())) : all);
    out.partial |= list.size() > most;
    for (size_t i = 0; i < std::min(most, list.size()); ++i) {
      const std::string file = list[i].string();
      hash.update(list[i].lexically_relative(path).string() + "\n");
      const std::string text =
          readText(file, {.encoding = wantedEncoding(setup.values), .hash = &hash, .stop = setup.stop});
      out.rows.add(text, labelled ? &name : nullptr);
      if (setup.progress) setup.progress(++done, all);
    }
  }
  out.digests.push_back(hash.hex());
  return textSource(setup, std::move(out));
}

std::unique_ptr<Source> openTextFolder(const SourceSetup& setup) {
  return openFolder(setup, setup.most_rows);
}

// The classes are the folders, so a few texts are enough.
Signatures peekTextFolder(const SourceSetup& setup) {
  return openFolder(setup, 1)->outputs();
}

}  // namespace

BlockType text_folder() {
  return {
      .schema = {.title = "Text folder",
                 .doc = "Texts, one a file, in a folder. The class of a text is the folder below it in which it "
                        "lies. The texts leave as a table with the one column \"text\".",
                 .outputs = {{"features", "table", "the column \"text\""}, {"target", "label", "class of each text"}},
                 .params = {{"folder", "", {}, "the folder with the texts", "", Role::File},
                            {"label", "folder", Choices{"folder", "none"},
                             "folder: the name of the folder just below is the class; none: there are no classes"},
                            {"endings", Texts{"txt"}, {}, "take files with these endings only; empty: all"},
                            encodingParam()}},
      .open = openTextFolder,
      .peek = peekTextFolder};
}

}  // namespace blockyard::source
