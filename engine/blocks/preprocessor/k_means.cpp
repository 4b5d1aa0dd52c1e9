// K-means: finds clusters among the training rows and says how far each row is from them.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>
#include <tuple>

#include "blocks/block.hpp"
#include "blocks/columns.hpp"

namespace blockyard::preprocessor {
namespace {

constexpr int64_t kSample = 65536;  // rows among which the starts are looked for
constexpr int64_t kLanes = 8;       // centers that a row is measured against side by side

// [N, k]: the square of the distance of each row from each center, float64.
at::Tensor squares(const at::Tensor& rows, const at::Tensor& centers) {
  const at::Tensor away = rows.square().sum(1, true) - 2 * rows.mm(centers.t()) + centers.square().sum(1).unsqueeze(0);
  return away.clamp_min(0);
}

// The nearest center of each row, the first of those that are as near, and the square of its distance.
struct Nearest {
  std::vector<int64_t> center{};
  std::vector<double> square{};
};

// Each row is summed up by itself, feature after feature: neither threads nor the other rows change a bit of it.
Nearest nearestCenters(const at::Tensor& rows, const at::Tensor& centers) {
  const int64_t count = rows.size(0), features = rows.size(1), spare = (kLanes - centers.size(0) % kLanes) % kLanes;
  constexpr double kFar = std::numeric_limits<double>::infinity();  // where a lane has no center
  const at::Tensor lanes = at::constant_pad_nd(centers, {0, 0, 0, spare}, kFar)
                               .view({-1, kLanes, features})
                               .transpose(1, 2)
                               .contiguous();  // [k / kLanes, F, kLanes]
  const double* const from = rows.const_data_ptr<double>();
  const double* const to = lanes.const_data_ptr<double>();
  Nearest out{.center = std::vector<int64_t>(static_cast<size_t>(count)),
              .square = std::vector<double>(static_cast<size_t>(count), kFar)};
  at::parallel_for(0, count, 256, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      int64_t& center = out.center[static_cast<size_t>(row)];
      double& square = out.square[static_cast<size_t>(row)];
      for (int64_t first = 0; first < lanes.size(0); ++first) {
        std::array<double, kLanes> sums{};
        for (int64_t f = 0; f < features; ++f) {
          const double value = from[row * features + f];
          const double* const there = to + (first * features + f) * kLanes;
          for (size_t lane = 0; lane < kLanes; ++lane) sums[lane] += (value - there[lane]) * (value - there[lane]);
        }
        for (size_t lane = 0; lane < kLanes; ++lane)
          if (sums[lane] < square) square = sums[lane], center = first * kLanes + static_cast<int64_t>(lane);
      }
    }
  });
  return out;
}

// Hands all rows that are clustered, float64 [N, F], to somebody, some at a time, in their order.
using Pass = std::function<void(const std::function<void(const at::Tensor&)>&)>;

struct Clustering {
  at::Tensor centers{};  // [k, F]
  double inertia = 0;    // sum of the squared distances from the nearest center, before the centers moved last
};

// Arthur and Vassilvitskii 2007: each further center is a row, drawn with the square of its distance as weight.
at::Tensor firstCenters(const at::Tensor& rows, int64_t k, const KeyedRandom& random) {
  std::vector<at::Tensor> centers{rows[static_cast<int64_t>(random.below(0, static_cast<uint64_t>(rows.size(0))))]};
  std::vector<double> nearest = nearestCenters(rows, centers[0].unsqueeze(0)).square, sums(nearest.size());
  while (static_cast<int64_t>(centers.size()) < k) {
    std::partial_sum(nearest.begin(), nearest.end(), sums.begin());
    const auto at = std::upper_bound(sums.begin(), sums.end(), random.uniform(centers.size()) * sums.back());
    centers.push_back(rows[std::min<int64_t>(at - sums.begin(), rows.size(0) - 1)]);
    const std::vector<double> further = nearestCenters(rows, centers.back().unsqueeze(0)).square;
    for (size_t i = 0; i < nearest.size(); ++i) nearest[i] = std::min(nearest[i], further[i]);
  }
  return at::stack(centers);
}

// Lloyd 1982, a pass for each turn, until the squared ways of the centers sum up to `tolerance` at most. A center that
// no row is nearest to stays where it is.
Clustering clustered(const Pass& pass, at::Tensor centers, int64_t most_passes, double tolerance) {
  Clustering out{.centers = std::move(centers)};
  const int64_t k = out.centers.size(0), features = out.centers.size(1);
  for (int64_t turn = 0; turn < most_passes; ++turn) {
    out.inertia = 0;
    at::Tensor sums = at::zeros_like(out.centers), counts = at::zeros({k, 1}, at::kDouble);
    double* const sum = sums.mutable_data_ptr<double>();
    double* const count = counts.mutable_data_ptr<double>();
    pass([&](const at::Tensor& rows) {
      const Nearest nearest = nearestCenters(rows, out.centers);
      const double* row = rows.const_data_ptr<double>();
      for (size_t i = 0; i < nearest.center.size(); ++i, row += features) {
        const int64_t center = nearest.center[i];
        for (int64_t f = 0; f < features; ++f) sum[center * features + f] += row[f];
        count[center] += 1;
        out.inertia += nearest.square[i];
      }
    });
    const at::Tensor next = at::where(counts > 0, sums / counts.clamp_min(1), out.centers);
    const double moved = (next - out.centers).square().sum().item<double>();
    out.centers = next;
    if (moved <= tolerance) break;
  }
  return out;
}

// All rows, or of more than kSample those with the smallest keyed numbers, in their order.
class Sample {
 public:
  explicit Sample(const KeyedRandom& random) : random_(random) {}

  void add(const at::Tensor& rows) {
    const int64_t features = rows.size(1);
    const double* row = rows.const_data_ptr<double>();
    for (int64_t i = 0; i < rows.size(0); ++i, ++seen_, row += features) {
      Kept next{.number = random_.bits(static_cast<uint64_t>(seen_)), .row = seen_, .place = order_.size()};
      if (all()) {
        values_.insert(values_.end(), row, row + features);
      } else {
        if (!(next < order_.top())) continue;
        next.place = order_.top().place;
        order_.pop();
        std::copy_n(row, features, values_.begin() + static_cast<int64_t>(next.place) * features);
      }
      order_.push(next);
    }
  }

  int64_t seen() const { return seen_; }

  at::Tensor rows() && {
    std::vector<std::pair<int64_t, int64_t>> places;  // row, place
    for (; !order_.empty(); order_.pop())
      places.emplace_back(order_.top().row, static_cast<int64_t>(order_.top().place));
    std::sort(places.begin(), places.end());
    std::vector<int64_t> picks;
    for (const auto& [row, place] : places) picks.push_back(place);
    return at::tensor(values_, at::kDouble)
        .view({static_cast<int64_t>(picks.size()), -1})
        .index_select(0, at::tensor(picks, at::kLong));
  }

 private:
  struct Kept {
    uint64_t number = 0;
    int64_t row = 0;
    size_t place = 0;  // in values_
    bool operator<(const Kept& other) const { return std::tie(number, row) < std::tie(other.number, other.row); }
  };
  bool all() const { return seen_ < kSample; }

  KeyedRandom random_;
  int64_t seen_ = 0;
  std::priority_queue<Kept> order_;
  std::vector<double> values_;  // row by row
};

class KMeans final : public Block {
 public:
  explicit KMeans(const Setup& setup)
      : clusters_(setup.values.integer("clusters")),
        tries_(setup.values.integer("tries")),
        passes_(setup.values.integer("passes")),
        tolerance_(setup.values.number("tolerance")),
        nearest_(setup.values.text("output") == "cluster"),
        append_(setup.values.flag("append")),
        random_(setup.random.key("k_means")),
        centers_(at::zeros({clusters_, setup.size("x", 1)}, at::kDouble)) {}

  // The tries are made on a sample; the best of them goes on with all rows, pass by pass.
  void fit(FitRows& rows) override {
    Sample sample(random_);
    std::vector<Moments> moments(static_cast<size_t>(centers_.size(1)));
    inAll(rows, [&](const at::Tensor& x) {
      if (!x.isfinite().all().item<bool>())
        throw Error({.port = "x"}, "expected finite numbers, got NaN or inf",
                    "insert Impute, or Quantile clip, before");
      sample.add(x);
      const at::Tensor columns = x.t().contiguous();
      const double* const values = columns.const_data_ptr<double>();
      for (size_t f = 0; f < moments.size(); ++f)
        moments[f].add(values + static_cast<int64_t>(f) * x.size(0), x.size(0));
    });
    const int64_t count = sample.seen();
    if (count == 0) throwNoRows();
    if (count < clusters_)
      throw Error({.parameter = "clusters"}, "expected at most as many clusters as there are training rows, " +
                                                 std::to_string(count) + ", got " + std::to_string(clusters_));
    double tolerance = 0;  // as scikit-learn has it: relative to the mean variance of the features
    for (const Moments& one : moments)
      tolerance += tolerance_ * one.deviation() * one.deviation() / static_cast<double>(moments.size());
    const at::Tensor some = std::move(sample).rows();
    const Pass once = [&](const auto& each) { each(some); };
    Clustering best;
    for (int64_t attempt = 0; attempt < tries_; ++attempt) {
      const at::Tensor start = firstCenters(some, clusters_, random_.key(static_cast<uint64_t>(attempt)));
      Clustering next = clustered(once, start, passes_, tolerance);
      if (attempt == 0 || next.inertia < best.inertia) best = std::move(next);
    }
    if (some.size(0) < count)
      best = clustered([&](const auto& each) { inAll(rows, each); }, best.centers, passes_, tolerance);
    centers_.copy_(best.centers);
  }

  Batch forward(const Batch& in, Step&) override {
    const at::Tensor x = in["x"].to(at::kDouble);
    const at::Tensor away = squares(x, centers_);
    at::Tensor y = nearest_ ? at::zeros_like(away).scatter_(1, away.argmin(1, true), 1.0) : away.sqrt();
    if (append_) y = at::cat({x, y}, 1);
    auto meaning = std::make_shared<Meaning>();
    const std::vector<std::string>& names = in.packet("x").meaning().columns;
    const int64_t before = append_ ? x.size(1) : 0;
    for (int64_t i = 0; i < before; ++i)
      meaning->columns.push_back(static_cast<int64_t>(names.size()) == before ? names[static_cast<size_t>(i)]
                                                                              : "x" + std::to_string(i + 1));
    for (int64_t i = 0; i < clusters_; ++i) meaning->columns.push_back("cluster" + std::to_string(i + 1));
    return {{"y", Packet(y.to(at::kFloat), std::move(meaning))}};
  }

  State state() const override { return {{{"centers", centers_}}, {}}; }
  void loadState(const State& state) override { restore(state, "centers", centers_); }

 private:
  static void inAll(FitRows& rows, const std::function<void(const at::Tensor&)>& each) {
    rows.rewind();
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next())
      each(batch["x"].to(at::kDouble).contiguous());
  }

  int64_t clusters_, tries_, passes_;
  double tolerance_;
  bool nearest_, append_;
  KeyedRandom random_;
  at::Tensor centers_;  // [k, F], float64
};

Signatures inferKMeans(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  out.element = Element::Float32;
  const int64_t clusters = values.integer("clusters");
  const Dim features = out.shape.at(1);
  if (!values.flag("append"))
    out.shape[1] = Dim(clusters);
  else
    out.shape[1] =
        features.known() ? Dim(features.size + clusters) : Dim(features.name + "+" + std::to_string(clusters));
  return {{"y", out}};
}

}  // namespace

BlockType k_means() {
  return {
      .schema =
          {.title = "K-means",
           .doc = "Finds clusters among the training rows and gives, as features, how far a row is from the center of "
                  "each, or 1 for the nearest and 0 for the others. Starts from rows that lie apart (k-means++), "
                  "several times, and keeps the best. Of more than 65,536 training rows, so many are drawn for "
                  "these tries; the best one goes on with all rows. Features of large numbers weigh more: put "
                  "Standardize before.",
           .inputs = {{"x", "float[N, F]"}},
           .outputs = {{"y", "float[N, K]"}},
           .params = {{"clusters", 8, Range{1, 10000}, "how many clusters"},
                      {"output", "distances", Choices{"distances", "cluster"},
                       "distances: from each center; cluster: 1 for the nearest, else 0"},
                      {"append", false, {}, "behind the features, not in their place"},
                      {"tries", 3, Range{1, 100}, "how often it starts anew"},
                      {"passes", 300, Range{1, 100000}, "how often the centers are moved at most; each reads all rows"},
                      {"tolerance", 1e-4, Range{0, 1},
                       "ends once the squared ways of the centers sum up to this share of the mean variance of the "
                       "features"}},
           .examples = {{.params = {{"clusters", 1}},
                         .in = {{"x", {{2, 2}, {0, 0, 6, 8}}}},
                         .out = {{"y", {{2, 1}, {5, 5}}}}}},
           .fitted = true},
      .make = make<KMeans>,
      .infer = inferKMeans};
}

}  // namespace blockyard::preprocessor
