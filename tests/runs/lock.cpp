// One training of a project at a time, also across processes, and free again however the holder ends.
#include "runs/lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <QTest>

#include "base/file.hpp"
#include "checks.hpp"

namespace blockyard {

class LockTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void secondIsRefused();
  void killedHolderFreesIt();
  void damagedNoteDoesNotMatter();
};

void LockTest::secondIsRefused() {
  const TestFolder project;
  {
    const TrainingLock lock(project.path(), "run 1");
    const auto error = errorOf([&] { TrainingLock(project.path()); });
    QVERIFY(error);
    QVERIFY(error->fault() == Fault::TryAgain);
    COMPARE_TEXT(error->where().file, project.path());
    VERIFY_CONTAINS(error->problem(),
                    "another training of this project is running (pid " + std::to_string(::getpid()) + ", since 2");
    VERIFY_CONTAINS(error->problem(), ", run 1)");
    const TestFolder other;
    const TrainingLock elsewhere(other.path());
  }
  TrainingLock again(project.path());
  const TrainingLock moved(std::move(again));
  QVERIFY(errorOf([&] { TrainingLock(project.path()); }));
}

void LockTest::killedHolderFreesIt() {
  const TestFolder project;
  int ready[2];
  QCOMPARE(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const TrainingLock lock(project.path());
    if (::write(ready[1], "x", 1) == 1) ::pause();
    ::_exit(0);
  }
  char byte = 0;
  QCOMPARE(::read(ready[0], &byte, 1), ssize_t(1));
  VERIFY_CONTAINS(errorText([&] { TrainingLock(project.path()); }), "pid " + std::to_string(child));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  COMPARE_TEXT(errorText([&] { TrainingLock(project.path()); }), "");
  ::close(ready[0]);
  ::close(ready[1]);
}

void LockTest::damagedNoteDoesNotMatter() {
  const TestFolder project;
  const TrainingLock lock(project.path());
  put(project / "runs/training.lock", "{\"pid\":");
  VERIFY_CONTAINS(errorText([&] { TrainingLock(project.path()); }), "running (its process is not known)");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::LockTest)
#include "lock.moc"
