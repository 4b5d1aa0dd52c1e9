// From files to rows that can be trained on: opens the source, splits the rows, fits the preprocessors on the training
// rows, makes the model's blocks for the sizes that came out, and keeps what the model will read of every row.
#pragma once
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/row_set.hpp"
#include "training/pipeline.hpp"

namespace blockyard {

// Few enough for a chunk of a usual table to stay in the cache and below the size at which malloc asks the system for
// fresh pages. Never changes a result.
constexpr int64_t kChunkRows = 8192;

// Rows of pictures and windows are large: at most so many of them that their numbers take 64 MiB; `most` where there
// are none. Depends on nothing but the size of a row.
int64_t rowsAtOnce(const Signatures& source, int64_t most);

struct PrepareOptions {
  int64_t chunk_rows = kChunkRows;  // worked on at a time
  int64_t most_rows = 0;            // prepareHead: how many; never of prepare
  const std::atomic<bool>* stop = nullptr;
  // Engine thread: what is being done ("read", "fit impute", "prepare") and how far it is, 0 to 1.
  std::function<void(const std::string&, double)> progress{};
};

// Rows that a block does not want to be used, see Block::chooseRows.
struct LeftOut {
  std::string block{};
  std::array<int64_t, 3> rows{};  // by Part: Train, Validation, Test
};

struct PreparedData {
  std::vector<Packet> columns{};  // one per Pipeline::cuts(), all rows of the source
  std::array<RowSet, 3> parts{};  // by Part: Train, Validation, Test
  std::shared_ptr<Source> source{};
  std::string fingerprint{};
  std::string cache_notice{};       // why prepared rows are not kept, if they were to be
  std::vector<LeftOut> left_out{};  // by the blocks that may, in their order

  const RowSet& rows(Part part) const { return parts[static_cast<size_t>(part)]; }
};

// Engine thread. Afterwards every block of the pipeline is made and fitted (postprocessors: made), and its signatures
// are known.
PreparedData prepare(Pipeline& pipeline, const Plan& plan, const KeyedRandom& random, const PrepareOptions& options);

// The same for a look: everything that is fitted, postprocessors too, is fitted on the first `most_rows` rows of the
// source, which are its training rows, and no column is kept. Any thread.
PreparedData prepareHead(Pipeline& pipeline, const Plan& plan, const KeyedRandom& random,
                         const PrepareOptions& options);

// Asks the blocks of a fitted pipeline which rows are not to be used, as a training does, and marks these in `parts`.
std::vector<LeftOut> leaveRowsOut(const Pipeline& pipeline, Source& source, std::vector<Part>& parts,
                                  const PrepareOptions& options = {});

}  // namespace blockyard
