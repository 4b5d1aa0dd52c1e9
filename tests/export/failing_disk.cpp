// A disk that fails at the n-th call that changes it, to be loaded before a program (LD_PRELOAD). Only what lies under
// a folder counts, so that the count is the same at every start.
//   BLOCKYARD_DISK_FOLDER   what counts
//   BLOCKYARD_DISK_AT       which call fails, from 1
//   BLOCKYARD_DISK_HOW      full: it and all behind it say that no space is left; once: it alone does; exit: the
//                           process ends there, before the call
//   BLOCKYARD_DISK_MARK     a file outside of that folder which is made when it comes to that
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<long> g_calls{0};

bool lies(const char* path) {
  static const char* const folder = std::getenv("BLOCKYARD_DISK_FOLDER");
  return folder != nullptr && path != nullptr && std::strncmp(path, folder, std::strlen(folder)) == 0;
}

bool lies(int fd) {
  char link[64] = "/proc/self/fd/", path[4096];
  char digits[16];
  int count = 0;
  for (int rest = fd; count == 0 || rest > 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
  char* end = link + std::strlen(link);
  while (count > 0) *end++ = digits[--count];
  *end = '\0';
  const ssize_t size = ::readlink(link, path, sizeof path - 1);
  if (size <= 0) return false;
  path[size] = '\0';
  return lies(path);
}

// Whether this call fails; does not come back where the process is to end.
bool fails() {
  static const char* const at = std::getenv("BLOCKYARD_DISK_AT");
  static const char* const how = std::getenv("BLOCKYARD_DISK_HOW");
  static const char* const mark = std::getenv("BLOCKYARD_DISK_MARK");
  if (at == nullptr || how == nullptr) return false;
  const long number = ++g_calls, wanted = std::atol(at);
  const bool full = std::strcmp(how, "full") == 0;
  if (full ? number < wanted : number != wanted) return false;
  if (mark != nullptr) ::syscall(SYS_close, ::syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT, 0666));
  if (std::strcmp(how, "exit") == 0) ::_exit(99);
  errno = ENOSPC;
  return true;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int opened(const char* name, const char* path, int flags, mode_t mode) {
  if ((flags & O_CREAT) != 0 && lies(path) && fails()) return -1;
  return next<int (*)(const char*, int, ...)>(name)(path, flags, mode);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened("open64", path, flags, mode);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  if (lies(fd) && fails()) return -1;
  return next<ssize_t (*)(int, const void*, size_t)>("write")(fd, bytes, size);
}

int fsync(int fd) {
  if (lies(fd) && fails()) return -1;
  return next<int (*)(int)>("fsync")(fd);
}

int rename(const char* from, const char* to) {
  if (lies(to) && fails()) return -1;
  return next<int (*)(const char*, const char*)>("rename")(from, to);
}

int mkdir(const char* path, mode_t mode) {
  if (lies(path) && fails()) return -1;
  return next<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}

}  // extern "C"
