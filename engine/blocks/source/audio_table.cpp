// Audio table: windows of sound files that a table names, with what is to be predicted beside each.
#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

#include "base/sha256.hpp"
#include "blocks/block.hpp"
#include "blocks/path_table.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/sound_rows.hpp"
#include "blocks/source.hpp"

namespace blockyard::source {
namespace {

// Predicting: sounds that are given by themselves, without a table.
std::vector<FolderFile> soundsAlone(const SourceSetup& setup) {
  const bool predicting = setup.expected != nullptr && !setup.all_files;
  return predicting && !setup.values.text("file").empty() ? soundsAt(pathOf(setup, "file")) : std::vector<FolderFile>{};
}

std::vector<FolderFile> soundsIn(const PathTable& table, const SourceSetup& setup) {
  std::vector<FolderFile> out = table.files(setup);
  for (size_t row = 0; row < out.size(); ++row)
    if (out[row].name.empty())
      throw Error({.parameter = "column", .file = pathOf(setup, "file")},
                  "row " + std::to_string(row + 1) + " names no sound", "leave the row out of the table");
  return out;
}

class AudioTable final : public Source {
 public:
  AudioTable(const SourceSetup& setup, std::vector<FolderFile> alone)
      : table_(alone.empty() ? std::make_optional<PathTable>(setup, soundFiles()) : std::nullopt),
        rows_(table_ ? soundsIn(*table_, setup) : std::move(alone), setup) {
    outputs_["signal"] = soundSignature(setup.values);
    fingerprint_ = rows_.fingerprint();
    if (!table_) return;
    fingerprint_ = sha256Hex(table_->fingerprint() + "\n" + rows_.fingerprint());
    parts_ = table_->parts(setup, rows_.fileOfRow());
    if (!table_->hasTarget()) return;
    outputs_["target"] = table_->targetSignature(setup);
    target_ = table_->target(setup, rows_.fileOfRow());
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  bool partial() const override { return table_ && table_->partial(); }
  std::string fingerprint() const override { return fingerprint_; }
  std::vector<std::string> notices() const override { return rows_.notices(); }
  std::vector<Part> givenParts() const override { return parts_; }
  RowSpans spans() const override { return rows_.spans(); }
  Table rowNames(int64_t first, int64_t count) override { return rows_.rowNames(first, count); }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    if (port == "signal") return rows_.read(first, count);
    first = std::min(first, rows());
    return target_.slice(first, std::max<int64_t>(0, std::min(count, rows() - first)));
  }

  // Those of the table; every window has them as its file does. And "file", as in a folder of sounds.
  Table splitColumns(const std::vector<std::string>& names) override {
    if (names == std::vector<std::string>{"file"} && !(table_ && table_->hasColumn("file"))) return rows_.fileColumn();
    return table_ ? table_->columns(names, rows_.fileOfRow()) : Table(rows());
  }

 private:
  std::optional<PathTable> table_;
  SoundRows rows_;
  Signatures outputs_;
  std::string fingerprint_;
  Packet target_{};  // of every row
  std::vector<Part> parts_;
};

std::unique_ptr<Source> openAudioTable(const SourceSetup& setup) {
  return std::make_unique<AudioTable>(setup, soundsAlone(setup));
}

// No sound is opened.
Signatures peekAudioTable(const SourceSetup& setup) {
  Signatures outputs = soundsAlone(setup).empty() ? PathTable::peek(setup, soundFiles()) : Signatures{};
  outputs["signal"] = soundSignature(setup.values);
  return outputs;
}

}  // namespace

BlockType audio_table() {
  BlockSchema schema{
      .title = "Audio table",
      .doc =
          "Windows of sound files (WAV, FLAC, Ogg, MP3, AIFF, AU) that a table names: a CSV, TSV, Parquet or Arrow "
          "file with a column of paths, seen from the folder of the table, and what is to be predicted beside them "
          "- a class or numbers, the same for all windows of a file. Values are from -1 to 1, at one sampling rate. "
          "Windows of one file must not stand on both sides of a split if they overlap: split by group, with "
          "split_column \"file\".",
      .outputs = {{"signal", "float[N, C, W]", "`window` samples of one channel, of two if `channels` is stereo"},
                  {"target", "label|target", "class index, or number(s) to predict"}},
      .params = pathTableParams(soundFiles())};
  for (Param& param : soundParams()) schema.params.push_back(std::move(param));
  return {.schema = std::move(schema), .open = openAudioTable, .peek = peekAudioTable};
}

}  // namespace blockyard::source
