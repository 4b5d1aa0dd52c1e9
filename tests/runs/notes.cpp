// What people say about runs, the pinned run, and the trash: kept beside the record, which is never touched for it.
#include "runs/notes.hpp"

#include <QTest>
#include <filesystem>

#include "base/file.hpp"
#include "base/json.hpp"
#include "checks.hpp"
#include "runs/trash.hpp"

namespace blockyard {
namespace fs = std::filesystem;

class NotesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void tagsAndNote();
  void theRecordIsNotTouched();
  void badTagsAreRefused();
  void damageIsNamedAndNotFatal();
  void pinned();
  void deleteAndRestore();
  void runningRunsStay();
  void oldRunsLeaveTheTrash();
  void restoreFinds();

 private:
  static Run finished(const TestFolder& project, const std::string& purpose = {}) {
    Run run = Run::create(project.path(), {.purpose = purpose});
    run.finish(RunState::Done);
    return run;
  }
};

void NotesTest::tagsAndNote() {
  const TestFolder project;
  const Run run = finished(project);
  QVERIFY(readNotes(run.folder()) == RunNotes{});
  QVERIFY(!fs::exists(run.folder() / "notes.json"));
  changeNotes(run.folder(), [](RunNotes& notes) {
    addTag(notes, "wide");
    addTag(notes, "best");
    addTag(notes, "wide");
    notes.text = "größer\nist besser";
  });
  RunNotes notes = readNotes(run.folder());
  QVERIFY(notes.tags == Texts({"best", "wide"}));
  COMPARE_TEXT(notes.text, "größer\nist besser");
  notes = changeNotes(run.folder(), [](RunNotes& change) {
    removeTag(change, "best");
    removeTag(change, "not there");
    change.archived = true;
  });
  QVERIFY(notes.tags == Texts{"wide"});
  QVERIFY(listRuns(project.path()).at(0).notes == notes);
  // Members of a later version survive.
  nlohmann::json json = readJson(run.folder() / "notes.json");
  json["later"] = 7;
  writeDurably(run.folder() / "notes.json", dumpJson(json));
  changeNotes(run.folder(), [](RunNotes& change) { change.archived = false; });
  QVERIFY(readJson(run.folder() / "notes.json")["later"] == 7);
}

void NotesTest::theRecordIsNotTouched() {
  const TestFolder project;
  const Run run = finished(project);
  const std::string before = readFile(run.folder() / "run.json");
  changeNotes(run.folder(), [](RunNotes& notes) { addTag(notes, "a"), notes.text = "b", notes.archived = true; });
  pinBaseline(project.path(), run.id().text);
  deleteRun(project.path(), run.id());
  restoreRun(project.path(), run.id().text);
  COMPARE_TEXT(readFile(run.folder() / "run.json"), before);
  QVERIFY(readNotes(run.folder()).archived);
}

void NotesTest::badTagsAreRefused() {
  for (const char* tag : {"", "two words", "a,b", "line\nbreak", "-x"})
    VERIFY_CONTAINS(errorText([&] { checkTag(tag); }), "cannot be a tag");
  for (const char* tag : {"good", "größe", "v1.2", "is:best"}) checkTag(tag);
  const TestFolder project;
  const Run run = finished(project);
  QVERIFY(errorOf([&] { changeNotes(run.folder(), [](RunNotes& notes) { addTag(notes, "a b"); }); }));
  QVERIFY(readNotes(run.folder()) == RunNotes{});
}

void NotesTest::damageIsNamedAndNotFatal() {
  const TestFolder project;
  const Run run = finished(project);
  put((run.folder() / "notes.json").string(), "{\"tags\": 3}");
  VERIFY_CONTAINS(errorText([&] { readNotes(run.folder()); }), "notes.json");
  const auto runs = listRuns(project.path());
  QCOMPARE(runs.size(), size_t{1});
  QVERIFY(runs[0].record);
  VERIFY_CONTAINS(runs[0].damage, "notes.json");
  deleteRun(project.path(), run.id());
  QCOMPARE(listTrash(project.path()).size(), size_t{1});
}

void NotesTest::pinned() {
  const TestFolder project;
  COMPARE_TEXT(pinnedBaseline(project.path()), "");
  const Run run = finished(project), other = finished(project);
  pinBaseline(project.path(), run.id().text);
  COMPARE_TEXT(pinnedBaseline(project.path()), run.id().text);
  QCOMPARE(listRuns(project.path()).size(), size_t{2});
  deleteRun(project.path(), run.id());
  COMPARE_TEXT(pinnedBaseline(project.path()), "");  // for as long as it is gone
  restoreRun(project.path(), run.id().text);
  COMPARE_TEXT(pinnedBaseline(project.path()), run.id().text);
  pinBaseline(project.path(), "");
  COMPARE_TEXT(pinnedBaseline(project.path()), "");
  put(project / "runs/baseline.json", "{\"run\": \"../..\"}");
  COMPARE_TEXT(pinnedBaseline(project.path()), "");
}

void NotesTest::deleteAndRestore() {
  const TestFolder project;
  const Run run = finished(project, "kept"), other = finished(project);
  put((run.folder() / "events").string(), "x");
  deleteRun(project.path(), run.id());
  QVERIFY(!fs::exists(run.folder()));
  QCOMPARE(listRuns(project.path()).size(), size_t{1});
  const auto trash = listTrash(project.path());
  QCOMPARE(trash.size(), size_t{1});
  QVERIFY(trash[0].id == run.id() && !trash[0].notes.deleted.empty());
  VERIFY_CONTAINS(errorText([&] { deleteRun(project.path(), run.id()); }), "there is no run");
  for (const char* wrong : {"", "..", ".trash", "a/b"})
    VERIFY_CONTAINS(errorText([&] { deleteRun(project.path(), {wrong}); }), "there is no run");
  QVERIFY(restoreRun(project.path(), run.id().text) == run.id());
  COMPARE_TEXT(readFile(run.folder() / "events"), "x");
  COMPARE_TEXT(Run::open(project.path(), run.id().text).record().purpose, "kept");
  COMPARE_TEXT(readNotes(run.folder()).deleted, "");
  deleteRun(project.path(), run.id());
  deleteRun(project.path(), other.id());
  QCOMPARE(emptyTrash(project.path()).size(), size_t{2});
  QVERIFY(listTrash(project.path()).empty());
  VERIFY_CONTAINS(errorText([&] { restoreRun(project.path(), "last"); }), "no run in the trash");
}

void NotesTest::runningRunsStay() {
  const TestFolder project;
  Run run = Run::create(project.path(), {});
  const auto error = errorOf([&] { deleteRun(project.path(), run.id()); });
  QVERIFY(error && error->fault() == Fault::TryAgain);
  QVERIFY(fs::exists(run.folder()));
}

void NotesTest::oldRunsLeaveTheTrash() {
  const TestFolder project;
  const Run old = finished(project), young = finished(project), last = finished(project);
  deleteRun(project.path(), old.id());
  deleteRun(project.path(), young.id());
  constexpr double kDay = 86400;
  const auto age = [&](const Run& run, double days) {
    changeNotes(project / ("runs/.trash/" + run.id().text),
                [&](RunNotes& notes) { notes.deleted = utcText(secondsNow() - days * kDay); });
  };
  age(old, kTrashDays + 0.1);
  age(young, kTrashDays - 0.1);
  std::vector<RunId> purged;
  deleteRun(project.path(), last.id(), &purged);
  QVERIFY(purged == std::vector<RunId>{old.id()});
  QCOMPARE(listTrash(project.path()).size(), size_t{2});
  QVERIFY(listTrash(project.path())[0].id == young.id());  // the latest last
}

void NotesTest::restoreFinds() {
  const TestFolder project;
  const Run one = finished(project), two = finished(project);
  deleteRun(project.path(), one.id());
  deleteRun(project.path(), two.id());
  changeNotes(project / ("runs/.trash/" + one.id().text),
              [](RunNotes& notes) { notes.deleted = "2000-01-01T00:00:00Z"; });
  VERIFY_CONTAINS(errorText([&] { restoreRun(project.path(), "x"); }), "the one deleted last is " + two.id().text);
  VERIFY_CONTAINS(errorText([&] { restoreRun(project.path(), "2"); }), "2 runs in the trash begin with");
  QVERIFY(restoreRun(project.path(), one.id().text) == one.id());
  QVERIFY(restoreRun(project.path(), "last") == two.id());
  QCOMPARE(listRuns(project.path()).size(), size_t{2});
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::NotesTest)
#include "notes.moc"
