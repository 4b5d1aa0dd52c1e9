// Models: the trained pipelines that a service offers, by name and version. A bundle whose file is replaced is loaded
// beside the old one, which answers until the new one is ready; if it cannot be loaded, the old one stays.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "serve/lane.hpp"

namespace blockyard {

struct ModelFile {
  std::string name{};
  std::string version = "1";
  std::filesystem::path file{};
};

struct Model {
  std::string name{};
  std::string version{};
  std::shared_ptr<Lane> lane{};
  int64_t loads = 1;  // how often it has been loaded
};

class Models {
 public:
  // Of a file that was replaced: empty, or why the new one was not taken. On the watching thread.
  using Replaced = std::function<void(const ModelFile&, const std::string& problem)>;
  using Batched = std::function<void(const ModelFile&, int64_t rows, size_t requests)>;

  // Loads all. Throws Error if one cannot be loaded, or two have the same name and version.
  Models(std::vector<ModelFile> files, const PredictOptions& options, const LaneLimits& limits, Batched batched,
         Replaced replaced);
  ~Models();
  Models(const Models&) = delete;
  Models& operator=(const Models&) = delete;

  // Any thread. Empty version: the latest. Empty name: the only one, if there is only one. nullopt if there is none.
  std::optional<Model> find(const std::string& name, const std::string& version = {}) const;
  // By name, and of each the versions from the first to the latest.
  std::vector<Model> all() const;

 private:
  // What tells a file from the one that replaces it, even within one tick of the clock; all 0 if there is none.
  struct Stamp {
    uint64_t inode = 0;
    int64_t seconds = 0, nanoseconds = 0, size = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    ModelFile file{};
    Stamp stamp{};
    Model model{};
  };
  static Stamp stampOf(const std::filesystem::path& file);

  std::shared_ptr<Lane> load(const ModelFile& file) const;
  void watch();
  void lookAt(Entry& entry);

  PredictOptions options_;
  LaneLimits limits_;
  Batched batched_;
  Replaced replaced_;
  mutable std::mutex mutex_;    // over the models in entries_; the rest of an entry is the watching thread's
  std::vector<Entry> entries_;  // in the order given
  std::condition_variable ended_;
  bool over_ = false;
  std::thread watching_;
};

}  // namespace blockyard
