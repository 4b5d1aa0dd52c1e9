// A project that names a file outside its folder: nothing is read before the person has agreed, and then for good.
#include <QtTest/QtTest>
#include <QtWidgets/QPushButton>

#include "app/window/main_window.hpp"
#include "app/window/message_bar.hpp"
#include "checks.hpp"
#include "graph/project.hpp"
#include "graph/templates.hpp"
#include "widgets/common/allowed_paths.hpp"
#include "widgets/inspector/problem_notes.hpp"

using namespace blockyard;

class OutsidePathsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void asksBeforeItReads();
  void whoSaidNoCanAllowLater();
  void whatIsChosenByHandIsAllowed();

 private:
  static QString message(const MainWindow& window) { return window.findChild<MessageBar*>()->text(); }

  TestFolder project_, elsewhere_;
};

void OutsidePathsTest::initTestCase() {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName("blockyard-outside-test");
  QSettings().clear();
  guardProjects();
  std::string rows = "x,y,kind\n";
  for (int i = 0; i < 60; ++i) rows += std::to_string(i) + "," + std::to_string(i % 5) + "," + "ab"[i % 2] + "\n";
  put(elsewhere_ / "rows.csv", rows);
  put(elsewhere_ / "later.csv", rows);
  put(elsewhere_ / "chosen.csv", rows);
  const Project project = projectFromTemplate(
      "table", {.name = "p", .data = elsewhere_ / "rows.csv", .target = {"kind"}, .task = Task::Label});
  saveProject(project, project_ / "p.blockyard");
}

void OutsidePathsTest::asksBeforeItReads() {
  {
    MainWindow window;
    window.show();
    QVERIFY(window.open(QString::fromStdString(project_ / "p.blockyard")));
    QTRY_VERIFY(message(window).contains(QString::fromStdString(elsewhere_ / "rows.csv")));
    QTRY_VERIFY(!window.document().result().ok());
    auto* bar = window.findChild<MessageBar*>();
    for (auto* button : bar->findChildren<QPushButton*>())
      if (button->text().remove('&') == QStringLiteral("Allow")) QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(window.document().result().ok());
  }
  QCOMPARE(QSettings().value("allowed_paths").toStringList(),
           QStringList{QString::fromStdString(elsewhere_ / "rows.csv")});
}

void OutsidePathsTest::whoSaidNoCanAllowLater() {
  const Project project = projectFromTemplate(
      "table", {.name = "q", .data = elsewhere_ / "later.csv", .target = {"kind"}, .task = Task::Label});
  saveProject(project, project_ / "q.blockyard");
  MainWindow window;
  window.show();
  QVERIFY(window.open(QString::fromStdString(project_ / "q.blockyard")));
  QTRY_VERIFY(message(window).contains(QString::fromStdString(elsewhere_ / "later.csv")));
  for (auto* button : window.findChild<MessageBar*>()->findChildren<QPushButton*>())
    if (button->text().remove('&') == QStringLiteral("Do not read")) QTest::mouseClick(button, Qt::LeftButton);
  // The problem has the same offer, wherever it is shown.
  ProblemNotes notes(window.document(), NamePlace::Yes, nullptr);
  const auto allowing = [&] {
    notes.showProblems(window.document().result().problems);
    return notes.findChild<QPushButton*>("allow");
  };
  notes.show();
  QTRY_VERIFY(allowing() != nullptr);
  QPushButton* const allow = allowing();
  QTest::mouseClick(allow, Qt::LeftButton);
  QTRY_VERIFY(window.document().result().ok());
}

void OutsidePathsTest::whatIsChosenByHandIsAllowed() {
  MainWindow window;
  window.show();
  QVERIFY(window.open(QString::fromStdString(elsewhere_ / "chosen.csv")));
  QTRY_VERIFY(window.document().result().ok());
  QVERIFY2(!message(window).contains("outside"), qPrintable(message(window)));
}

QTEST_MAIN(OutsidePathsTest)
#include "outside_paths.moc"
