// ReadAhead: the rows of a source, span by span, the next one being read while one is worked on.
#pragma once
#include <functional>
#include <future>
#include <optional>
#include <utility>
#include <vector>

#include "blocks/block.hpp"

namespace blockyard {

// Which rows of a source to read next.
struct Span {
  int64_t first = 0, count = 0;
  std::vector<int64_t> picks{};  // those of them that are wanted, counted from `first`; empty: all
};

class ReadAhead {
 public:
  // `next` gives span after span and, at the end, none. It is called by the thread that calls next().
  ReadAhead(Source& source, std::function<std::optional<Span>()> next) : source_(source), span_(std::move(next)) {
    readNext();
  }

  // Empty at the end.
  std::optional<Batch> next() {
    if (!reading_.valid()) return {};
    Batch out = reading_.get();
    readNext();
    return out;
  }

 private:
  void readNext() {
    std::optional<Span> span = span_();
    if (!span) return;
    const bool alone = span->first == 0 && span->count >= source_.rows();
    reading_ = std::async(alone ? std::launch::deferred : std::launch::async, [this, span = std::move(*span)] {
      Chunk chunk = source_.read(span.first, span.count);
      return span.picks.empty() ? std::move(chunk.batch) : chunk.batch.take(span.picks);
    });
  }

  Source& source_;
  std::function<std::optional<Span>()> span_;
  std::future<Batch> reading_{};  // last: it ends before the rest goes
};

}  // namespace blockyard
