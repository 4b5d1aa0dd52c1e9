// Audio folder: windows of sound files in folders that are named after their classes.
#include <ATen/ATen.h>

#include <algorithm>
#include <filesystem>

#include "base/sha256.hpp"
#include "blocks/block.hpp"
#include "blocks/class_folders.hpp"
#include "blocks/row_pieces.hpp"
#include "data/file_bytes.hpp"
#include "data/sound.hpp"

namespace blockyard::source {
namespace {

// A file and the windows of it.
struct Sound {
  FolderFile file{};
  int64_t samples = 0;
  int64_t first_row = 0, windows = 0;
};

ClassFolders soundsOf(const SourceSetup& setup) {
  static const FileKind kKind{hasSoundEnding, "sounds", "WAV, FLAC, Ogg, MP3, AIFF or AU"};
  const bool predicting = setup.expected != nullptr && !setup.all_files;
  if (predicting && !setup.values.text("folder").empty()) {
    const std::string path = pathOf(setup, "folder");
    if (!std::filesystem::is_directory(path)) return {.files = {{path, path}}};
  }
  return classFolders(setup, kKind);
}

void checkRate(const SoundFile& sound, const std::string& path, int64_t wanted) {
  if (sound.rate() == wanted) return;
  throw Error({.parameter = "rate", .file = path},
              "expected " + std::to_string(wanted) + " samples a second, got " + std::to_string(sound.rate()),
              "if all files are like this one, set `rate` to " + std::to_string(sound.rate()) +
                  "; else bring them to one rate first, with sox or ffmpeg");
}

// One window of all channels as the channels that are wanted: [count, from] -> [to, window].
void mixInto(float* to, const float* from, int64_t count, int64_t channels, int64_t window, const std::string& how) {
  const auto pick = [&](int64_t channel, float* into) {
    channel = std::min(channel, channels - 1);
    for (int64_t i = 0; i < count; ++i) into[i] = from[i * channels + channel];
  };
  if (how == "left" || how == "stereo") pick(0, to);
  if (how == "right") pick(1, to);
  if (how == "stereo") pick(1, to + window);
  if (how != "mono") return;
  for (int64_t i = 0; i < count; ++i) {
    double sum = 0;
    for (int64_t c = 0; c < channels; ++c) sum += from[i * channels + c];
    to[i] = static_cast<float>(sum / static_cast<double>(channels));
  }
}

class AudioFolder final : public Source {
 public:
  AudioFolder(const SourceSetup& setup, const ClassFolders& found)
      : mix_(setup.values.text("channels")),
        rate_(setup.values.integer("rate")),
        window_(setup.values.integer("window")),
        hop_(setup.values.integer("hop") > 0 ? setup.values.integer("hop") : window_) {
    const std::string& short_files = setup.values.text("short_files");
    const bool whole = setup.most_rows == 0;
    Sha256 all;
    std::vector<int64_t> labels;
    for (size_t i = 0; i < found.files.size() && (whole || rows_ < setup.most_rows); ++i) {
      if (setup.stop != nullptr && *setup.stop) throw Error({}, "stopped", {}, Fault::TryAgain);
      const FolderFile& file = found.files[i];
      Sound sound{.file = file, .first_row = rows_};
      measure(sound, short_files);
      if (whole) all.update(file.name + '\0' + hashOf(file.path) + '\n');
      if (setup.progress) setup.progress(static_cast<int64_t>(i) + 1, static_cast<int64_t>(found.files.size()));
      if (sound.windows == 0) continue;
      rows_ += sound.windows;
      for (int64_t w = 0; w < sound.windows; ++w) {
        if (!found.labels.empty()) labels.push_back(found.labels[i]);
        if (!found.parts.empty()) parts_.push_back(found.parts[i]);
      }
      sounds_.push_back(std::move(sound));
    }
    if (rows_ == 0)
      throw Error({.parameter = "window", .file = found.files.front().path},
                  "all files are shorter than a window of " + std::to_string(window_) + " samples",
                  "lower `window`, or set `short_files` to pad");
    fingerprint_ = all.hex();
    outputs_ = outputsOf(setup, found);
    if (labels.empty()) return;
    labels_ = at::tensor(labels, at::kLong);
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = found.classes;
    meaning_ = std::move(meaning);
  }

  static Signatures outputsOf(const SourceSetup& setup, const ClassFolders& found) {
    const int64_t channels = setup.values.text("channels") == "stereo" ? 2 : 1;
    Signatures outputs{{"signal", {.shape = {"N", channels, setup.values.integer("window")}}}};
    if (!found.labels.empty())
      outputs["target"] = {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = found.classes};
    return outputs;
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_; }
  std::string fingerprint() const override { return fingerprint_; }
  std::vector<Part> givenParts() const override { return parts_; }
  std::vector<std::string> notices() const override {
    if (left_out_ == 0) return {};
    return {std::to_string(left_out_) + (left_out_ == 1 ? " file was" : " files were") +
            " left out as shorter than a window"};
  }

  Chunk read(int64_t first, int64_t count) override {
    Chunk chunk{.first_row = first};
    for (const auto& [port, signature] : outputs_) chunk.batch.set(port, readPort(port, first, count));
    return chunk;
  }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    first = std::min(first, rows_);
    count = std::max<int64_t>(0, std::min(count, rows_ - first));
    if (port == "target") return {labels_.narrow(0, first, count), meaning_};
    const int64_t channels = mix_ == "stereo" ? 2 : 1;
    at::Tensor out = at::zeros({count, channels, window_}, at::kFloat);  // [N, C, W]
    float* to = out.mutable_data_ptr<float>();
    for (int64_t row = first; row < first + count; ++row, to += channels * window_) readWindow(row, to);
    return out;
  }

  RowSpans spans() const override {
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

  // The column "file" alone.
  Table splitColumns(const std::vector<std::string>& names) override {
    for (const std::string& name : names)
      if (name != "file")
        throw Error({.parameter = "split_column"}, "there is no column \"" + name + "\"",
                    "a folder of sounds has the column \"file\" alone");
    if (names.empty()) return Table(rows_);
    Column column{.name = "file", .type = ColumnType::Text};
    for (const Sound& sound : sounds_)
      for (int64_t w = 0; w < sound.windows; ++w) column.texts.push_back(sound.file.name);
    return Table({std::make_shared<const Column>(std::move(column))});
  }

  // The file, and where in it a window starts.
  Table rowNames(int64_t first, int64_t count) override {
    Column file{.name = "file", .type = ColumnType::Text}, start{.name = "start (s)"};
    for (int64_t row = first; row < std::min(first + count, rows_); ++row) {
      const Sound& sound = sounds_[soundOf(row)];
      file.texts.push_back(sound.file.path);
      start.numbers.push_back(static_cast<double>((row - sound.first_row) * hop_) / static_cast<double>(rate_));
    }
    return Table({std::make_shared<const Column>(std::move(file)), std::make_shared<const Column>(std::move(start))});
  }

 private:
  void measure(Sound& sound, const std::string& short_files) {
    const SoundFile file(sound.file.path);
    checkRate(file, sound.file.path, rate_);
    sound.samples = file.samples();
    sound.windows = sound.samples < window_ ? 1 : (sound.samples - window_) / hop_ + 1;
    if (sound.samples >= window_ || short_files == "pad") return;
    if (short_files == "error")
      throw Error(
          {.parameter = "short_files", .file = sound.file.path},
          "expected at least " + std::to_string(window_) + " samples, a window, got " + std::to_string(sound.samples),
          "lower `window`, or set `short_files` to pad or skip");
    sound.windows = 0;
    ++left_out_;
  }

  static std::string hashOf(const std::string& path) {
    Sha256 hash;
    FileBytes bytes(path, &hash);
    std::vector<char> buffer(size_t{1} << 18);
    while (bytes.read(buffer.data(), buffer.size()) > 0) {
    }
    return hash.hex();
  }

  size_t soundOf(int64_t row) const {
    const auto behind = std::upper_bound(sounds_.begin(), sounds_.end(), row,
                                         [](int64_t r, const Sound& sound) { return r < sound.first_row; });
    return static_cast<size_t>(behind - sounds_.begin()) - 1;
  }

  // What one window shares with the one before it is not decoded again.
  void readWindow(int64_t row, float* to) {
    const size_t index = soundOf(row);
    const Sound& sound = sounds_[index];
    if (!open_ || open_index_ != index) {
      open_.reset();
      open_ = std::make_unique<SoundFile>(sound.file.path);
      open_index_ = index;
      begin_ = end_ = 0;
    }
    const int64_t channels = open_->channels();
    const int64_t begin = (row - sound.first_row) * hop_, end = std::min(begin + window_, sound.samples);
    buffer_.resize(static_cast<size_t>(window_ * channels));
    const int64_t kept = begin >= begin_ && begin < end_ ? std::min(end_, end) - begin : 0;
    if (kept > 0) std::copy_n(buffer_.begin() + (begin - begin_) * channels, kept * channels, buffer_.begin());
    begin_ = begin, end_ = begin + kept;
    if (kept < end - begin) open_->read(end_, end - end_, buffer_.data() + kept * channels);
    end_ = end;
    mixInto(to, buffer_.data(), end - begin, channels, window_, mix_);
  }

  std::string mix_;
  int64_t rate_, window_, hop_;
  std::vector<Sound> sounds_;
  std::vector<Part> parts_;  // by row
  int64_t rows_ = 0, left_out_ = 0;
  at::Tensor labels_;  // int64 [N]
  Signatures outputs_;
  std::shared_ptr<const Meaning> meaning_;
  std::string fingerprint_;
  std::unique_ptr<SoundFile> open_;
  size_t open_index_ = 0;
  std::vector<float> buffer_;  // samples [begin_, end_) of the file that is open, all channels
  int64_t begin_ = 0, end_ = 0;
};

std::unique_ptr<Source> openAudio(const SourceSetup& setup) {
  return std::make_unique<AudioFolder>(setup, soundsOf(setup));
}

// From the names alone; one header shows whether the rate is right.
Signatures peekAudio(const SourceSetup& setup) {
  const ClassFolders found = soundsOf(setup);
  const std::string& path = found.files.front().path;
  checkRate(SoundFile(path), path, setup.values.integer("rate"));
  return AudioFolder::outputsOf(setup, found);
}

}  // namespace

BlockType audio_folder() {
  constexpr double kMostSamples = 1 << 24;
  return {
      .schema =
          {.title = "Audio folder",
           .doc = "Windows of sound files (WAV, FLAC, Ogg, MP3, AIFF, AU) in a folder that holds one folder for each "
                  "class; its name is the name of the class. Folders train, val and test above those say what the rows "
                  "are for (split: given). Values are from -1 to 1. What is left at the end of a file behind the last "
                  "whole window is not used. Windows of one file must not stand on both sides of a split if they "
                  "overlap: split by group, with split_column \"file\".",
           .outputs = {{"signal", "float[N, C, W]", "`window` samples of one channel, of two if `channels` is stereo"},
                       {"target", "label", "class of each window"}},
           .params = {{"folder", "", {}, "the folder with the folders of the classes", "", Role::File},
                      {"rate", 16000, Range{1, 1e7}, "the sampling rate that every file must have", "Hz"},
                      {"channels", "mono", Choices{"mono", "left", "right", "stereo"},
                       "mono: the mean of all channels; left, right: the first, the second one; stereo: both of them. "
                       "A file with one channel has it on both sides"},
                      {"window", 16000, Range{1, kMostSamples}, "length of a window", "samples"},
                      {"hop", 0, Range{0, kMostSamples}, "from one window to the next; 0: as `window`, no overlap",
                       "samples"},
                      {"short_files", "pad", Choices{"pad", "skip", "error"},
                       "a file shorter than a window: silence is put behind it; it is left out; or complain"}}},
      .open = openAudio,
      .peek = peekAudio};
}

}  // namespace blockyard::source
