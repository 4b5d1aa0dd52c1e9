#include "blocks/sound_rows.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <filesystem>

#include "base/sha256.hpp"
#include "data/file_bytes.hpp"

namespace blockyard {
namespace {

std::string hashOf(const std::string& path) {
  Sha256 hash;
  FileBytes bytes(path, &hash);
  std::vector<char> buffer(size_t{1} << 18);
  while (bytes.read(buffer.data(), buffer.size()) > 0) {
  }
  return hash.hex();
}

// One channel of those that are wanted, of `count` samples of all channels side by side.
void mixInto(float* to, const float* from, int64_t count, int64_t channels, const std::string& how, int64_t wanted) {
  if (how == "mono") {
    for (int64_t i = 0; i < count; ++i) {
      double sum = 0;
      for (int64_t c = 0; c < channels; ++c) sum += from[i * channels + c];
      to[i] = static_cast<float>(sum / static_cast<double>(channels));
    }
    return;
  }
  const int64_t channel = std::min(how == "right" ? 1 : wanted, channels - 1);
  for (int64_t i = 0; i < count; ++i) to[i] = from[i * channels + channel];
}

std::string filesText(int64_t count, const char* one, const char* many) {
  return std::to_string(count) + (count == 1 ? one : many);
}

bool resamples(const Values& values) {
  return !values.has("other_rates") || values.text("other_rates") == "resample";
}

}  // namespace

const FileKind& soundFiles() {
  static const FileKind kKind{hasSoundEnding, "sounds", "WAV, FLAC, Ogg, MP3, AIFF or AU"};
  return kKind;
}

std::vector<FolderFile> soundsAt(const std::string& path) {
  if (!std::filesystem::is_directory(path))
    return hasSoundEnding(path) ? std::vector<FolderFile>{{path, path}} : std::vector<FolderFile>{};
  std::vector<FolderFile> out = filesBelow(path, soundFiles().is);
  if (out.empty())
    throw Error({.file = path}, "there are no sounds in the folder", "expected " + soundFiles().formats + " files");
  return out;
}

void checkRate(const SoundFile& sound, const std::string& path, const Values& values) {
  const int64_t wanted = values.integer("rate");
  if (sound.rate() == wanted || resamples(values)) return;
  throw Error({.parameter = "rate", .file = path},
              "expected " + std::to_string(wanted) + " samples a second, got " + std::to_string(sound.rate()),
              "if all files are like this one, set `rate` to " + std::to_string(sound.rate()) +
                  "; else set `other_rates` to resample");
}

std::vector<Param> soundParams() {
  constexpr double kMostSamples = 1 << 24;
  return {{"rate", 16000, Range{1, 1e7}, "the sampling rate of the windows", "Hz"},
          {"other_rates", "resample", Choices{"resample", "error"},
           "files with another sampling rate: bring them to that of the windows, with a low-pass where it is lower; or "
           "complain"},
          {"channels", "mono", Choices{"mono", "left", "right", "stereo"},
           "mono: the mean of all channels; left, right: the first, the second one; stereo: both of them. A file with "
           "one channel has it on both sides"},
          {"window", 16000, Range{1, kMostSamples}, "length of a window", "samples"},
          {"hop", 0, Range{0, kMostSamples}, "from one window to the next; 0: as `window`, no overlap", "samples"},
          {"short_files", "pad", Choices{"pad", "skip", "error"},
           "a file shorter than a window: silence is put behind it; it is left out; or complain"}};
}

Signature soundSignature(const Values& values) {
  return {.shape = {"N", values.text("channels") == "stereo" ? 2 : 1, values.integer("window")}};
}

SoundRows::SoundRows(std::vector<FolderFile> files, const SourceSetup& setup)
    : mix_(setup.values.text("channels")),
      rate_(setup.values.integer("rate")),
      window_(setup.values.integer("window")),
      hop_(setup.values.integer("hop") > 0 ? setup.values.integer("hop") : window_),
      channels_(mix_ == "stereo" ? 2 : 1),
      files_(std::move(files)) {
  const bool whole = setup.most_rows == 0;
  Sha256 all;
  for (size_t i = 0; i < files_.size() && (whole || rows_ < setup.most_rows); ++i) {
    if (setup.stop != nullptr && *setup.stop) throw Error({}, "stopped", {}, Fault::TryAgain);
    measure(setup, i);
    if (whole) all.update(files_[i].name + '\0' + hashOf(files_[i].path) + '\n');
    if (setup.progress) setup.progress(static_cast<int64_t>(i) + 1, static_cast<int64_t>(files_.size()));
  }
  if (rows_ == 0)
    throw Error({.parameter = "window", .file = files_.empty() ? std::string() : files_.front().path},
                "all files are shorter than a window of " + std::to_string(window_) + " samples",
                "lower `window`, or set `short_files` to pad");
  fingerprint_ = all.hex();
  note();
}

// Takes the windows of a file.
void SoundRows::measure(const SourceSetup& setup, size_t file) {
  const std::string& path = files_[file].path;
  const SoundFile header(path);
  checkRate(header, path, setup.values);
  Sound sound{.file = file, .samples = header.samples(), .first_row = rows_};
  if (header.rate() != rate_) {
    auto& resampler = resamplers_[header.rate()];
    try {
      if (!resampler) resampler = std::make_unique<const Resampler>(header.rate(), rate_);
    } catch (const Error& error) {
      throw error.at({.parameter = "rate", .file = path});
    }
    sound.resampler = resampler.get();
    sound.samples = resampler->samplesOf(header.samples());
    ++resampled_[header.rate()];
  }
  sound.windows = sound.samples < window_ ? 1 : (sound.samples - window_) / hop_ + 1;
  if (const std::string& how = setup.values.text("short_files"); sound.samples < window_ && how != "pad") {
    if (how == "error")
      throw Error(
          {.parameter = "short_files", .file = path},
          "expected at least " + std::to_string(window_) + " samples, a window, got " + std::to_string(sound.samples),
          "lower `window`, or set `short_files` to pad or skip");
    ++left_out_;
    return;
  }
  rows_ += sound.windows;
  file_of_row_.insert(file_of_row_.end(), static_cast<size_t>(sound.windows), static_cast<int64_t>(file));
  sounds_.push_back(sound);
}

void SoundRows::note() {
  if (left_out_ > 0)
    notices_.push_back(filesText(left_out_, " file was", " files were") + " left out as shorter than a window");
  for (const auto& [rate, count] : resampled_)
    notices_.push_back(filesText(count, " file was", " files were") + " brought from " + std::to_string(rate) + " to " +
                       std::to_string(rate_) + " samples a second");
}

at::Tensor SoundRows::read(int64_t first, int64_t count) {
  first = std::min(first, rows_);
  count = std::max<int64_t>(0, std::min(count, rows_ - first));
  at::Tensor out = at::zeros({count, channels_, window_}, at::kFloat);
  float* into = out.mutable_data_ptr<float>();
  for (int64_t row = first; row < first + count; ++row, into += channels_ * window_) readWindow(row, into);
  return out;
}

RowSpans SoundRows::spans() const {
  RowSpans out;
  for (size_t i = 0; i < sounds_.size(); ++i) {
    for (int64_t w = 0; w < sounds_[i].windows; ++w) {
      const auto start = static_cast<double>(w * hop_);
      out.series.push_back(static_cast<int32_t>(i));
      out.first.push_back(start);
      out.target.push_back(start);
      out.last.push_back(start + static_cast<double>(window_ - 1));
    }
  }
  return out;
}

Table SoundRows::rowNames(int64_t first, int64_t count) const {
  Column file{.name = "file", .type = ColumnType::Text}, start{.name = "start (s)"};
  for (int64_t row = first; row < std::min(first + count, rows_); ++row) {
    const Sound& sound = soundOf(row);
    file.texts.push_back(files_[sound.file].path);
    start.numbers.push_back(static_cast<double>((row - sound.first_row) * hop_) / static_cast<double>(rate_));
  }
  return Table({std::make_shared<const Column>(std::move(file)), std::make_shared<const Column>(std::move(start))});
}

Table SoundRows::fileColumn() const {
  Column column{.name = "file", .type = ColumnType::Text};
  for (const int64_t file : file_of_row_) column.texts.push_back(files_[static_cast<size_t>(file)].name);
  return Table({std::make_shared<const Column>(std::move(column))});
}

const SoundRows::Sound& SoundRows::soundOf(int64_t row) const {
  const auto behind = std::upper_bound(sounds_.begin(), sounds_.end(), row,
                                       [](int64_t r, const Sound& sound) { return r < sound.first_row; });
  return *(behind - 1);
}

void SoundRows::open(const Sound& sound) {
  if (open_ == &sound) return;
  open_ = nullptr;
  file_ = std::make_unique<SoundFile>(files_[sound.file].path);
  open_ = &sound;
  begin_ = end_ = 0;
}

// Samples [first, end) of the file that is open, all channels. What they share with those that were asked for before is
// not decoded again.
const float* SoundRows::samples(int64_t first, int64_t end) {
  const int64_t channels = file_->channels();
  const int64_t kept = first >= begin_ && first < end_ ? std::min(end_, end) - first : 0;
  if (kept > 0) std::copy_n(buffer_.begin() + (first - begin_) * channels, kept * channels, buffer_.begin());
  buffer_.resize(static_cast<size_t>((end - first) * channels));
  begin_ = first, end_ = first + kept;
  if (kept < end - first) file_->read(end_, end - end_, buffer_.data() + kept * channels);
  end_ = end;
  return buffer_.data();
}

void SoundRows::readWindow(int64_t row, float* into) {
  const Sound& sound = soundOf(row);
  open(sound);
  const int64_t first = (row - sound.first_row) * hop_, count = std::min(window_, sound.samples - first);
  if (sound.resampler == nullptr) {
    const float* from = samples(first, first + count);
    for (int64_t c = 0; c < channels_; ++c) mixInto(into + c * window_, from, count, file_->channels(), mix_, c);
    return;
  }
  const auto [begin, end] = sound.resampler->neededFor(first, count);
  const int64_t there = std::max<int64_t>(begin, 0), until = std::min(end, file_->samples());
  const float* from = samples(there, until);
  for (int64_t c = 0; c < channels_; ++c) {
    mixed_.assign(static_cast<size_t>(end - begin), 0.0F);
    mixInto(mixed_.data() + (there - begin), from, until - there, file_->channels(), mix_, c);
    sound.resampler->run(mixed_.data(), first, count, into + c * window_);
  }
}

}  // namespace blockyard
