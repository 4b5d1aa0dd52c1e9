// What trained pipelines say row by row: it adds up to their confusion matrices, and tells where two of them disagree.
#include "export/row_answers.hpp"

#include <QtTest/QtTest>

#include "checks.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class RowAnswersTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void addUpToTheConfusionMatrix();
  void inputsAreThoseOfTheRows();
  void agreeWithThemselves();
  void disagreeOnTheSameRows();
  void anotherSplitIsSaid();
  void numbersComeInTheirOwnUnits();
  void otherDataAndQuestionsAreRefused();
  void stops();

 private:
  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }
  Metrics train(Plan plan, const std::string& bundle) const {
    plan.folder = folder_.path().toStdString();
    Trainer trainer(plan, {});
    trainer.prepareData();
    trainer.train();
    saveBundle(trainer, "run", bundle);
    EvaluateOptions options;
    options.answers = false;
    return evaluate(trainer.pipeline(), trainer.data(), trainer.data().rows(Part::Test), options);
  }
  RowAnswers answers(const std::string& bundle) const {
    return answersOnPart(bundle, folder_.path().toStdString(), Part::Test);
  }
  Disagreement disagree(const std::string& a, const std::string& b) const {
    return disagreement(a, b, folder_.path().toStdString(), Part::Test);
  }

  QTemporaryDir folder_;
  std::string rows_, good_, hasty_;
  Metrics metrics_;
};

void RowAnswersTest::initTestCase() {
  rows_ = writeClouds(folder_, 600);
  good_ = path("good.safetensors"), hasty_ = path("hasty.safetensors");
  metrics_ = train(cloudsPlan(rows_), good_);
  train(cloudsPlan(rows_, {{"epochs", 1}, {"learning_rate", 0.0005}}), hasty_);
}

void RowAnswersTest::addUpToTheConfusionMatrix() {
  const RowAnswers said = answers(good_);
  QVERIFY(said.task == RowAnswers::Task::Classes);
  QVERIFY(said.names == (std::vector<std::string>{"a", "b", "c"}));
  std::vector<std::vector<int64_t>> counts(3, std::vector<int64_t>(3));
  size_t right = 0;
  for (size_t i = 0; i < said.size(); ++i) {
    ++counts[static_cast<size_t>(said.truth[i])][static_cast<size_t>(said.said[i])];
    right += said.right(i) ? 1 : 0;
    QVERIFY(said.probability[i] > 1 / 3.1 && said.probability[i] <= 1);
    QVERIFY(i == 0 || said.rows[i] > said.rows[i - 1]);
  }
  QVERIFY(counts == metrics_.confusion);
  QCOMPARE(static_cast<double>(right) / static_cast<double>(said.size()), metrics_.number("accuracy"));
}

void RowAnswersTest::inputsAreThoseOfTheRows() {
  const RowAnswers said = answers(good_);
  std::vector<std::string> lines;
  std::ifstream in(rows_);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  const std::vector<int64_t> wanted{said.rows[5], said.rows[2]};
  const Table inputs = inputsOfRows(cloudsPlan(rows_), folder_.path().toStdString(), wanted).table;
  QCOMPARE(inputs.rows(), int64_t{2});
  for (int64_t i = 0; i < 2; ++i) {
    const std::string& line = lines[static_cast<size_t>(wanted[static_cast<size_t>(i)]) + 1];
    VERIFY_CONTAINS(line, inputs.column("side").cell(i));
    VERIFY_CONTAINS(line, inputs.column("y").cell(i));
  }
  COMPARE_TEXT(said.truthText(5), lines[static_cast<size_t>(said.rows[5]) + 1].substr(
                                      lines[static_cast<size_t>(said.rows[5]) + 1].size() - 1));
  VERIFY_CONTAINS(errorText([&] { inputsOfRows(cloudsPlan(rows_), "", {100000}); }), "has changed");
}

void RowAnswersTest::agreeWithThemselves() {
  const Disagreement found = disagree(good_, good_);
  QVERIFY(found.differing.empty());
  QCOMPARE(found.learned_by_second, int64_t{0});
}

void RowAnswersTest::disagreeOnTheSameRows() {
  const Disagreement found = disagree(good_, hasty_);
  QVERIFY(!found.differing.empty());
  QVERIFY(found.first.rows == found.second.rows);
  QVERIFY(found.first.truth == found.second.truth);
  size_t differ = 0, better = 0;
  for (size_t i = 0; i < found.first.size(); ++i) differ += found.first.said[i] != found.second.said[i] ? 1 : 0;
  for (const size_t i : found.differing) {
    QVERIFY(found.first.saidText(i) != found.second.saidText(i));
    better += found.first.right(i) ? 1 : 0;
  }
  QCOMPARE(found.differing.size(), differ);
  QVERIFY(better * 2 > differ);  // the one that was trained for longer is right more often
  QCOMPARE(found.learned_by_second, int64_t{0});
}

void RowAnswersTest::anotherSplitIsSaid() {
  const std::string other = path("other.safetensors");
  train(cloudsPlan(rows_, {{"epochs", 1}, {"seed", 77}}), other);
  const Disagreement found = disagree(good_, other);
  QVERIFY(found.learned_by_second > 0);
  QVERIFY(found.learned_by_second <= static_cast<int64_t>(found.first.size()));
}

void RowAnswersTest::numbersComeInTheirOwnUnits() {
  const std::string file = path("line.csv");
  {
    std::ofstream out(file);
    out << "x,y\n";
    for (int i = 0; i < 200; ++i) out << i * 0.1 << "," << 1000 + 50 * i << "\n";
  }
  const auto plan = [&](int epochs) {
    Plan out{.project = "line", .pipeline = "main"};
    out.nodes = {node("table", "source/table", {{"file", file}, {"target", Texts{"y"}}}, {}),
                 node("standardize", "preprocessor/standardize", {}, {{"x", 0, "features"}}),
                 node("features", "preprocessor/to_features", {}, {{"x", 1, "y"}}),
                 node("scale", "preprocessor/scale_target", {}, {{"x", 0, "target"}}),
                 node("linear", "regressor/linear", {}, {{"x", 2, "y"}, {"target", 3, "y"}})};
    out.training = completeValues(trainingParams(), {{"epochs", epochs}, {"learning_rate", 0.05}});
    return out;
  };
  const std::string first = path("line.safetensors"), second = path("line2.safetensors");
  const Metrics metrics = train(plan(20), first);
  train(plan(1), second);
  const RowAnswers said = answers(first);
  QVERIFY(said.task == RowAnswers::Task::Numbers);
  double sum = 0;
  for (size_t i = 0; i < said.size(); ++i) {
    COMPARE_TEXT(said.truthText(i), std::to_string(1000 + 50 * said.rows[i]));
    sum += said.error(i);
  }
  QVERIFY(std::abs(sum / static_cast<double>(said.size()) - metrics.number("mae")) < 1e-3 * metrics.number("mae"));
  const Disagreement found = disagree(first, second);
  const auto distance = [&](size_t i) { return std::abs(found.first.said[i] - found.second.said[i]); };
  QVERIFY(found.differing.size() > 10);
  QVERIFY(distance(found.differing.front()) >= distance(found.differing.back()));
  VERIFY_CONTAINS(errorText([&] { disagree(first, good_); }), "different data");
}

void RowAnswersTest::otherDataAndQuestionsAreRefused() {
  QVERIFY(errorOf([&] { answersOnPart(path("nothing.safetensors"), "", Part::Test); }));
  Plan plan = cloudsPlan(rows_, {{"epochs", 1}});
  plan.nodes[0].values.set("target", Texts{"side"});
  const std::string other = path("side.safetensors");
  train(plan, other);
  VERIFY_CONTAINS(errorText([&] { disagree(good_, other); }), "different questions");
}

void RowAnswersTest::stops() {
  const std::atomic<bool> stop{true};
  PredictOptions options;
  options.stop = &stop;
  const auto error = errorOf([&] { answersOnPart(good_, folder_.path().toStdString(), Part::Test, options); });
  QVERIFY(error && error->fault() == Fault::TryAgain);
}

QTEST_GUILESS_MAIN(RowAnswersTest)
#include "row_answers.moc"
