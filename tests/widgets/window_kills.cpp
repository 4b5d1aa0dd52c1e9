// The window is killed at random moments while somebody edits in it: what had been done by then is offered at the next
// start. The window runs in a process of its own (this program, called again), which tells each act after it.
#include <signal.h>

#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtTest/QtTest>
#include <QtWidgets/QPushButton>
#include <cstdio>
#include <cstdlib>

#include "app/window/main_window.hpp"
#include "app/window/message_bar.hpp"
#include "base/random.hpp"

using namespace blockyard;

class WindowKillsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void everyActIsOffered();

 private:
  QTemporaryDir home_;
};

namespace {

constexpr const char* kEdits = "BLOCKYARD_TEST_EDITS";

// What act number `act` does; what it leaves can be told from all others.
Edit editOf(int act) {
  const std::string name = "b" + std::to_string(act);
  if (act % 5 == 4) return RemoveNode{{"b" + std::to_string(act - 2)}};
  if (act % 5 == 3) return SetTraining{"epochs", OrderedJson(act)};
  return AddNode{.node = {.id = {name}, .type = "extractor/linear", .x = 10.0 * act}};
}

// How many acts stand in the project: the first that it would not be the same after.
int actsIn(const Project& found, const Project& start) {
  Project project = start;
  for (int act = 0; act < 100000; ++act) {
    if (projectText(project) == projectText(found)) return act;
    try {
      project.apply("", editOf(act));
    } catch (const Error&) {  // undone acts cannot be done again out of order
      return -1;
    }
  }
  return -1;
}

// The process that is killed.
int edit(const QString& file) {
  MainWindow window;
  window.open(file);
  window.show();
  for (int act = 0;; ++act) {
    window.document().apply(editOf(act), QString::number(act));
    QTest::qWait(1 + act % 7);  // the event loop comes round at least once
    std::printf("%d\n", act + 1);
    std::fflush(stdout);
  }
}

}  // namespace

void WindowKillsTest::initTestCase() {
  for (const Recovered& left : Autosave::leftBehind()) Autosave::discard(left);  // of a test that was killed itself
  Project project{.name = "killed", .file = home_.filePath("killed.blockyard").toStdString()};
  project.pipelines.push_back({"main", {}});
  saveProject(project, project.file);
}

void WindowKillsTest::everyActIsOffered() {
  const QString file = home_.filePath("killed.blockyard");
  const Project start = loadProject(file.toStdString());
  const KeyedRandom random(5);
  int most = 0;
  for (uint64_t kill = 0; kill < 20; ++kill) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(kEdits, file);
    process.setProcessEnvironment(environment);
    process.start(QCoreApplication::applicationFilePath(), {});
    QVERIFY(process.waitForReadyRead(60000));  // the first act is done
    process.waitForFinished(static_cast<int>(random.below(kill, 2500)));
    process.kill();
    process.waitForFinished();
    const int told = process.readAllStandardOutput().trimmed().split('\n').back().toInt();
    QVERIFY(told > 0);
    most = std::max(most, told);
    const auto left = Autosave::leftBehind();
    QCOMPARE(left.size(), size_t{1});
    QCOMPARE(left.front().project, file);
    const int found = actsIn(Autosave::load(left.front()), start);
    QVERIFY2(found >= told, qPrintable(QString("%1 acts were made, %2 are offered").arg(told).arg(found)));
    if (kill == 0) {  // as the user sees it
      MainWindow window;
      window.open(file);
      window.show();
      window.offerRecovery();
      for (QPushButton* button : window.messages().findChildren<QPushButton*>())
        if (button->text().remove('&') == QStringLiteral("Recover")) QTest::mouseClick(button, Qt::LeftButton);
      QCOMPARE(actsIn(window.document().project(), start), found);
      window.document().undoStack().setClean();
    } else {
      Autosave::discard(left.front());
    }
    QVERIFY(Autosave::leftBehind().empty());
  }
  qInfo("the longest of the sittings had %d acts", most);
  QVERIFY(most > 10);
}

// The settings and the copies of a test are not those of the user.
int main(int argc, char** argv) {
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName("blockyard-test");
  QCoreApplication::setApplicationName("window-kills");
  QStandardPaths::setTestModeEnabled(true);
  if (const QByteArray file = qgetenv(kEdits); !file.isEmpty()) return edit(QString::fromUtf8(file));
  WindowKillsTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "window_kills.moc"
