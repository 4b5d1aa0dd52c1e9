// FileLock: a file that one process at a time holds. TrainingLock: one training of a project at a time. Held by a file
// in the runs' folder, which the system frees when the process ends, however it ends. Objects are for one thread.
#pragma once
#include <filesystem>
#include <string>

#include "base/file.hpp"

namespace blockyard {

class FileLock {
 public:
  // Takes the file, which is made if need be, unless somebody else has it. Where the file system knows no locks,
  // everybody gets it. Throws Error if it cannot be opened.
  explicit FileLock(const std::filesystem::path& path);
  bool held() const { return held_; }
  int fd() const { return file_.get(); }

 private:
  FileHandle file_;
  bool held_ = false;
};

class TrainingLock {
 public:
  // Throws Error with Fault::TryAgain if another training of this project is running, naming its process and its start.
  // `purpose` is told to whoever comes meanwhile, for example the run's id. Where the file system knows no locks, the
  // training goes on without.
  explicit TrainingLock(const std::filesystem::path& project_folder, const std::string& purpose = {});
  ~TrainingLock();
  TrainingLock(TrainingLock&&) noexcept = default;
  TrainingLock& operator=(TrainingLock&&) noexcept = default;

 private:
  FileLock lock_;
};

// A short exclusive hold on a folder, for changes that read first. Waits for whoever has it.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);

 private:
  FileHandle file_;
};

}  // namespace blockyard
