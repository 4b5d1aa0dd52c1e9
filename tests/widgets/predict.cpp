// The panel that tries a trained pipeline: typed rows, dropped files, wrong ones, and what is saved.
#include "widgets/predict/predict_panel.hpp"

#include <QtCore/QMimeData>
#include <QtGui/QDropEvent>
#include <QtTest/QtTest>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFileDialog>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <nlohmann/json.hpp>

#include "checks.hpp"
#include "export/trained_runs.hpp"
#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/common/document.hpp"
#include "widgets/predict/answer_bars.hpp"
#include "widgets/predict/export_dialog.hpp"
#include "widgets/predict/row_form.hpp"
#include "widgets/predict/trained_box.hpp"
#include "widgets/training/training_panel.hpp"

using namespace blockyard;

class PredictTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init();
  void cleanup() { panel_.reset(); }
  void saysWhatToDoWithoutARun();
  void answersATypedRow();
  void answersADroppedFile();
  void wrongFilesAreExplained();
  void bundleFileTakesThePlaceOfTheRun();
  void aNewQuestionTakesThePlaceOfTheOld();
  void typedRowsAsJson();
  void exportsARun();
  void exportsInEveryFormat();

 private:
  static constexpr int kLong = 15000;
  QString path(const char* name) const { return folder_.filePath(name); }
  QString answer() const { return panel_->findChild<QLabel*>("answer")->text(); }
  QTableView* table() const { return panel_->findChild<QTableView*>(); }
  void type(const char* column, const QString& text) {
    QWidget* field = panel_->findChild<RowForm*>()->field(column);
    QVERIFY2(field != nullptr, column);
    auto* list = qobject_cast<QComboBox*>(field);
    QTest::keyClicks(list != nullptr ? list->lineEdit() : field, text);
  }
  void drop(const QStringList& files) {
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files) urls << QUrl::fromLocalFile(file);
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(panel_.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(panel_.get(), &event);
  }

  QTemporaryDir folder_;
  std::unique_ptr<PredictPanel> panel_;
};

void PredictTest::initTestCase() {
  blockyard::testing::writeClouds(folder_, 600);
  Project project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
  project.file = path("clouds.blockyard").toStdString();
  saveProject(project, project.file);
  Document document(std::move(project));
  document.apply(SetTraining{"epochs", OrderedJson(6)}, "epochs");
  EngineLink link;
  TrainingPanel training(link, document);
  QSignalSpy checked(&document, &Document::checked), finished(&link, &EngineLink::finished);
  QVERIFY(checked.wait());
  QTRY_VERIFY(document.result().ok());
  training.train();
  QVERIFY(finished.wait(kLong));
  QCOMPARE(trainedRuns(folder_.path().toStdString()).size(), size_t{1});
}

void PredictTest::init() {
  panel_ = std::make_unique<PredictPanel>();
  panel_->resize(1100, 320);
  panel_->show();
  panel_->setFolder(folder_.path().toStdString());
  QTRY_VERIFY_WITH_TIMEOUT(panel_->findChild<RowForm*>()->columns().size() == 3, kLong);
}

void PredictTest::saysWhatToDoWithoutARun() {
  PredictPanel empty;
  empty.show();
  bool said = false;
  for (const auto* label : empty.findChildren<QLabel*>()) said |= label->isVisible() && label->text().contains("F5");
  QVERIFY(said);
  QVERIFY(!empty.findChild<QPushButton*>("open")->isEnabled());
}

void PredictTest::answersATypedRow() {
  QSignalSpy answered(panel_.get(), &PredictPanel::answered);
  type("x", "4.0");
  type("y", "0.1");
  type("side", "left");
  QVERIFY(answered.wait(kLong));
  QTRY_VERIFY2(answer().contains("label: a"), qPrintable(answer()));
  const auto* bars = panel_->findChild<AnswerBars*>();
  QVERIFY(bars != nullptr);
  QCOMPARE(bars->bars().size(), size_t{3});
  QCOMPARE(bars->bars()[0].name, QStringLiteral("a"));  // the most probable first
  double sum = 0;
  for (const AnswerBar& bar : bars->bars()) sum += bar.share;
  QVERIFY(std::abs(sum - 1) < 1e-4);
  // Another row, another answer; letters are no number.
  QTest::keyClicks(panel_->findChild<RowForm*>()->field("x"), "abc");
  QCOMPARE(qobject_cast<QLineEdit*>(panel_->findChild<RowForm*>()->field("x"))->text(), QStringLiteral("4.0"));
  QTest::keyClick(panel_->findChild<RowForm*>()->field("x"), Qt::Key_Home);
  type("x", "-");
  QTRY_VERIFY_WITH_TIMEOUT(!answer().contains("label: a"), kLong);
}

void PredictTest::answersADroppedFile() {
  QSignalSpy answered(panel_.get(), &PredictPanel::answered);
  drop({path("clouds.csv")});
  QVERIFY(answered.wait(kLong));
  QCOMPARE(table()->model()->rowCount(), 600);
  QCOMPARE(table()->model()->headerData(0, Qt::Horizontal).toString(), QStringLiteral("label"));
  // What was asked stands beside it, and goes into the form.
  table()->setCurrentIndex(table()->model()->index(7, 0));
  const QString before = answer();
  QVERIFY(before.contains("label"));
  QTest::keyClick(table(), Qt::Key_Return);
  QVERIFY(!panel_->findChild<RowForm*>()->empty());
  // What is saved is what the command writes.
  PredictLink link;
  QSignalSpy got(&link, &PredictLink::answered), saved(&link, &PredictLink::saved), failed(&link, &PredictLink::failed);
  link.open(trainedRuns(folder_.path().toStdString()).front().bundle);
  link.askFiles({path("clouds.csv").toStdString()});
  QVERIFY(got.wait(kLong));
  const auto answers = got[0][0].value<std::shared_ptr<const Answers>>();
  link.save(answers, path("answers.csv").toStdString());
  QVERIFY(saved.wait(kLong));
  QFile file(path("answers.csv"));
  QVERIFY(file.open(QIODevice::ReadOnly));
  const QList<QByteArray> lines = file.readAll().split('\n');
  QCOMPARE(lines.size(), 602);
  QCOMPARE(lines[0], QByteArray("label,probability"));
  QVERIFY(lines[8].startsWith(answers->table.column("label").cell(7).c_str()));
  link.save(answers, path("none/answers.csv").toStdString());
  QVERIFY(failed.wait(kLong));
}

void PredictTest::wrongFilesAreExplained() {
  put(path("lacks.csv").toStdString(), "x,sidde\n1,left\n");
  put(path("empty.csv").toStdString(), "");
  put(path("picture.png").toStdString(), "no picture");
  put(path("words.csv").toStdString(), "x,y,side\nfar,away,left\n");
  const std::pair<QStringList, const char*> wrong[] = {{{path("lacks.csv")}, "\"y\""},
                                                       {{path("empty.csv")}, "empty.csv"},
                                                       {{path("picture.png")}, "not with pictures"},
                                                       {{path("words.csv")}, "number"},
                                                       {{path("gone.csv")}, "gone.csv"},
                                                       {{path("picture.png"), path("lacks.csv")}, "mixed"}};
  for (const auto& [files, part] : wrong) {
    drop(files);
    QTRY_VERIFY2_WITH_TIMEOUT(panel_->message().contains(part), qPrintable(panel_->message()), kLong);
  }
  // A right one after them clears the message.
  drop({path("clouds.csv")});
  QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 600, kLong);
  QVERIFY2(panel_->message().contains("600"), qPrintable(panel_->message()));
}

void PredictTest::bundleFileTakesThePlaceOfTheRun() {
  const auto bundle = trainedRuns(folder_.path().toStdString()).front().bundle;
  QVERIFY(exportTrained(bundle, path("taken.safetensors").toStdString(), "bundle", Existing::Keep) > 0);
  const auto again =
      errorOf([&] { exportTrained(bundle, path("taken.safetensors").toStdString(), "bundle", Existing::Keep); });
  QVERIFY(again && std::string(again->what()).find("taken.safetensors") != std::string::npos);
  QVERIFY(errorOf([&] { exportTrained(bundle, path("a.onnx").toStdString(), "bundle", Existing::Keep); }));
  QVERIFY(errorOf([&] { exportTrained(bundle, path("b.x").toStdString(), "keras", Existing::Keep); }));
  drop({path("taken.safetensors")});
  QCOMPARE(panel_->trained().chosen(), std::filesystem::path(path("taken.safetensors").toStdString()));
  // A question right behind it waits for it.
  drop({path("clouds.csv")});
  QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 600, kLong);
  put(path("broken.safetensors").toStdString(), "12345678901234567890");
  drop({path("broken.safetensors")});
  QTRY_VERIFY2_WITH_TIMEOUT(panel_->message().contains("broken.safetensors"), qPrintable(panel_->message()), kLong);
  QCOMPARE(table()->model()->rowCount(), 0);
}

void PredictTest::aNewQuestionTakesThePlaceOfTheOld() {
  blockyard::testing::writeClouds(folder_, 60000, "many.csv");
  QSignalSpy answered(panel_.get(), &PredictPanel::answered);
  drop({path("many.csv")});
  drop({path("clouds.csv")});
  QVERIFY(answered.wait(kLong));
  QCOMPARE(table()->model()->rowCount(), 600);
  QTest::qWait(200);
  QCOMPARE(answered.count(), 1);
}

void PredictTest::typedRowsAsJson() {
  RowForm form;
  form.setColumns({{"n", ColumnType::Number}, {"c", ColumnType::Category, {"p", "q"}}, {"t", ColumnType::Text}});
  QVERIFY(form.empty());
  QCOMPARE(nlohmann::json::parse(form.json()), (nlohmann::json{{"c", nullptr}, {"n", nullptr}, {"t", nullptr}}));
  QTest::keyClicks(form.field("n"), "1e-3");
  qobject_cast<QComboBox*>(form.field("c"))->setCurrentIndex(2);
  QTest::keyClicks(form.field("t"), "say \"x\"");
  const auto json = nlohmann::json::parse(form.json());
  QCOMPARE(json["n"].get<double>(), 1e-3);
  QCOMPARE(json["c"].get<std::string>(), std::string("q"));
  QCOMPARE(json["t"].get<std::string>(), std::string("say \"x\""));
  form.setColumns({{"t", ColumnType::Text}, {"u", ColumnType::Text}});  // what is typed stays
  QCOMPARE(nlohmann::json::parse(form.json()), (nlohmann::json{{"t", "say \"x\""}, {"u", nullptr}}));
  form.clear();
  QVERIFY(form.empty());
}

void PredictTest::exportsInEveryFormat() {
  ExportDialog dialog(path("clouds.blockyard").toStdString(), "formats");
  dialog.show();
  QTRY_VERIFY(!dialog.trained().chosen().empty());
  auto* format = dialog.findChild<QComboBox*>("format");
  auto* file = dialog.findChild<QLineEdit*>("path");
  auto* write = dialog.findChild<QPushButton*>("write");
  const auto choose = [&](const char* name) { format->setCurrentIndex(format->findData(name)); };
  choose("onnx");
  QVERIFY2(file->text().endsWith("formats.onnx"), qPrintable(file->text()));
  // What the files that are offered end in.
  dialog.findChild<QPushButton*>("browse")->click();
  auto* files = dialog.findChild<QFileDialog*>();
  QVERIFY(files != nullptr);
  QCOMPARE(files->selectedNameFilter(), QString("ONNX (*.onnx)"));
  for (const ExportFormat& each : exportFormats())
    if (!each.folder())
      QVERIFY2(files->nameFilters().join(" ").contains(QString::fromStdString("(*" + each.ending + ")")),
               each.name.c_str());
  Q_EMIT files->fileSelected(path("chosen.pt"));
  files->reject();
  QCOMPARE(format->currentData().toString(), QString("torchscript"));
  QVERIFY(dialog.command().contains("chosen.pt") && dialog.command().endsWith("--format torchscript"));
  SKIP_WITHOUT_ONNX();  // MLflow's folder holds one
  choose("mlflow");
  QVERIFY2(file->text().endsWith("chosen"), qPrintable(file->text()));
  QSignalSpy exported(&dialog, &ExportDialog::exported);
  write->click();
  QVERIFY2(exported.wait(kLong), qPrintable(dialog.message()));
  QVERIFY(QFileInfo::exists(path("chosen/MLmodel")));
  QCOMPARE(write->text(), QString("&Replace the folder"));
  choose("bundle");  // that would be chosen.safetensors
  QCOMPARE(write->text(), QString("&Export"));
}

void PredictTest::exportsARun() {
  ExportDialog dialog(path("clouds.blockyard").toStdString(), "clouds");
  dialog.show();
  QTRY_VERIFY(!dialog.trained().chosen().empty());
  auto* write = dialog.findChild<QPushButton*>("write");
  auto* field = dialog.findChild<QLineEdit*>("path");
  QSignalSpy exported(&dialog, &ExportDialog::exported);
  QVERIFY(write->isEnabled());
  QVERIFY2(dialog.command().startsWith("blockyard export 20"), qPrintable(dialog.command()));
  QTest::mouseClick(write, Qt::LeftButton);
  QVERIFY(exported.wait(kLong));
  QVERIFY(QFileInfo::exists(path("clouds.safetensors")));
  QVERIFY(dialog.message().contains("clouds.safetensors"));
  QVERIFY(dialog.findChild<QPushButton*>("folder")->isVisible());
  // A file that is there is replaced only by a button that says so.
  put(path("mine.safetensors").toStdString(), "mine");
  field->setText("mine");
  QVERIFY(dialog.message().contains("There is a file"));
  QVERIFY(write->text().contains("eplace"));
  field->setText("fresh.safetensors");
  put(path("fresh.safetensors").toStdString(), "came meanwhile");
  QTest::mouseClick(write, Qt::LeftButton);
  QTRY_VERIFY2_WITH_TIMEOUT(dialog.message().contains("fresh"), qPrintable(dialog.message()), kLong);
  QCOMPARE(QFileInfo(path("fresh.safetensors")).size(), qint64{14});
  field->setText({});
  QVERIFY(!write->isEnabled());
  SKIP_WITHOUT_ONNX();
  field->setText("model.onnx");
  QTest::mouseClick(write, Qt::LeftButton);
  QTRY_VERIFY2_WITH_TIMEOUT(dialog.message().contains(".onnx"), qPrintable(dialog.message()), kLong);
  QVERIFY(!QFileInfo::exists(path("model.onnx")));
}

QTEST_MAIN(PredictTest)
#include "predict.moc"
