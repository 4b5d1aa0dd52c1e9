// The whole window, as a hand uses it: open, change, train, look at the run, save, and what a crash leaves behind.
#include <QtCore/QMimeData>
#include <QtGui/QDropEvent>
#include <QtTest/QtTest>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QInputDialog>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>

#include "app/window/main_window.hpp"
#include "app/window/message_bar.hpp"
#include "app/window/start_page.hpp"
#include "checks.hpp"
#include "graph/plan.hpp"
#include "graph/templates.hpp"
#include "runs/run.hpp"
#include "widgets/common/text_size.hpp"

using namespace blockyard;

class WindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void init() { window_ = std::make_unique<MainWindow>(); }
  void cleanup() { window_.reset(); }
  void fitsASmallScreen();
  void opensAndTrainsAProject();
  void opensThePipelineOfARun();
  void versionsAreKeptAndComeBack();
  void opensATable();
  void opensAFolderOfPictures();
  void opensAFolderOfSounds();
  void peeksAtAPort();
  void saysWhatCannotBeOpened();
  void newerFormatIsRefusedAndUnknownBlocksAreKept();
  void lostGpuOffersTheCpu();
  void divergenceIsShownAtItsBlock();
  void savesAndAsksBeforeClosing();
  void recoversWhatACrashLeft();
  void everyActIsKeptAtOnce();
  void shortcutsCanBeChanged();
  void themesTakeTurns();
  void textsGrowAndShrink();

 private:
  void show() {
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  }
  QPushButton* buttonNamed(const QWidget& in, const QString& text) {
    for (auto* button : in.findChildren<QPushButton*>())
      if (button->text().remove('&') == text && button->isVisibleTo(&in)) return button;
    return nullptr;
  }

  TestFolder folder_;
  std::unique_ptr<MainWindow> window_;
};

namespace {

std::string rows() {
  std::string out = "x,y,kind\n";
  for (int i = 0; i < 120; ++i)
    out += std::to_string(i % 3 * 5 + i % 7 * 0.1) + "," + std::to_string(i % 5) + "," + "abc"[i % 3] + "\n";
  return out;
}

}  // namespace

void WindowTest::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName("blockyard-test");
  QSettings().clear();
  put(folder_ / "rows.csv", rows());
}

void WindowTest::fitsASmallScreen() {
  show();
  QVERIFY2(window_->width() <= 1366, qPrintable(QString::number(window_->width())));
  for (const QDockWidget* dock : window_->findChildren<QDockWidget*>())
    qInfo("%s: at least %d x %d", qPrintable(dock->objectName()), dock->minimumSizeHint().width(),
          dock->minimumSizeHint().height());
  QVERIFY2(
      window_->minimumSizeHint().width() <= 1280 && window_->minimumSizeHint().height() <= 720,
      qPrintable(QString("%1 x %2").arg(window_->minimumSizeHint().width()).arg(window_->minimumSizeHint().height())));
}

void WindowTest::opensAndTrainsAProject() {
  show();
  QVERIFY(window_->open(QString::fromStdString(folder_ / "rows.csv")));
  window_->document().apply(SetTraining{"epochs", OrderedJson(4)}, "epochs");
  window_->document().save(folder_ / "p.blockyard");
  QVERIFY(window_->open(QString::fromStdString(folder_ / "p.blockyard")));
  QTRY_VERIFY(window_->document().result().ok());
  QSignalSpy finished(&window_->engine(), &EngineLink::finished);
  QPushButton* train = buttonNamed(*window_, "Train");
  QVERIFY(train != nullptr);
  QTRY_VERIFY(train->isEnabled());
  QTest::mouseClick(train, Qt::LeftButton);
  QVERIFY(finished.wait(60000));
  auto* runs = window_->findChild<RunsTable*>()->findChild<QTableView*>();
  QTRY_COMPARE(runs->model()->rowCount(), 1);
  const auto look = [this](const char* id) { return window_->canvas().canvas().block({id})->look(); };
  QTRY_COMPARE(look("hidden").light, Light::Trained);
  QVERIFY2(look("hidden").status.contains("parameters"), qPrintable(look("hidden").status));
  QCOMPARE(look("standardize").light, Light::Fitted);
}

// The run of the test before: its pipeline comes back as it was, and undo brings back what had become of it.
void WindowTest::opensThePipelineOfARun() {
  show();
  QVERIFY(window_->open(QString::fromStdString(folder_ / "p.blockyard")));
  Document& document = window_->document();
  auto* runs = window_->findChild<RunsTable*>();
  QTRY_COMPARE(runs->findChild<QTableView*>()->model()->rowCount(), 1);
  const Run run = Run::open(folder_.path(), "last");
  QVERIFY(document.apply(SetTraining{"epochs", OrderedJson(77)}, "epochs"));
  const NodeId last = document.graph().nodes().back().id;
  QVERIFY(document.apply(RemoveNode{last}, "remove"));
  const std::string before = projectText(document.project());
  runs->selectRun(QString::fromStdString(run.id().text));
  const std::unique_ptr<QMenu> menu(runs->makeMenu());
  for (auto* action : menu->actions())
    if (action->text().remove('&') == "Open the pipeline as it was") action->trigger();
  QVERIFY(document.graph().find(last) != nullptr);
  COMPARE_TEXT(makePlan(document.project(), document.pipeline()).hash(), run.record().plan_hash);
  QVERIFY(window_->messages().text().contains(QString::fromStdString(run.id().text)));
  QTest::mouseClick(buttonNamed(window_->messages(), "Undo"), Qt::LeftButton);
  COMPARE_TEXT(projectText(document.project()), before);
  document.undoStack().setClean();
}

void WindowTest::versionsAreKeptAndComeBack() {
  show();
  window_->actions().find("file.keepVersion")->trigger();
  QVERIFY(buttonNamed(*window_, "Save as…") != nullptr);  // there is no folder yet to keep it in
  TestFolder folder;
  const QString file = QString::fromStdString(folder / "p.blockyard");
  saveProject(projectFromTemplate("table", {.name = "p", .data = "rows.csv", .target = {"kind"}}), file.toStdString());
  QVERIFY(window_->open(file));
  Document& document = window_->document();
  const std::string before = projectText(document.project());
  window_->actions().find("file.keepVersion")->trigger();
  auto* dialog = window_->findChild<QInputDialog*>("version");
  QVERIFY(dialog != nullptr);
  Q_EMIT dialog->textValueSelected("first");
  document.apply(SetParam{{"hidden"}, "dropout", 0.5}, "set");
  QMenu* versions = nullptr;
  for (auto* menu : window_->findChildren<QMenu*>())
    if (menu->title().contains("version")) versions = menu;
  QVERIFY(versions != nullptr);
  Q_EMIT versions->aboutToShow();
  QVERIFY2(versions->actions().front()->text().startsWith("first"), qPrintable(versions->actions().front()->text()));
  versions->actions().front()->trigger();
  COMPARE_TEXT(projectText(document.project()), before);
  document.undoStack().undo();
  QCOMPARE(document.graph().node({"hidden"}).params["dropout"], OrderedJson(0.5));
}

void WindowTest::opensATable() {
  QVERIFY(window_->open(QString::fromStdString(folder_ / "rows.csv")));
  QVERIFY(window_->messages().text().contains("kind"));
  QTRY_VERIFY(window_->document().result().ok());
  QVERIFY(window_->document().project().file.empty());
}

// A click on a port brings the look to the front; a block that is selected is followed; a run's weights are used.
void WindowTest::opensAFolderOfPictures() {
  const QDir here(QString::fromStdString(folder_.path()));
  const QString sample = BLOCKYARD_TEST_DIR "/data/samples/pictures/RGB.png";
  for (const QString name : {"pics/oak", "pics/elm"}) {
    QVERIFY(here.mkpath(name));
    for (const QString file : {"/1.png", "/2.png"}) QVERIFY(QFile::copy(sample, here.filePath(name + file)));
  }
  show();
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(here.filePath("pics"))});
  QDragEnterEvent enter({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(window_.get(), &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(window_.get(), &drop);
  const Graph& graph = window_->document().graph();
  QVERIFY2(graph.find({"data"}) != nullptr, qPrintable(window_->findChild<MessageBar*>()->text()));
  COMPARE_TEXT(graph.node({"data"}).type, "source/image_folder");
  COMPARE_TEXT(graph.node({"data"}).params["folder"].get<std::string>(), folder_ / "pics");
  QVERIFY(graph.nodes().size() > 10);
  // Without folders of classes there is nothing to learn.
  QVERIFY(!window_->open(here.filePath("pics/oak")));
  COMPARE_TEXT(window_->document().graph().node({"data"}).params["folder"].get<std::string>(), folder_ / "pics");
}

void WindowTest::opensAFolderOfSounds() {
  const QDir here(QString::fromStdString(folder_.path()));
  const QString sample = BLOCKYARD_TEST_DIR "/data/samples/sounds/pcm16.wav";
  for (const QString name : {"tones/low", "tones/high"}) {
    QVERIFY(here.mkpath(name));
    QVERIFY(QFile::copy(sample, here.filePath(name + "/1.wav")));
  }
  show();
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(here.filePath("tones"))});
  QDragEnterEvent enter({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(window_.get(), &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(window_.get(), &drop);
  const Graph& graph = window_->document().graph();
  QVERIFY2(graph.find({"data"}) != nullptr, qPrintable(window_->findChild<MessageBar*>()->text()));
  COMPARE_TEXT(graph.node({"data"}).type, "source/audio_folder");
  QCOMPARE(graph.node({"data"}).params["rate"].get<int>(), 8000);
  QTRY_VERIFY(window_->document().result().ok());
  QVERIFY(!window_->open(here.filePath("tones/low")));
}

void WindowTest::peeksAtAPort() {
  show();
  QVERIFY(window_->open(QString::fromStdString(folder_ / "rows.csv")));
  QTRY_VERIFY(window_->document().result().ok());
  auto* panel = window_->findChild<PeekPanel*>();
  QVERIFY(panel != nullptr);
  CanvasView& view = window_->canvas();
  view.zoomToFit();
  const Link link = window_->document().graph().links().front();
  QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                    view.mapFromScene(view.canvas().block(link.from.node)->portAt(link.from.port, true)));
  QTRY_VERIFY(panel->isVisible());
  QTRY_VERIFY2_WITH_TIMEOUT(panel->about().contains("all 120 rows"), qPrintable(panel->message()), 60000);
  const NodeId last = window_->document().graph().nodes().back().id;
  view.canvas().select({last});
  QTRY_VERIFY(panel->output() && panel->output()->node == last);
}

void WindowTest::saysWhatCannotBeOpened() {
  put(folder_ / "broken.blockyard", "{\"format\": 1,\n \"pipelines\": }");
  put(folder_ / "empty.csv", "");
  for (const char* name : {"broken.blockyard", "empty.csv", "none.blockyard", "none.csv"}) {
    QVERIFY(!window_->open(QString::fromStdString(folder_ / name)));
    QVERIFY2(window_->messages().text().contains(name), qPrintable(window_->messages().text()));
  }
}

void WindowTest::newerFormatIsRefusedAndUnknownBlocksAreKept() {
  put(folder_ / "newer.blockyard", R"({"format": 99, "pipelines": {"main": {}}})");
  QVERIFY(!window_->open(QString::fromStdString(folder_ / "newer.blockyard")));
  const std::string text =
      R"({"format": 1, "name": "u", "pipelines": {"main": {"blocks": {"z": {"block": "extractor/of_tomorrow", "params": {"a": [1, {"b": 2}]}, "new_field": 7}}}}})";
  put(folder_ / "unknown.blockyard", text);
  QVERIFY(window_->open(QString::fromStdString(folder_ / "unknown.blockyard")));
  QVERIFY(window_->canvas().canvas().block({"z"}) != nullptr);
  window_->document().save(folder_ / "unknown2.blockyard");
  const Project before = loadProject(folder_ / "unknown.blockyard"),
                after = loadProject(folder_ / "unknown2.blockyard");
  QVERIFY(before.graph({}).nodes() == after.graph({}).nodes());
}

// As the engine says it when the GPU is gone, before a training or in the midst of one.
void WindowTest::lostGpuOffersTheCpu() {
  show();
  const QString file = QString::fromStdString(folder_ / "gpu.blockyard");
  Project project = projectFromTemplate("table", {.name = "p", .data = "rows.csv", .target = {"kind"}});
  project.apply("", SetTraining{"device", OrderedJson("cuda:0")});
  project.apply("", SetTraining{"epochs", OrderedJson(1)});
  saveProject(project, file.toStdString());
  QVERIFY(window_->open(file));
  QTRY_VERIFY(window_->document().result().ok());
  Q_EMIT window_->engine().failed(Error({.block = "hidden"},
                                        "the GPU has failed: CUDA error: unspecified launch failure",
                                        "train on the CPU", Fault::NoDevice));
  QVERIFY2(window_->messages().text().contains("the GPU has failed"), qPrintable(window_->messages().text()));
  QCOMPARE(window_->canvas().canvas().block({"hidden"})->look().light, Light::Problem);
  QCOMPARE(window_->document().graph().training().at("device"), OrderedJson("cuda:0"));
  QSignalSpy finished(&window_->engine(), &EngineLink::finished);
  QPushButton* cpu = nullptr;
  QTRY_VERIFY((cpu = buttonNamed(window_->messages(), "Train on the CPU")) != nullptr);
  QTest::mouseClick(cpu, Qt::LeftButton);
  QCOMPARE(window_->document().graph().training().at("device"), OrderedJson("cpu"));
  QVERIFY(finished.wait(60000));
  window_->document().undoStack().undo();
  QCOMPARE(window_->document().graph().training().at("device"), OrderedJson("cuda:0"));
  window_->document().undoStack().setClean();
}

void WindowTest::divergenceIsShownAtItsBlock() {
  show();
  const QString file = QString::fromStdString(folder_ / "wild.blockyard");
  Project project = projectFromTemplate("table", {.name = "p", .data = "rows.csv", .target = {"kind"}});
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, OrderedJson>>{{"optimizer", "sgd"},
                                                                                              {"schedule", "constant"},
                                                                                              {"learning_rate", 1000},
                                                                                              {"momentum", 0.99},
                                                                                              {"epochs", 200}})
    project.apply("", SetTraining{name, value});
  saveProject(project, file.toStdString());
  QVERIFY(window_->open(file));
  QTRY_VERIFY(window_->document().result().ok());
  std::optional<Error> said;
  connect(&window_->engine(), &EngineLink::failed, this, [&](const Error& error) { said = error; });
  window_->actions().find("run.train")->trigger();
  QTRY_VERIFY_WITH_TIMEOUT(!window_->engine().busy(), 60000);
  window_->engine().disconnect(this);
  QVERIFY(said.has_value());
  const Error& error = *said;
  QVERIFY(error.fault() == Fault::Diverged && !error.where().block.empty());
  QVERIFY(window_->messages().text().contains(QString::fromStdString(error.where().block)));
  QCOMPARE(window_->canvas().canvas().block({error.where().block})->look().light, Light::Problem);
  QVERIFY(Run::open(folder_.path(), "last").record().state == RunState::Diverged);
  QVERIFY(window_->actions().find("run.train")->isEnabled());
}

void WindowTest::savesAndAsksBeforeClosing() {
  show();
  window_->document().setProject(
      projectFromText(R"({"format": 1, "pipelines": {"main": {}}})", folder_ / "s.blockyard"));
  window_->document().save(folder_ / "s.blockyard");
  QVERIFY(!window_->isWindowModified());
  window_->document().apply(AddNode{.node = {.id = {"a"}, .type = "extractor/linear"}}, "add");
  QVERIFY(window_->isWindowModified());
  QVERIFY(!window_->close());
  QVERIFY(window_->isVisible());
  QTest::mouseClick(buttonNamed(window_->messages(), "Save and close"), Qt::LeftButton);
  QTRY_VERIFY(!window_->isVisible());
  QCOMPARE(loadProject(folder_ / "s.blockyard").graph({}).nodes().size(), size_t{1});
}

void WindowTest::recoversWhatACrashLeft() {
  // As a process that is gone has left it.
  const QString place = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/autosave";
  QDir().mkpath(place);
  const std::string copy = (place + "/999999999-0.blockyard").toStdString();
  put(copy,
      R"({"format": 1, "name": "lost", "pipelines": {"main": {"blocks": {"a": {"block": "extractor/linear"}}}}})");
  put(copy + ".place", folder_ / "lost.blockyard");
  show();
  window_->offerRecovery();
  QVERIFY(window_->messages().text().contains("lost"));
  QTest::mouseClick(buttonNamed(window_->messages(), "Recover"), Qt::LeftButton);
  QCOMPARE(window_->document().graph().nodes().size(), size_t{1});
  QVERIFY(window_->isWindowModified());
  QVERIFY(!std::filesystem::exists(copy));
  QVERIFY(QFile::exists(QStringLiteral("%1/%2-0.blockyard").arg(place).arg(QCoreApplication::applicationPid())));
  window_->document().undoStack().setClean();
  // After a clean end nothing is offered.
  window_ = std::make_unique<MainWindow>();
  window_->document().apply(AddNode{.node = {.id = {"a"}, .type = "extractor/linear"}}, "add");
  window_.reset();
  QVERIFY(Autosave::leftBehind().empty());
}

// Written at once, without waiting for the disk; cut short by a power failure, the copy of a second before counts.
void WindowTest::everyActIsKeptAtOnce() {
  show();
  window_->document().apply(AddNode{.node = {.id = {"kept"}, .type = "extractor/linear"}}, "add");
  const QString place = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/autosave";
  const QString own = QStringLiteral("%1/%2-0.blockyard").arg(place).arg(QCoreApplication::applicationPid());
  QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(own + ".now"), 500);
  QFile now(own + ".now");
  QVERIFY(now.open(QIODevice::ReadOnly));
  const QByteArray text = now.readAll();
  QVERIFY(text.contains("\"kept\""));
  window_->document().undoStack().setClean();
  const QString gone = place + "/999999998-0.blockyard";
  put(gone.toStdString(), R"({"format": 1, "name": "older", "pipelines": {"main": {}}})");
  put((gone + ".now").toStdString(), text.left(text.size() / 2).toStdString());
  auto left = Autosave::leftBehind();
  QCOMPARE(left.size(), size_t{1});
  QCOMPARE(Autosave::load(left.front()).name, std::string("older"));
  QTest::qWait(20);
  put((gone + ".now").toStdString(), text.toStdString());
  left = Autosave::leftBehind();
  QCOMPARE(left.size(), size_t{1});
  QVERIFY(Autosave::load(left.front()).graph("").find({"kept"}) != nullptr);
  Autosave::discard(left.front());
  QVERIFY(Autosave::leftBehind().empty() && !QFile::exists(gone));
}

void WindowTest::shortcutsCanBeChanged() {
  Actions& actions = window_->actions();
  QCOMPARE(actions.setShortcut("run.train", QKeySequence("Ctrl+T")), QString());
  QCOMPARE(actions.find("run.train")->shortcut(), QKeySequence("Ctrl+T"));
  QVERIFY(!actions.setShortcut("run.stop", QKeySequence("Ctrl+T")).isEmpty());  // taken
  window_ = std::make_unique<MainWindow>();
  QCOMPARE(window_->actions().find("run.train")->shortcut(), QKeySequence("Ctrl+T"));
  window_->actions().setShortcut("run.train", window_->actions().usual("run.train"));
  QVERIFY(!QSettings().contains("shortcuts/run.train"));
  // Every action has a text, and no two have one shortcut.
  std::map<QString, QString> taken;
  for (const auto& [name, action] : window_->actions().all()) {
    QVERIFY(!action->text().isEmpty());
    const QString keys = action->shortcut().toString();
    if (!keys.isEmpty()) QVERIFY2(taken.emplace(keys, name).second, qPrintable(name + " and " + taken[keys]));
  }
}

void WindowTest::themesTakeTurns() {
  show();
  window_->actions().find("view.dark")->trigger();
  QVERIFY(darkTheme());
  QTRY_VERIFY(window_->grab().toImage().pixelColor(5, 300).lightness() < 128);
  window_->actions().find("view.light")->trigger();
  QVERIFY(!darkTheme());
  QTRY_VERIFY(window_->grab().toImage().pixelColor(5, 300).lightness() > 128);
}

// What stands on a button can be read at any size, and the size is kept; blocks keep theirs.
void WindowTest::textsGrowAndShrink() {
  show();
  QVERIFY(window_->open(QString::fromStdString(folder_ / "rows.csv")));
  const double before = QApplication::font().pointSizeF();
  const QFont on_blocks = canvasFont();
  for (int step = 0; step < 6; ++step) window_->actions().find("view.larger")->trigger();
  QVERIFY(std::abs(QApplication::font().pointSizeF() / before - 1.6) < 0.05);
  QVERIFY(std::abs(textSize() - 1.6) < 1e-9);
  QVERIFY(canvasFullSize() > 1.2);
  QCOMPARE(canvasFont().pixelSize(), on_blocks.pixelSize());
  auto* panel = window_->findChild<TrainingPanel*>();
  const auto fit = [panel] {
    for (const auto* button : panel->findChildren<QPushButton*>())
      if (button->width() < button->fontMetrics().horizontalAdvance(button->text().remove('&'))) return false;
    return true;
  };
  QTRY_VERIFY(fit());
  window_->actions().find("view.smaller")->trigger();
  QVERIFY(std::abs(textSize() - 1.5) < 1e-9);
  window_->actions().find("view.usualText")->trigger();
  QCOMPARE(QApplication::font().pointSizeF(), before);
  QVERIFY(!QSettings().contains("textSize"));
  window_->document().undoStack().setClean();
}

QTEST_MAIN(WindowTest)
#include "window.moc"
