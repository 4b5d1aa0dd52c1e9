// Source: where rows come from. It is opened once per run, reads its files in chunks within the memory budget, and then
// answers any range of rows. A file is read once; what does not fit into memory is spooled to a temporary file.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "blocks/block_type.hpp"
#include "data/chunk.hpp"

namespace blockyard {

// What a source is opened with.
struct SourceSetup {
  const Values& values;                    // complete
  std::string folder{};                    // relative paths start here: the project's folder
  int64_t memory_budget = int64_t{1} << 30;  // bytes that rows kept in memory may take; more goes to a temporary file
  int threads = 0;                         // 0: as many as there are cores
  int64_t chunk_rows = 65536;              // rows read at a time; never changes a result
  // When predicting: what the trained pipeline expects on each port. Types and classes are taken from here instead of being
  // detected, a column in excess is ignored, and the target may be missing.
  const Signatures* expected = nullptr;
  // Called now and then from the engine thread: bytes done and in all (0: unknown).
  std::function<void(int64_t, int64_t)> progress{};
  // Set from any thread: the source stops soon with Error "stopped".
  const std::atomic<bool>* stop = nullptr;
};

class Source {
 public:
  virtual ~Source() = default;
  // What each output port carries, exactly: every column, class and size is known.
  virtual const Signatures& outputs() const = 0;
  virtual int64_t rows() const = 0;
  // Rows [first, first + count) of all ports; count is cut at the end. Engine thread or one loader thread at a time.
  virtual Chunk read(int64_t first, int64_t count) = 0;
  // What a row is for, where the files say so (separate test files); empty if they do not. One entry per row.
  virtual std::vector<Part> givenParts() const { return {}; }
  // SHA-256 of the content of all files read, as 64 hex digits; for generated data, of its settings.
  virtual std::string fingerprint() const = 0;
  // Columns by name that the split may use (group, time) although no port carries them; nullptr if there is none.
  virtual Table splitColumns(const std::vector<std::string>& names) { (void)names; return Table(rows()); }
};

}  // namespace blockyard
