// Pictures in files of their own as the rows of a trained pipeline: decoded as they are asked for.
#include <ATen/ATen.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/picture.hpp"
#include "export/bundle.hpp"
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
  // Looks at the header of every file, so that a wrong one is known before the first answer.
  PictureSource(std::vector<std::string> files, const std::string& port, const Signature& signature)
      : files_(std::move(files)),
        port_(port),
        outputs_{{port, signature}},
        channels_(sizeAt(1)),
        height_(sizeAt(2)),
        width_(sizeAt(3)) {
    for (const auto& file : files_) {
      const MappedFile content{std::filesystem::path(file)};
      const PictureSize size = pictureSize(content.bytes(), file);
      if ((height_ >= 0 && size.height != height_) || (width_ >= 0 && size.width != width_)) {
        throw Error({.file = file},
                    "expected a picture of " + sizeText(channels_, height_, width_) + ", as it was trained on, got " +
                        sizeText(size.channels, size.height, size.width),
                    "scale it to that size first");
      }
    }
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return static_cast<int64_t>(files_.size()); }
  std::string fingerprint() const override { return {}; }

  Chunk read(int64_t first, int64_t count) override {
    count = std::min(count, rows() - first);
    std::vector<at::Tensor> pictures;
    for (int64_t row = first; row < first + count; ++row) pictures.push_back(decoded(files_[static_cast<size_t>(row)]));
    Batch batch;
    batch.set(port_, Packet(at::stack(pictures)));
    return {first, std::move(batch)};
  }

 private:
  int64_t sizeAt(size_t axis) const {
    const Shape& shape = outputs_.begin()->second.shape;
    return axis < shape.size() ? shape[axis].size : -1;
  }

  at::Tensor decoded(const std::string& file) const {
    const MappedFile content{std::filesystem::path(file)};
    const Picture picture = decodePicture(content.bytes(), file, std::max<int64_t>(0, channels_));
    at::Tensor tensor = at::empty({picture.channels, picture.height, picture.width}, at::kByte);
    std::copy(picture.bytes.begin(), picture.bytes.end(), tensor.mutable_data_ptr<uint8_t>());
    return tensor;
  }

  std::vector<std::string> files_;
  std::string port_;
  Signatures outputs_;
  int64_t channels_, height_, width_;
};

}  // namespace

std::shared_ptr<Source> Bundle::openPictures(const std::vector<std::string>& files) const {
  for (const auto& [port, signature] : inputs()) {
    if (signature.kind == Wire::Image) return std::make_shared<PictureSource>(files, port, signature);
  }
  const std::string wanted = inputs().empty() ? "nothing" : inputs().begin()->second.text();
  throw Error({.file = files.empty() ? "" : files.front()},
              "this pipeline starts with " + wanted + ", not with pictures", "give it files of that kind");
}

}  // namespace blockyard
