#include "export/predict_files.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
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

void predictPictures(Bundle& bundle, const std::vector<std::string>& named,
                     const std::function<void(const Answers&)>& each) {
  const std::vector<std::string> files = picturesOf(named);
  const auto source = bundle.openPictures(files);
  size_t next = 0;
  bundle.answer(*source, [&](const Answers& answers) {
    Column names{.name = "file", .type = ColumnType::Text};
    for (int64_t row = 0; row < answers.table.rows(); ++row) names.texts.push_back(files[next++]);
    std::vector<Table::Shared> columns{std::make_shared<const Column>(std::move(names))};
    columns.insert(columns.end(), answers.table.columns().begin(), answers.table.columns().end());
    each({Table(std::move(columns)), answers.scores, answers.rows});
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

void predictFiles(Bundle& bundle, const std::vector<std::string>& files,
                  const std::function<void(const Answers&)>& each) {
  const auto pictures = std::count_if(files.begin(), files.end(), isPictureFile);
  if (pictures > 0 && static_cast<size_t>(pictures) != files.size())
    throw Error({}, "pictures and other files cannot be mixed",
                "give the pictures at once, and the other files at another time", Fault::Usage);
  if (pictures > 0) return predictPictures(bundle, files, each);
  for (const auto& file : files) {
    const auto source = isJsonFile(file) ? bundle.openJson(readFile(file), file) : bundle.open(file);
    bundle.answer(*source, each);
  }
}

}  // namespace blockyard
