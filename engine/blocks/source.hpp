// Source: where rows come from. It is opened once per run, reads its files in chunks within the memory budget, and then
// answers any range of rows. A file is read once; what does not fit into memory is spooled to a temporary file.
#pragma once
#include <string>
#include <vector>

#include "blocks/block_type.hpp"
#include "blocks/source_setup.hpp"
#include "data/chunk.hpp"
#include "data/split.hpp"

namespace blockyard {

class Source {
 public:
  virtual ~Source() = default;
  // What each output port carries, exactly: every column, class and size is known.
  virtual const Signatures& outputs() const = 0;
  virtual int64_t rows() const = 0;
  // Rows [first, first + count) of all ports; count is cut at the end. Engine thread or one loader thread at a time.
  // A source has this function or the next one of its own.
  virtual Chunk read(int64_t first, int64_t count) {
    Chunk chunk{.first_row = first};
    for (const auto& [port, signature] : outputs()) chunk.batch.set(port, readPort(port, first, count));
    return chunk;
  }
  // The same of one port, where the others need not be read.
  virtual Packet readPort(const std::string& port, int64_t first, int64_t count) {
    return read(first, count).batch.packet(port);
  }
  // What a row is for, where the files say so (separate test files); empty if they do not. One entry per row.
  virtual std::vector<Part> givenParts() const { return {}; }
  // Where rows are windows of sequences: what each covers, so that a split keeps them apart; empty if rows share
  // nothing.
  virtual RowSpans spans() const { return {}; }
  // Opened for a look (SourceSetup::most_rows): there are files or rows that rows() does not count because of it. A
  // source that only stops behind so many rows need not say so.
  virtual bool partial() const { return false; }
  // SHA-256 of the content of all files read, as 64 hex digits; for generated data, of its settings.
  virtual std::string fingerprint() const = 0;
  // What the user should know of the rows, a sentence each: what was left out, for example.
  virtual std::vector<std::string> notices() const { return {}; }
  // By what a person tells rows [first, first + count) apart where they are not rows of a file: the time and series
  // that a forecast is for, the sound file and the place in it. Without columns if there is nothing to say.
  virtual Table rowNames(int64_t first, int64_t count) {
    (void)first;
    return Table(count);
  }
  // Columns by name that the split may use (group, time) although no port carries them; nullptr if there is none.
  virtual Table splitColumns(const std::vector<std::string>& names) {
    (void)names;
    return Table(rows());
  }
};

}  // namespace blockyard
