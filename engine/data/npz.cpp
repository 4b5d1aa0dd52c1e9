#include "data/npz.hpp"

#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "data/file_bytes.hpp"
#include "data/unnamed_file.hpp"

namespace blockyard {
namespace {

constexpr std::string_view kEnding = ".npz", kArrayEnding = ".npy";

// Where the name of an archive ends in the path; npos: there is none.
size_t endOfArchive(const std::string& path) {
  for (size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const size_t end = std::min(slash, path.size());
    if (end > kEnding.size()) {
      std::string ending = path.substr(end - kEnding.size(), kEnding.size());
      for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      std::error_code code;
      if (ending == kEnding && !std::filesystem::is_directory(path.substr(0, end), code))
        // An array is nowhere above: the path leads where it says, for whoever has to allow it.
        return path.find("/..", end) == std::string::npos ? end : std::string::npos;
    }
    if (slash == std::string::npos) return slash;
  }
}

std::string joined(const std::vector<std::string>& names) {
  constexpr size_t kMost = 12;
  std::string out;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) out += (i == 0 ? "" : ", ") + names[i];
  return names.size() > kMost ? out + " and " + std::to_string(names.size() - kMost) + " more" : out;
}

}  // namespace

NpzPath npzPath(const std::string& path) {
  const size_t end = endOfArchive(path);
  if (end == std::string::npos) return {path, {}};
  return {path.substr(0, end), end < path.size() ? path.substr(end + 1) : std::string()};
}

bool isNpz(const std::string& path) {
  return endOfArchive(path) != std::string::npos;
}

struct NpzArray::Archive {
  zip_t* zip = nullptr;
  ~Archive() { zip_discard(zip); }
};

// The unpacked bytes of the array from front to end.
class NpzArray::Reader {
 public:
  explicit Reader(const NpzArray& array) : array_(array), file_(zip_fopen_index(array.archive_->zip, array.index_, 0)) {
    if (file_ == nullptr) damaged(zip_strerror(array.archive_->zip));
  }
  ~Reader() { zip_fclose(file_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // Up to `count` bytes; 0 at the end, where the checksum has been compared.
  size_t read(char* into, size_t count) {
    const zip_int64_t got = zip_fread(file_, into, count);
    if (got < 0) damaged(zip_file_strerror(file_));
    return static_cast<size_t>(got);
  }

 private:
  [[noreturn]] void damaged(const std::string& reason) const {
    array_.fail("the array \"" + array_.name_ + "\" cannot be unpacked: " + reason,
                "the archive is damaged or locked: get it again, or save it with numpy.savez");
  }

  const NpzArray& array_;
  zip_file_t* file_;
};

NpzArray::NpzArray(const std::string& path) : archive_(std::make_unique<Archive>()) {
  const NpzPath place = npzPath(path);
  file_ = place.file;
  if (!firstBytes(file_, 2).starts_with("PK"))
    fail("this is no NPZ archive: it does not start with PK", "save it with numpy.savez");
  int code = 0;
  archive_->zip = zip_open(file_.c_str(), ZIP_RDONLY, &code);
  if (archive_->zip == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail("the NPZ archive cannot be read: " + reason, "it is damaged or was cut short: get it again");
  }
  find(place.array);
}

NpzArray::~NpzArray() = default;

void NpzArray::fail(const std::string& problem, const std::string& hint) const {
  throw Error({.file = file_}, problem, hint);
}

void NpzArray::find(const std::string& wanted) {
  std::vector<std::string> names;
  const auto entries = static_cast<zip_uint64_t>(std::max<zip_int64_t>(0, zip_get_num_entries(archive_->zip, 0)));
  bool found = false;
  for (zip_uint64_t i = 0; i < entries; ++i) {
    zip_stat_t entry;
    if (zip_stat_index(archive_->zip, i, 0, &entry) != 0 || (entry.valid & ZIP_STAT_NAME) == 0) continue;
    std::string name = entry.name;
    if (!name.ends_with(kArrayEnding)) continue;
    name.resize(name.size() - kArrayEnding.size());
    names.push_back(name);
    if (found || (!wanted.empty() && wanted != name && wanted != entry.name)) continue;
    found = true;
    name_ = name, index_ = i, size_ = entry.size;
  }
  const std::string example = std::filesystem::path(file_).filename().string() + "/";
  if (names.empty()) fail("there are no arrays in the archive", "save some with numpy.savez");
  if (wanted.empty() && names.size() > 1)
    fail("the archive holds several arrays: " + joined(names), "name one behind the archive: " + example + names[0]);
  if (!found)
    fail("there is no array \"" + wanted + "\" in the archive; it holds " + joined(names),
         "name one of these: " + example + names[0]);
}

std::string NpzArray::front(size_t count) const {
  std::string out(std::min(count, size_), '\0');
  Reader reader(*this);
  size_t done = 0;
  for (size_t got = 1; done < out.size() && got > 0; done += got)
    got = reader.read(out.data() + done, out.size() - done);
  out.resize(done);
  return out;
}

std::unique_ptr<MappedFile> NpzArray::unpack() const {
  std::string folder;
  const FileHandle file = unnamedFile(folder);
  Reader reader(*this);
  std::array<char, 1 << 16> buffer{};
  size_t done = 0;
  for (size_t got = 1; got > 0; done += got) {
    got = reader.read(buffer.data(), buffer.size());
    if (done + got > size_)
      fail("the array \"" + name_ + "\" holds more than the archive declares", "the archive is damaged: get it again");
    for (size_t put = 0; put < got;) {
      const ssize_t written = ::write(file.get(), buffer.data() + put, got - put);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0)
        throw Error({.file = folder},
                    "cannot unpack \"" + name_ + "\" to a temporary file there: " + std::strerror(errno),
                    "free some space there, or set TMPDIR to a folder on a larger disk", Fault::Failed);
      put += static_cast<size_t>(written);
    }
  }
  if (done < size_)
    fail("the array \"" + name_ + "\" ends before it is whole", "the archive was cut short: get it again");
  return std::make_unique<MappedFile>("/proc/self/fd/" + std::to_string(file.get()));
}

}  // namespace blockyard
