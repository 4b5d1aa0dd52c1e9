// MappedRegion: rows that lie in a file which is mapped into memory. What was touched of a file counts as memory of the
// process although the system could take it back at any time, so it is handed back whenever as much was touched as the
// memory budget allows; what is still in the page cache costs a minor fault when it is wanted again. Any thread.
#pragma once
#include <cstddef>
#include <cstdint>

namespace blockyard {

// Counts a mapping as one of rows for as long as it lives. The mapping must be shared or read-only: nothing is lost
// when its pages are handed back.
class MappedRegion {
 public:
  MappedRegion(void* data, size_t bytes);
  ~MappedRegion();
  MappedRegion(const MappedRegion&) = delete;
  MappedRegion& operator=(const MappedRegion&) = delete;

 private:
  void* data_;
  size_t bytes_;
};

// Bytes that may stay touched; by default 1 GiB.
void setMappedBudget(int64_t bytes);
// `places` places anywhere in the mappings were touched, and in all `bytes` bytes. Costs next to nothing where there is
// no mapping.
void mappedWasTouched(int64_t places, int64_t bytes);

}  // namespace blockyard
