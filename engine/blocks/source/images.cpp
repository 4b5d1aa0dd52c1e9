// Images: pictures and their labels from IDX files.
#include <ATen/ATen.h>

#include <algorithm>

#include "blocks/block.hpp"
#include "blocks/source.hpp"
#include "data/file_bytes.hpp"
#include "data/idx.hpp"

namespace blockyard::source {
namespace {

// The parameters that name a pair of files: pictures and labels.
struct Pair {
  const char* images;
  const char* labels;
};
constexpr Pair kTrain{"images", "labels"}, kTest{"test_images", "test_labels"};

std::string pathOf(const SourceSetup& setup, const char* role) {
  const std::string& path = setup.values.text(role);
  if (path.empty()) throw Error({.parameter = role}, "no file is named", "name an IDX file");
  return pathFrom(setup.folder, path);
}

bool named(const SourceSetup& setup, const char* role) { return !setup.values.text(role).empty(); }

// Height and width of the pictures in a file.
std::pair<int64_t, int64_t> pictureSize(const IdxHeader& header, const std::string& path) {
  if (header.sizes.size() != 3)
    throw Error({.file = path}, "expected pictures (3 sizes: number, height, width), got " + std::to_string(header.sizes.size()) + " sizes",
                header.sizes.size() == 1 ? "this looks like the file of the labels" : "");
  if (header.sizes[0] == 0) throw Error({.file = path}, "there are no pictures in the file");
  return {header.sizes[1], header.sizes[2]};
}

void checkCounts(const IdxHeader& images, const IdxHeader& labels, const std::string& path) {
  if (labels.sizes.size() != 1)
    throw Error({.file = path}, "expected labels (1 size), got " + std::to_string(labels.sizes.size()) + " sizes",
                "this looks like a file of pictures");
  if (images.items() != labels.items())
    throw Error({.file = path},
                "expected " + std::to_string(images.items()) + " labels, one for each picture, got " + std::to_string(labels.items()),
                "the two files do not belong together");
}

// Names for classes that have none: their numbers.
std::vector<std::string> classNames(const SourceSetup& setup, int64_t count) {
  std::vector<std::string> names = setup.values.texts("class_names");
  if (setup.expected && names.empty() && setup.expected->count("target")) names = setup.expected->at("target").classes;
  if (names.empty())
    for (int64_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

class ImagesSource final : public Source {
 public:
  explicit ImagesSource(const SourceSetup& setup) {
    add(setup, kTrain);
    if (!setup.expected && named(setup, kTest.images)) {
      const int64_t train = pieces_.front().count;
      add(setup, kTest);
      parts_.assign(static_cast<size_t>(train), Part::Train);
      parts_.resize(static_cast<size_t>(rows_), Part::Test);
    }
    fingerprint_ = digests_.size() == 1 ? digests_[0] : sha256Hex(at::str(digests_));
    outputs_["image"] = {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, height_, width_}};
    if (labelled_) nameClasses(setup);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_; }
  std::string fingerprint() const override { return fingerprint_; }
  std::vector<Part> givenParts() const override { return parts_; }

  Chunk read(int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows_ - first));
    std::vector<at::Tensor> images, labels;
    int64_t start = 0;
    for (const Piece& piece : pieces_) {
      const int64_t from = std::max(first, start), to = std::min(first + count, start + piece.count);
      if (from < to || (count == 0 && images.empty())) {
        images.push_back(piece.images.narrow(0, std::max<int64_t>(from - start, 0), std::max<int64_t>(to - from, 0)));
        if (labelled_) labels.push_back(piece.labels.narrow(0, std::max<int64_t>(from - start, 0), std::max<int64_t>(to - from, 0)));
      }
      start += piece.count;
    }
    Chunk chunk{.first_row = first};
    chunk.batch.set("image", images.size() == 1 ? images[0] : at::cat(images));
    if (labelled_) chunk.batch.set("target", {labels.size() == 1 ? labels[0] : at::cat(labels), meaning_});
    return chunk;
  }

 private:
  struct Piece {
    int64_t count = 0;
    at::Tensor images{};  // uint8 [N, 1, H, W]
    at::Tensor labels{};  // int64 [N]
  };

  void add(const SourceSetup& setup, const Pair& pair) {
    const std::string path = pathOf(setup, pair.images);
    IdxFile file = read(setup, path, pair.images);
    const auto [height, width] = pictureSize(file.header, path);
    if (!pieces_.empty() && (height != height_ || width != width_))
      throw Error({.parameter = pair.images, .file = path}, "expected pictures of " + std::to_string(height_) + " x " + std::to_string(width_) +
                                                                ", as the training pictures are, got " + std::to_string(height) + " x " +
                                                                std::to_string(width));
    height_ = height, width_ = width;
    Piece piece{.count = file.header.items()};
    const IdxHeader header = file.header;
    // The tensor keeps the bytes as they were read; read() hands out views of it.
    const auto bytes = std::make_shared<std::vector<uint8_t>>(std::move(file.bytes));
    piece.images = at::from_blob(bytes->data(), {piece.count, 1, height, width}, [bytes](void*) {}, at::kByte);
    const bool labels = named(setup, pair.labels);
    if (pieces_.empty()) labelled_ = labels && !(setup.expected && !setup.expected->count("target"));
    if (labelled_) {
      const std::string labels_path = pathOf(setup, pair.labels);
      const IdxFile file_of_labels = read(setup, labels_path, pair.labels);
      checkCounts(header, file_of_labels.header, labels_path);
      piece.labels = at::empty({piece.count}, at::kLong);
      std::copy(file_of_labels.bytes.begin(), file_of_labels.bytes.end(), piece.labels.mutable_data_ptr<int64_t>());
    }
    rows_ += piece.count;
    pieces_.push_back(std::move(piece));
  }

  IdxFile read(const SourceSetup& setup, const std::string& path, const char* role) {
    try {
      Sha256 hash;
      IdxFile file = readIdx(path, &hash, setup.stop);
      digests_.push_back(hash.hex());
      return file;
    } catch (const Error& error) {
      throw error.at({.parameter = role});
    }
  }

  void nameClasses(const SourceSetup& setup) {
    int64_t most = 0;
    for (const Piece& piece : pieces_) most = std::max(most, piece.labels.max().item<int64_t>());
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = classNames(setup, most + 1);
    const auto count = static_cast<int64_t>(meaning->classes.size());
    for (size_t i = 0; i < pieces_.size() && most >= count; ++i) {
      const int64_t* const labels = pieces_[i].labels.const_data_ptr<int64_t>();
      const int64_t* const bad = std::find_if(labels, labels + pieces_[i].count, [&](int64_t label) { return label >= count; });
      if (bad == labels + pieces_[i].count) continue;
      throw Error({.parameter = "class_names", .file = setup.values.text(i == 0 ? kTrain.labels : kTest.labels)},
                  "label " + std::to_string(*bad) + " of picture " + std::to_string(bad - labels) + " has no name: there are " +
                      std::to_string(count) + " class names",
                  "name every class, from label 0 on");
    }
    outputs_["target"] = {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = meaning->classes};
    meaning_ = std::move(meaning);
  }

  std::vector<Piece> pieces_;
  std::vector<std::string> digests_;
  std::string fingerprint_;
  Signatures outputs_;
  std::shared_ptr<const Meaning> meaning_;
  std::vector<Part> parts_;
  int64_t rows_ = 0, height_ = 0, width_ = 0;
  bool labelled_ = false;
};

std::unique_ptr<Source> openImages(const SourceSetup& setup) { return std::make_unique<ImagesSource>(setup); }

// The sizes stand in the header; labels are few bytes, so they are read.
Signatures peekImages(const SourceSetup& setup) {
  const std::string path = pathOf(setup, kTrain.images);
  const IdxHeader images = readIdxHeader(path);
  const auto [height, width] = pictureSize(images, path);
  Signatures outputs;
  outputs["image"] = {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, height, width}};
  if (!named(setup, kTrain.labels)) return outputs;
  const std::string labels_path = pathOf(setup, kTrain.labels);
  const IdxFile labels = readIdx(labels_path);
  checkCounts(images, labels.header, labels_path);
  const int64_t most = *std::max_element(labels.bytes.begin(), labels.bytes.end());
  outputs["target"] = {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = classNames(setup, most + 1)};
  return outputs;
}

}  // namespace

BlockType images() {
  return {.schema = {.title = "Images",
                     .doc = "Grey pictures and their labels from IDX files (also packed as .gz), as MNIST, Fashion-MNIST and "
                            "their relatives come.",
                     .outputs = {{"image", "image", "uint8 [N, 1, height, width]"}, {"target", "label", "class of each picture"}},
                     .params = {{"images", "", {}, "file of the pictures", "", Role::File},
                                {"labels", "", {}, "file of their labels", "", Role::File},
                                {"test_images", "", {}, "pictures for the test (split: given)", "", Role::File},
                                {"test_labels", "", {}, "labels of those", "", Role::File},
                                {"class_names", Texts{}, {}, "name of each label, from 0 on; empty: the numbers"}}},
          .open = openImages,
          .peek = peekImages};
}

}  // namespace blockyard::source
