// How fast a trained pipeline answers, measured on the rows that its bundle holds. Any thread; blocks for seconds.
#pragma once
#include <cstdint>

namespace blockyard {

class Bundle;

struct AnswerSpeed {
  double load_seconds = 0;   // filled by whoever opened the bundle
  double median_us = 0;      // from a row in memory to its answer, one row at a time
  double p99_us = 0;         // 99 of 100 are faster
  int64_t batch_rows = 256;  // answered together
  double batch_ms = 0;       // median
  double rowsPerSecond() const { return batch_ms > 0 ? 1e3 * static_cast<double>(batch_rows) / batch_ms : 0; }
};

// Asks for one row `calls` times, then for batches for so many seconds. Throws Error if the bundle holds no rows.
AnswerSpeed answerSpeed(Bundle& bundle, int64_t calls = 2000, double seconds = 4);

}  // namespace blockyard
