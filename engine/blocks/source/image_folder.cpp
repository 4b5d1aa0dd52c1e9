// Image folder: pictures in folders that are named after their classes.
#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/file.hpp"
#include "blocks/block.hpp"
#include "blocks/picture_rows.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/source.hpp"
#include "data/row_store.hpp"

namespace blockyard::source {
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

// What lies in the folder, before any picture is read.
struct Found {
  std::vector<PictureFile> files{};
  std::vector<Part> parts{};      // by file; empty if the folders do not say it
  std::vector<int64_t> labels{};  // by file; empty without classes
  std::vector<std::string> classes{};
};

class Search {
 public:
  explicit Search(const SourceSetup& setup) : expected_(setup.expected) {
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
      throw Error({.parameter = "folder", .file = folder}, "there are no pictures in the folder",
                  "expected JPEG, PNG, BMP, TIFF or WebP files in one folder for each class");
    if (!parted) found_.parts.clear();
    nameClasses();
  }

  Found found() && { return std::move(found_); }

 private:
  // The pictures of one part: of every class the first one, then of every class the second one, and so on, so that the
  // first rows show all classes.
  void add(const std::string& folder, const std::string& prefix, const std::vector<std::string>& classes, Part part) {
    std::vector<std::vector<PictureFile>> by_class;
    for (const std::string& name : classes) {
      by_class.push_back(picturesBelow(folder + "/" + name));
      for (PictureFile& file : by_class.back()) file.name = prefix + name + "/" + file.name;
      if (by_class.back().empty())
        throw Error({.parameter = "folder", .file = folder + "/" + name},
                    "there are no pictures in the folder of the class \"" + name + "\"",
                    "put JPEG, PNG, BMP, TIFF or WebP files there, or remove the folder");
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
    if (!classes.empty()) return;
    for (PictureFile& file : picturesBelow(folder)) {
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
  ClassTable table_;
  Found found_;
};

Signatures outputsOf(const Found& found, const SourceSetup& setup) {
  Signatures outputs{{"image", pictureSignature(pictureShape(setup.values))}};
  if (!found.labels.empty())
    outputs["target"] = {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = found.classes};
  return outputs;
}

class ImageFolder final : public Source {
 public:
  explicit ImageFolder(const SourceSetup& setup) : ImageFolder(Search(setup).found(), setup) {}

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  std::string fingerprint() const override { return rows_.fingerprint(); }
  std::vector<std::string> notices() const override { return rows_.notices(); }
  std::vector<Part> givenParts() const override { return parts_; }

  Chunk read(int64_t first, int64_t count) override {
    Chunk chunk{.first_row = first};
    chunk.batch.set("image", rows_.read(first, count));
    if (labels_.defined()) chunk.batch.set("target", readPort("target", first, count));
    return chunk;
  }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    if (port == "image") return rows_.read(first, count);
    first = std::min(first, rows());
    return {labels_.narrow(0, first, std::max<int64_t>(0, std::min(count, rows() - first))), meaning_};
  }

  // The column "file" alone.
  Table splitColumns(const std::vector<std::string>& names) override {
    for (const std::string& name : names)
      if (name != "file")
        throw Error({.parameter = "split_column"}, "there is no column \"" + name + "\"",
                    "a folder of pictures has the column \"file\" alone");
    if (names.empty()) return Table(rows());
    Column column{.name = "file", .type = ColumnType::Text};
    for (int64_t row = 0; row < rows(); ++row) column.texts.push_back(rows_.file(row).name);
    return Table({std::make_shared<const Column>(std::move(column))});
  }

 private:
  ImageFolder(Found found, const SourceSetup& setup)
      : outputs_(outputsOf(found, setup)), rows_(firstOf(found, setup), setup) {
    for (const int64_t file : rows_.kept())
      if (!found.parts.empty()) parts_.push_back(found.parts[static_cast<size_t>(file)]);
    if (found.labels.empty()) return;
    labels_ = at::empty({rows()}, at::kLong);
    for (int64_t row = 0; row < rows(); ++row)
      labels_.mutable_data_ptr<int64_t>()[row] =
          found.labels[static_cast<size_t>(rows_.kept()[static_cast<size_t>(row)])];
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = found.classes;
    meaning_ = std::move(meaning);
  }

  static std::vector<PictureFile> firstOf(const Found& found, const SourceSetup& setup) {
    std::vector<PictureFile> files = found.files;
    if (setup.most_rows > 0) files.resize(std::min(files.size(), static_cast<size_t>(setup.most_rows)));
    return files;
  }

  Signatures outputs_;
  PictureRows rows_;
  std::vector<Part> parts_;
  at::Tensor labels_;  // int64 [N]
  std::shared_ptr<const Meaning> meaning_;
};

std::unique_ptr<Source> openFolder(const SourceSetup& setup) {
  return std::make_unique<ImageFolder>(setup);
}

// From the names alone.
Signatures peekFolder(const SourceSetup& setup) {
  return outputsOf(Search(setup).found(), setup);
}

}  // namespace

BlockType image_folder() {
  BlockSchema schema{
      .title = "Image folder",
      .doc =
          "Pictures (JPEG, PNG, BMP, TIFF, WebP) of any size in a folder that holds one folder for each class; its "
          "name is the name of the class. Folders train, val and test above those say what the rows are for (split: "
          "given). Every picture is turned as its camera noted and brought to one size, on all cores.",
      .outputs = {{"image", "image", "uint8 [N, channels, height, width]"},
                  {"target", "label", "class of each picture"}},
      .params = {{"folder", "", {}, "the folder with the folders of the classes", "", Role::File}}};
  for (Param& param : pictureParams()) schema.params.push_back(std::move(param));
  return {.schema = std::move(schema), .open = openFolder, .peek = peekFolder};
}

}  // namespace blockyard::source
