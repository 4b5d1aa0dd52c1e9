#include "blocks/picture_rows.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "data/gather.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostFileBytes = size_t{1} << 30;

// Hands out the numbers of the files in order, and keeps what went wrong.
class Work {
 public:
  Work(int64_t count, const PictureReading& reading) : count_(count), end_(count), reading_(reading) {}

  // The next file; -1: there is none.
  int64_t next() {
    if (reading_.stop != nullptr && *reading_.stop) return -1;
    const int64_t file = next_++;
    return file < end_ ? file : -1;
  }
  // All files before this one are being read already, so the first of those that fail does not depend on the threads.
  void fail(int64_t file, const Error& error) {
    const std::lock_guard lock(mutex_);
    failed_.emplace_back(file, error);
    if (!reading_.skip) end_ = 0;
  }
  void done() {
    const int64_t done = ++done_;
    constexpr int64_t kEvery = 16;
    if (reading_.progress && std::this_thread::get_id() == caller_ && done >= told_ + kEvery) {
      told_ = done;
      reading_.progress(done, count_);
    }
  }
  std::vector<std::pair<int64_t, Error>> failed() {
    if (reading_.stop != nullptr && *reading_.stop) throw Error({}, "stopped", {}, Fault::TryAgain);
    std::sort(failed_.begin(), failed_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return std::move(failed_);
  }

 private:
  const int64_t count_;
  std::atomic<int64_t> next_ = 0, done_ = 0, end_;
  int64_t told_ = 0;  // the calling thread's
  const PictureReading& reading_;
  const std::thread::id caller_ = std::this_thread::get_id();
  std::mutex mutex_;  // guards what follows
  std::vector<std::pair<int64_t, Error>> failed_;
};

std::string combined(const std::vector<PictureFile>& files, const std::vector<std::string>& digests) {
  Sha256 all;
  for (size_t i = 0; i < files.size(); ++i) {
    all.update(files[i].name);
    all.update(std::string_view("\0", 1));
    all.update(digests[i]);
    all.update("\n");
  }
  return all.hex();
}

}  // namespace

std::vector<Param> pictureParams() {
  constexpr double kMostSize = 8192;
  return {
      {"height", 128, Range{1, kMostSize}, "every picture becomes so high", "px"},
      {"width", 128, Range{1, kMostSize}, "and so wide", "px"},
      {"channels", "rgb", Choices{"rgb", "grey"}, "colors, or brightness alone"},
      {"fit", "crop", Choices{"crop", "stretch", "pad"},
       "what becomes of other proportions. crop: scaled until it covers the size, and cut evenly; stretch: scaled to "
       "the size, distorted; pad: scaled until it fits in, with black beside it"},
      {"smoothing", "bilinear", Choices{"bilinear", "bicubic"},
       "how pixels are weighed when a picture is scaled (antialiased, as Pillow does)"},
      {"unreadable", "error", Choices{"error", "skip"},
       "what to do with a file that is damaged or missing; skip says how many were left out"}};
}

PictureShape pictureShape(const Values& values) {
  const std::string& fit = values.text("fit");
  return {.channels = values.text("channels") == "grey" ? 1 : 3,
          .height = values.integer("height"),
          .width = values.integer("width"),
          .fit = fit == "stretch" ? Fit::Stretch
                 : fit == "pad"   ? Fit::Pad
                                  : Fit::Crop,
          .smoothing = values.text("smoothing") == "bicubic" ? Smoothing::Bicubic : Smoothing::Bilinear};
}

Signature pictureSignature(const PictureShape& shape) {
  return {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", shape.channels, shape.height, shape.width}};
}

const FileKind& pictureFiles() {
  static const FileKind kKind{hasPictureEnding, "pictures", "JPEG, PNG, BMP, TIFF or WebP"};
  return kKind;
}

std::vector<PictureFile> picturesBelow(const std::string& folder) {
  return filesBelow(folder, hasPictureEnding);
}

PictureReport decodePictures(const std::vector<PictureFile>& files, const PictureShape& shape, const at::Tensor& into,
                             const PictureReading& reading) {
  const auto count = static_cast<int64_t>(files.size());
  const int64_t row = shape.channels * shape.height * shape.width;
  PictureReport report{.digests = std::vector<std::string>(files.size())};
  Work work(count, reading);
  uint8_t* const pixels = into.mutable_data_ptr<uint8_t>();
  const auto decode = [&] {
    for (int64_t i = work.next(); i >= 0; i = work.next()) {
      const PictureFile& file = files[static_cast<size_t>(i)];
      try {
        if (file.path.empty())
          throw Error({}, "row " + std::to_string(i + 1) + " names no picture", "fill the field, or skip such rows");
        checkIsFile(file.path);
        const std::string bytes = readFile(file.path, kMostFileBytes);
        report.digests[static_cast<size_t>(i)] = sha256Hex(bytes);
        fitPicture(bytes, file.path, shape, pixels + i * row);
      } catch (const Error& error) {
        work.fail(i, error);
      } catch (const std::exception& error) {  // a decoder without memory
        work.fail(i, Error({.file = file.path}, std::string("the picture cannot be decoded: ") + error.what()));
      }
      work.done();
    }
  };
  // Pictures differ in size, so each thread takes the next one when it is done with one.
  const auto cores = static_cast<int64_t>(std::max(1U, std::thread::hardware_concurrency()));
  const int64_t threads = std::min<int64_t>(reading.threads > 0 ? reading.threads : cores, count);
  std::vector<std::jthread> helpers;
  for (int64_t i = 1; i < threads; ++i) helpers.emplace_back(decode);
  decode();
  helpers.clear();
  report.unreadable = work.failed();
  if (!reading.skip && !report.unreadable.empty()) throw report.unreadable.front().second;
  return report;
}

PictureRows::PictureRows(std::vector<PictureFile> files, const SourceSetup& setup) : files_(std::move(files)) {
  const PictureShape shape = pictureShape(setup.values);
  pixels_ = rowTensor({static_cast<int64_t>(files_.size()), shape.channels, shape.height, shape.width}, at::kByte,
                      setup.memory_budget);
  PictureReading reading{
      .threads = setup.threads, .skip = setup.values.text("unreadable") == "skip", .stop = setup.stop};
  reading.progress = setup.progress;
  const PictureReport report = decodePictures(files_, shape, pixels_, reading);
  fingerprint_ = combined(files_, report.digests);
  leaveOut(report);
}

void PictureRows::leaveOut(const PictureReport& report) {
  const auto count = static_cast<int64_t>(files_.size());
  const size_t row = pixels_.numel() == 0 ? 0 : pixels_[0].nbytes();
  auto bad = report.unreadable.begin();
  for (int64_t i = 0; i < count; ++i) {
    if (bad != report.unreadable.end() && bad->first == i) {
      ++bad;
      continue;
    }
    auto* const pixels = pixels_.mutable_data_ptr<uint8_t>();
    if (rows() < i) std::memcpy(pixels + static_cast<size_t>(rows()) * row, pixels + static_cast<size_t>(i) * row, row);
    kept_.push_back(i);
  }
  if (report.unreadable.empty()) return;
  const Error& first = report.unreadable.front().second;
  if (kept_.empty())
    throw Error(first.where(), "none of the " + std::to_string(count) + " pictures can be read; " + first.problem(),
                first.hint());
  const size_t left_out = report.unreadable.size();
  notices_.push_back(std::to_string(left_out) + " of " + std::to_string(count) + " pictures " +
                     (left_out == 1 ? "was" : "were") + " left out as unreadable, the first is " + first.what());
}

at::Tensor PictureRows::read(int64_t first, int64_t count) const {
  first = std::min(first, rows());
  return pixels_.narrow(0, first, std::max<int64_t>(0, std::min(count, rows() - first)));
}

}  // namespace blockyard
