// All data looked at from the window: statistics, notes, a page to keep; and what cannot be read is said.
#include <QtTest/QtTest>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>

#include "base/file.hpp"
#include "graph/templates.hpp"
#include "training/small_plan.hpp"
#include "widgets/peek/inspect_dialog.hpp"
#include "widgets/peek/sample_view.hpp"

using namespace blockyard;

class InspectDataTest : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;

  FoundSource source(const std::string& file) const {
    Project project = projectFromTemplate("table", {.name = "clouds", .data = file, .target = {"kind"}});
    project.file = folder_.filePath("clouds.blockyard").toStdString();
    const auto found = sourceOf(project, "main", check(project, "main", Peek::No));
    return found.value();
  }

 private Q_SLOTS:
  void showsEveryColumn() {
    testing::writeClouds(folder_, 500);
    InspectDialog dialog(source("clouds.csv"), folder_.path().toStdString());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy inspected(&dialog, &InspectDialog::inspected);
    dialog.show();
    const auto* const save = dialog.findChild<QPushButton*>();
    QVERIFY(save != nullptr);
    QVERIFY(inspected.wait());
    QVERIFY(dialog.profile() != nullptr);
    QCOMPARE(dialog.profile()->rows, int64_t{500});
    const auto* const table = dialog.findChild<QTableView*>(QStringLiteral("statistics"));
    QCOMPARE(table->model()->rowCount(), 4);
    QVERIFY(!table->isColumnHidden(StatisticsModel::Association));
    QStringList cells;
    for (int row = 0; row < 4; ++row)
      for (int column = 0; column < table->model()->columnCount(); ++column)
        cells << table->model()->index(row, column).data().toString();
    for (const char* cell : {"x", "y", "side", "target"}) QVERIFY2(cells.contains(QLatin1String(cell)), cell);
    const auto* const view = dialog.findChild<SampleView*>();
    QVERIFY(view->hasPage(SampleView::Statistics) && view->hasPage(SampleView::Histogram));
    QVERIFY(!view->hasPage(SampleView::Rows) && !view->hasPage(SampleView::Images));
    const QString notes = dialog.findChild<QLabel*>(QStringLiteral("notes"))->text();
    QVERIFY2(notes.startsWith("500 "), qPrintable(notes));
    const std::string page = folder_.filePath("clouds.html").toStdString();
    dialog.savePage(page);
    QVERIFY(readFile(page).find("<svg") != std::string::npos);
  }

  void saysWhatCannotBeRead() {
    InspectDialog dialog(source("missing.csv"), folder_.path().toStdString());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy inspected(&dialog, &InspectDialog::inspected);
    QVERIFY(inspected.wait());
    QVERIFY(dialog.profile() == nullptr);
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("notes"))->text().contains("missing.csv"));
  }

  // Closed in the middle of the work: that ends by itself.
  void mayBeClosedAtOnce() {
    testing::writeClouds(folder_, 200000, "many.csv");
    auto* const dialog = new InspectDialog(source("many.csv"), folder_.path().toStdString());
    dialog->show();
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTest::qWait(50);
  }
};

QTEST_MAIN(InspectDataTest)
#include "inspect_data.moc"
