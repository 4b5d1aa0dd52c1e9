// SeriesData: the points of one curve, and how few of them a picture needs. Points are only appended; the extremes of
// any stretch are found through a pyramid, so that a curve of millions of points is drawn as fast as it has pixels.
// Smoothing comes first, decimation after it, so that what is drawn are points of the smoothed curve. No Qt; one
// thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace blockyard {

struct ChartPoint {
  double x = 0, y = 0;
  bool operator==(const ChartPoint&) const = default;
};

// Where the smallest and the largest of many values stand, for any stretch of them, without looking at each.
class ExtremePyramid {
 public:
  static constexpr uint32_t kNone = 0xffffffff;
  struct Extremes {
    uint32_t low = kNone, high = kNone;  // indices, the first of equals; kNone if no value is finite
  };

  // `values` is the whole list, of which those behind the last call's are new.
  void update(std::span<const double> values);
  // Only the first `count` values still hold.
  void truncate(std::span<const double> values, size_t count);
  // Of values[first] to values[last - 1].
  Extremes find(std::span<const double> values, size_t first, size_t last) const;

 private:
  static constexpr int kBits = 4;                // 16 children per bucket
  std::vector<std::vector<Extremes>> levels_{};  // level 0 has a bucket per 16 values
  size_t count_ = 0;
};

class SeriesData {
 public:
  explicit SeriesData(std::string name = {}) : name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  size_t size() const { return x_.size(); }
  bool empty() const { return x_.empty(); }
  std::span<const double> xs() const { return x_; }   // ascending
  std::span<const double> raw() const { return y_; }  // as appended
  std::span<const double> shown() const { return weight_ > 0 ? std::span<const double>(smooth_) : y_; }

  // A point at or before the last x takes the place of all points from there on: a resumed run repeats its steps.
  // A y that is not finite makes a gap; an x that is not finite is ignored.
  void append(double x, double y);
  void clear();

  // Exponential moving average with bias correction, as TensorBoard draws it: s = s * weight + y * (1 - weight), shown
  // as s / (1 - weight^n). 0 is off; values outside of 0 .. 0.9999 are brought there.
  void setSmoothing(double weight);
  // From now on at most so many points: when there are more, half of them go, and the lowest and highest of every
  // stretch stay. 0: all are kept.
  void setMost(size_t points) { most_ = points; }
  double smoothing() const { return weight_; }

  // What is drawn between edges.front() and edges.back(): of every column from one edge to the next the lowest and the
  // highest point, in the order of x; all points if they are few; and the neighbours on both sides, so that lines run
  // to the rim. `edges` ascend. With `positive`, points with y <= 0 are left out (for a logarithmic axis).
  std::vector<ChartPoint> decimated(std::span<const double> edges, bool positive = false, bool raw = false) const;

  struct Range {
    double low = 0, high = 0;
    bool valid = false;
  };
  // Of the shown values with first <= x <= last.
  Range yRange(double first, double last, bool positive = false) const;
  // The point whose x is nearest; size() if there is none.
  size_t nearest(double x) const;
  // How many raw values are finite and not positive.
  size_t notPositive() const { return not_positive_; }

 private:
  void smoothFrom(size_t first);
  void thin();
  void truncate(size_t count);
  ExtremePyramid::Extremes extremes(size_t first, size_t last, bool positive, bool raw) const;

  std::string name_;
  std::vector<double> x_{}, y_{}, smooth_{};
  std::vector<double> sums_{};      // the moving sum before the correction, so that appending goes on from it
  std::vector<uint32_t> counts_{};  // finite values up to here
  ExtremePyramid raw_pyramid_{}, smooth_pyramid_{};
  double weight_ = 0;
  size_t most_ = 0;
  size_t not_positive_ = 0;
};

}  // namespace blockyard
