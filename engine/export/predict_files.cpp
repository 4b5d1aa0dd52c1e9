#include "export/predict_files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "blocks/catalog.hpp"
#include "blocks/picture_rows.hpp"
#include "blocks/source.hpp"

namespace blockyard {
namespace {

std::string lowerEnding(const std::string& file) {
  std::string ending = std::filesystem::path(file).extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

// The pictures that were named, and those below the folders that were.
std::vector<std::string> picturesOf(const std::vector<std::string>& named) {
  std::vector<std::string> out;
  for (const auto& file : named) {
    if (!std::filesystem::is_directory(file)) {
      out.push_back(file);
      continue;
    }
    const std::vector<PictureFile> below = picturesBelow(file);
    if (below.empty())
      throw Error({.file = file}, "there are no pictures in the folder", "expected JPEG, PNG, BMP, TIFF or WebP files");
    for (const PictureFile& picture : below) out.push_back(picture.path);
  }
  return out;
}

// Whether the pipeline's source takes a folder as it is: of sounds, of texts.
bool takesFolders(const Bundle& bundle) {
  const auto& inputs = bundle.inputs();
  const bool pictures =
      std::any_of(inputs.begin(), inputs.end(), [](const auto& input) { return input.second.kind == Wire::Image; });
  const auto& nodes = bundle.plan().nodes;
  return !pictures && std::any_of(nodes.begin(), nodes.end(), [](const PlanNode& node) {
    return blockType(node.type).schema.kind == Kind::Source &&
           (node.values.has("folder") || node.type == "source/audio_table");
  });
}

}  // namespace

bool isPictureFile(const std::string& file) {
  return hasPictureEnding(file) || std::filesystem::is_directory(file);
}

bool isJsonFile(const std::string& file) {
  const std::string ending = lowerEnding(file);
  return ending == ".json" || ending == ".jsonl";
}

std::string newRowsFile(const Plan& plan) {
  static const std::map<std::string, const char*> kEndings = {
      {"source/image_folder", "png"}, {"source/image_table", "png"}, {"source/images", "png"},
      {"source/audio_folder", "wav"}, {"source/audio_table", "wav"}, {"source/text_folder", "txt"},
      {"source/text_lines", "txt"},   {"source/long_text", "txt"},   {"source/text_windows", "txt"}};
  std::string ending = "csv";
  for (const PlanNode& node : plan.nodes) {
    if (const auto found = kEndings.find(node.type); found != kEndings.end()) ending = found->second;
    if (node.type == "source/array") ending = node.values.text("values_kind") == "pictures" ? "png" : "npy";
  }
  return "NEW." + ending;
}

void predictFiles(Bundle& bundle, const std::vector<std::string>& files,
                  const std::function<void(const Answers&)>& each) {
  const bool folders = takesFolders(bundle);
  const auto pictures = std::count_if(files.begin(), files.end(), [&](const std::string& file) {
    return isPictureFile(file) && !(folders && std::filesystem::is_directory(file));
  });
  if (pictures > 0 && static_cast<size_t>(pictures) != files.size())
    throw Error({}, "pictures and other files cannot be mixed",
                "give the pictures at once, and the other files at another time", Fault::Usage);
  if (pictures > 0) return bundle.answer(*bundle.openPictures(picturesOf(files)), each);
  for (const auto& file : files) {
    const auto source = isJsonFile(file) ? bundle.openJson(readFile(file), file) : bundle.open(file);
    bundle.answer(*source, each);
  }
}

}  // namespace blockyard
