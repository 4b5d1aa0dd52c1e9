// Image table: pictures that a table names, with what is to be predicted beside each.
#include <ATen/ATen.h>

#include <algorithm>

#include "base/sha256.hpp"
#include "blocks/block.hpp"
#include "blocks/path_table.hpp"
#include "blocks/picture_rows.hpp"
#include "blocks/source.hpp"

namespace blockyard::source {
namespace {

class ImageTable final : public Source {
 public:
  explicit ImageTable(const SourceSetup& setup)
      : table_(setup, pictureFiles()),
        rows_(table_.files(setup), setup),
        fingerprint_(sha256Hex(table_.fingerprint() + "\n" + rows_.fingerprint())),
        parts_(table_.parts(setup, rows_.kept())) {
    outputs_["image"] = pictureSignature(pictureShape(setup.values));
    if (!table_.hasTarget()) return;
    outputs_["target"] = table_.targetSignature(setup);
    target_ = table_.target(setup, rows_.kept());
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  bool partial() const override { return table_.partial(); }
  std::string fingerprint() const override { return fingerprint_; }
  std::vector<std::string> notices() const override { return rows_.notices(); }
  std::vector<Part> givenParts() const override { return parts_; }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    if (port == "image") return rows_.read(first, count);
    first = std::min(first, rows());
    return target_.slice(first, std::max<int64_t>(0, std::min(count, rows() - first)));
  }

  Table splitColumns(const std::vector<std::string>& names) override { return table_.columns(names, rows_.kept()); }

 private:
  PathTable table_;
  PictureRows rows_;
  Signatures outputs_;
  std::string fingerprint_;
  Packet target_{};  // of every row
  std::vector<Part> parts_;
};

std::unique_ptr<Source> openImageTable(const SourceSetup& setup) {
  return std::make_unique<ImageTable>(setup);
}

// No picture is opened.
Signatures peekImageTable(const SourceSetup& setup) {
  Signatures outputs = PathTable::peek(setup, pictureFiles());
  outputs["image"] = pictureSignature(pictureShape(setup.values));
  return outputs;
}

}  // namespace

BlockType image_table() {
  BlockSchema schema{
      .title = "Image table",
      .doc =
          "Pictures (JPEG, PNG, BMP, TIFF, WebP) of any size that a table names: a CSV, TSV, Parquet or Arrow file "
          "with a column of paths, seen from the folder of the table, and what is to be predicted beside them - a "
          "class or numbers. Every picture is turned as its camera noted and brought to one size, on all cores.",
      .outputs = {{"image", "image", "uint8 [N, channels, height, width]"},
                  {"target", "label|target", "class index, or number(s) to predict"}},
      .params = pathTableParams(pictureFiles())};
  for (Param& param : pictureParams()) schema.params.push_back(std::move(param));
  return {.schema = std::move(schema), .open = openImageTable, .peek = peekImageTable};
}

}  // namespace blockyard::source
