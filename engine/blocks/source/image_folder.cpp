// Image folder: pictures in folders that are named after their classes.
#include <ATen/ATen.h>

#include <algorithm>

#include "blocks/block.hpp"
#include "blocks/picture_rows.hpp"
#include "blocks/source.hpp"

namespace blockyard::source {
namespace {

Signatures outputsOf(const ClassFolders& found, const SourceSetup& setup) {
  Signatures outputs{{"image", pictureSignature(pictureShape(setup.values))}};
  if (!found.labels.empty())
    outputs["target"] = {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = found.classes};
  return outputs;
}

class ImageFolder final : public Source {
 public:
  explicit ImageFolder(const SourceSetup& setup) : ImageFolder(classFolders(setup, pictureFiles()), setup) {}

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  std::string fingerprint() const override { return rows_.fingerprint(); }
  std::vector<std::string> notices() const override { return rows_.notices(); }
  std::vector<Part> givenParts() const override { return parts_; }

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
  ImageFolder(ClassFolders found, const SourceSetup& setup)
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

  static std::vector<PictureFile> firstOf(const ClassFolders& found, const SourceSetup& setup) {
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
  return outputsOf(classFolders(setup, pictureFiles()), setup);
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
