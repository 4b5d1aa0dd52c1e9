#include "training/data_change.hpp"

#include <algorithm>
#include <functional>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "data/file_bytes.hpp"
#include "data/npz.hpp"
#include "runs/run.hpp"
#include "training/data_files.hpp"
#include "training/source_of.hpp"

namespace blockyard {
namespace {

// What a pipeline reads now.
struct Reading {
  FoundSource source;
  PlanFiles files{};
};

// Nothing if it has no source that reads files. Where something else is wrong with the pipeline, its source counts
// alone.
std::optional<Reading> readingOf(const Project& project, const std::string& pipeline, const Checked& checked) {
  const auto source = sourceOf(project, pipeline, checked);
  if (!source || source->files.empty()) return std::nullopt;
  Reading out{*source, {.source = source->files}};
  if (checked.ok()) out.files = filesOf(makePlan(project, pipeline, checked));
  return out;
}

// The newest run that has read the same files by a block of the same name.
std::optional<RunRecord> lastRunOf(const Reading& reading, const std::string& folder) {
  std::vector<RunEntry> runs = listRuns(folder);
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (!run->record || run->record->data.files.empty() || run->record->plan.is_null()) continue;
    try {
      const Plan plan = planFromJson(run->record->plan);
      const PlanNode* node = plan.find(reading.source.id.name);
      if (node != nullptr && node->type == reading.source.type->schema.id && filesOf(plan) == reading.files)
        return *run->record;
    } catch (const Error&) {  // of a later version: it says nothing about this one
    }
  }
  return std::nullopt;
}

std::vector<std::string> columnsOf(const Source& source) {
  std::vector<std::string> out;
  for (const auto& [port, signature] : source.outputs())
    for (const ColumnInfo& column : signature.columns) out.push_back(column.name);
  return out;
}

std::string bytesText(int64_t bytes) {
  return bytes < 0 ? "not there" : std::to_string(bytes) + " bytes";
}

// A pattern's folder, where files come and go; what is none as it is.
std::string folderOfPattern(const std::string& path) {
  const size_t sign = path.find_first_of("*?[");
  std::error_code code;
  if (sign == std::string::npos || std::filesystem::exists(path, code)) return path;
  return std::filesystem::path(path.substr(0, sign)).parent_path().string();
}

std::string without(const std::vector<std::string>& all, const std::vector<std::string>& known) {
  std::string out;
  for (const auto& name : all)
    if (std::find(known.begin(), known.end(), name) == known.end()) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// What has become of the files, of a few of them in words.
void addFiles(const std::vector<DataFile>& then, const std::vector<DataFile>& now,
              const std::function<void(const std::string&)>& add) {
  constexpr size_t kMostInWords = 5;
  std::vector<std::string> said;
  const auto shortName = [](const DataFile& file) { return std::filesystem::path(file.file).filename().string(); };
  for (const DataFile& file : now) {
    const DataFile* before = fileNamed(file.file, then);
    if (before == nullptr) {
      said.push_back(shortName(file) + " is new");
    } else if (*before != file) {
      constexpr double kNanoseconds = 1e-9;
      said.push_back(shortName(file) +
                     (before->bytes == file.bytes
                          ? ""
                          : " has " + bytesText(file.bytes) + ", " + bytesText(before->bytes) + " then,") +
                     " was changed " + utcText(kNanoseconds * static_cast<double>(file.modified)));
    }
  }
  for (const DataFile& file : then)
    if (file.bytes >= 0 && fileNamed(file.file, now) == nullptr) said.push_back(shortName(file) + " is gone");
  for (size_t i = 0; i < std::min(kMostInWords, said.size()); ++i) add(said[i]);
  if (said.size() > kMostInWords) add("and " + std::to_string(said.size() - kMostInWords) + " more files");
}

std::string differenceText(const DataSeen& then, const DataSeen& now) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  if (then.rows != now.rows) add(std::to_string(now.rows) + " rows, " + std::to_string(then.rows) + " then");
  if (then.columns != now.columns) {
    add(std::to_string(now.columns.size()) + " columns, " + std::to_string(then.columns.size()) + " then");
    if (const auto names = without(now.columns, then.columns); !names.empty()) add("new: " + names);
    if (const auto names = without(then.columns, now.columns); !names.empty()) add("gone: " + names);
  }
  addFiles(then.files, now.files, add);
  return out;
}

}  // namespace

DataSeen dataSeen(const Plan& plan, const Source& source) {
  return {.rows = source.rows(), .columns = columnsOf(source), .files = lookAtFiles(filesOf(plan), plan.folder)};
}

std::vector<std::string> dataFilesOf(const Project& project, const std::string& pipeline, const Checked& checked) {
  std::vector<std::string> out;
  for (const Node& node : project.graph(pipeline).nodes()) {
    const BlockType* type = findBlockType(node.type);
    const auto values = checked.values.find(node.id);
    if (type == nullptr || node.bypassed || values == checked.values.end()) continue;
    for (const std::string& file : filesIn(*type, values->second))
      out.push_back(folderOfPattern(npzPath(pathFrom(project.folder(), file)).file));
  }
  return out;
}

std::optional<Problem> dataChanged(const Project& project, const std::string& pipeline, const Checked& checked,
                                   const std::atomic<bool>* stop) {
  if (project.file.empty()) return std::nullopt;
  try {
    const auto reading = readingOf(project, pipeline, checked);
    if (!reading) return std::nullopt;
    const FoundSource& source = reading->source;
    const auto last = lastRunOf(*reading, project.folder());
    if (!last) return std::nullopt;
    DataSeen now{.files = lookAtFiles(reading->files, project.folder())};
    const auto is_gone = [](const DataFile& file) { return file.bytes < 0; };
    if (now.files == last->data.files || std::any_of(now.files.begin(), now.files.end(), is_gone)) return std::nullopt;
    SourceSetup setup{.values = source.values, .folder = project.folder()};
    setup.stop = stop;
    const std::unique_ptr<Source> opened = source.type->open(setup);
    if (dataFingerprint(reading->files, project.folder(), *opened) == last->data_fingerprint) return std::nullopt;
    now.rows = opened->rows(), now.columns = columnsOf(*opened);
    return Problem{Severity::Warning,
                   {.block = source.id.name},
                   "the data has changed since run " + last->id.text + ": " + differenceText(last->data, now),
                   "train again to learn from it",
                   {}};
  } catch (const std::exception&) {  // the checks say what cannot be read
    return std::nullopt;
  }
}

}  // namespace blockyard
