#include "data/csv.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr size_t kHeadBytes = size_t{1} << 18;      // enough to tell the delimiter
constexpr size_t kMostHeadBytes = size_t{1} << 23;  // rows looked at must fit into this
constexpr size_t kMostRowBytes = size_t{1} << 26;   // a single row; more is a quote without its partner

std::optional<Encoding> wantedEncoding(const CsvOptions& options) {
  if (options.encoding == "auto") return std::nullopt;
  return encodingNamed(options.encoding);
}

// `before` is the text up to the quote, from the start of a line.
Error neverEnds(std::string_view before, const std::string& file) {
  const size_t line_start = before.rfind('\n') + 1;
  return Error({.file = file,
                .line = 1 + std::count(before.begin(), before.end(), '\n'),
                .column = static_cast<int64_t>(before.size() - line_start) + 1},
               "the quoted field that starts here never ends",
               "add the missing quote, or set `quotes` to none if quotes are plain text in this file");
}

Error tooLong(int64_t line, size_t bytes, const std::string& file) {
  return Error({.file = file, .line = line},
               "expected a row of at most " + std::to_string(bytes >> 20) + " MiB, the one that starts here is longer",
               "is this a table of text, and is no quote without its partner?");
}

}  // namespace

// A piece of text that holds whole rows, then the rows themselves.
struct CsvReader::Piece {
  int64_t number = 0;
  std::vector<char> bytes{};
  size_t size = 0;  // of the rows in bytes
  int64_t newlines = 0;
  size_t header_bytes = 0;                    // at the front: the header and blank lines before it
  size_t broken_at = std::string_view::npos;  // behind the rows: a quoted field that never ends starts here
  bool too_long = false;                      // behind the rows: a row that is longer than any may be
  bool failed_reading = false;
  RowBlock rows{};
  std::optional<Error> error{};
};

CsvReader::CsvReader(const std::string& file, const CsvOptions& options, const CsvReading& reading)
    : reading_(reading), stream_(file, wantedEncoding(options), reading.hash) {
  lookAtHead(options);
}

CsvReader::~CsvReader() {
  {
    const std::lock_guard lock(done_mutex_);
    quit_ = true;
  }
  room_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void CsvReader::lookAtHead(const CsvOptions& options) {
  const auto more = [&](size_t count) {
    const size_t before = head_.size();
    head_.resize(before + count);
    head_.resize(before + stream_.read(head_.data() + before, count));
    return head_.size() == before + count;
  };
  bool more_follows = more(kHeadBytes);
  cr_only_ = head_.find('\n') == std::string::npos && head_.find('\r') != std::string::npos;
  const auto lacks_rows = [&] {
    const bool small = head_.size() < kMostHeadBytes;
    if (cr_only_) return small;
    // A single row may be longer than what is looked at otherwise.
    const int64_t wanted = small ? kDetectRows : 1;
    return head_.size() < kMostRowBytes && countNewlines(head_.data(), head_.data() + head_.size()) <= wanted;
  };
  while (more_follows && lacks_rows()) more_follows = more(head_.size());
  // A text of many lines in quotes is one row, though it has newlines enough.
  while (!tellDialect(options, more_follows)) {
    if (head_.size() >= kMostRowBytes)
      throw tooLong(1 + countNewlines(head_.data(), head_.data() + head_rows_), head_.size(), stream_.file().path());
    more_follows = more(head_.size());
  }
  layout_ = detectCsv(std::string_view(head_).substr(0, head_rows_), options, stream_.file().path());
}

// Finds delimiter, quotes and where the last whole row of the head ends. False if more must be read to know: it holds
// no row behind the header.
bool CsvReader::tellDialect(const CsvOptions& options, bool more_follows) {
  if (cr_only_) std::replace(head_.begin(), head_.end(), '\r', '\n');
  if (!more_follows && !head_.empty() && head_.back() != '\n') head_.push_back('\n');
  const std::string_view sample = more_follows ? std::string_view(head_).substr(0, head_.rfind('\n') + 1) : head_;
  CsvDialect& dialect = layout_.dialect;
  dialect.delimiter = detectDelimiter(sample, options);
  dialect.quotes = detectQuotes(sample, dialect.delimiter, options);
  dialect.lenient = options.quotes == "double";
  RowEnds ends(dialect);
  const size_t end = std::min(ends.lastRowEnd(sample, 0), sample.size() + 1);
  const std::string& path = stream_.file().path();
  const std::string_view rows = end > sample.size() ? std::string_view() : sample.substr(0, end);
  head_rows_ = rows.size();
  if (more_follows && headerBytes(rows) == rows.size()) return false;
  checkQuotes(rows, dialect, path);
  if (ends.openQuote() != std::string_view::npos && !more_follows)
    throw neverEnds(sample.substr(0, ends.openQuote()), path);
  return true;
}

size_t CsvReader::readText(char* into, size_t count) {
  size_t done = std::min(count, head_.size() - head_used_);
  std::memcpy(into, head_.data() + head_used_, done);
  head_used_ += done;
  if (head_used_ == head_.size() && !head_.empty()) {
    std::string().swap(head_);
    head_used_ = 0;
  }
  if (done < count) {
    const size_t got = stream_.read(into + done, count - done);
    if (cr_only_) std::replace(into + done, into + done + got, '\r', '\n');
    done += got;
  }
  return done;
}

// With input_ held. False at the end.
bool CsvReader::takePiece(Piece& piece) {
  if (input_ended_) return false;
  piece.error.reset();
  piece.header_bytes = 0;
  piece.broken_at = std::string_view::npos;
  piece.too_long = false;
  size_t size = carry_.size(), looked = 0, end = std::string_view::npos;
  if (piece.bytes.size() < reading_.block_bytes + size + 1) piece.bytes.resize(reading_.block_bytes + size + 1);
  std::copy(carry_.begin(), carry_.end(), piece.bytes.begin());
  RowEnds ends(layout_.dialect);
  while (end == std::string_view::npos && !input_ended_ && size <= kMostRowBytes) {
    if (piece.bytes.size() - size < 2) piece.bytes.resize(std::min(2 * piece.bytes.size(), kMostRowBytes + 3));
    const size_t room = piece.bytes.size() - size - 1;
    const size_t got = readText(piece.bytes.data() + size, room);
    size += got;
    input_ended_ = got < room;
    if (input_ended_ && size > 0 && piece.bytes[size - 1] != '\n') piece.bytes[size++] = '\n';
    end = ends.lastRowEnd({piece.bytes.data(), size}, looked);
    looked = size;
  }
  if (size == 0) return false;
  if (end == std::string_view::npos || (input_ended_ && ends.openQuote() != std::string_view::npos)) {
    piece.too_long = !input_ended_;
    piece.broken_at = piece.too_long ? 0 : std::min(ends.openQuote(), size);
    input_ended_ = true;
    if (end == std::string_view::npos) end = 0;
  }
  carry_.assign(piece.bytes.begin() + static_cast<int64_t>(end), piece.bytes.begin() + static_cast<int64_t>(size));
  piece.size = end;
  piece.number = taken_++;
  bytes_done_ = stream_.file().position();
  if (!header_skipped_ && layout_.dialect.header && end > 0) {
    const std::string_view text(piece.bytes.data(), end);
    piece.header_bytes = headerBytes(text);
    // Blank lines may come before it.
    header_skipped_ = text.find_first_not_of("\r\n") != std::string_view::npos;
  }
  return true;
}

size_t CsvReader::headerBytes(std::string_view text) const {
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p < end && (*p == '\n' || (*p == '\r' && p[1] == '\n'))) ++p;
  CsvField field;
  while (p < end && (p = scanField(p, end, layout_.dialect, field), *p != '\n')) ++p;
  return static_cast<size_t>(std::min(p + 1, end) - text.data());
}

// Without locks: the part that runs in parallel.
void CsvReader::parsePiece(CsvBlockParser& parser, Piece& piece) const {
  const std::string_view text(piece.bytes.data(), piece.size), rows = text.substr(piece.header_bytes);
  piece.error = parser.parse(rows, piece.rows);
  const int64_t header_lines = countNewlines(text.data(), rows.data());
  piece.newlines = parser.lines() + header_lines;
  piece.rows.first_line = header_lines;
  if (piece.error) {
    Where at = piece.error->where();
    at.line += header_lines;
    piece.error = Error(at, piece.error->problem(), piece.error->hint());
  } else if (piece.broken_at != std::string_view::npos) {
    const std::string_view before(piece.bytes.data(), piece.broken_at);
    piece.error = piece.too_long ? tooLong(1, kMostRowBytes, layout_.file) : neverEnds(before, layout_.file);
  }
}

void CsvReader::work() {
  CsvBlockParser parser(layout_);
  const auto most_ahead = int64_t{reading_.threads} + 2;
  for (;;) {
    std::unique_ptr<Piece> piece;
    {
      // Taking a piece and waiting for room happen under the lock of the input, so that numbers are given in order and
      // the piece that is waited for is never the one that waits.
      std::unique_lock input(input_);
      {
        std::unique_lock lock(done_mutex_);
        room_.wait(lock, [&] { return quit_ || end_at_ >= 0 || taken_ - handed_out_ < most_ahead; });
        if (quit_ || end_at_ >= 0) return;
        if (!spare_.empty()) piece = std::move(spare_.back()), spare_.pop_back();
      }
      if (!piece) piece = std::make_unique<Piece>();
      bool got = false;
      try {
        got = takePiece(*piece);
      } catch (const Error& error) {
        piece->number = taken_++;
        piece->size = piece->header_bytes = 0;
        piece->error = error.at({.file = layout_.file});
        piece->failed_reading = input_ended_ = got = true;
      }
      if (!got) {
        const std::lock_guard lock(done_mutex_);
        end_at_ = taken_;
        done_.notify_all();
        room_.notify_all();
        return;
      }
    }
    if (!piece->failed_reading) parsePiece(parser, *piece);
    const std::lock_guard lock(done_mutex_);
    finished_[piece->number] = std::move(piece);
    done_.notify_all();
  }
}

// The next piece in order, parsed; null at the end.
std::unique_ptr<CsvReader::Piece> CsvReader::nextPiece() {
  // A file of one or two pieces is read sooner than threads start.
  const bool small =
      !stream_.file().packed() && bytesTotal() > 0 && bytesTotal() < 2 * static_cast<int64_t>(reading_.block_bytes);
  if (reading_.threads > 1 && threads_.empty() && !small) {
    threads_.reserve(static_cast<size_t>(reading_.threads));
    for (int i = 0; i < reading_.threads; ++i) threads_.emplace_back(&CsvReader::work, this);
  }
  if (threads_.empty()) {
    if (!parser_) parser_ = std::make_unique<CsvBlockParser>(layout_);
    auto piece = spare_.empty() ? std::make_unique<Piece>() : std::move(spare_.back());
    if (!spare_.empty()) spare_.pop_back();
    if (!takePiece(*piece)) return nullptr;
    parsePiece(*parser_, *piece);
    return piece;
  }
  std::unique_lock lock(done_mutex_);
  done_.wait(lock, [&] { return finished_.count(handed_out_) > 0 || end_at_ == handed_out_; });
  if (end_at_ == handed_out_) return nullptr;
  auto piece = std::move(finished_.extract(handed_out_).mapped());
  ++handed_out_;
  room_.notify_all();
  return piece;
}

bool CsvReader::next(RowBlock& block) {
  if (reading_.stop && reading_.stop->load()) throw Error({}, "stopped", {}, Fault::TryAgain);
  std::unique_ptr<Piece> piece = nextPiece();
  if (!piece) return false;
  if (piece->error) {
    const Error error = *piece->error;
    Where at = error.where();
    if (at.line > 0) at.line += line_ - 1;
    throw Error(at, error.problem(), error.hint(), error.fault());
  }
  std::swap(block, piece->rows);
  block.first_line += line_;
  line_ += piece->newlines;
  const std::lock_guard lock(done_mutex_);
  spare_.push_back(std::move(piece));
  return true;
}

}  // namespace blockyard
