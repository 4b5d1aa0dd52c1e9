// Synthetic: rows of known shapes, made up from a seed - for a first try, for tests, and for any number of rows.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <numbers>

#include "base/sha256.hpp"
#include "blocks/block.hpp"
#include "blocks/source.hpp"

namespace blockyard::source {
namespace {

constexpr double kPi = std::numbers::pi;

// One row as it is drawn: its features, and a class or a number.
struct Row {
  double* features;
  double target = 0;
};

// What every shape is made from. Row i is a function of (seed, i) alone, so rows need no memory.
class Shape {
 public:
  Shape(const Values& values, int64_t features)
      : kind_(values.text("shape")),
        classes_(values.integer("classes")),
        features_(features),
        informative_(std::min(values.integer("informative"), features)),
        noise_(values.number("noise")),
        random_(KeyedRandom(static_cast<uint64_t>(values.integer("seed"))).key("synthetic")) {
    if (kind_ == "regression")
      for (int64_t j = 0; j < features_; ++j)
        weights_.push_back(j < informative_ ? 100 * random_.key("weights").uniform(static_cast<uint64_t>(j)) : 0);
    if (kind_ == "blobs")
      for (int64_t k = 0; k < classes_ * features_; ++k)
        weights_.push_back(20 * random_.key("centers").uniform(static_cast<uint64_t>(k)) - 10);
  }

  void draw(int64_t row, Row& out) const {
    const KeyedRandom random = random_.key(static_cast<uint64_t>(row));
    if (kind_ == "blobs") return blobs(random, out);
    if (kind_ == "regression" || kind_ == "friedman1") return numbers(random, out);
    if (kind_ == "time_series") return timeSeries(row, random, out);
    plane(random, out);
  }

 private:
  void blobs(const KeyedRandom& random, Row& out) const {
    const auto kind = static_cast<int64_t>(random.below(0, static_cast<uint64_t>(classes_)));
    for (int64_t j = 0; j < features_; ++j)
      out.features[j] = weights_[static_cast<size_t>(kind * features_ + j)] +
                        noise_ * random.key("noise").normal(static_cast<uint64_t>(j));
    out.target = static_cast<double>(kind);
  }

  // Two columns; the class says which curve, `share` how far along it.
  void plane(const KeyedRandom& random, Row& out) const {
    const bool spirals = kind_ == "spirals";
    const uint64_t kinds = spirals ? static_cast<uint64_t>(classes_) : 2;
    const auto kind = static_cast<double>(random.below(0, kinds));
    const double share = random.uniform(1);
    double x = 0, y = 0;
    if (kind_ == "moons") {
      x = kind == 0 ? std::cos(kPi * share) : 1 - std::cos(kPi * share);
      y = kind == 0 ? std::sin(kPi * share) : 0.5 - std::sin(kPi * share);
    } else if (kind_ == "circles") {
      const double radius = kind == 0 ? 1 : 0.5;
      x = radius * std::cos(2 * kPi * share), y = radius * std::sin(2 * kPi * share);
    } else {
      const double angle = 2 * kPi * (kind / static_cast<double>(kinds) + 1.5 * share);
      x = share * std::cos(angle), y = share * std::sin(angle);
    }
    out.features[0] = x + noise_ * random.normal(2);
    out.features[1] = y + noise_ * random.normal(3);
    for (int64_t j = 2; j < features_; ++j) out.features[j] = random.key("more").normal(static_cast<uint64_t>(j));
    out.target = kind;
  }

  void numbers(const KeyedRandom& random, Row& out) const {
    const bool friedman = kind_ == "friedman1";
    for (int64_t j = 0; j < features_; ++j)
      out.features[j] = friedman ? random.key("x").uniform(static_cast<uint64_t>(j))
                                 : random.key("x").normal(static_cast<uint64_t>(j));
    const double* x = out.features;
    if (friedman) {
      out.target = 10 * std::sin(kPi * x[0] * x[1]) + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4];
    } else {
      for (int64_t j = 0; j < informative_; ++j) out.target += weights_[static_cast<size_t>(j)] * x[j];
    }
    out.target += noise_ * random.normal(0);
  }

  // The value at this step and, as features, those of the steps before it.
  void timeSeries(int64_t row, const KeyedRandom&, Row& out) const {
    for (int64_t j = 0; j < features_; ++j) out.features[j] = seriesAt(row - features_ + j);
    out.target = seriesAt(row);
  }
  // A trend, a day of 24 steps, a week of 168 and noise; steps before the first row exist, too.
  double seriesAt(int64_t step) const {
    const auto t = static_cast<double>(step);
    return 0.01 * t + 3 * std::sin(2 * kPi * t / 24) + 1.5 * std::sin(2 * kPi * t / 168 + 1) +
           noise_ * random_.key("step").normal(static_cast<uint64_t>(step));
  }

  std::string kind_;
  int64_t classes_, features_, informative_;
  double noise_;
  KeyedRandom random_;
  std::vector<double> weights_;
};

int64_t leastFeatures(const std::string& shape) {
  return shape == "friedman1" ? 5 : shape == "moons" || shape == "circles" || shape == "spirals" ? 2 : 1;
}

bool hasClasses(const std::string& shape) {
  return shape == "blobs" || shape == "moons" || shape == "circles" || shape == "spirals";
}

Signatures signaturesOf(const Values& values) {
  const std::string& shape = values.text("shape");
  const int64_t features = values.integer("features"), least = leastFeatures(shape);
  if (features < least)
    throw Error({.parameter = "features"},
                "expected at least " + std::to_string(least) + " for " + shape + ", got " + std::to_string(features));
  Signature table{.kind = Wire::Table, .shape = {"N"}};
  const bool series = shape == "time_series";
  for (int64_t j = 0; j < features; ++j)
    table.columns.push_back({series ? "lag_" + std::to_string(features - j) : "x" + std::to_string(j + 1)});
  Signature target{.kind = Wire::Target, .shape = {"N"}};
  if (hasClasses(shape)) {
    target.kind = Wire::Label, target.element = Element::Int64;
    const int64_t classes = shape == "blobs" || shape == "spirals" ? values.integer("classes") : 2;
    for (int64_t k = 0; k < classes; ++k) target.classes.push_back(std::to_string(k));
  }
  return {{"features", table}, {"target", target}};
}

class SyntheticSource final : public Source {
 public:
  explicit SyntheticSource(const SourceSetup& setup)
      : values_(setup.values),
        outputs_(signaturesOf(setup.values)),
        shape_(setup.values, setup.values.integer("features")),
        rows_(setup.values.integer("rows")) {
    if (setup.most_rows > 0) rows_ = std::min(rows_, setup.most_rows);
    auto meaning = std::make_shared<Meaning>();
    meaning->classes = outputs_.at("target").classes;
    if (meaning->classes.empty()) meaning->columns = {"y"};
    meaning_ = std::move(meaning);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_; }
  std::string fingerprint() const override {
    Sha256 hash;
    hash.update("synthetic 1\n");  // the number of this way to make them
    for (const auto& [name, value] : values_.items()) hash.update(name + "=" + value.text() + "\n");
    return hash.hex();
  }

  Chunk read(int64_t first, int64_t count) override {
    count = std::max<int64_t>(0, std::min(count, rows_ - first));
    const std::vector<ColumnInfo>& infos = outputs_.at("features").columns;
    const auto width = static_cast<int64_t>(infos.size());
    std::vector<Column> columns;
    for (const auto& info : infos) {
      columns.push_back({.name = info.name});
      columns.back().numbers.resize(static_cast<size_t>(count));
    }
    const bool label = outputs_.at("target").kind == Wire::Label;
    at::Tensor target = at::empty({count}, label ? at::kLong : at::kFloat);
    at::parallel_for(0, count, 1024, [&](int64_t begin, int64_t end) {
      std::vector<double> features(static_cast<size_t>(width));
      for (int64_t i = begin; i < end; ++i) {
        Row row{.features = features.data()};
        shape_.draw(first + i, row);
        for (size_t j = 0; j < columns.size(); ++j) columns[j].numbers[static_cast<size_t>(i)] = features[j];
        if (label)
          target.mutable_data_ptr<int64_t>()[i] = static_cast<int64_t>(row.target);
        else
          target.mutable_data_ptr<float>()[i] = static_cast<float>(row.target);
      }
    });
    std::vector<Table::Shared> shared;
    for (Column& column : columns) shared.push_back(std::make_shared<const Column>(std::move(column)));
    return {.first_row = first,
            .batch = {{"features", Packet(Table(std::move(shared)))}, {"target", Packet(target, meaning_)}}};
  }

 private:
  Values values_;
  Signatures outputs_;
  Shape shape_;
  int64_t rows_;
  std::shared_ptr<const Meaning> meaning_;
};

std::unique_ptr<Source> openSynthetic(const SourceSetup& setup) {
  return std::make_unique<SyntheticSource>(setup);
}

Signatures peekSynthetic(const SourceSetup& setup) {
  return signaturesOf(setup.values);
}

}  // namespace

BlockType synthetic() {
  return {
      .schema =
          {.title = "Synthetic",
           .doc =
               "Makes rows up, of a shape that is known: blobs (a cloud for each class), moons, circles and spirals "
               "(curves in a plane; further features are noise), regression (a weighted sum of some features), "
               "friedman1 (Friedman 1991: 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5; further features are "
               "noise) and time_series (trend, day and week; the features are the values before). A row follows from "
               "the seed and its number alone: any number of rows needs no memory, and more rows change none before.",
           .outputs = {{"features", "table", "number columns"},
                       {"target", "label|target", "class, or number to predict"}},
           .params = {{"shape", "moons",
                       Choices{"blobs", "moons", "circles", "spirals", "regression", "friedman1", "time_series"},
                       "what the rows look like"},
                      {"rows", 1000, Range{1, 1e9}, "how many rows there are"},
                      {"features", 2, Range{1, 10000},
                       "how many number columns there are; of time_series: how many values before"},
                      {"classes", 3, Range{2, 1000}, "how many classes there are, of blobs and spirals"},
                      {"informative", 10, Range{1, 10000}, "how many features the target of regression depends on"},
                      {"noise", 0.1, Range{0, 1e9}, "deviation of the noise; of blobs: of each cloud"},
                      {"seed", 0, Range{0, 9e15}, "another seed, other rows"}}},
      .open = openSynthetic,
      .peek = peekSynthetic};
}

}  // namespace blockyard::source
