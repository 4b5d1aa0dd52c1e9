// MappedRegion: rows that lie in a file which is mapped into memory. Whoever touches a mapping lets it count as memory
// of the process, often with much of what lies around; where rows are many, they are read and written through the file
// instead, and the mapping is only the tensor's name for them. Any thread.
#pragma once
#include <cstddef>
#include <cstdint>

namespace blockyard {

// Says of a mapping which file it is of, for as long as it lives.
class MappedRegion {
 public:
  // `file` stays the caller's to close; `offset` is where `data` stands in it.
  MappedRegion(const void* data, size_t bytes, int file, int64_t offset = 0);
  ~MappedRegion();
  MappedRegion(const MappedRegion&) = delete;
  MappedRegion& operator=(const MappedRegion&) = delete;

 private:
  const void* data_;
};

// The file behind some mapped memory; file -1: none, it is plain memory.
struct FilePlace {
  int file = -1;
  int64_t offset = 0;
};
FilePlace filePlaceOf(const void* data);

// Throw Error (Fault::Failed) with the reason of the system.
void readFrom(const FilePlace& place, int64_t at, void* into, size_t bytes);
void writeTo(const FilePlace& place, int64_t at, const void* from, size_t bytes);

}  // namespace blockyard
