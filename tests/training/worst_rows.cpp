// The rows that a run was most wrong about: found among all, described from the source, whatever the head.
#include "training/worst_rows.hpp"

#include <ATen/ATen.h>

#include <QImage>
#include <QtTest>
#include <cmath>
#include <fstream>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/png.hpp"
#include "checks.hpp"
#include "runs/run.hpp"
#include "training/session.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace {

// Rows 0, 1, 2 ... of nothing but a number.
class Numbered final : public Source {
 public:
  explicit Numbered(int64_t rows) : rows_(rows) {
    Signature table;
    table.kind = Wire::Table;
    outputs_["features"] = table;
  }
  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_; }
  Chunk read(int64_t first, int64_t count) override {
    Column number{.name = "number"}, text{.name = "text", .type = ColumnType::Text};
    for (int64_t i = first; i < first + count; ++i) {
      number.numbers.push_back(static_cast<double>(i));
      text.texts.push_back(std::string(399, 'x') + "ü and more");
    }
    Chunk out{.first_row = first};
    out.batch.set("features",
                  Packet(Table({std::make_shared<const Column>(number), std::make_shared<const Column>(text)})));
    return out;
  }
  std::string fingerprint() const override { return {}; }
  Table rowNames(int64_t first, int64_t count) override {
    Column time{.name = "hour"};
    for (int64_t i = first; i < first + count; ++i) time.numbers.push_back(static_cast<double>(i) / 2);
    return Table({std::make_shared<const Column>(time)});
  }

 private:
  int64_t rows_;
  Signatures outputs_;
};

PipelineNode head(const char* type) {
  PipelineNode out;
  out.plan = node("head", type, {}, {});
  out.type = &blockType(type);
  return out;
}

Packet withClasses(const at::Tensor& scores) {
  auto meaning = std::make_shared<Meaning>();
  meaning->classes = {"cat", "dog", "eel"};
  return {scores, meaning};
}

}  // namespace

class WorstRowsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void classesByTheirLoss();
  void oneColumnIsTheSecondClass();
  void numbersByTheirError();
  void labels();
  void keepsNoMoreThanAsked();
  void tokensGiveNone();
  void rowsAreDescribed();
  void runsKeepTheirs();
  void filesComeBack();
  void damagedFilesAreNamed();
  void picturesAreWritten();
};

void WorstRowsTest::classesByTheirLoss() {
  const at::Tensor scores =
      at::tensor({0.7F, 0.2F, 0.1F, 0.1F, 0.8F, 0.1F, 0.5F, 0.4F, 0.1F, 0.05F, 0.05F, 0.9F}).reshape({4, 3});
  const at::Tensor target = at::tensor({0L, 0L, 1L, 1L}, at::kLong);
  WorstRows worst;
  // In two batches.
  worst.add(head("classifier/softmax"), {{"target", Packet(target.slice(0, 0, 3))}},
            {{"scores", withClasses(scores.slice(0, 0, 3))}});
  worst.add(head("classifier/softmax"), {{"target", Packet(target.slice(0, 3))}},
            {{"scores", withClasses(scores.slice(0, 3))}});
  Numbered source(10);
  const auto found = worst.describe(RowSet::range(5, 4), source);
  QVERIFY(found.has_value());
  QCOMPARE(found->rows, int64_t{4});
  QCOMPARE(found->wrong, int64_t{3});
  COMPARE_TEXT(found->measure, "loss");
  COMPARE_TEXT(found->head, "head");
  QCOMPARE(found->examples.size(), size_t{3});  // the first is right
  const ErrorExample& first = found->examples[0];
  QCOMPARE(first.row, int64_t{8});
  COMPARE_TEXT(first.truth, "dog");
  COMPARE_TEXT(first.answer, "eel");
  QVERIFY(std::abs(first.probability - 0.9) < 1e-6 && std::abs(first.truth_probability - 0.05) < 1e-6);
  QVERIFY(std::abs(first.wrongness + std::log(0.05)) < 1e-6);
  QCOMPARE(found->examples[1].row, int64_t{6});
  QCOMPARE(found->examples[2].row, int64_t{7});
}

void WorstRowsTest::oneColumnIsTheSecondClass() {
  WorstRows worst;
  worst.add(head("classifier/softmax"), {{"target", Packet(at::tensor({1L, 0L, 0L}, at::kLong))}},
            {{"scores", withClasses(at::tensor({0.2F, 0.9F, 0.1F}).reshape({3, 1}))}});
  Numbered source(3);
  const auto found = worst.describe(RowSet::range(0, 3), source);
  QCOMPARE(found->examples.size(), size_t{2});
  QCOMPARE(found->examples[0].row, int64_t{1});
  QVERIFY(std::abs(found->examples[0].truth_probability - 0.1) < 1e-6);
  COMPARE_TEXT(found->examples[1].truth, "dog");
  COMPARE_TEXT(found->examples[1].answer, "cat");
}

void WorstRowsTest::numbersByTheirError() {
  auto scaled = std::make_shared<Meaning>();
  scaled->columns = {"price"};
  scaled->scaling = Scaling{.offset = 100, .factor = 10};
  WorstRows worst;
  worst.add(head("regressor/linear"), {{"target", Packet(at::tensor({1.0F, 2.0F, 3.0F}).reshape({3, 1}), scaled)}},
            {{"values", Packet(at::tensor({1.5F, 2.0F, 1.0F}).reshape({3, 1}), scaled)}});
  Numbered source(3);
  const auto found = worst.describe(RowSet::range(0, 3), source);
  COMPARE_TEXT(found->measure, "absolute error");
  QCOMPARE(found->examples.size(), size_t{2});
  QCOMPARE(found->examples[0].wrongness, 20.0);  // in its own units
  COMPARE_TEXT(found->examples[0].truth, "130");
  COMPARE_TEXT(found->examples[0].answer, "110");
  QVERIFY(std::isnan(found->examples[0].probability));
}

void WorstRowsTest::labels() {
  WorstRows worst;
  worst.add(head("classifier/logistic"), {{"target", Packet(at::tensor({1.0F, 0.0F, 0.0F, 1.0F}).reshape({2, 2}))}},
            {{"scores", withClasses(at::tensor({0.9F, 0.2F, 0.6F, 0.3F}).reshape({2, 2}))}});
  Numbered source(2);
  const auto found = worst.describe(RowSet::range(0, 2), source);
  QCOMPARE(found->wrong, int64_t{1});
  COMPARE_TEXT(found->examples[0].truth, "dog");
  COMPARE_TEXT(found->examples[0].answer, "cat");
  QVERIFY(std::abs(found->examples[0].truth_probability - 0.4 * 0.3) < 1e-6);
}

void WorstRowsTest::keepsNoMoreThanAsked() {
  constexpr int64_t kRows = 1000;
  const at::Tensor target = at::zeros({kRows, 1}), values = at::arange(kRows, at::kFloat).reshape({kRows, 1});
  const at::Tensor order = at::remainder(values * 617, static_cast<double>(kRows));
  WorstRows worst(20);
  for (int64_t i = 0; i < kRows; i += 50)
    worst.add(head("regressor/linear"), {{"target", Packet(target.slice(0, i, i + 50))}},
              {{"values", Packet(order.slice(0, i, i + 50))}});
  Numbered source(kRows);
  const auto found = worst.describe(RowSet::range(0, kRows), source);
  QCOMPARE(found->examples.size(), size_t{20});
  for (size_t i = 0; i < 20; ++i) QCOMPARE(found->examples[i].wrongness, 999.0 - static_cast<double>(i));
}

void WorstRowsTest::tokensGiveNone() {
  WorstRows worst;
  worst.add(head("classifier/softmax"), {{"target", Packet(at::zeros({2, 5}, at::kLong))}},
            {{"scores", withClasses(at::rand({2, 5, 3}))}});
  Numbered source(2);
  QVERIFY(!worst.describe(RowSet::range(0, 2), source));
}

void WorstRowsTest::rowsAreDescribed() {
  WorstRows worst;
  worst.add(head("regressor/linear"), {{"target", Packet(at::zeros({1, 1}))}}, {{"values", Packet(at::ones({1, 1}))}});
  Numbered source(9);
  const auto found = worst.describe(RowSet::range(7, 1), source);
  const ErrorExample& row = found->examples.front();
  COMPARE_TEXT(row.name, "hour 3.5");
  QCOMPARE(row.columns.size(), size_t{2});
  COMPARE_TEXT(row.columns[0].second, "7");
  // Long texts are cut, and never within a character.
  COMPARE_TEXT(row.columns[1].second, std::string(399, 'x') + "…");
}

// By hand, from what the pipeline says.
void WorstRowsTest::runsKeepTheirs() {
  const QTemporaryDir folder;
  Plan plan = cloudsPlan(writeClouds(folder, 600), {{"epochs", 2}, {"batch_size", 16}});
  plan.folder = folder.path().toStdString();
  std::vector<std::pair<double, int64_t>> wanted;
  {
    Trainer trainer(plan, {});
    trainer.prepareData();
    trainer.train();
    const RowSet& rows = trainer.data().rows(Part::Test);
    int64_t at = 0;
    const size_t index = trainer.pipeline().heads().front();
    forEachBatch(trainer.pipeline(), trainer.data(), rows, {.answers = false}, [&](Flow& flow, int64_t count) {
      const at::Tensor scores = flow[index]["scores"], target = trainer.pipeline().inputsOf(index, flow)["target"];
      for (int64_t i = 0; i < count; ++i, ++at) {
        const auto truth = target[i].item<int64_t>();
        if (scores[i].argmax().item<int64_t>() == truth) continue;
        wanted.emplace_back(-std::log(scores[i][truth].item<double>()), rows[at]);
      }
    });
    std::sort(wanted.rbegin(), wanted.rend());
  }
  Session session;
  session.post(Start{.plan = plan});
  std::string id;
  for (int i = 0; i < 600 && id.empty(); ++i) {
    session.wait(0.1);
    for (const Event& event : session.drain())
      if (const auto* finished = std::get_if<Finished>(&event)) id = finished->run;
  }
  const Run run = Run::open(folder.path().toStdString(), id);
  const auto found = errorExamplesOf(run.folder());
  QVERIFY(found.has_value());
  QVERIFY(!wanted.empty());
  QCOMPARE(found->wrong, static_cast<int64_t>(wanted.size()));
  QCOMPARE(found->examples.size(), std::min<size_t>(20, wanted.size()));
  for (size_t i = 0; i < found->examples.size(); ++i) {
    QCOMPARE(found->examples[i].row, wanted[i].second);
    QVERIFY(std::abs(found->examples[i].wrongness - wanted[i].first) < 1e-5);
  }
  // The cells are those of the file.
  std::ifstream lines(folder.filePath("clouds.csv").toStdString());
  std::string line;
  for (int64_t i = 0; i <= found->examples[0].row + 1; ++i) std::getline(lines, line);
  for (const auto& [name, cell] : found->examples[0].columns) VERIFY_CONTAINS(line, cell);
  const DataSeen& data = run.record().data;
  QCOMPARE(data.rowsUsed(), int64_t{600});
  QCOMPARE(data.test, found->rows);
  const auto& artifacts = run.record().artifacts;
  QVERIFY(std::find(artifacts.begin(), artifacts.end(), kErrorsFile) != artifacts.end());
}

void WorstRowsTest::filesComeBack() {
  ErrorExamples examples{.head = "h", .measure = "loss", .rows = 7, .wrong = 2};
  examples.examples.push_back({.row = 3,
                               .name = "n",
                               .truth = "a",
                               .answer = "b",
                               .probability = 0.75,
                               .wrongness = 1.5,
                               .columns = {{"x", "1"}, {"y", ""}},
                               .picture = base64Of("bytes")});
  const nlohmann::json json = toJson(examples);
  const ErrorExamples back = errorExamplesFromJson(parseJson(dumpJson(json), "f"), "f");
  QVERIFY(toJson(back) == json);
  QVERIFY(std::isnan(back.examples[0].truth_probability));
}

void WorstRowsTest::damagedFilesAreNamed() {
  const QTemporaryDir folder;
  const std::filesystem::path path = folder.path().toStdString();
  QVERIFY(!errorExamplesOf(path));
  for (const char* text : {"{\"format\": 2, \"examples\": []}", "{}", "no json", "[]",
                           R"({"examples": [{"row": 0, "truth": "a", "answer": "b", "picture": "\"><script>"}]})"}) {
    writeDurably(path / kErrorsFile, text);
    VERIFY_CONTAINS(errorText([&] { errorExamplesOf(path); }), kErrorsFile);
  }
}

void WorstRowsTest::picturesAreWritten() {
  const std::vector<uint8_t> rgb = {255, 0, 0, 0, 255, 0, 0, 0, 255, 7, 8, 9, 0, 0, 0, 255, 255, 255};
  QImage image;
  const std::string png = pngOf(rgb, 2, 3, 3);
  QVERIFY(image.loadFromData(QByteArray::fromStdString(png), "PNG"));
  QCOMPARE(image.size(), QSize(3, 2));
  QCOMPARE(image.pixelColor(1, 0), QColor(0, 255, 0));
  QCOMPARE(image.pixelColor(0, 1), QColor(7, 8, 9));
  const std::vector<uint8_t> grey = {0, 128, 255, 1};
  QVERIFY(image.loadFromData(QByteArray::fromStdString(pngOf(grey, 2, 2, 1)), "PNG"));
  QCOMPARE(image.pixelColor(1, 0), QColor(128, 128, 128));
  for (const char* text : {"", "a", "ab", "abc", "abcd", "\xff\xfe\xfd"})
    COMPARE_TEXT(base64Of(text), QByteArray(text).toBase64().toStdString());
}

QTEST_GUILESS_MAIN(WorstRowsTest)
#include "worst_rows.moc"
