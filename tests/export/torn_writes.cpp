// A disk that fails, or a process that ends, at any of the calls that write: a project, a checkpoint, a bundle and a
// run's record are the old ones or the new ones, never half of them. Whole trainings at every nth call, see
// BLOCKYARD_CALLS_APART.
#include <filesystem>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/safetensors.hpp"
#include "checks.hpp"
#include "cli/command.hpp"
#include "export/trained_runs.hpp"
#include "graph/project.hpp"
#include "runs/checkpoints.hpp"
#include "runs/notes.hpp"
#include "runs/run.hpp"

using namespace blockyard;
namespace fs = std::filesystem;

namespace {

constexpr const char* kId = "20260101-000000-0000";

void saveCheckpoint(const fs::path& folder, int64_t step) {
  const std::string bytes(100'000, static_cast<char>('a' + step));
  CheckpointStore(folder).save(step, {{.name = "x", .dtype = Dtype::U8, .shape = {100'000}, .bytes = bytes}});
}

// What the process under the failing disk does.
void work(const std::string& what, const fs::path& folder) {
  if (what == "project") {
    Project project = loadProject(folder / "p.blockyard");
    project.doc = "new";
    saveProject(project, folder / "p.blockyard");
  } else if (what == "checkpoint") {
    saveCheckpoint(folder / "checkpoints", 2);
  } else if (what == "bundle") {
    exportTrained(folder / "trained.safetensors", folder / "out.safetensors", "bundle", Existing::Replace);
  } else if (what == "record") {
    Run::open(folder, kId).finish(RunState::Done);
  } else if (what == "notes") {
    changeNotes(folder / "runs" / kId, [](RunNotes& notes) { notes.text = "new"; });
  }
}

}  // namespace

class TornWritesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void oldOrNew_data();
  void oldOrNew();
  void trainingsGoOn_data();
  void trainingsGoOn();

 private:
  // Runs it with the n-th call failing; nothing if it has fewer calls.
  std::optional<Called> call(Workplace& place, const QString& program, const QStringList& words, int n,
                             const QString& how) {
    const QString mark = marks_.filePath("mark");
    QFile::remove(mark);
    place.setEnvironment("LD_PRELOAD", BLOCKYARD_FAILING_DISK);
    place.setEnvironment("BLOCKYARD_DISK_FOLDER", QString::fromStdString(place.path()));
    place.setEnvironment("BLOCKYARD_DISK_AT", QString::number(n));
    place.setEnvironment("BLOCKYARD_DISK_HOW", how);
    place.setEnvironment("BLOCKYARD_DISK_MARK", mark);
    const auto process = place.start(program, words);
    const Called called = place.finish(*process);
    place.setEnvironment("LD_PRELOAD", "");
    return QFile::exists(mark) ? std::optional(called) : std::nullopt;
  }
  QTemporaryDir marks_;
  fs::path bundle_;
};

void TornWritesTest::initTestCase() {
  const Workplace place;
  place.write("rows.csv", penguinRows(60));
  VERIFY_CODE(place.call({"new", "p.blockyard", "--data", "rows.csv", "--target", "species"}), 0);
  VERIFY_CODE(place.call({"train", "p.blockyard", "--epochs", "1", "-q"}), 0);
  bundle_ = marks_.filePath("trained.safetensors").toStdString();
  VERIFY_CODE(place.call({"export", "latest", QString::fromStdString(bundle_.string())}), 0);
}

void TornWritesTest::oldOrNew_data() {
  QTest::addColumn<QString>("what");
  QTest::addColumn<QString>("how");
  for (const char* what : {"project", "checkpoint", "bundle", "record", "notes"})
    for (const char* how : {"once", "full", "exit"}) QTest::addRow("%s, %s", what, how) << what << how;
}

void TornWritesTest::oldOrNew() {
  QFETCH(QString, what);
  QFETCH(QString, how);
  int n = 1;
  bool old_seen = false;
  for (;; ++n) {
    QVERIFY(n < 100);
    Workplace place;
    const fs::path folder = place.path();
    place.write("p.blockyard",
                R"({"format": 1, "name": "p", "doc": "old", "pipelines": {"main": {"blocks": {}, "wires": []}}})");
    saveCheckpoint(folder / "checkpoints", 1);
    fs::copy_file(bundle_, folder / "trained.safetensors");
    place.write("out.safetensors", "old");
    const fs::path run = folder / "runs" / kId;
    fs::create_directories(run);
    place.write("runs/" + std::string(kId) + "/run.json",
                dumpJson(toJson(RunRecord{.id = {kId}, .state = RunState::Stopped})));
    changeNotes(run, [](RunNotes& notes) { notes.text = "old"; });
    const auto called = call(place, QCoreApplication::applicationFilePath(),
                             {"--work", what, QString::fromStdString(folder.string())}, n, how);
    if (!called) break;
    QVERIFY2(how == "exit" ? called->code == 99 : called->code == 0 || called->code == 1, called->err.c_str());
    if (called->code == 1) VERIFY_HOLDS(called->err, "No space left");
    bool is_old = false;
    if (what == "project") {
      const std::string doc = loadProject(folder / "p.blockyard").doc;
      QVERIFY(doc == "old" || doc == "new");
      is_old = doc == "old";
    } else if (what == "checkpoint") {
      const auto loaded = CheckpointStore(folder / "checkpoints").loadLatest();
      QVERIFY(loaded && loaded->warnings.empty());
      is_old = loaded->info.step == 1;
      QCOMPARE(loaded->file.at("x").bytes.front(), static_cast<char>('a' + loaded->info.step));
    } else if (what == "bundle") {
      const std::string bytes = place.read("out.safetensors");
      is_old = bytes == "old";
      QVERIFY(is_old || bytes == place.read("trained.safetensors"));
    } else if (what == "record") {
      const RunEntry entry = readRun(run);
      QVERIFY2(entry.record, entry.damage.c_str());
      is_old = entry.record->state == RunState::Stopped;
      QVERIFY(is_old || entry.record->state == RunState::Done);
    } else {
      const std::string text = readNotes(run).text;
      QVERIFY(text == "old" || text == "new");
      is_old = text == "old";
    }
    old_seen = old_seen || is_old;
    if (called->code == 0) QVERIFY(!is_old);  // what was said to be written is there
  }
  QVERIFY(n > 4 && old_seen);
}

void TornWritesTest::trainingsGoOn_data() {
  QTest::addColumn<QString>("how");
  QTest::newRow("full") << "full";
  QTest::newRow("once") << "once";
  QTest::newRow("exit") << "exit";
}

// A whole training: it ends by itself or says why not, and afterwards it can be brought to the end it would have had.
void TornWritesTest::trainingsGoOn() {
  QFETCH(QString, how);
  const int apart = std::max(1, qEnvironmentVariable("BLOCKYARD_CALLS_APART", "67").toInt());
  const QStringList train{"train", "-q", "--epochs", "2", "--set", "training.checkpoint_steps=4"};
  const auto prepare = [](const Workplace& place) {
    place.write("rows.csv", penguinRows(300));
    VERIFY_CODE(place.call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"}), 0);
  };
  const Workplace whole;
  prepare(whole);
  VERIFY_CODE(whole.call(train), 0);
  const std::string wanted = listRuns(whole.path()).front().record->weights_sha256;
  int n = 1;
  for (;; n += apart) {
    QVERIFY(n < 1000);
    Workplace place;
    prepare(place);
    const auto called = call(place, BLOCKYARD_BIN_DIR "/blockyard", train, n, how);
    if (!called) break;
    QVERIFY2(called->code >= 0, called->err.c_str());  // no crash
    if (how != "exit" && called->code != 0) VERIFY_HOLDS(called->err, "No space left");
    bool run_there = false;
    for (const auto& run : listRuns(place.path())) {
      if (!run.record && how == "exit" && fs::is_empty(place.path("runs/" + run.id.text))) continue;
      QVERIFY2(run.record, (std::to_string(n) + ": " + run.damage).c_str());
      run_there = true;
    }
    VERIFY_CODE(place.call(run_there ? QStringList{"train", "-q", "--resume", "latest"} : train), 0);
    QCOMPARE(listRuns(place.path()).back().record->weights_sha256, wanted);
  }
  QVERIFY(n > 23);
}

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "--work") {
    try {
      work(argv[2], argv[3]);
    } catch (const Error& error) {
      fputs(error.what(), stderr);
      return 1;
    }
    return 0;
  }
  QCoreApplication app(argc, argv);
  TornWritesTest test;
  return QTest::qExec(&test, argc, argv);
}

#include "torn_writes.moc"
