// Sound files: WAV, FLAC, Ogg (Vorbis, Opus), MP3, AIFF and AU, read piece by piece. What the header promises is held
// against what is there, so that a file that was cut is an error and not a shorter sound. Torch-free; an object belongs
// to one thread.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace blockyard {

// By the ending of its name, in any case; also of formats that cannot be read, so that such a file is told.
bool hasSoundEnding(std::string_view name);

// The first sound file in the folder or below, "" if there is none or a project lies beside it. Looks no deeper than
// three folders, and at few files.
std::string firstSoundBelow(const std::string& folder);

class SoundFile {
 public:
  // Reads the header. Throws Error naming the file if it is no sound, is damaged, ends early or has no samples.
  explicit SoundFile(const std::string& path);
  ~SoundFile();
  SoundFile(const SoundFile&) = delete;
  SoundFile& operator=(const SoundFile&) = delete;

  int64_t samples() const { return samples_; }  // of each channel
  int64_t rate() const { return rate_; }        // Hz
  int64_t channels() const { return channels_; }
  // Samples [first, first + count) of all channels side by side, [count, channels]; whole numbers are scaled to -1
  // .. 1. The same wherever was read before. Throws Error if they cannot be decoded.
  void read(int64_t first, int64_t count, float* into);

 private:
  struct Decoder;
  void open();
  void moveTo(int64_t first);
  [[noreturn]] void throwDamaged(int64_t at) const;

  std::string path_;
  std::unique_ptr<Decoder> decoder_;
  int64_t samples_ = 0, rate_ = 0, channels_ = 0;
  int64_t at_ = 0;             // the sample that comes next
  bool jumps_exactly_ = true;  // else what is decoded behind a jump differs from what is decoded in one go
};

}  // namespace blockyard
