// SoundRows: windows of sound files as rows, decoded when they are asked for and brought to one sampling rate. What the
// sources of sounds share.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "blocks/class_folders.hpp"
#include "blocks/schema.hpp"
#include "blocks/source_setup.hpp"
#include "data/chunk.hpp"
#include "data/resample.hpp"
#include "data/sound.hpp"
#include "data/split.hpp"

namespace blockyard {

// The parameters that say what becomes of a sound: rate, other_rates, channels, window, hop, short_files. Torch-free.
std::vector<Param> soundParams();
// float [N, channels, window].
Signature soundSignature(const Values& values);

// Files of sounds, by their endings.
const FileKind& soundFiles();
// Predicting: the sounds that `path` stands for by itself, a sound or a folder of them; empty if it is something else.
// Throws Error for a folder that has none.
std::vector<FolderFile> soundsAt(const std::string& path);
// Throws Error if the file has another sampling rate than the setting `rate` and the others are not to be resampled.
void checkRate(const SoundFile& sound, const std::string& path, const Values& values);

class SoundRows {
 public:
  // Reads the headers, of all files or of so many as a look needs. Throws Error if one is no sound, or all are shorter
  // than a window.
  SoundRows(std::vector<FolderFile> files, const SourceSetup& setup);

  int64_t rows() const { return rows_; }
  // By row, the number of its file.
  const std::vector<int64_t>& fileOfRow() const { return file_of_row_; }
  // Rows [first, first + count), cut at the end: float [N, channels, window].
  at::Tensor read(int64_t first, int64_t count);
  RowSpans spans() const;
  // The file, and where in it the window starts.
  Table rowNames(int64_t first, int64_t count) const;
  // The column "file": the name of the file of each row.
  Table fileColumn() const;
  // Over names and contents of all files, in their order.
  const std::string& fingerprint() const { return fingerprint_; }
  // How many were left out, and how many resampled.
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  struct Sound {
    size_t file = 0;
    int64_t samples = 0;  // at the rate that is wanted
    int64_t first_row = 0, windows = 0;
    const Resampler* resampler = nullptr;  // null: it has that rate
  };
  void measure(const SourceSetup& setup, size_t file);
  void note();
  const Sound& soundOf(int64_t row) const;
  void open(const Sound& sound);
  const float* samples(int64_t first, int64_t end);
  void readWindow(int64_t row, float* into);

  std::string mix_;
  int64_t rate_, window_, hop_, channels_;
  std::vector<FolderFile> files_;
  std::vector<Sound> sounds_;  // those that have windows
  std::vector<int64_t> file_of_row_;
  std::map<int64_t, std::unique_ptr<const Resampler>> resamplers_;  // by the rate of a file
  std::map<int64_t, int64_t> resampled_;                            // files by their rate
  int64_t rows_ = 0, left_out_ = 0;
  std::string fingerprint_;
  std::vector<std::string> notices_;

  const Sound* open_ = nullptr;
  std::unique_ptr<SoundFile> file_;  // of the sound that is open
  std::vector<float> buffer_;        // its samples [begin_, end_) as they are in the file, all channels
  int64_t begin_ = 0, end_ = 0;
  std::vector<float> mixed_;  // of one channel: what a window is resampled from
};

}  // namespace blockyard
