#include "data/sound.hpp"

#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"

namespace blockyard {
namespace {

namespace fs = std::filesystem;

constexpr std::array kEndings = {".wav",  ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif",
                                 ".aiff", ".aifc", ".au",  ".m4a", ".aac",  ".wma"};

// A length of this kind stands for "not known": written by programs that cannot go back in what they write.
constexpr uint32_t kUnknownLength = 0xffffffff;

uint32_t number(std::string_view four, bool big_end) {
  uint32_t out = 0;
  for (size_t i = 0; i < 4; ++i) out |= uint32_t{static_cast<uint8_t>(four[big_end ? 3 - i : i])} << (8 * i);
  return out;
}

// libsndfile takes what is there of a WAV or AIFF file that was cut, and says nothing. These are chunks with their
// lengths, so the header's promise can be held against the file.
void checkNotCut(const std::string& path) {
  const MappedFile file{fs::path(path)};
  const std::string_view bytes = file.bytes();
  const bool wav = bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WAVE";
  const bool aiff = bytes.starts_with("FORM") && bytes.size() >= 12 && bytes.substr(8, 3) == "AIF";
  if (!wav && !aiff) return;
  const std::string_view wanted = wav ? "data" : "SSND";
  for (size_t at = 12; at + 8 <= bytes.size();) {
    const uint32_t length = number(bytes.substr(at + 4, 4), aiff);
    const size_t there = bytes.size() - at - 8;
    if (bytes.substr(at, 4) == wanted) {
      if (length == kUnknownLength || length <= there) return;
      throw Error({.file = path},
                  "the file ends early: its header promises " + std::to_string(length) + " bytes of sound, " +
                      std::to_string(there) + " are there",
                  "copy the file again, or leave it out");
    }
    at += 8 + size_t{length} + length % 2;
  }
}

}  // namespace

bool hasSoundEnding(std::string_view name) {
  std::string ending = fs::path(name).extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

std::string firstSoundBelow(const std::string& folder) {
  constexpr int kDeep = 3, kMostFiles = 10000;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code))
    if (at->path().extension() == ".blockyard") return "";
  int seen = 0;
  for (fs::recursive_directory_iterator at(folder, code), end; !code && at != end && seen < kMostFiles;
       at.increment(code), ++seen) {
    const std::string name = at->path().filename().string();
    if (hasSoundEnding(name) && !name.starts_with('.')) return at->path().string();
    if (at.depth() + 1 >= kDeep) at.disable_recursion_pending();
  }
  return "";
}

struct SoundFile::Decoder {
  SNDFILE* file = nullptr;
  ~Decoder() { sf_close(file); }
};

SoundFile::SoundFile(const std::string& path) : path_(path) {
  checkIsFile(path);
  checkNotCut(path);
  open();
}

SoundFile::~SoundFile() = default;

void SoundFile::open() {
  constexpr int64_t kMostChannels = 1024;
  SF_INFO info{};
  auto decoder = std::make_unique<Decoder>();
  decoder->file = sf_open(path_.c_str(), SFM_READ, &info);
  if (decoder->file == nullptr) {
    std::string reason = sf_strerror(nullptr);
    while (reason.ends_with('.') || reason.ends_with('\n')) reason.pop_back();
    // The library says so of any MP3 without a frame.
    if (reason.starts_with("File does not exist")) reason = "there is nothing in it that its ending promises";
    throw Error({.file = path_}, "the sound cannot be decoded: " + reason,
                "expected a WAV, FLAC, Ogg, MP3, AIFF or AU file");
  }
  samples_ = info.frames, rate_ = info.samplerate, channels_ = info.channels;
  if (samples_ <= 0) throw Error({.file = path_}, "there are no samples in the file", "leave it out");
  if (rate_ <= 0 || channels_ <= 0 || channels_ > kMostChannels)
    throw Error({.file = path_}, "expected a sound, got a header with " + std::to_string(channels_) + " channels at " +
                                     std::to_string(rate_) + " Hz");
  // Silence is packed most closely, by FLAC: 65,535 samples in 14 bytes.
  constexpr int64_t kMostPerByte = 8192;
  const auto bytes = static_cast<int64_t>(fs::file_size(path_));
  if (samples_ / kMostPerByte > bytes)
    throw Error({.file = path_},
                "the header promises " + std::to_string(samples_) + " samples, which " + std::to_string(bytes) +
                    " bytes cannot hold",
                "copy the file again, or leave it out");
  const int kind = info.format & SF_FORMAT_TYPEMASK, coding = info.format & SF_FORMAT_SUBMASK;
  jumps_exactly_ = info.seekable != 0 && kind != SF_FORMAT_MPEG && coding != SF_FORMAT_OPUS;
  decoder_ = std::move(decoder);
  at_ = 0;
}

void SoundFile::moveTo(int64_t first) {
  if (first == at_) return;
  if (jumps_exactly_) {
    if (sf_seek(decoder_->file, first, SEEK_SET) != first) throwDamaged(first);
    at_ = first;
    return;
  }
  if (first < at_) open();
  constexpr int64_t kAtOnce = 1 << 14;
  std::vector<float> skipped(static_cast<size_t>(std::min(kAtOnce, first - at_) * channels_));
  while (at_ < first) {
    const int64_t got = sf_readf_float(decoder_->file, skipped.data(), std::min(kAtOnce, first - at_));
    if (got <= 0) throwDamaged(at_);
    at_ += got;
  }
}

void SoundFile::read(int64_t first, int64_t count, float* into) {
  moveTo(first);
  for (int64_t done = 0; done < count;) {
    const int64_t got = sf_readf_float(decoder_->file, into + done * channels_, count - done);
    if (got <= 0) throwDamaged(at_);
    done += got, at_ += got;
  }
  for (int64_t i = 0; i < count * channels_; ++i)
    if (!std::isfinite(into[i]))
      throw Error({.file = path_},
                  "expected a number in sample " + std::to_string(first + i / channels_ + 1) + ", got " +
                      (std::isnan(into[i]) ? "NaN" : "an infinite one"),
                  "leave the file out");
}

void SoundFile::throwDamaged(int64_t at) const {
  throw Error({.file = path_},
              "the file ends early or is damaged: its header promises " + std::to_string(samples_) +
                  " samples, it can be decoded up to " + std::to_string(at),
              "copy the file again, or leave it out");
}

}  // namespace blockyard
