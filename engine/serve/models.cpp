#include "serve/models.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace blockyard {
namespace {

constexpr auto kBetweenLooks = std::chrono::seconds(1);

}  // namespace

Models::Models(std::vector<ModelFile> files, const PredictOptions& options, const LaneLimits& limits, Batched batched,
               Replaced replaced)
    : options_(options), limits_(limits), batched_(std::move(batched)), replaced_(std::move(replaced)) {
  for (ModelFile& file : files) {
    for (const Entry& other : entries_)
      if (other.file.name == file.name && other.file.version == file.version)
        throw Error({.file = file.file.string()},
                    "the model \"" + file.name + "\" has the version " + file.version + " already",
                    "give each a name or version of its own: NAME=FILE or NAME:VERSION=FILE");
    Entry entry{.file = std::move(file)};
    entry.stamp = stampOf(entry.file.file);
    entry.model = {entry.file.name, entry.file.version, load(entry.file)};
    entries_.push_back(std::move(entry));
  }
  watching_ = std::thread([this] { watch(); });
}

Models::~Models() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  ended_.notify_all();
  watching_.join();
}

Models::Stamp Models::stampOf(const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size};
}

std::shared_ptr<Lane> Models::load(const ModelFile& file) const {
  return std::make_shared<Lane>(file.file.string(), options_, limits_, [this, file](int64_t rows, size_t requests) {
    if (batched_) batched_(file, rows, requests);
  });
}

std::optional<Model> Models::find(const std::string& name, const std::string& version) const {
  const std::lock_guard lock(mutex_);
  std::optional<Model> out;
  for (const Entry& entry : entries_) {
    if (!name.empty() && entry.file.name != name) continue;
    if (!version.empty() && entry.file.version != version) continue;
    if (name.empty() && out && out->name != entry.file.name) return std::nullopt;
    out = entry.model;  // the last one given is the latest
  }
  return out;
}

std::vector<Model> Models::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Model> out;
  for (const Entry& entry : entries_) out.push_back(entry.model);
  std::stable_sort(out.begin(), out.end(), [](const Model& a, const Model& b) { return a.name < b.name; });
  return out;
}

void Models::watch() {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, kBetweenLooks, [&] { return over_; })) {
    lock.unlock();
    for (Entry& entry : entries_) lookAt(entry);
    lock.lock();
  }
}

void Models::lookAt(Entry& entry) {
  const Stamp stamp = stampOf(entry.file.file);
  if (stamp == Stamp{} || stamp == entry.stamp) return;
  entry.stamp = stamp;
  try {
    std::shared_ptr<Lane> lane = load(entry.file);
    {
      const std::lock_guard lock(mutex_);
      entry.model.lane.swap(lane);
      ++entry.model.loads;
    }
    lane.reset();  // the old one answers what it still owes first
    if (replaced_) replaced_(entry.file, {});
  } catch (const std::exception& failure) {
    if (replaced_) replaced_(entry.file, failure.what());
  }
}

}  // namespace blockyard
