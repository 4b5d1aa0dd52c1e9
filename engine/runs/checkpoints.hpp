// CheckpointStore: the states of a run that one can go back to, in <run>/checkpoints/step-00001234.safetensors. Each
// file tells about itself in its metadata (step, number of the save, score, best, SHA-256 of the content), so there is
// no index that could disagree; a file that was cut short or has a flipped bit is never loaded, the one before it is,
// with a warning. Kept are the best and the last ones. Torch-free: tensors come and go as views of bytes. For one
// thread; blocks on the disk.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/safetensors.hpp"

namespace blockyard {

struct CheckpointInfo {
  int64_t step = 0;
  std::string file{};             // name in the folder
  std::optional<double> score{};  // of the metric that decides which is best, as the caller counts it
  bool best = false;              // it was the best when it was saved
  int64_t number = 0;             // of the save: a run that went back to an earlier step saves at smaller steps again
};

class CheckpointStore {
 public:
  // `folder` is made at the first save. `keep` is how many of the last ones stay beside the best; 0: all.
  explicit CheckpointStore(std::filesystem::path folder, size_t keep = 2);

  // Writes durably, removes what need not be kept, and returns the file's name. A run that went back to an earlier step
  // and saves there drops the checkpoints after it, except for the best. The metadata keys step, number, best, score
  // and sha256 are ours. Throws Error (disk full, ...); the older checkpoints are whole then.
  std::string save(int64_t step, const std::vector<TensorView>& tensors, const Metadata& metadata = {},
                   std::optional<double> score = {}, bool is_best = false);

  struct Loaded {
    CheckpointInfo info{};
    SafetensorsFile file;
    std::vector<std::string> warnings{};  // one for each damaged checkpoint that was passed over
  };
  // Nothing if there is none. Throws Error if there are some but all are damaged.
  std::optional<Loaded> loadLatest() const;
  std::optional<Loaded> loadBest() const;  // the latest if none was called best
  // That one and no other. Throws Error if there is none of that step, naming those there are, or if it is damaged.
  Loaded loadStep(int64_t step) const;

  const std::vector<CheckpointInfo>& checkpoints() const { return checkpoints_; }  // in the order of the saves
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void prune(int64_t step);
  std::optional<Loaded> loadFirst(const std::vector<CheckpointInfo>& order) const;

  std::filesystem::path folder_;
  size_t keep_;
  std::vector<CheckpointInfo> checkpoints_;
};

}  // namespace blockyard
