// CsvReader: a CSV file as typed columns, block by block, parsed on several threads and handed out in order. What comes
// out does not depend on the number of threads or the size of the blocks.
#pragma once
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "data/csv_detect.hpp"
#include "data/encoding.hpp"

namespace blockyard {

struct CsvReading {
  int threads = 1;
  size_t block_bytes = size_t{1} << 20;
  Sha256* hash = nullptr;                   // gets the bytes of the file; to be read once all rows are
  const std::atomic<bool>* stop = nullptr;  // set: the next block is Error "stopped"
};

class CsvReader final : public TableReader {
 public:
  // Looks at the first rows. Throws Error.
  CsvReader(const std::string& file, const CsvOptions& options, const CsvReading& reading = {});
  ~CsvReader() override;
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  const std::vector<ColumnSpec>& columns() const override { return layout_.columns; }
  bool next(RowBlock& block) override;
  int64_t bytesDone() const override { return bytes_done_; }
  int64_t bytesTotal() const override { return stream_.file().size(); }
  const CsvLayout& layout() const { return layout_; }
  Encoding encoding() const { return stream_.encoding(); }

 private:
  struct Piece;  // a piece of text on its way through a thread
  void lookAtHead(const CsvOptions& options);
  bool tellDialect(const CsvOptions& options, bool more_follows);
  size_t readText(char* into, size_t count);
  bool takePiece(Piece& piece);
  size_t headerBytes(std::string_view text) const;
  void parsePiece(CsvBlockParser& parser, Piece& piece) const;
  void work();
  std::unique_ptr<Piece> nextPiece();

  CsvReading reading_;
  TextStream stream_;
  CsvLayout layout_;
  bool cr_only_ = false;  // lines end with CR alone

  std::mutex input_;      // guards the stream and what follows
  std::string head_;      // text that was looked at and is still to be parsed
  size_t head_rows_ = 0;  // bytes of whole rows in it
  size_t head_used_ = 0;
  std::vector<char> carry_;  // the row that was cut off at the end of the last piece
  bool input_ended_ = false;
  bool header_skipped_ = false;
  int64_t taken_ = 0;  // pieces
  std::atomic<int64_t> bytes_done_ = 0;

  std::mutex done_mutex_;  // guards what follows
  std::condition_variable done_, room_;
  std::map<int64_t, std::unique_ptr<Piece>> finished_;
  std::vector<std::unique_ptr<Piece>> spare_;
  int64_t handed_out_ = 0;
  int64_t end_at_ = -1;  // number of pieces, once known
  bool quit_ = false;

  int64_t line_ = 1;                        // where the next piece starts
  std::unique_ptr<CsvBlockParser> parser_;  // one thread only
  std::vector<std::thread> threads_;        // last: they use all of the above
};

}  // namespace blockyard
