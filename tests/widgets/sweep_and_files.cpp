// One run per value of a parameter, and files that have moved.
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSpinBox>
#include <filesystem>

#include "blocks/catalog.hpp"
#include "checks.hpp"
#include "graph/composite.hpp"
#include "graph/plan.hpp"
#include "report/run_command.hpp"
#include "runs/run.hpp"
#include "widgets/clouds_document.hpp"
#include "widgets/inspector/locate_file.hpp"
#include "widgets/inspector/problem_notes.hpp"
#include "widgets/training/sweep.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class SweepAndFilesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void cleanup();
  void valuesAreReadAndChecked();
  void theDialogFillsInAndRefuses();
  void oneRunPerValue();
  void sweepsInsideAComposite();
  void stoppingEndsTheSweep();
  void aMovedFileIsLocatedWithThoseBesideIt();

 private:
  ParamPlace place(const std::string& block, const std::string& name) const {
    const Node& node = document_->graph().node({block});
    return {NodeId{block}, *blockType(node.type).schema.findParam(name)};
  }
  std::unique_ptr<CloudsDocument> clouds_;
  Document* document_ = nullptr;
  std::unique_ptr<EngineLink> link_;
  std::unique_ptr<TrainingPanel> panel_;
};

void SweepAndFilesTest::init() {
  clouds_ = std::make_unique<CloudsDocument>(300);
  document_ = clouds_->document.get();
  link_ = std::make_unique<EngineLink>();
  panel_ = std::make_unique<TrainingPanel>(*link_, *document_);
}

void SweepAndFilesTest::cleanup() {
  panel_.reset();
  link_.reset();
  clouds_.reset();
}

void SweepAndFilesTest::valuesAreReadAndChecked() {
  const Variables none = document_->project().settledVariables();
  const Param& dropout = *blockType("extractor/mlp").schema.findParam("dropout");
  const auto values = sweepValues(dropout, "0, 0.1,0.25, 0.1", none);
  QCOMPARE(values, (std::vector<OrderedJson>{0.0, 0.1, 0.25}));
  QVERIFY_THROWS_EXCEPTION(Error, sweepValues(dropout, "0, 2", none));
  QVERIFY_THROWS_EXCEPTION(Error, sweepValues(dropout, "0, many", none));
  const Param& hidden = *blockType("extractor/mlp").schema.findParam("hidden");
  QCOMPARE(sweepValues(hidden, "64; 64, 32; 8,8,8", none).size(), size_t{3});
  QCOMPARE(sweepValues(hidden, "64, 32", none).front(), OrderedJson({64, 32}));
  QCOMPARE(spread(1, 3, 3, false), (std::vector<double>{1, 2, 3}));
  const auto factors = spread(0.001, 0.1, 3, true);
  QVERIFY(std::abs(factors[1] - 0.01) < 1e-9);
}

void SweepAndFilesTest::theDialogFillsInAndRefuses() {
  SweepDialog dialog(*document_, place("hidden", "dropout"), nullptr);
  QSignalSpy wanted(&dialog, &SweepDialog::wanted);
  dialog.show();
  auto* text = dialog.findChild<QLineEdit*>("values");
  auto* start = dialog.findChild<QPushButton*>("start");
  auto* summary = dialog.findChild<QLabel*>("summary");
  text->selectAll();
  QTest::keyClicks(text, "0.1, 3");
  QVERIFY(!start->isEnabled());
  QVERIFY2(summary->text().contains("0.95"), qPrintable(summary->text()));  // the limit
  dialog.findChild<QLineEdit*>("from")->setText("0");
  dialog.findChild<QLineEdit*>("to")->setText("0.4");
  dialog.findChild<QSpinBox*>("count")->setValue(5);
  QTest::mouseClick(dialog.findChild<QPushButton*>("fill"), Qt::LeftButton);
  QCOMPARE(text->text(), QString("0, 0.1, 0.2, 0.3, 0.4"));
  dialog.findChild<QComboBox*>("spacing")->setCurrentIndex(1);
  QTest::mouseClick(dialog.findChild<QPushButton*>("fill"), Qt::LeftButton);
  QVERIFY2(summary->text().contains("above 0"), qPrintable(summary->text()));
  QCOMPARE(text->text(), QString("0, 0.1, 0.2, 0.3, 0.4"));
  text->setText("0, 0.3");
  QVERIFY(start->text().contains("2"));
  QTest::mouseClick(start, Qt::LeftButton);
  QCOMPARE(wanted.count(), 1);
  QCOMPARE(wanted.front().front().value<SweepWish>().values, (std::vector<OrderedJson>{0.0, 0.3}));
}

void SweepAndFilesTest::oneRunPerValue() {
  Sweep sweep(*link_, *document_, *panel_);
  QSignalSpy ended(&sweep, &Sweep::ended);
  const std::string before = projectText(document_->project());
  sweep.start({place("hidden", "hidden"), {OrderedJson({4}), OrderedJson({8}), OrderedJson({16})}});
  QVERIFY(sweep.running());
  QVERIFY_THROWS_EXCEPTION(Error, sweep.start({place("hidden", "dropout"), {0.0}}));
  QVERIFY(ended.wait(kLong));
  QVERIFY(!sweep.running());
  const QStringList runs = ended.front().front().toStringList();
  QCOMPARE(runs.size(), 3);
  for (int i = 0; i < 3; ++i) {
    const Run run = Run::open(clouds_->folder.path().toStdString(), runs[i].toStdString());
    QVERIFY(run.record().overrides == std::vector<std::string>{"hidden.hidden=" + std::to_string(4 << i)});
    COMPARE_TEXT(run.record().purpose, "hidden.hidden=" + std::to_string(4 << i));
  }
  COMPARE_TEXT(projectText(document_->project()), before);  // the project itself is as it was
}

// Its runs name the block by its way from the root, so that the command line can repeat them.
void SweepAndFilesTest::sweepsInsideAComposite() {
  NodeId made;
  document_->apply(folding(document_->project(), "main", NodeIds{{"hidden"}}, "encoder", made), "fold");
  QVERIFY(document_->openComposite(made));
  Sweep sweep(*link_, *document_, *panel_);
  QSignalSpy ended(&sweep, &Sweep::ended);
  sweep.start({place("hidden", "hidden"), {OrderedJson({4}), OrderedJson({8})}});
  QVERIFY(ended.wait(kLong));
  const QStringList runs = ended.front().front().toStringList();
  QCOMPARE(runs.size(), 2);
  document_->save(document_->project().file);
  const Run run = Run::open(clouds_->folder.path().toStdString(), runs[1].toStdString());
  QVERIFY(run.record().overrides == std::vector<std::string>{"encoder/hidden.hidden=8"});
  COMPARE_TEXT(planFromJson(run.record().plan).find("encoder/hidden")->values.find("hidden")->text(), "[8]");
  const std::string line = commandOfRun(run.record(), clouds_->folder.path().toStdString());
  VERIFY_CONTAINS(line, " --set 'encoder/hidden.hidden=[8]' ");
}

void SweepAndFilesTest::stoppingEndsTheSweep() {
  document_->apply(SetTraining{"epochs", OrderedJson(100000)}, "set");
  document_->apply(SetTraining{"early_stopping", OrderedJson(0)}, "set");
  Sweep sweep(*link_, *document_, *panel_);
  QSignalSpy ended(&sweep, &Sweep::ended), epochs(link_.get(), &EngineLink::epochDone);
  sweep.start({place("hidden", "dropout"), {0.0, 0.1, 0.2}});
  QVERIFY(epochs.wait(kLong));
  link_->stop();
  QVERIFY(ended.wait(kLong));
  QCOMPARE(ended.front().front().toStringList().size(), 1);
  QVERIFY(!link_->busy());
}

void SweepAndFilesTest::aMovedFileIsLocatedWithThoseBesideIt() {
  document_->apply(SetParam{{"data"}, "test_file", "more.csv"}, "set");
  writeClouds(clouds_->folder, 60, "more.csv");
  const QTemporaryDir elsewhere;
  for (const char* name : {"clouds.csv", "more.csv"})
    QVERIFY(QFile::rename(clouds_->folder.filePath(name), elsewhere.filePath(name)));
  document_->reread();
  QSignalSpy checked(document_, &Document::checked);
  const auto missing = [&]() -> const Problem* {
    for (const Problem& each : document_->result().problems)
      if (namesAMissingFile(document_->graph(), each)) return &each;
    return nullptr;
  };
  QTRY_VERIFY(missing() != nullptr);
  ProblemNotes notes(*document_, NamePlace::Yes, nullptr);
  notes.showProblems({*missing()});
  notes.show();
  QTest::mouseClick(notes.findChild<QPushButton*>("locate"), Qt::LeftButton);
  auto* dialog = notes.findChild<QFileDialog*>();
  QVERIFY(dialog != nullptr);
  Q_EMIT dialog->fileSelected(elsewhere.filePath("clouds.csv"));
  const OrderedJson& params = document_->graph().node({"data"}).params;
  COMPARE_TEXT(params["file"].get<std::string>(), elsewhere.filePath("clouds.csv").toStdString());
  COMPARE_TEXT(params["test_file"].get<std::string>(), elsewhere.filePath("more.csv").toStdString());
  QTRY_VERIFY(missing() == nullptr);
  document_->undoStack().undo();
  COMPARE_TEXT(document_->graph().node({"data"}).params["file"].get<std::string>(), "clouds.csv");
  // What lies below the project is named from there.
  QVERIFY(QFile::rename(elsewhere.filePath("clouds.csv"), clouds_->folder.filePath("found.csv")));
  const Compound near = relocated(document_->project(), "main", {.where = {.block = "data", .parameter = "file"}},
                                  clouds_->folder.filePath("found.csv").toStdString());
  Project moved = document_->project();
  moved.apply("main", near);
  COMPARE_TEXT(moved.graph("main").node({"data"}).params["file"].get<std::string>(), "found.csv");
  // Of an archive, the same array.
  document_->apply(SetParam{{"data"}, "file", "old.npz/rows"}, "set");
  document_->apply(SetParam{{"data"}, "test_file", "old.npz/more"}, "set");
  const Compound packed = relocated(document_->project(), "main", {.where = {.block = "data", .parameter = "file"}},
                                    clouds_->folder.filePath("found.npz").toStdString());
  Project archived = document_->project();
  archived.apply("main", packed);
  COMPARE_TEXT(archived.graph("main").node({"data"}).params["file"].get<std::string>(), "found.npz/rows");
}

QTEST_MAIN(SweepAndFilesTest)
#include "sweep_and_files.moc"
