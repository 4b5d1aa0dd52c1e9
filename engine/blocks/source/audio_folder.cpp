// Audio folder: windows of sound files in folders that are named after their classes.
#include <ATen/ATen.h>

#include <filesystem>

#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "blocks/sound_rows.hpp"
#include "blocks/source.hpp"

namespace blockyard::source {
namespace {

ClassFolders soundsOf(const SourceSetup& setup) {
  const bool predicting = setup.expected != nullptr && !setup.all_files;
  if (predicting && !setup.values.text("folder").empty()) {
    const std::string path = pathOf(setup, "folder");
    if (!std::filesystem::is_directory(path)) return {.files = {{path, path}}};
  }
  return classFolders(setup, soundFiles());
}

Signatures outputsOf(const SourceSetup& setup, const ClassFolders& found) {
  Signatures outputs{{"signal", soundSignature(setup.values)}};
  if (!found.labels.empty())
    outputs["target"] = {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = found.classes};
  return outputs;
}

class AudioFolder final : public Source {
 public:
  AudioFolder(const SourceSetup& setup, const ClassFolders& found)
      : rows_(found.files, setup), outputs_(outputsOf(setup, found)) {
    std::vector<int64_t> labels;
    for (const int64_t file : rows_.fileOfRow()) {
      if (!found.labels.empty()) labels.push_back(found.labels[static_cast<size_t>(file)]);
      if (!found.parts.empty()) parts_.push_back(found.parts[static_cast<size_t>(file)]);
    }
    if (labels.empty()) return;
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = found.classes;
    target_ = Packet(at::tensor(labels, at::kLong), std::move(meaning));
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  std::string fingerprint() const override { return rows_.fingerprint(); }
  std::vector<Part> givenParts() const override { return parts_; }
  std::vector<std::string> notices() const override { return rows_.notices(); }
  RowSpans spans() const override { return rows_.spans(); }
  Table rowNames(int64_t first, int64_t count) override { return rows_.rowNames(first, count); }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    if (port == "signal") return rows_.read(first, count);
    first = std::min(first, rows());
    return target_.slice(first, std::max<int64_t>(0, std::min(count, rows() - first)));
  }

  // The column "file" alone.
  Table splitColumns(const std::vector<std::string>& names) override {
    for (const std::string& name : names)
      if (name != "file")
        throw Error({.parameter = "split_column"}, "there is no column \"" + name + "\"",
                    "a folder of sounds has the column \"file\" alone");
    return names.empty() ? Table(rows()) : rows_.fileColumn();
  }

 private:
  SoundRows rows_;
  Signatures outputs_;
  Packet target_{};  // of every row
  std::vector<Part> parts_;
};

std::unique_ptr<Source> openAudio(const SourceSetup& setup) {
  return std::make_unique<AudioFolder>(setup, soundsOf(setup));
}

// From the names alone; one header shows whether the rate is right.
Signatures peekAudio(const SourceSetup& setup) {
  const ClassFolders found = soundsOf(setup);
  const std::string& path = found.files.front().path;
  checkRate(SoundFile(path), path, setup.values);
  return outputsOf(setup, found);
}

}  // namespace

BlockType audio_folder() {
  BlockSchema schema{
      .title = "Audio folder",
      .doc =
          "Windows of sound files (WAV, FLAC, Ogg, MP3, AIFF, AU) in a folder that holds one folder for each class; "
          "its name is the name of the class. Folders train, val and test above those say what the rows are for "
          "(split: given). Values are from -1 to 1, at one sampling rate. What is left at the end of a file behind "
          "the last whole window is not used. Windows of one file must not stand on both sides of a split if they "
          "overlap: split by group, with split_column \"file\".",
      .outputs = {{"signal", "float[N, C, W]", "`window` samples of one channel, of two if `channels` is stereo"},
                  {"target", "label", "class of each window"}},
      .params = {{"folder", "", {}, "the folder with the folders of the classes", "", Role::File}}};
  for (Param& param : soundParams()) schema.params.push_back(std::move(param));
  return {.schema = std::move(schema), .open = openAudio, .peek = peekAudio};
}

}  // namespace blockyard::source
