// What a project may read: its folder, what was allowed, and nothing that a link leads to elsewhere.
#include "data/path_guard.hpp"

#include <QtTest/QtTest>

#include "checks.hpp"

using namespace blockyard;
namespace fs = std::filesystem;

class PathGuardTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void offAtTheStart();
  void onlyTheFolderAndWhatIsAllowed();
  void linksAreFollowed();
  void storageElsewhereIsAskedForToo();
};

void PathGuardTest::offAtTheStart() {
  QVERIFY(isPathAllowed("/project", "/etc/passwd"));
  COMPARE_TEXT(dataPath("/project", "rows.csv"), "/project/rows.csv");
}

void PathGuardTest::onlyTheFolderAndWhatIsAllowed() {
  guardPaths();
  TestFolder project, other;
  put(other / "rows.csv", "a\n1\n");
  QVERIFY(isPathAllowed(project.path(), "rows.csv"));  // whether it is there or not
  QVERIFY(isPathAllowed(project.path(), "deep/*.csv"));
  QVERIFY(isPathAllowed(project.path(), project / "rows.csv"));
  QVERIFY(!isPathAllowed(project.path(), other / "rows.csv"));
  QVERIFY(!isPathAllowed(project.path(), "../rows.csv"));
  QVERIFY(!isPathAllowed(project.path(), project.path() + "-too/rows.csv"));
  QVERIFY(!isPathAllowed("", other / "rows.csv"));
  VERIFY_CONTAINS(errorText([&] { dataPath(project.path(), other / "rows.csv"); }), "outside the project's folder");
  allowPath(other / "rows.csv");
  COMPARE_TEXT(dataPath(project.path(), other / "rows.csv"), other / "rows.csv");
  QVERIFY(!isPathAllowed(project.path(), other / "other.csv"));
  allowPath(other.path() + "/");
  QVERIFY(isPathAllowed(project.path(), other / "deep/other.csv"));
}

void PathGuardTest::linksAreFollowed() {
  TestFolder project, secret;
  put(secret / "rows.csv", "a\n1\n");
  fs::create_symlink(secret / "rows.csv", project / "inside.csv");
  fs::create_directory_symlink(secret.path(), project / "folder");
  QVERIFY(!isPathAllowed(project.path(), "inside.csv"));
  QVERIFY(!isPathAllowed(project.path(), "folder/rows.csv"));
}

void PathGuardTest::storageElsewhereIsAskedForToo() {
  const std::string here = std::filesystem::current_path().string();
  QVERIFY(!isPathAllowed(here, "s3://bucket/rows.parquet"));
  allowPath("s3://bucket/rows.parquet");
  QVERIFY(isPathAllowed(here, "s3://bucket/rows.parquet"));
  QVERIFY(!isPathAllowed(here, "s3://bucket/other.parquet"));
}

QTEST_GUILESS_MAIN(PathGuardTest)
#include "path_guard.moc"
