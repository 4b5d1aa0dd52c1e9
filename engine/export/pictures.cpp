// Pictures in files of their own as the rows of a trained pipeline: decoded as they are asked for, in the way in which
// those that it learned from were.
#include <ATen/ATen.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "blocks/picture_rows.hpp"
#include "export/bundle.hpp"
#include "export/memory_source.hpp"
#include "training/pipeline.hpp"

namespace blockyard {
namespace {

std::string sizeText(int64_t channels, int64_t height, int64_t width) {
  return std::to_string(width) + " x " + std::to_string(height) +
         (channels == 1   ? " in grey"
          : channels == 3 ? " in color"
                          : "");
}

class PictureSource final : public Source {
 public:
  PictureSource(std::vector<PictureFile> files, const std::string& port, const Signature& signature,
                const PictureShape& shape)
      : files_(std::move(files)), port_(port), outputs_{{port, signature}}, shape_(shape) {}

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return static_cast<int64_t>(files_.size()); }
  std::string fingerprint() const override { return {}; }

  Chunk read(int64_t first, int64_t count) override {
    first = std::min(first, rows());
    count = std::max<int64_t>(0, std::min(count, rows() - first));
    at::Tensor pixels = at::empty({count, shape_.channels, shape_.height, shape_.width}, at::kByte);
    decodePictures({files_.begin() + first, files_.begin() + first + count}, shape_, pixels);
    Batch batch;
    batch.set(port_, Packet(pixels));
    return {first, std::move(batch)};
  }

  Table rowNames(int64_t first, int64_t count) override {
    Column file{.name = "file", .type = ColumnType::Text};
    for (int64_t row = first; row < std::min(first + count, rows()); ++row)
      file.texts.push_back(files_[static_cast<size_t>(row)].name);
    return Table({std::make_shared<const Column>(std::move(file))});
  }

 private:
  std::vector<PictureFile> files_;
  std::string port_;
  Signatures outputs_;
  PictureShape shape_;
};

// What the pipeline was trained on; -1 where it may be anything.
PictureShape knownShape(const Signature& signature) {
  const auto at = [&](size_t axis) { return axis < signature.shape.size() ? signature.shape[axis].size : -1; };
  return {.channels = at(1), .height = at(2), .width = at(3)};
}

// The source says nothing of other sizes, so there is one alone: that of `shape`, or of the first picture.
void requireSize(PictureShape& shape, std::string_view bytes, const std::string& name) {
  const PictureSize size = pictureSize(bytes, name);
  if (shape.height < 0) shape.height = size.height;
  if (shape.width < 0) shape.width = size.width;
  if (shape.channels < 0) shape.channels = size.channels <= 2 ? 1 : 3;
  if (size.height != shape.height || size.width != shape.width)
    throw Error({.file = name},
                "expected a picture of " + sizeText(shape.channels, shape.height, shape.width) +
                    ", as it was trained on, got " + sizeText(size.channels, size.height, size.width),
                "scale it to that size first");
}

// Every header is looked at before the first answer.
PictureShape onlySize(const Signature& signature, const std::vector<PictureFile>& files) {
  PictureShape shape = knownShape(signature);
  for (const auto& file : files) requireSize(shape, MappedFile{std::filesystem::path(file.path)}.bytes(), file.path);
  return shape;
}

}  // namespace

std::shared_ptr<Source> Bundle::openPictures(const std::vector<std::string>& files) const {
  std::vector<PictureFile> pictures;
  for (const auto& file : files) pictures.push_back({file, file});
  const Values& values = pipeline_->nodes()[pipeline_->source()].plan.values;
  for (const auto& [port, signature] : inputs()) {
    if (signature.kind != Wire::Image) continue;
    const PictureShape shape = values.has("fit") ? pictureShape(values) : onlySize(signature, pictures);
    return std::make_shared<PictureSource>(std::move(pictures), port, signature, shape);
  }
  throwNoPictures(files.empty() ? "" : files.front());
}

std::shared_ptr<Source> Bundle::openPicture(std::string_view bytes, const std::string& name) const {
  const Values& values = pipeline_->nodes()[pipeline_->source()].plan.values;
  for (const auto& [port, signature] : inputs()) {
    if (signature.kind != Wire::Image) continue;
    PictureShape shape = knownShape(signature);
    if (values.has("fit"))
      shape = pictureShape(values);
    else
      requireSize(shape, bytes, name);
    at::Tensor pixels = at::empty({1, shape.channels, shape.height, shape.width}, at::kByte);
    fitPicture(bytes, name, shape, pixels.mutable_data_ptr<uint8_t>());
    Batch rows;
    rows.set(port, Packet(pixels));
    return std::make_shared<MemorySource>(std::move(rows), Signatures{{port, signature}});
  }
  throwNoPictures(name);
}

void Bundle::throwNoPictures(const std::string& name) const {
  const std::string wanted = inputs().empty() ? "nothing" : inputs().begin()->second.text();
  throw Error({.file = name}, "this pipeline starts with " + wanted + ", not with pictures",
              "give it files of that kind");
}

}  // namespace blockyard
