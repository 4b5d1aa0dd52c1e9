#include "training/branch.hpp"

#include <charconv>
#include <functional>
#include <map>

#include "runs/checkpoints.hpp"

namespace blockyard {

BranchFrom checkpointOf(const Run& run, const std::string& at) {
  const CheckpointStore store(run.folder() / "checkpoints");
  if (store.checkpoints().empty())
    throw Error({.file = run.folder().string()}, "run " + run.id().text + " has no checkpoint",
                "checkpoints are written at the ends of epochs, and every training.checkpoint_steps steps");
  const auto found = [&](const CheckpointStore::Loaded& loaded) {
    return BranchFrom{{run.id().text, loaded.info.step}, (store.folder() / loaded.info.file).string()};
  };
  if (at.empty()) return found(*store.loadLatest());
  if (at == "best") return found(*store.loadBest());
  int64_t step = -1;
  const auto [end, code] = std::from_chars(at.data(), at.data() + at.size(), step);
  if (code != std::errc() || end != at.data() + at.size() || step < 0)
    throw Error({}, "expected the number of a step, or \"best\", got \"" + at + "\"", "", Fault::Usage);
  return found(store.loadStep(step));
}

std::optional<BranchFrom> beginningOf(const Run& run) {
  if (!run.record().parent) return std::nullopt;
  const auto file = run.folder() / kBranchFile;
  std::error_code code;
  if (!std::filesystem::exists(file, code))
    throw Error({.file = file.string()}, "the checkpoint that this branch began with is gone", "it cannot be repeated");
  return BranchFrom{*run.record().parent, file.string()};
}

std::vector<FamilyPlace> families(const std::vector<RunEntry>& runs) {
  std::map<std::string, size_t> numbers;
  for (size_t i = 0; i < runs.size(); ++i) numbers[runs[i].id.text] = i;
  std::vector<std::vector<size_t>> children(runs.size());
  std::vector<size_t> first;
  for (size_t i = 0; i < runs.size(); ++i) {
    std::string from;
    if (const auto& record = runs[i].record) from = record->parent ? record->parent->run : record->repeats;
    const auto parent = numbers.find(from);
    // A run comes from an older one; anything else was written by hand, and could be a circle.
    if (parent != numbers.end() && runs[parent->second].id < runs[i].id)
      children[parent->second].push_back(i);
    else
      first.push_back(i);
  }
  std::vector<FamilyPlace> out;
  const std::function<void(size_t, int)> add = [&](size_t i, int depth) {
    out.push_back({i, depth});
    for (const size_t child : children[i]) add(child, depth + 1);
  };
  for (const size_t i : first) add(i, 0);
  return out;
}

}  // namespace blockyard
