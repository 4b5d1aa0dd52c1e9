#include "training/data_change.hpp"

#include <algorithm>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "data/file_bytes.hpp"
#include "data/npz.hpp"
#include "runs/run.hpp"
#include "training/source_of.hpp"

namespace blockyard {
namespace {

// The newest run that has read the same files by a block of the same name.
std::optional<RunRecord> lastRunOf(const FoundSource& source, const std::string& folder) {
  std::vector<RunEntry> runs = listRuns(folder);
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (!run->record || run->record->data.files.empty() || run->record->plan.is_null()) continue;
    const auto& seen = run->record->data.files;
    const bool same = std::equal(seen.begin(), seen.end(), source.files.begin(), source.files.end(),
                                 [](const DataFile& a, const std::string& b) { return a.file == b; });
    if (!same) continue;
    try {
      const Plan plan = planFromJson(run->record->plan);
      const PlanNode* node = plan.find(source.id.name);
      if (node != nullptr && node->type == source.type->schema.id) return *run->record;
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

std::string without(const std::vector<std::string>& all, const std::vector<std::string>& known) {
  std::string out;
  for (const auto& name : all)
    if (std::find(known.begin(), known.end(), name) == known.end()) out += (out.empty() ? "" : ", ") + name;
  return out;
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
  for (size_t i = 0; i < now.files.size(); ++i) {
    const DataFile &a = then.files[i], &b = now.files[i];
    if (a == b) continue;
    const std::string name = std::filesystem::path(b.file).filename().string();
    constexpr double kNanoseconds = 1e-9;
    add(name + (a.bytes == b.bytes ? "" : " has " + bytesText(b.bytes) + ", " + bytesText(a.bytes) + " then,") +
        " was changed " + utcText(kNanoseconds * static_cast<double>(b.modified)));
  }
  return out;
}

}  // namespace

DataSeen dataSeen(const Plan& plan, const Source& source) {
  DataSeen out{.rows = source.rows(), .columns = columnsOf(source)};
  for (const PlanNode& node : plan.nodes) {
    const BlockType* type = findBlockType(node.type);
    if (type == nullptr || type->schema.kind != Kind::Source) continue;
    for (const auto& file : filesIn(*type, node.values))
      out.files.push_back(lookAtFile(file, npzPath(pathFrom(plan.folder, file)).file));
  }
  return out;
}

std::vector<std::string> dataFilesOf(const Project& project, const std::string& pipeline, const Checked& checked) {
  std::vector<std::string> out;
  if (const auto source = sourceOf(project, pipeline, checked))
    for (const auto& file : source->files) out.push_back(npzPath(pathFrom(project.folder(), file)).file);
  return out;
}

std::optional<Problem> dataChanged(const Project& project, const std::string& pipeline, const Checked& checked,
                                   const std::atomic<bool>* stop) {
  if (project.file.empty()) return std::nullopt;
  try {
    const auto source = sourceOf(project, pipeline, checked);
    if (!source || source->files.empty()) return std::nullopt;
    const auto last = lastRunOf(*source, project.folder());
    if (!last) return std::nullopt;
    DataSeen now;
    for (const auto& file : source->files)
      now.files.push_back(lookAtFile(file, npzPath(pathFrom(project.folder(), file)).file));
    const auto is_gone = [](const DataFile& file) { return file.bytes < 0; };
    if (now.files == last->data.files || std::any_of(now.files.begin(), now.files.end(), is_gone)) return std::nullopt;
    SourceSetup setup{.values = source->values, .folder = project.folder()};
    setup.stop = stop;
    const std::unique_ptr<Source> opened = source->type->open(setup);
    if (opened->fingerprint() == last->data_fingerprint) return std::nullopt;
    now.rows = opened->rows(), now.columns = columnsOf(*opened);
    return Problem{Severity::Warning,
                   {.block = source->id.name},
                   "the data has changed since run " + last->id.text + ": " + differenceText(last->data, now),
                   "train again to learn from it",
                   {}};
  } catch (const std::exception&) {  // the checks say what cannot be read
    return std::nullopt;
  }
}

}  // namespace blockyard
