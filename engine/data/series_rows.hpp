// SeriesRows: the rows of one or several series in the order of their time, with gaps found, and the windows that fit
// into them. Torch-free.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace blockyard {

struct SeriesOrder {
  bool sort = false;           // else rows must come in the order of their time
  std::string gaps = "error";  // error, ignore, fill, skip
  double step = 0;             // between two rows; 0: what is most frequent
  bool dates = false;          // times are seconds since 1970, for messages
};

struct SeriesRows {
  std::vector<int64_t> from{};  // row of the file; -1: added to fill a gap
  std::vector<double> time{};
  std::vector<int32_t> series{};  // index of the series; series lie one behind the other
  std::vector<char> first{};      // the row does not go on from the one before it: another series, or a gap to skip
  double step = 0;                // from one row to the next; 0: it is not known, gaps are ignored
};

// `series` may be empty: all rows are of one. Throws Error at the parameters time, series, gaps or step with the row of
// the file, for times that are missing, out of order or twice in a series, for gaps, and for steps that do not fit.
SeriesRows seriesRows(const std::vector<double>& time, const std::vector<int32_t>& series,
                      const std::vector<std::string>& names, const SeriesOrder& order);

// Whether the rows from `start` to `start` + `offset` are there, of one series and without a gap.
bool goesOn(const SeriesRows& rows, int64_t start, int64_t offset);
// The time of row `start` + `offset`, also of one that is not there yet: `seen` rows are, and the step leads on from
// the last of them. NaN if the step is not known.
double timeAt(const SeriesRows& rows, int64_t start, int64_t seen, int64_t offset);

// Fills NaN in a column of these rows: "forward" with the value before, "interpolate" on the line between its
// neighbours; never from another series or over a gap. What has no neighbour stays NaN.
void fillMissing(std::vector<float>& column, const SeriesRows& rows, const std::string& how);

// First rows of all windows of `length` rows that go on from each other without a row marked in `bad`, `stride` apart
// within a series; with `to_end` the last one ends with the last row. bad may be empty.
std::vector<int64_t> windowStarts(const std::vector<char>& first, const std::vector<char>& bad, int64_t length,
                                  int64_t stride, bool to_end);

}  // namespace blockyard
