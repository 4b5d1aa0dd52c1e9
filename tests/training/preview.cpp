// A look at a port: the same numbers as other means give for the same files, pictures with their classes, and what is
// said where nothing can be seen.
#include "training/preview.hpp"

#include <ATen/ATen.h>

#include <QtTest/QtTest>
#include <cmath>
#include <filesystem>

#include "checks.hpp"
#include "data/chunk.hpp"
#include "graph/check.hpp"
#include "graph/project.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;

class PreviewTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tableAsOthersSeeIt();
  void fittedOnTheSample();
  void penguinsOfTheSampleProject();
  void pictures();
  void tensorInTheMiddle();
  void poolAndReluInTheirOwnPlaces();
  void fewRowsOfALargeFile();
  void bypassedAndUnfinishedGraphs();
  void valuesThatAreNone();
  void errorsNameTheBlock();
};

namespace {

const SampleColumn& columnOf(const Preview& preview, const std::string& name) {
  for (const auto& column : preview.sample.columns)
    if (column.profile.name == name) return column;
  qFatal("no column %s", name.c_str());
}

bool near(double a, double b, double tolerance = 1e-9) {
  return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

std::string data(const std::string& name) {
  const char* const root = std::getenv("BLOCKYARD_DATA");
  const std::string file = std::string(root != nullptr ? root : "") + "/" + name;
  return root != nullptr && std::filesystem::exists(file) ? file : std::string();
}

Preview look(const Plan& plan, const std::string& block, const std::string& port, int64_t rows = kPreviewRows) {
  return preview(plan, block, port, {.rows = rows});
}

Preview look(const Project& project, const End& end, int64_t rows = kPreviewRows) {
  const PortPlan way = planUpTo(project, {}, check(project, project.defaultPipeline()), end);
  return look(way.plan, way.block, way.port, rows);
}

// Writes an IDX file of bytes.
void putIdx(const std::string& path, const std::vector<uint32_t>& sizes, const std::string& bytes) {
  std::string out{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const uint32_t size : sizes)
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(size >> shift & 0xff);
  put(path, out + bytes);
}

}  // namespace

void PreviewTest::tableAsOthersSeeIt() {
  const TestFolder folder;
  put(folder / "t.csv",
      "a,c,when,words,kind\n1,x,2020-01-01,one two,p\n2,y,2020-01-03,\"three, "
      "four\",q\n,x,,five,p\n4.5,,2020-01-02,,q\n");
  Plan plan = {.folder = folder.path()};
  plan.nodes = {testing::node("table", "source/table",
                              {{"file", folder / "t.csv"}, {"target", Texts{"kind"}}, {"types", Texts{"words=text"}}},
                              {})};
  plan.training = completeValues(trainingParams(), {});
  const Preview out = look(plan, "table", "features");
  QCOMPARE(out.sample.rows, 4);
  QVERIFY(out.all_rows && !out.fitted && !out.untrained);
  QCOMPARE(out.sample.signature.kind, Wire::Table);
  const SampleColumn& a = columnOf(out, "a");
  QCOMPARE(a.profile.missing, 1);
  QCOMPARE(a.profile.min, 1.0);
  QCOMPARE(a.profile.max, 4.5);
  QVERIFY(near(a.profile.mean, 2.5));
  QVERIFY(near(a.profile.deviation, 1.8027756377319946));  // statistics.stdev([1, 2, 4.5])
  QCOMPARE(a.bins.counts.size(), static_cast<size_t>(kSampleBins));
  QCOMPARE(a.bins.counts[0], 1);
  QCOMPARE(a.bins.counts[5], 1);  // (2 - 1) / 3.5 * 20 = 5.7
  QCOMPARE(a.bins.counts[19], 1);
  const SampleColumn& c = columnOf(out, "c");
  QCOMPARE(c.profile.missing, 1);
  COMPARE_TEXT(c.profile.top[0].first, "x");
  QCOMPARE(c.profile.top[0].second, 2);
  QVERIFY(c.bins.counts.empty());
  QCOMPARE(columnOf(out, "when").profile.max, timeFromText("2020-01-03"));
  QCOMPARE(columnOf(out, "words").profile.longest, 11);
  COMPARE_TEXT(out.sample.cell(1, 3), "three, four");
  COMPARE_TEXT(out.sample.cell(2, 0), "");
  QVERIFY(out.sample.labels == std::vector<std::string>({"p", "q", "p", "q"}));
  const Preview target = look(plan, "table", "target");
  QCOMPARE(target.sample.signature.kind, Wire::Label);
  COMPARE_TEXT(target.sample.cell(3, 0), "q");
  QCOMPARE(target.sample.columns.front().profile.top.size(), size_t{2});
}

// The numbers are those of Python's statistics module for the file as it lies.
void PreviewTest::penguinsOfTheSampleProject() {
  if (data("penguins/penguins.csv").empty()) QSKIP("BLOCKYARD_DATA does not name a folder with the penguins");
  const Project project = loadProject(std::string(BLOCKYARD_SOURCE_DIR) + "/projects/penguins/penguins.blockyard");
  const Preview raw = look(project, {{"table"}, "features"});
  QCOMPARE(raw.sample.rows, 344);
  const SampleColumn& bill = columnOf(raw, "bill_length_mm");
  QCOMPARE(bill.profile.missing, 2);
  QCOMPARE(bill.profile.distinct, 164);
  QVERIFY(near(bill.profile.mean, 43.9219298245614) && near(bill.profile.deviation, 5.4595837139265315));
  QVERIFY(bill.bins.counts ==
          std::vector<int64_t>({2, 7, 20, 20, 30, 27, 29, 19, 17, 32, 34, 21, 27, 34, 13, 3, 3, 2, 1, 1}));
  QVERIFY(bill.bins.low == 32.1 && bill.bins.high == 59.6);
  const SampleColumn& sex = columnOf(raw, "sex");
  QCOMPARE(sex.profile.missing, 11);
  COMPARE_TEXT(sex.profile.top[0].first, "male");
  QCOMPARE(sex.profile.top[0].second, 168);
  // After impute and standardize nothing is missing, and the sample's own mean is 0.
  const Preview scaled = look(project, {{"standardize"}, "y"});
  QVERIFY(scaled.fitted && !scaled.untrained);
  const SampleColumn& mass = columnOf(scaled, "body_mass_g");
  QCOMPARE(mass.profile.missing, 0);
  QVERIFY(std::abs(mass.profile.mean) < 1e-12);
  QVERIFY(near(mass.profile.deviation, std::sqrt(344.0 / 343)));  // of the sample, where that of the population is 1
  // One feature per number and per class, named.
  const Preview features = look(project, {{"features"}, "y"});
  QVERIFY(features.sample.row_shape == std::vector<int64_t>({9}));
  COMPARE_TEXT(features.sample.columns.front().profile.name, "all values");
  QCOMPARE(features.sample.columns.size(), size_t{10});
  QCOMPARE(columnOf(features, "island=Biscoe").profile.max, 1.0);
  QVERIFY(near(columnOf(features, "island=Biscoe").profile.mean, 168.0 / 344, 1e-6));
  COMPARE_TEXT(features.sample.labels.front(), "Adelie");
  const Preview scores = look(project, {{"species"}, "scores"});
  QVERIFY(scores.untrained);
  QVERIFY(scores.sample.names == std::vector<std::string>({"Adelie", "Chinstrap", "Gentoo"}));
  const auto& numbers = scores.sample.numbers;
  QVERIFY(near(numbers[0] + numbers[1] + numbers[2], 1, 1e-6));
  const Preview answer = look(project, {{"answer"}, "answer"});
  QVERIFY(answer.sample.isTable());
  COMPARE_TEXT(answer.sample.columnName(0), "label");
}

void PreviewTest::fittedOnTheSample() {
  const TestFolder folder;
  put(folder / "t.csv", "a,kind\n1,p\n3,q\n100,p\n200,q\n");
  Plan plan;
  plan.nodes = {testing::node("table", "source/table", {{"file", folder / "t.csv"}, {"target", Texts{"kind"}}}, {}),
                testing::node("standardize", "preprocessor/standardize", {}, {{"x", 0, "features"}})};
  plan.training = completeValues(trainingParams(), {});
  const Preview two = look(plan, "standardize", "y", 2);
  QCOMPARE(two.sample.rows, 2);
  QVERIFY(!two.all_rows);
  COMPARE_TEXT(two.sample.cell(0, 0), "-1");
  COMPARE_TEXT(two.sample.cell(1, 0), "1");
  QVERIFY(look(plan, "standardize", "y", 4).all_rows);
}

void PreviewTest::pictures() {
  if (data("fashion-mnist/train-images-idx3-ubyte.gz").empty())
    QSKIP("BLOCKYARD_DATA does not name a folder with Fashion-MNIST");
  const Project project =
      loadProject(std::string(BLOCKYARD_SOURCE_DIR) + "/projects/fashion-mnist/fashion-mnist.blockyard");
  const Preview raw = look(project, {{"images"}, "image"}, 100);
  QCOMPARE(raw.sample.signature.kind, Wire::Image);
  const Pictures& pictures = raw.sample.pictures;
  QVERIFY(pictures.count == 100 && pictures.channels == 1 && pictures.height == 28 && pictures.width == 28);
  // The sums of the bytes as Python reads them.
  int64_t first = 0, all = 0;
  for (size_t i = 0; i < pictures.bytes.size(); ++i) {
    all += pictures.bytes[i];
    if (i < 784) first += pictures.bytes[i];
  }
  QCOMPARE(first, 76247);
  QCOMPARE(all, 5688570);
  const ColumnProfile& values = raw.sample.columns.front().profile;
  QVERIFY(near(values.mean, 72.55829081632653) && near(values.deviation, 90.50412555483481));
  QCOMPARE(values.rows, 78400);
  COMPARE_TEXT(raw.sample.labels[0], "Ankle boot");
  COMPARE_TEXT(raw.sample.labels[3], "Dress");
  // Scaled to 0 to 1 they are the same pictures.
  const Preview scaled = look(project, {{"scale"}, "y"}, 100);
  QVERIFY(scaled.sample.pictures.bytes == pictures.bytes);
  QVERIFY(near(scaled.sample.pictures.high, 1, 1e-6));
  // What a convolution gives is no picture, but numbers of every row.
  const Preview maps = look(project, {{"conv2"}, "y"}, 500);
  QVERIFY(maps.sample.row_shape == std::vector<int64_t>({64, 28, 28}) ||
          maps.sample.row_shape == std::vector<int64_t>({64, 24, 24}));
  QVERIFY(maps.sample.rows < 500);  // as many as a look may take
  QVERIFY(maps.sample.rows >= 64 && !maps.all_rows);
  QCOMPARE(maps.sample.pictures.count, 0);
  QCOMPARE(maps.sample.labels.size(), static_cast<size_t>(maps.sample.rows));
}

// Two rows through weights that are read off the pipeline's own arithmetic: y = x W' + b of a linear layer with one
// output is linear in x, so f(a) + f(b) - f(0) = f(a + b).
void PreviewTest::tensorInTheMiddle() {
  const TestFolder folder;
  put(folder / "t.csv", "a,b,kind\n0,0,p\n1,0,q\n0,1,p\n1,1,q\n3,-2,q\n");
  Plan plan;
  plan.nodes = {testing::node("table", "source/table", {{"file", folder / "t.csv"}, {"target", Texts{"kind"}}}, {}),
                testing::node("features", "preprocessor/to_features", {}, {{"x", 0, "features"}}),
                testing::node("dense", "extractor/linear", {{"out_features", 3}}, {{"x", 1, "y"}}),
                testing::node("relu", "extractor/activation", {}, {{"x", 2, "y"}}),
                testing::node("head", "classifier/softmax", {}, {{"x", 3, "y"}, {"target", 0, "target"}})};
  plan.training = completeValues(trainingParams(), {{"seed", 7}, {"validation_share", 0.0}, {"test_share", 0.0}});
  const Preview dense = look(plan, "dense", "y");
  QVERIFY(dense.untrained);
  QVERIFY(dense.sample.row_shape == std::vector<int64_t>({3}));
  const auto& y = dense.sample.numbers;
  for (size_t k = 0; k < 3; ++k) {
    QVERIFY(near(y[3 + k] + y[6 + k] - y[k], y[9 + k], 1e-5));
    QVERIFY(near(y[k] + 3 * (y[3 + k] - y[k]) - 2 * (y[6 + k] - y[k]), y[12 + k], 1e-5));
  }
  const Preview relu = look(plan, "relu", "y");
  for (size_t i = 0; i < y.size(); ++i) QCOMPARE(relu.sample.numbers[i], std::max(y[i], 0.0));
  // The same weights as the trainer starts with.
  Trainer trainer(plan, {});
  trainer.prepareData();
  const Preview live = preview(trainer, "dense", "y", {});
  QVERIFY(live.sample.numbers == y);
  QCOMPARE(live.step, 0);
}

// The trainer lets pooling and ReLU change places; a look shows the wire as it is drawn.
void PreviewTest::poolAndReluInTheirOwnPlaces() {
  const TestFolder folder;
  std::string bytes;
  for (int i = 0; i < 12 * 36; ++i) bytes += static_cast<char>(i * 37 % 251);
  putIdx(folder / "images", {12, 6, 6}, bytes);
  putIdx(folder / "labels", {12}, std::string("\0\1\0\1\0\1\0\1\0\1\0\1", 12));
  Plan plan;
  plan.nodes = {
      testing::node("images", "source/images", {{"images", folder / "images"}, {"labels", folder / "labels"}}, {}),
      testing::node("scale", "preprocessor/image_scale", {}, {{"x", 0, "image"}}),
      testing::node("conv", "extractor/conv2d", {{"out_channels", 2}, {"kernel", Integers{3}}}, {{"x", 1, "y"}}),
      testing::node("relu", "extractor/activation", {}, {{"x", 2, "y"}}),
      testing::node("pool", "extractor/max_pool", {{"kernel", Integers{2}}}, {{"x", 3, "y"}}),
      testing::node("flatten", "extractor/flatten", {}, {{"x", 4, "y"}}),
      testing::node("head", "classifier/softmax", {}, {{"x", 5, "y"}, {"target", 0, "target"}})};
  plan.training = completeValues(trainingParams(), {{"validation_share", 0.0}, {"test_share", 0.0}});
  const Preview conv = look(plan, "conv", "y"), relu = look(plan, "relu", "y"), pool = look(plan, "pool", "y");
  Trainer trainer(plan, {});
  trainer.prepareData();
  const Preview live_relu = preview(trainer, "relu", "y", {}), live_pool = preview(trainer, "pool", "y", {});
  QVERIFY(relu.sample.row_shape == conv.sample.row_shape);
  QVERIFY(live_relu.sample.row_shape == relu.sample.row_shape);
  QVERIFY(live_relu.sample.numbers == relu.sample.numbers);
  QVERIFY(live_pool.sample.row_shape == pool.sample.row_shape);
  QVERIFY(live_pool.sample.numbers == pool.sample.numbers);
  const int64_t side = conv.sample.row_shape[1], half = side / 2;
  for (int64_t y = 0; y < half; ++y)
    for (int64_t x = 0; x < half; ++x) {
      double most = 0;
      for (const int64_t at :
           {2 * y * side + 2 * x, 2 * y * side + 2 * x + 1, (2 * y + 1) * side + 2 * x, (2 * y + 1) * side + 2 * x + 1})
        most = std::max(most, conv.sample.numbers[static_cast<size_t>(at)]);
      QCOMPARE(pool.sample.numbers[static_cast<size_t>(y * half + x)], most);
    }
}

void PreviewTest::fewRowsOfALargeFile() {
  const TestFolder folder;
  constexpr int kRows = 2000000;
  std::string text = "a,kind\n";
  for (int i = 0; i < kRows; ++i) text += std::to_string(i) + (i % 2 == 0 ? ",p\n" : ",q\n");
  put(folder / "t.csv", text);
  Plan plan;
  plan.nodes = {testing::node("table", "source/table", {{"file", folder / "t.csv"}, {"target", Texts{"kind"}}}, {}),
                testing::node("standardize", "preprocessor/standardize", {}, {{"x", 0, "features"}})};
  plan.training = completeValues(trainingParams(), {});
  QElapsedTimer timer;
  timer.start();
  const Preview out = look(plan, "standardize", "y");
  const auto took = timer.elapsed();
  QCOMPARE(out.sample.rows, kPreviewRows);
  QVERIFY(!out.all_rows);
  timer.restart();
  look(plan, "standardize", "y", kMostPreviewRows);
  // Twenty times as many rows are still a part of the file only; the first look must not have read more than this one.
  QVERIFY2(took <= std::max<qint64>(300, timer.elapsed()), qPrintable(QString::number(took)));
}

void PreviewTest::bypassedAndUnfinishedGraphs() {
  const TestFolder folder;
  put(folder / "t.csv", "a,b,kind\n1,2,p\n3,4,q\n5,6,p\n");
  // No head yet, a wrong block beside the way, a bypassed one on it.
  const std::string text = R"({"format": 1, "name": "u", "pipelines": {"main": {"blocks": {
    "table": {"block": "source/table", "params": {"file": "t.csv", "target": ["kind"]}},
    "scale": {"block": "preprocessor/standardize", "bypassed": true},
    "features": {"block": "preprocessor/to_features"},
    "dense": {"block": "extractor/linear", "params": {"out_features": 4}},
    "odd": {"block": "extractor/of_tomorrow"},
    "loose": {"block": "extractor/linear"}},
    "wires": ["table.features -> scale.x", "scale.y -> features.x", "features.y -> dense.x", "dense.y -> odd.x"]}}})";
  put(folder / "u.blockyard", text);
  const Project project = loadProject(folder / "u.blockyard");
  QVERIFY(look(project, {{"dense"}, "y"}).sample.row_shape == std::vector<int64_t>({4}));
  const Preview passed = look(project, {{"scale"}, "y"});
  COMPARE_TEXT(passed.block, "table");
  COMPARE_TEXT(passed.sample.cell(1, 1), "4");
  VERIFY_CONTAINS(errorText([&] { look(project, {{"loose"}, "y"}); }), "loose.x");
  VERIFY_CONTAINS(errorText([&] { look(project, {{"odd"}, "y"}); }), "extractor/of_tomorrow");
  VERIFY_CONTAINS(errorText([&] { look(project, {{"dens"}, "y"}); }), "dense");
  VERIFY_CONTAINS(errorText([&] { look(project, {{"dense"}, "z"}); }), "its outputs: y");
}

void PreviewTest::valuesThatAreNone() {
  const double inf = std::numeric_limits<double>::infinity();
  const at::Tensor values = at::tensor({1.0, inf, 3.0, -inf, std::nan(""), 3.0}).reshape({3, 2});
  const Sample sample = sampleOf(Packet(values), {.shape = {"N"}});
  const SampleColumn& all = sample.columns[0];
  QCOMPARE(all.infinite, 2);
  QCOMPARE(all.profile.missing, 1);
  QCOMPARE(all.profile.rows, 6);
  QCOMPARE(all.profile.max, 3.0);
  QVERIFY(near(all.profile.mean, 7.0 / 3));
  QCOMPARE(all.bins.counts.front() + all.bins.counts.back(), 3);
  QCOMPARE(sample.columns.size(), size_t{3});
  COMPARE_TEXT(sample.cell(2, 0), "");
  COMPARE_TEXT(sample.cell(0, 1), "inf");
  // One value only: a bin of width 1 around it; none at all: no bins.
  const Sample same = sampleOf(Packet(at::full({4}, 2.5)), {.shape = {"N"}});
  QVERIFY(same.columns[0].bins.low == 2 && same.columns[0].bins.high == 3);
  const Sample none = sampleOf(Packet(at::full({4}, std::nan(""))), {.shape = {"N"}});
  QVERIFY(none.columns[0].bins.counts.empty());
  QVERIFY(sampleOf(Packet(at::zeros({0, 3, 4, 4})), {.shape = {"N"}}).pictures.count == 0);
}

void PreviewTest::errorsNameTheBlock() {
  const TestFolder folder;
  put(folder / "t.csv", "a,kind\n1,p\n2,q\n3,p\n");
  Plan plan;
  plan.nodes = {testing::node("table", "source/table", {{"file", folder / "t.csv"}, {"target", Texts{"kind"}}}, {}),
                testing::node("scale", "preprocessor/standardize", {}, {{"x", 0, "features"}}),
                testing::node("wrong", "preprocessor/standardize", {{"columns", Texts{"aa"}}}, {{"x", 1, "y"}})};
  plan.training = completeValues(trainingParams(), {});
  look(plan, "scale", "y");  // what stands behind does not matter
  const auto wrong = errorOf([&] { look(plan, "wrong", "y"); });
  QVERIFY(wrong.has_value());
  COMPARE_TEXT(wrong->where().block, "wrong");
  std::filesystem::remove(folder / "t.csv");
  const auto gone = errorOf([&] { look(plan, "scale", "y"); });
  QVERIFY(gone.has_value());
  COMPARE_TEXT(gone->where().block, "table");
  VERIFY_CONTAINS(errorText([&] { look(plan, "nobody", "y"); }), "nobody");
}

QTEST_GUILESS_MAIN(PreviewTest)
#include "preview.moc"
