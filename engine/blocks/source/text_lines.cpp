// Text lines: files with one text a line, whose class is the file, a field of the line, or none.
#include <algorithm>
#include <filesystem>
#include <set>

#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/text_source.hpp"
#include "data/csv_detect.hpp"
#include "data/path_guard.hpp"
#include "data/unicode.hpp"

namespace blockyard::source {
namespace {

std::string separatorOf(const Values& values) {
  const std::string& text = values.text("separator");
  if (text.empty()) throw Error({.parameter = "separator"}, "expected at least one character, got none");
  return text == "tab" ? "\t" : text;
}

// The classes that files stand for: their names without the ending, or the ending where that is all that differs.
Texts classesOfFiles(const std::vector<std::string>& files) {
  const auto distinct = [&](const auto& part) {
    Texts out;
    for (const auto& file : files) out.push_back(part(std::filesystem::path(file)));
    const std::set<std::string> all(out.begin(), out.end());
    return all.size() == out.size() && all.count("") == 0 ? out : Texts{};
  };
  using std::filesystem::path;
  if (const Texts stems = distinct([](const path& p) { return p.stem().string(); }); !stems.empty()) return stems;
  const Texts endings = distinct([](const path& p) { return p.extension().string(); });
  if (endings.empty()) return files;
  Texts out;
  for (const auto& ending : endings) out.push_back(ending.substr(1));
  return out;
}

class Reading {
 public:
  Reading(const SourceSetup& setup, int64_t most_rows) : setup_(setup), most_rows_(most_rows) {
    const Values& values = setup.values;
    files_.push_back(pathOf(setup, "file"));
    if (setup.all_files)
      for (const auto& file : values.texts("more_files")) files_.push_back(dataPath(setup.folder, file));
    const std::string& label = values.text("label");
    const bool known = !setup.expected || setup.expected->count("target") > 0;
    by_file_ = label == "file" && known && setup.all_files;
    by_field_ = label == "field" && known;
    strip_ = label == "field";
    if (strip_) separator_ = separatorOf(values);
    at_start_ = values.text("label_at") == "start";
    if (by_file_) nameFiles();
  }

  FoundTexts read() {
    FoundTexts found{.rows = TextRows(by_file_ || by_field_, firstClasses(setup_, classes_), setup_.memory_budget)};
    found.file = files_.front();
    const auto count = static_cast<int64_t>(files_.size());
    for (size_t i = 0; i < files_.size(); ++i) {
      const int64_t most = most_rows_ > 0 ? std::max<int64_t>(1, most_rows_ / count) : 0;
      try {
        found.partial |= !readFile(i, most, found);
      } catch (const Error& error) {
        throw error.at({.parameter = i == 0 ? "file" : "more_files"});
      }
    }
    found.classes_open = found.partial && by_field_;
    // New rows to predict may come without their classes.
    if (by_field_ && setup_.expected && labels_ == 0) return withoutLabels(std::move(found));
    return found;
  }

 private:
  void nameFiles() {
    classes_ = setup_.values.texts("class_names");
    if (files_.size() < 2)
      throw Error({.parameter = "more_files"}, "expected the files of the other classes, got one file only",
                  "name them, or set `label` to field or none");
    if (classes_.empty()) classes_ = classesOfFiles(files_);
    if (classes_.size() != files_.size())
      throw Error({.parameter = "class_names"}, "expected " + std::to_string(files_.size()) +
                                                    " names, one for each file, got " +
                                                    std::to_string(classes_.size()));
  }

  // False if lines are left.
  bool readFile(size_t number, int64_t most, FoundTexts& found) {
    Sha256 hash;
    const TextFileReading reading{.encoding = wantedEncoding(setup_.values),
                                  .hash = most == 0 ? &hash : nullptr,
                                  .stop = setup_.stop,
                                  .progress = setup_.progress};
    int64_t rows = 0;
    const bool all = forEachLine(files_[number], reading, [&](std::string_view line, int64_t at) {
      if (trimmed(line).empty()) return true;
      if (most > 0 && rows == most) return false;
      add(line, number, at, found.rows);
      ++rows;
      return true;
    });
    if (rows == 0) throw Error({.file = files_[number]}, "there are no texts: the file is empty");
    found.digests.push_back(hash.hex());
    return all;
  }

  void add(std::string_view line, size_t number, int64_t at, TextRows& rows) {
    if (!strip_) {
      rows.add(trimmed(line), by_file_ ? &classes_[number] : nullptr);
      return;
    }
    const size_t cut = at_start_ ? line.find(separator_) : line.rfind(separator_);
    std::string_view text = line, label;
    if (cut != std::string_view::npos) {
      const std::string_view before = line.substr(0, cut), after = line.substr(cut + separator_.size());
      text = at_start_ ? after : before, label = at_start_ ? before : after;
    }
    const std::string name(trimmed(label));
    if (name.empty() && !setup_.expected)
      throw Error({.file = files_[number], .line = at},
                  "expected " +
                      std::string(at_start_ ? "a label, the separator and a text"
                                            : "a text, the separator and "
                                              "a label") +
                      (cut == std::string_view::npos ? ", got no separator" : ", got an empty label"),
                  "see `separator` and `label_at`, or set `label` to none");
    labels_ += name.empty() ? 0 : 1;
    rows.add(trimmed(text), by_field_ && !name.empty() ? &name : nullptr);
  }

  FoundTexts withoutLabels(FoundTexts found) {
    found.rows.finish();
    TextRows plain(false, {}, setup_.memory_budget);
    constexpr int64_t kRows = 4096;
    for (int64_t first = 0; first < found.rows.rows(); first += kRows) {
      const Table part = found.rows.texts(first, std::min(kRows, found.rows.rows() - first));
      for (const auto& text : part.columns()[0]->texts) plain.add(text, nullptr);
    }
    found.rows = std::move(plain);
    return found;
  }

  static std::string_view trimmed(std::string_view text) {
    constexpr const char* kBlank = " \t\r\f\v";
    const size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  }

  const SourceSetup& setup_;
  int64_t most_rows_;
  std::vector<std::string> files_;
  bool by_file_ = false, by_field_ = false;
  bool strip_ = false;  // lines hold a label, whether or not it is wanted
  bool at_start_ = false;
  std::string separator_;
  Texts classes_;  // by file
  int64_t labels_ = 0;
};

std::unique_ptr<Source> openLines(const SourceSetup& setup, int64_t most_rows) {
  return textSource(setup, Reading(setup, most_rows).read());
}

std::unique_ptr<Source> openTextLines(const SourceSetup& setup) {
  // A look finds the classes that the checks find.
  return openLines(setup, setup.most_rows == 0 ? 0 : std::max(setup.most_rows, kDetectRows));
}

Signatures peekTextLines(const SourceSetup& setup) {
  return openLines(setup, kDetectRows)->outputs();
}

}  // namespace

BlockType text_lines() {
  return {
      .schema =
          {.title = "Text lines",
           .doc = "Texts, one a line, from one or several files. The class of a text is the file it stands in, or a "
                  "field of its line. Empty lines are left out. The texts leave as a table with the one column "
                  "\"text\", so that all blocks for texts in tables work on them.",
           .outputs = {{"features", "table", "the column \"text\""}, {"target", "label", "class of each text"}},
           .params =
               {{"file", "", {}, "the file with the texts", "", Role::File},
                {"more_files", Texts{}, {}, "further files; with `label` file, one for each class", "", Role::File},
                {"label", "none", Choices{"none", "file", "field"},
                 "where the class of a text stands: file: each file is a class; field: in the line, apart from "
                 "the text by `separator`"},
                {"separator", "tab", {}, "field: what stands between text and label; tab, or any characters"},
                {"label_at", "end", Choices{"end", "start"}, "field: the side of the line with the label"},
                {"class_names",
                 Texts{},
                 {},
                 "file: the class of each file; empty: their names without what they have in common"},
                encodingParam()}},
      .open = openTextLines,
      .peek = peekTextLines};
}

}  // namespace blockyard::source
