// Images: pictures and their labels from IDX files.
#include <ATen/ATen.h>

#include <algorithm>

#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "data/idx.hpp"

namespace blockyard::source {
namespace {

// Height and width of the pictures in a file.
std::pair<int64_t, int64_t> pictureSize(const IdxHeader& header, const std::string& path) {
  if (header.sizes.size() != 3)
    throw Error(
        {.file = path},
        "expected pictures (3 sizes: number, height, width), got " + std::to_string(header.sizes.size()) + " sizes",
        header.sizes.size() == 1 ? "this looks like the file of the labels" : "");
  if (header.sizes[0] == 0) throw Error({.file = path}, "there are no pictures in the file");
  if (header.sizes[1] == 0 || header.sizes[2] == 0)
    throw Error({.file = path}, "the pictures have " + std::to_string(header.sizes[1]) + " x " +
                                    std::to_string(header.sizes[2]) + " pixels, so there is nothing to see");
  return {header.sizes[1], header.sizes[2]};
}

void checkCounts(const IdxHeader& images, const IdxHeader& labels, const std::string& path) {
  if (labels.sizes.size() != 1)
    throw Error({.file = path}, "expected labels (1 size), got " + std::to_string(labels.sizes.size()) + " sizes",
                "this looks like a file of pictures");
  if (images.items() != labels.items())
    throw Error({.file = path},
                "expected " + std::to_string(images.items()) + " labels, one for each picture, got " +
                    std::to_string(labels.items()),
                "the two files do not belong together");
}

bool wantsLabels(const SourceSetup& setup) {
  return !setup.values.text("labels").empty() && (!setup.expected || setup.expected->count("target"));
}

Signature imageSignature(std::pair<int64_t, int64_t> size) {
  return {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, size.first, size.second}};
}

Signature labelSignature(std::vector<std::string> classes) {
  return {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = std::move(classes)};
}

class ImagesSource final : public Source {
 public:
  explicit ImagesSource(const SourceSetup& setup) : labelled_(wantsLabels(setup)) {
    add(setup, "images", "labels");
    const bool tests = setup.all_files && !setup.values.text("test_images").empty();
    partial_ = tests && setup.most_rows > 0;
    if (tests && !partial_) add(setup, "test_images", "test_labels");
    outputs_["image"] = imageSignature(size_);
    checkExpected(setup, "image", outputs_["image"], pathOf(setup, "images"));
    if (!labelled_) return;
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = rows_.classNames(setup);
    outputs_["target"] = labelSignature(meaning->classes);
    meaning_ = std::move(meaning);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  bool partial() const override { return partial_; }
  std::string fingerprint() const override { return rows_.fingerprint(); }
  std::vector<Part> givenParts() const override { return rows_.parts(); }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    if (port == "image") return rows_.values(first, count);
    return {rows_.target(first, count), meaning_};
  }

 private:
  void add(const SourceSetup& setup, const char* images_role, const char* labels_role) {
    std::vector<std::string> digests;
    const auto read = [&](const std::string& path, const char* role, int64_t most_items) {
      try {
        Sha256 hash;
        IdxFile file = readIdx(path, &hash, setup.stop, most_items);
        digests.push_back(hash.hex());
        return file;
      } catch (const Error& error) {
        throw error.at({.parameter = role});
      }
    };
    const std::string path = pathOf(setup, images_role);
    // The tensor keeps the bytes as they were read; read() hands out views of it.
    const auto file = std::make_shared<IdxFile>(read(path, images_role, setup.most_rows));
    const std::pair<int64_t, int64_t> size = pictureSize(file->header, path);
    if (rows_.rows() > 0 && size != size_)
      throw Error({.parameter = images_role, .file = path}, "expected " + imageSignature(size_).text() +
                                                                ", as the training pictures are, got " +
                                                                imageSignature(size).text());
    size_ = size;
    const at::Tensor images = at::from_blob(
        file->bytes.data(), {file->header.items(), 1, size.first, size.second}, [file](void*) {}, at::kByte);
    RowPiece piece{.rows = file->header.items(), .part = rows_.rows() > 0 ? Part::Test : Part::Train};
    piece.values = [images](int64_t first, int64_t count) { return images.narrow(0, first, count); };
    if (labelled_) {
      piece.target_file = pathOf(setup, labels_role);
      // All labels are read even if few pictures are: they are few bytes and say how many classes there are.
      const IdxFile labels = read(piece.target_file, labels_role, 0);
      checkCounts(setup.most_rows > 0 ? readIdxHeader(path) : file->header, labels.header, piece.target_file);
      piece.target = at::empty({labels.header.items()}, at::kLong);
      std::copy(labels.bytes.begin(), labels.bytes.end(), piece.target.mutable_data_ptr<int64_t>());
    }
    rows_.add(std::move(piece), std::move(digests));
  }

  bool labelled_, partial_ = false;
  RowPieces rows_;
  std::pair<int64_t, int64_t> size_{};  // height and width
  Signatures outputs_;
  std::shared_ptr<const Meaning> meaning_;
};

std::unique_ptr<Source> openImages(const SourceSetup& setup) {
  return std::make_unique<ImagesSource>(setup);
}

// The sizes stand in the header; labels are few bytes, so they are read.
Signatures peekImages(const SourceSetup& setup) {
  const std::string path = pathOf(setup, "images");
  const IdxHeader images = readIdxHeader(path);
  Signatures outputs{{"image", imageSignature(pictureSize(images, path))}};
  if (!wantsLabels(setup)) return outputs;
  const std::string labels_path = pathOf(setup, "labels");
  const IdxFile labels = readIdx(labels_path);
  checkCounts(images, labels.header, labels_path);
  outputs["target"] =
      labelSignature(labelNames(setup, *std::max_element(labels.bytes.begin(), labels.bytes.end()) + 1));
  return outputs;
}

}  // namespace

BlockType images() {
  return {
      .schema = {.title = "Images",
                 .doc =
                     "Grey pictures and their labels from IDX files (also packed as .gz), as MNIST, Fashion-MNIST and "
                     "their relatives come.",
                 .outputs = {{"image", "image", "uint8 [N, 1, height, width]"},
                             {"target", "label", "class of each picture"}},
                 .params = {{"images", "", {}, "file of the pictures", "", Role::File},
                            {"labels", "", {}, "file of their labels", "", Role::File},
                            {"test_images", "", {}, "pictures for the test (split: given)", "", Role::File},
                            {"test_labels", "", {}, "labels of those", "", Role::File},
                            {"class_names", Texts{}, {}, "name of each label, from 0 on; empty: the numbers"}}},
      .open = openImages,
      .peek = peekImages};
}

}  // namespace blockyard::source
