#include "runs/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"
#include "base/json.hpp"
#include "runs/machine.hpp"

namespace blockyard {
namespace {

// False if somebody else has it and we do not wait.
bool take(const FileHandle& file, int how) {
  while (::flock(file.get(), how) != 0) {
    if (errno == EINTR) continue;
    return errno != EWOULDBLOCK;  // anything else: a file system without locks
  }
  return true;
}

// "pid 123, since 2026-11-21T11:45:30Z, run ...", as far as the holder has told.
std::string holderText(const std::filesystem::path& path) {
  try {
    const nlohmann::json json = readJson(path, 1 << 16);
    const JsonPlace place(json, path.string());
    std::string out = "pid " + std::to_string(place["pid"].integer()) + ", since " + place["since"].text();
    const std::string purpose = place.text("purpose", "");
    return purpose.empty() ? out : out + ", " + purpose;
  } catch (const Error&) {  // it has not written yet, or a damaged leftover
    return "its process is not known";
  }
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path) {
  file_ = FileHandle(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file_.get() < 0) throwFileError(path, "write", errno);
  held_ = take(file_, LOCK_EX | LOCK_NB);
}

namespace {

std::filesystem::path trainingLockIn(const std::filesystem::path& project_folder) {
  makeFolder(project_folder / "runs");
  return project_folder / "runs" / "training.lock";
}

}  // namespace

TrainingLock::TrainingLock(const std::filesystem::path& project_folder, const std::string& purpose)
    : lock_(trainingLockIn(project_folder)) {
  if (!lock_.held())
    throw Error({.file = project_folder.string()},
                "another training of this project is running (" + holderText(trainingLockIn(project_folder)) + ")",
                "wait for its end, or stop it", Fault::TryAgain);
  const std::string text = dumpJson({{"pid", ::getpid()}, {"since", utcText(secondsNow())}, {"purpose", purpose}});
  // Only a note for people: that it cannot be written does not matter.
  [[maybe_unused]] const bool noted =
      ::ftruncate(lock_.fd(), 0) == 0 && ::pwrite(lock_.fd(), text.data(), text.size(), 0) > 0;
}

TrainingLock::~TrainingLock() {
  // The file stays: who removes it could remove the one that the next has just locked.
  [[maybe_unused]] const bool emptied = lock_.fd() >= 0 && ::ftruncate(lock_.fd(), 0) == 0;
}

FolderLock::FolderLock(const std::filesystem::path& folder) {
  file_ = FileHandle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file_.get() < 0) throwFileError(folder, "read the folder", errno);
  take(file_, LOCK_EX);
}

}  // namespace blockyard
