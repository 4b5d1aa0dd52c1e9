// K-means: finds clusters among the training rows and says how far each row is from them.
#include <ATen/ATen.h>

#include <algorithm>
#include <queue>

#include "blocks/block.hpp"

namespace blockyard::preprocessor {
namespace {

constexpr int64_t kMostRows = 65536;  // that are clustered

// [N, k]: the square of the distance of each row from each center, float64.
at::Tensor squares(const at::Tensor& rows, const at::Tensor& centers) {
  const at::Tensor away = rows.square().sum(1, true) - 2 * rows.mm(centers.t()) + centers.square().sum(1).unsqueeze(0);
  return away.clamp_min(0);
}

struct Clustering {
  at::Tensor centers{};  // [k, F]
  double inertia = 0;    // sum of the squared distances from the nearest center
};

// Arthur and Vassilvitskii 2007: each further center is a row, drawn with the square of its distance as weight.
at::Tensor firstCenters(const at::Tensor& rows, int64_t k, const KeyedRandom& random) {
  std::vector<at::Tensor> centers{rows[static_cast<int64_t>(random.below(0, static_cast<uint64_t>(rows.size(0))))]};
  at::Tensor nearest = squares(rows, centers[0].unsqueeze(0)).squeeze(1);
  while (static_cast<int64_t>(centers.size()) < k) {
    const at::Tensor sums = nearest.cumsum(0);
    const double at = random.uniform(centers.size()) * sums[-1].item<double>();
    const int64_t row = std::min(at::searchsorted(sums, at, false, true).item<int64_t>(), rows.size(0) - 1);
    centers.push_back(rows[row]);
    nearest = at::minimum(nearest, squares(rows, centers.back().unsqueeze(0)).squeeze(1));
  }
  return at::stack(centers);
}

// Lloyd 1982. A center that no row is nearest to stays where it is.
Clustering clustered(const at::Tensor& rows, int64_t k, const KeyedRandom& random) {
  constexpr int kMostTurns = 300;
  Clustering out{.centers = firstCenters(rows, k, random)};
  at::Tensor before;
  for (int turn = 0; turn < kMostTurns; ++turn) {
    const auto [distance, cluster] = squares(rows, out.centers).min(1);
    out.inertia = distance.sum().item<double>();
    if (before.defined() && cluster.equal(before)) break;
    before = cluster;
    const at::Tensor counts = at::bincount(cluster, {}, k).to(at::kDouble).unsqueeze(1);
    const at::Tensor sums = at::zeros_like(out.centers).index_add_(0, cluster, rows);
    out.centers = at::where(counts > 0, sums / counts.clamp_min(1), out.centers);
  }
  return out;
}

class KMeans final : public Block {
 public:
  explicit KMeans(const Setup& setup)
      : clusters_(setup.values.integer("clusters")),
        tries_(setup.values.integer("tries")),
        nearest_(setup.values.text("output") == "cluster"),
        append_(setup.values.flag("append")),
        random_(setup.random.key("k_means")),
        centers_(at::zeros({clusters_, setup.size("x", 1)}, at::kDouble)) {}

  void fit(FitRows& rows) override {
    const at::Tensor all = sample(rows);
    if (all.size(0) < clusters_)
      throw Error({.parameter = "clusters"}, "expected at most as many clusters as there are training rows, " +
                                                 std::to_string(all.size(0)) + ", got " + std::to_string(clusters_));
    Clustering best;
    for (int64_t attempt = 0; attempt < tries_; ++attempt) {
      Clustering next = clustered(all, clusters_, random_.key(static_cast<uint64_t>(attempt)));
      if (attempt == 0 || next.inertia < best.inertia) best = std::move(next);
    }
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
  // The training rows, or of more than kMostRows those with the smallest keyed numbers, in their order.
  at::Tensor sample(FitRows& rows) const {
    using Kept = std::pair<uint64_t, int64_t>;  // keyed number, row
    std::priority_queue<Kept> kept;
    std::map<int64_t, at::Tensor> found;
    int64_t row = 0;
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      const at::Tensor x = batch["x"].to(at::kDouble);
      if (!x.isfinite().all().item<bool>())
        throw Error({.port = "x"}, "expected finite numbers, got NaN or inf",
                    "insert Impute, or Quantile clip, before");
      for (int64_t i = 0; i < x.size(0); ++i, ++row) {
        const Kept next{random_.bits(static_cast<uint64_t>(row)), row};
        const bool full = static_cast<int64_t>(kept.size()) == kMostRows;
        if (full && !(next < kept.top())) continue;
        if (full) found.erase(kept.top().second), kept.pop();
        kept.push(next);
        found.emplace(row, x[i].clone());
      }
    }
    std::vector<at::Tensor> out;
    for (auto& [number, values] : found) out.push_back(std::move(values));
    if (out.empty()) throw Error({.port = "x"}, "expected training rows to learn from, got none");
    return at::stack(out);
  }

  int64_t clusters_, tries_;
  bool nearest_, append_;
  KeyedRandom random_;
  at::Tensor centers_;  // [k, F], float64
};

Signatures infer(const Values& values, const Signatures& inputs) {
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
                  "several times, and keeps the best. Of more than 65,536 training rows, so many are drawn. "
                  "Features of large numbers weigh more: put Standardize before.",
           .inputs = {{"x", "float[N, F]"}},
           .outputs = {{"y", "float[N, K]"}},
           .params = {{"clusters", 8, Range{1, 10000}, "how many clusters"},
                      {"output", "distances", Choices{"distances", "cluster"},
                       "distances: from each center; cluster: 1 for the nearest, else 0"},
                      {"append", false, {}, "behind the features, not in their place"},
                      {"tries", 3, Range{1, 100}, "how often it starts anew"}},
           .examples = {{.params = {{"clusters", 1}},
                         .in = {{"x", {{2, 2}, {0, 0, 6, 8}}}},
                         .out = {{"y", {{2, 1}, {5, 5}}}}}},
           .fitted = true},
      .make = make<KMeans>,
      .infer = infer};
}

}  // namespace blockyard::preprocessor
