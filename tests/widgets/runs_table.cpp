// The table of runs and the comparison: made-up runs on disk, with journals, filtered, tagged,
// archived, deleted, repeated and compared.
#include "widgets/runs/runs_table.hpp"

#include <QtGui/QDesktopServices>
#include <QtTest/QtTest>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QFrame>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPlainTextEdit>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <QtWidgets/QTableWidget>
#include <filesystem>

#include "checks.hpp"
#include "graph/plan.hpp"
#include "graph/templates.hpp"
#include "report/run_command.hpp"
#include "runs/journal.hpp"
#include "training/small_plan.hpp"
#include "widgets/charts/line_chart.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/runs/compare_view.hpp"
#include "widgets/runs/metric_order.hpp"
#include "widgets/runs/notes_dialog.hpp"

using namespace blockyard;

class RunsTableTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void showsSortsAndFilters();
  void hearsOfNewRuns();
  void hearsOfNotesFromElsewhere();
  void deleteAndUndo();
  void trashIsEmptiedWhenAsked();
  void runsThatGoOnStay();
  void tagsAndNotes();
  void badTagsCannotBeSaved();
  void archivedRunsHide();
  void scoresWithTheirDifference();
  void valuesHaveTheirUnit();
  void columnsOfChoice();
  void commandRepeatsTheRun();
  void commandOfAnotherProject();
  void quoting();
  void selectionSignals();
  void comparesWithABaseline();
  void pinnedRunIsTheBaseline();
  void reportIsWrittenAndOpened();
  void emptyProject();

 public Q_SLOTS:
  void opened(const QUrl& url) { opened_ << url; }  // in place of the browser

 private:
  QList<QUrl> opened_;
  QPointer<QMenu> menu_;  // the table's
};

namespace {

struct Yard {
  QTemporaryDir folder;
  Project project;
  std::vector<std::string> ids;

  Yard() {
    blockyard::testing::writeClouds(folder, 60);
    project = projectFromTemplate("table", {.name = "clouds", .data = "clouds.csv", .target = {"kind"}});
    project.file = folder.filePath("clouds.blockyard").toStdString();
    saveProject(project, project.file);
    add("first", {}, 0.9, 120);
    add("wider net", {"training.learning_rate=0.5"}, 0.95, 30);
    add("again", {"training.epochs=3"}, 0.85, 1000);
  }
  std::string path() const { return folder.path().toStdString(); }
  void add(const std::string& purpose, const Texts& overrides, double accuracy, double seconds) {
    Project changed = project;
    for (const auto& setting : overrides) applySet(changed, "", setting);
    RunRecord record;
    record.purpose = purpose;
    record.overrides = overrides;
    record.plan = toJson(makePlan(changed, ""));
    Run run = Run::create(path(), std::move(record));
    Journal journal(run.folder());
    for (int step = 1; step <= 10; ++step) journal.scalar("validation/loss", step, 1.0 / step + accuracy);
    journal.flush();
    run.update([&](RunRecord& r) {
      r.results["test"] = {{"accuracy", accuracy}, {"loss", 1 - accuracy}};
      r.seconds = seconds;
      r.epochs = 10;
    });
    run.finish(RunState::Done);
    ids.push_back(run.id().text);
  }
  bool has(size_t run) const { return std::filesystem::exists(path() + "/runs/" + ids[run]); }
  QString id(size_t run) const { return QString::fromStdString(ids[run]); }
};

struct ShownTable {
  RunsTable widget;
  QTableView* view;

  explicit ShownTable(const Yard& yard) : widget(yard.path()), view(widget.findChild<QTableView*>()) {
    widget.resize(1000, 300);
    QSignalSpy refreshed(&widget, &RunsTable::refreshed);
    widget.show();
    widget.activateWindow();  // shortcuts are those of the active window
    refreshed.wait();
  }
  int rows() const { return view->model()->rowCount(); }
  QString text(int row, int column) const { return view->model()->index(row, column).data().toString(); }
  int column(const QString& name) const {
    for (int i = 0; i < view->model()->columnCount(); ++i)
      if (view->model()->headerData(i, Qt::Horizontal).toString() == name) return i;
    return -1;
  }
  int rowOf(const QString& id) const {
    for (int row = 0; row < rows(); ++row)
      if (text(row, RunsModel::Id) == id) return row;
    return -1;
  }
  // Does something and waits until it is on the disk and in the table.
  template <class Work>
  void act(Work work) {
    QSignalSpy acted(&widget, &RunsTable::acted), refreshed(&widget, &RunsTable::refreshed);
    work();
    QVERIFY(acted.count() > 0 || acted.wait());
    refreshed.clear();
    QVERIFY(refreshed.wait());
  }
  QPushButton* button(const char* name) const { return widget.findChild<QPushButton*>(QLatin1String(name)); }
  void click(const char* name) const {
    QVERIFY2(button(name)->isEnabled() && button(name)->isVisible(), name);
    QTest::mouseClick(button(name), Qt::LeftButton);
  }
};

}  // namespace

void RunsTableTest::showsSortsAndFilters() {
  Yard yard;
  ShownTable table(yard);
  QCOMPARE(table.rows(), 3);
  QCOMPARE(table.text(0, RunsModel::Id), yard.id(2));  // the newest first
  QCOMPARE(table.text(0, RunsModel::State), QStringLiteral("done"));
  const int accuracy = table.column("test accuracy"), epochs = table.column("training.epochs");
  QVERIFY(accuracy > 0 && epochs > 0 && table.column("training.learning_rate") > 0);
  QCOMPARE(table.text(0, epochs), QStringLiteral("3"));
  table.view->sortByColumn(accuracy, Qt::DescendingOrder);
  QCOMPARE(table.text(0, RunsModel::Id), yard.id(1));
  table.view->sortByColumn(RunsModel::Duration, Qt::AscendingOrder);  // as numbers: 30 s, 2 min, 16 min
  QCOMPARE(table.text(0, RunsModel::Id), yard.id(1));
  QCOMPARE(table.text(2, RunsModel::Id), yard.id(2));
  auto* filter = table.widget.findChild<QLineEdit*>();
  QTest::keyClicks(filter, "net WIDER");
  QCOMPARE(table.rows(), 1);
  QCOMPARE(table.text(0, RunsModel::Id), yard.id(1));
  QTest::keyClicks(filter, " nowhere");
  QCOMPARE(table.rows(), 0);
}

void RunsTableTest::hearsOfNewRuns() {
  Yard yard;
  ShownTable table(yard);
  table.widget.selectRun(yard.id(0));
  yard.add("from elsewhere", {}, 0.5, 1);
  QTRY_COMPARE_WITH_TIMEOUT(table.rows(), 4, 20000);
  QCOMPARE(table.widget.selectedRuns(), QStringList{yard.id(0)});  // what is selected stays so
}

// As the command line writes them while the window is open.
void RunsTableTest::hearsOfNotesFromElsewhere() {
  Yard yard;
  ShownTable table(yard);
  table.widget.selectRun(yard.id(2));
  QSignalSpy refreshed(&table.widget, &RunsTable::refreshed);
  changeNotes(yard.path() + "/runs/" + yard.ids[1], [](RunNotes& notes) {
    addTag(notes, "best");
    notes.text = "from elsewhere";
  });
  QVERIFY(refreshed.wait());
  const int row = table.rowOf(yard.id(1));
  QCOMPARE(table.text(row, RunsModel::Tags), QString("best"));
  QCOMPARE(table.text(row, RunsModel::Note), QString("from elsewhere"));
  QCOMPARE(table.widget.selectedRuns(), QStringList{yard.id(2)});
}

void RunsTableTest::deleteAndUndo() {
  Yard yard;
  ShownTable table(yard);
  auto* bar = table.widget.findChild<QFrame*>("bar");
  table.widget.selectRun(yard.id(1));
  table.view->setFocus();
  QTest::keyClick(table.view, Qt::Key_Delete);
  QTRY_COMPARE_WITH_TIMEOUT(table.rows(), 2, 20000);
  QVERIFY(bar->isVisible());
  QVERIFY(!yard.has(1));
  VERIFY_CONTAINS(table.widget.message().toStdString(), "30 days");
  table.click("undo");
  QTRY_COMPARE_WITH_TIMEOUT(table.rows(), 3, 20000);
  QVERIFY(!bar->isVisible());
  QVERIFY(yard.has(1));
  QCOMPARE(table.widget.selectedRuns(), QStringList{yard.id(1)});
}

void RunsTableTest::trashIsEmptiedWhenAsked() {
  Yard yard;
  ShownTable table(yard);
  table.view->selectAll();
  table.click("delete");
  QTRY_COMPARE_WITH_TIMEOUT(table.rows(), 0, 20000);
  const auto trash = [&]() -> QMenu* {
    delete menu_.data();
    menu_ = table.widget.makeMenu();
    for (auto* action : menu_->actions())
      if (action->menu() != nullptr && action->text().contains("rash")) return action->menu();
    return nullptr;
  };
  QVERIFY(trash()->title().contains("3"));
  trash()->actions().front()->trigger();  // the one that was deleted last comes back
  QTRY_COMPARE_WITH_TIMEOUT(table.rows(), 1, 20000);
  table.widget.emptyTrash();
  QTRY_VERIFY_WITH_TIMEOUT(!trash()->isEnabled(), 20000);
  QCOMPARE(table.rows(), 1);
}

void RunsTableTest::runsThatGoOnStay() {
  Yard yard;
  const Run run = Run::create(yard.path(), {});
  ShownTable table(yard);
  table.act([&] { table.widget.deleteRuns({QString::fromStdString(run.id().text)}); });
  VERIFY_CONTAINS(table.widget.message().toStdString(), "running");
  QVERIFY(std::filesystem::exists(run.folder()));
}

void RunsTableTest::tagsAndNotes() {
  Yard yard;
  ShownTable table(yard);
  table.widget.selectRun(yard.id(0));
  table.view->setFocus();
  QTest::keyClick(table.view, Qt::Key_F2);
  auto* dialog = table.widget.findChild<NotesDialog*>();
  QVERIFY(dialog != nullptr && dialog->isVisible());
  QTest::keyClicks(&dialog->tagsEdit(), "wide good");
  QTest::keyClicks(dialog->noteEdit(), "look again");
  table.act([&] { QTest::keyClick(&dialog->tagsEdit(), Qt::Key_Return); });
  const int row = table.rowOf(yard.id(0));
  QCOMPARE(table.text(row, RunsModel::Tags), QStringLiteral("good, wide"));
  QCOMPARE(table.text(row, RunsModel::Note), QStringLiteral("look again"));
  auto* filter = table.widget.findChild<QLineEdit*>();
  QTest::keyClicks(filter, "tag:goo");
  QCOMPARE(table.rows(), 0);
  QTest::keyClicks(filter, "d");
  QCOMPARE(table.rows(), 1);
  filter->clear();
  QTest::keyClicks(filter, "-tag:good");
  QCOMPARE(table.rows(), 2);
  filter->clear();
  table.act([&] { table.click("undo"); });
  QCOMPARE(table.text(table.rowOf(yard.id(0)), RunsModel::Tags), QString());
  table.act([&] { table.widget.addTags({yard.id(0), yard.id(1)}, {"both"}); });
  QCOMPARE(table.text(table.rowOf(yard.id(1)), RunsModel::Tags), QStringLiteral("both"));
}

void RunsTableTest::badTagsCannotBeSaved() {
  NotesDialog dialog("run", {.tags = {"a"}, .text = "b"});
  dialog.setAttribute(Qt::WA_DeleteOnClose, false);
  QCOMPARE(dialog.tagsEdit().text(), QStringLiteral("a"));
  auto* save = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save);
  QVERIFY(save->isEnabled());
  QTest::keyClicks(&dialog.tagsEdit(), " -b");
  QVERIFY(!save->isEnabled());
  dialog.tagsEdit().setText("c, d  e");
  QVERIFY(save->isEnabled());
  QVERIFY(dialog.tags() == Texts({"c", "d", "e"}));
}

void RunsTableTest::archivedRunsHide() {
  Yard yard;
  ShownTable table(yard);
  table.act([&] { table.widget.archiveRuns({yard.id(0), yard.id(2)}, true); });
  QCOMPARE(table.rows(), 1);
  auto* box = table.widget.findChildren<QCheckBox*>().front();
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QCOMPARE(table.rows(), 3);
  QVERIFY(table.view->model()->index(table.rowOf(yard.id(0)), 0).data(Qt::FontRole).value<QFont>().italic());
  table.act([&] { table.click("undo"); });
  QVERIFY(!readNotes(yard.path() + "/runs/" + yard.ids[0]).archived);
}

void RunsTableTest::scoresWithTheirDifference() {
  Yard yard;
  ShownTable table(yard);
  const int accuracy = table.column("test accuracy"), loss = table.column("test loss");
  QCOMPARE(table.text(table.rowOf(yard.id(1)), accuracy), QStringLiteral("0.95"));
  table.act([&] { table.widget.pinRun(yard.id(0)); });
  QVERIFY(table.view->model()->index(table.rowOf(yard.id(0)), 0).data(Qt::FontRole).value<QFont>().bold());
  auto* box = table.widget.findChildren<QCheckBox*>().back();
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QCOMPARE(table.text(table.rowOf(yard.id(0)), accuracy), QStringLiteral("0.9"));
  QCOMPARE(table.text(table.rowOf(yard.id(1)), accuracy), QStringLiteral("0.95  (+0.05 ▲)"));
  QCOMPARE(table.text(table.rowOf(yard.id(1)), loss), QStringLiteral("0.05  (-0.05 ▲)"));
  QCOMPARE(table.text(table.rowOf(yard.id(2)), accuracy), QStringLiteral("0.85  (-0.05 ▼)"));
  table.view->sortByColumn(accuracy, Qt::DescendingOrder);  // still as numbers
  QCOMPARE(table.text(0, RunsModel::Id), yard.id(1));
  table.widget.selectRun(yard.id(2));
  QVERIFY(table.button("compare")->isEnabled());  // with the pinned one
}

void RunsTableTest::valuesHaveTheirUnit() {
  Yard yard;
  for (const char* unit : {"EUR", "USD"}) {
    RunRecord record;
    record.plan = {{"nodes", {{{"id", "money"}, {"values", {{"unit", unit}}}}}}};
    Run run = Run::create(yard.path(), std::move(record));
    run.update([](RunRecord& r) { r.results["test"] = {{"accuracy", 0.5}, {"money.value", 1234.0}}; });
    run.finish(RunState::Done);
    yard.ids.push_back(run.id().text);
  }
  ShownTable table(yard);
  const int value = table.column("test money.value");
  QCOMPARE(table.text(table.rowOf(yard.id(3)), value), shortNumber(1234) + QStringLiteral(" EUR"));
  QCOMPARE(table.text(table.rowOf(yard.id(4)), value), shortNumber(1234) + QStringLiteral(" USD"));
  QCOMPARE(table.text(table.rowOf(yard.id(0)), value), QString());
  // Dollars are not held against euros.
  table.act([&] { table.widget.pinRun(yard.id(3)); });
  auto* box = table.widget.findChildren<QCheckBox*>().back();
  QTest::mouseClick(box, Qt::LeftButton, {}, {8, box->height() / 2});
  QCOMPARE(table.text(table.rowOf(yard.id(4)), value), shortNumber(1234) + QStringLiteral(" USD"));
  QCOMPARE(table.text(table.rowOf(yard.id(1)), table.column("test accuracy")), QStringLiteral("0.95  (+0.45 ▲)"));
}

void RunsTableTest::columnsOfChoice() {
  Yard yard;
  ShownTable table(yard);
  QVERIFY(table.view->isColumnHidden(RunsModel::Note));  // unless somebody wants it
  QSignalSpy chosen(&table.widget, &RunsTable::columnsChosen);
  const std::unique_ptr<QMenu> menu(table.widget.makeColumnMenu());
  for (auto* action : menu->actions())
    if (action->text() == "Purpose" || action->text() == "Note") action->trigger();
  QCOMPARE(chosen.count(), 2);
  QVERIFY(table.view->isColumnHidden(RunsModel::Purpose) && !table.view->isColumnHidden(RunsModel::Note));
  QCOMPARE(table.widget.columnChoices(), (QStringList{"+note", "-purpose"}));
  QSignalSpy refreshed(&table.widget, &RunsTable::refreshed);
  table.widget.refresh();
  QVERIFY(refreshed.wait());
  QVERIFY(table.view->isColumnHidden(RunsModel::Purpose));
  table.widget.setColumnChoices({"-test accuracy"});
  QVERIFY(!table.view->isColumnHidden(RunsModel::Purpose));
  QVERIFY(table.view->isColumnHidden(table.column("test accuracy")));
}

// The settings in the line, applied to the project, give the plan of the run.
void RunsTableTest::commandRepeatsTheRun() {
  Yard yard;
  Project edited = yard.project;
  applySet(edited, "", "training.batch_size=99");  // since the runs
  saveProject(edited, edited.file);
  for (size_t i = 0; i < yard.ids.size(); ++i) {
    const Run run = Run::open(yard.path(), yard.ids[i]);
    const std::string line = commandOfRun(run.record(), yard.path());
    VERIFY_CONTAINS(line, "blockyard train " + yard.path());
    VERIFY_CONTAINS(line, "--purpose ");
    Project again = edited;
    const QStringList words = QString::fromStdString(line).split(' ');
    for (qsizetype word = 0; word + 1 < words.size(); ++word)
      if (words[word] == "--set") applySet(again, "", words[word + 1].toStdString());
    COMPARE_TEXT(makePlan(again, "").hash(), planFromJson(run.record().plan).hash());
  }
  ShownTable table(yard);
  VERIFY_CONTAINS(table.widget.command(yard.id(1)).toStdString(), "--set training.learning_rate=0.5");
  VERIFY_CONTAINS(table.widget.command(yard.id(1)).toStdString(), "--purpose 'wider net'");
}

// Blocks that are gone cannot be set; the line then names the run itself.
void RunsTableTest::commandOfAnotherProject() {
  Yard yard;
  Project edited = yard.project;
  const std::string gone = edited.graph("").nodes().back().id.name;
  edited.apply("", RemoveNode{{gone}});
  saveProject(edited, edited.file);
  const Run run = Run::open(yard.path(), yard.ids[1]);
  COMPARE_TEXT(commandOfRun(run.record(), yard.path()),
               "blockyard train " + yard.path() + " --same-as " + yard.ids[1] + " --purpose 'wider net'");
}

void RunsTableTest::quoting() {
  COMPARE_TEXT(shellQuoted("a.b=[1,2]"), "'a.b=[1,2]'");
  COMPARE_TEXT(shellQuoted("it's $HOME"), "'it'\\''s $HOME'");
  COMPARE_TEXT(shellQuoted(""), "''");
  COMPARE_TEXT(shellQuoted("--set=3.5e-3"), "--set=3.5e-3");
}

void RunsTableTest::selectionSignals() {
  Yard yard;
  ShownTable table(yard);
  QSignalSpy open(&table.widget, &RunsTable::openRun), compare(&table.widget, &RunsTable::compare);
  QVERIFY(!table.button("compare")->isEnabled());
  table.view->setFocus();
  table.view->selectRow(0);
  QTest::keyClick(table.view, Qt::Key_Return);
  QCOMPARE(open.count(), 1);
  QCOMPARE(open[0][0].toString(), yard.id(2));
  table.view->selectAll();
  table.click("compare");
  QCOMPARE(compare[0][0].toStringList(), (QStringList{yard.id(2), yard.id(1), yard.id(0)}));
}

void RunsTableTest::comparesWithABaseline() {
  Yard yard;
  CompareView view(yard.path());
  view.resize(900, 700);
  view.show();
  QSignalSpy shown(&view, &CompareView::shown);
  view.setRuns({yard.id(0), yard.id(1)});
  QVERIFY(shown.wait());
  QCOMPARE(view.chart().curveCount(), 2);
  QCOMPARE(view.chart().curve(1).size(), size_t{10});
  QCOMPARE(view.chart().curve(1).raw()[0], double(float(1 + 0.95)));
  QCOMPARE(view.settings().rowCount(), 1);
  QCOMPARE(view.settings().item(0, 0)->text(), QStringLiteral("training.learning_rate"));
  QCOMPARE(view.settings().item(0, 2)->text(), QStringLiteral("0.5"));
  QCOMPARE(view.metrics().item(0, 0)->text(), QStringLiteral("test accuracy"));
  QCOMPARE(view.metrics().item(0, 1)->text(), QStringLiteral("0.9"));
  QCOMPARE(view.metrics().item(0, 2)->text(), QStringLiteral("0.95  (+0.05 ▲)"));
  QCOMPARE(view.metrics().item(1, 2)->text(), QStringLiteral("0.05  (-0.05 ▲)"));  // less loss is better
  const std::unique_ptr<QMenu> menu(view.makeHeaderMenu(2));
  menu->actions().front()->trigger();
  QCOMPARE(view.baseline(), yard.id(1));
  QCOMPARE(view.metrics().item(0, 1)->text(), QStringLiteral("0.95"));
  QCOMPARE(view.metrics().item(0, 2)->text(), QStringLiteral("0.9  (-0.05 ▼)"));
  shown.clear();
  view.setRuns({yard.id(0), QStringLiteral("20000101-000000-0000")});
  QVERIFY(shown.wait());
  QCOMPARE(view.chart().curveCount(), 1);  // the one that is there
}

void RunsTableTest::pinnedRunIsTheBaseline() {
  Yard yard;
  pinBaseline(yard.path(), yard.ids[2]);
  CompareView view(yard.path());
  QSignalSpy shown(&view, &CompareView::shown);
  view.setRuns({yard.id(0), yard.id(1)});
  QVERIFY(shown.wait());
  QCOMPARE(view.baseline(), yard.id(2));  // it joins those that were chosen
  QCOMPARE(view.chart().curveCount(), 3);
  QVERIFY(view.metrics().horizontalHeaderItem(1)->text().contains("again"));
  QCOMPARE(view.metrics().item(0, 2)->text(), QStringLiteral("0.9  (+0.05 ▲)"));
}

// By the menu, with the keyboard: the page is written into the run's folder and given to the browser.
void RunsTableTest::reportIsWrittenAndOpened() {
  Yard yard;
  ShownTable table(yard);
  QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "opened");
  opened_.clear();
  table.widget.selectRun(yard.id(1));
  const std::unique_ptr<QMenu> menu(table.widget.makeMenu());
  menu->popup(QPoint(10, 10));
  QTest::keyClick(menu.get(), Qt::Key_E);  // its letter
  QTRY_COMPARE(opened_.size(), 1);
  QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
  const QString file = QString::fromStdString(yard.path() + "/runs/" + yard.ids[1] + "/report.html");
  QCOMPARE(opened_.front().toLocalFile(), file);
  QVERIFY(table.widget.message().contains(file));
  QFile page(file);
  QVERIFY(page.open(QIODevice::ReadOnly));
  QVERIFY(page.readAll().contains("wider net"));
}

void RunsTableTest::emptyProject() {
  QTemporaryDir folder;
  RunsTable table(folder.path().toStdString());
  QSignalSpy refreshed(&table, &RunsTable::refreshed);
  QVERIFY(refreshed.wait());
  QVERIFY(table.selectedRuns().isEmpty());
  table.deleteRuns({"20000101-000000-0000"});
  QVERIFY(table.message().isEmpty());
}

QTEST_MAIN(RunsTableTest)
#include "runs_table.moc"
