// PictureRows: picture files as rows of one size, decoded once, on all cores, and kept. What the sources of picture
// files and predicting on pictures share.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "blocks/class_folders.hpp"
#include "blocks/schema.hpp"
#include "blocks/source_setup.hpp"
#include "data/chunk.hpp"
#include "data/picture_fit.hpp"

namespace blockyard {

using PictureFile = FolderFile;

// The parameters that say what becomes of a picture: height, width, channels, fit, smoothing, unreadable; and what they
// say. Torch-free.
std::vector<Param> pictureParams();
PictureShape pictureShape(const Values& values);
// uint8 [N, C, H, W].
Signature pictureSignature(const PictureShape& shape);

// Files of pictures, by their endings.
const FileKind& pictureFiles();
// All of them below a folder, see filesBelow(). Throws Error.
std::vector<PictureFile> picturesBelow(const std::string& folder);

// What happened while pictures were decoded.
struct PictureReport {
  std::vector<std::string> digests{};                   // SHA-256 of each file
  std::vector<std::pair<int64_t, Error>> unreadable{};  // by number of the file, ascending
};

struct PictureReading {
  int threads = 0;    // 0: as many as there are cores
  bool skip = false;  // go on behind an unreadable one; else the first of them is thrown
  const std::atomic<bool>* stop = nullptr;
  std::function<void(int64_t, int64_t)> progress{};  // this thread: files done and in all
};

// Decodes every file into its row of `into`, uint8 [N, C, H, W], contiguous.
PictureReport decodePictures(const std::vector<PictureFile>& files, const PictureShape& shape, const at::Tensor& into,
                             const PictureReading& reading = {});

class PictureRows {
 public:
  // Reads the files. Pixels beyond the memory budget lie in a temporary file. Throws Error if one is unreadable (unless
  // the setting `unreadable` is skip), or all are.
  PictureRows(std::vector<PictureFile> files, const SourceSetup& setup);

  int64_t rows() const { return static_cast<int64_t>(kept_.size()); }
  // By row, the number of its file: those that were unreadable are left out.
  const std::vector<int64_t>& kept() const { return kept_; }
  const PictureFile& file(int64_t row) const { return files_[static_cast<size_t>(kept_[static_cast<size_t>(row)])]; }
  // Views of rows [first, first + count), cut at the end.
  at::Tensor read(int64_t first, int64_t count) const;
  // Over names and contents of all files, in their order.
  const std::string& fingerprint() const { return fingerprint_; }
  // How many were left out and which is the first; empty if none was.
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  void leaveOut(const PictureReport& report);

  std::vector<PictureFile> files_;
  std::vector<int64_t> kept_;
  at::Tensor pixels_;  // [N, C, H, W]
  std::string fingerprint_;
  std::vector<std::string> notices_;
};

}  // namespace blockyard
