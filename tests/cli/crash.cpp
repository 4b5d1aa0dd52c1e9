// Killed at any moment, a run is never lost: it is listed as interrupted, every file can be read, and gone on with it
// ends as one that nobody has disturbed, byte for byte. Ten kills; BLOCKYARD_KILLS asks for more.
#include <signal.h>

#include <filesystem>

#include "base/json.hpp"
#include "base/safetensors.hpp"
#include "cli/command.hpp"
#include "runs/checkpoints.hpp"
#include "runs/journal_reader.hpp"
#include "runs/run.hpp"

using namespace blockyard;
namespace fs = std::filesystem;

class CrashTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void killedAtAnyMoment();

 private:
  void makeProject(const Workplace& place) const;
  // Starts it, kills it after a random part of `seconds`. False if it has ended by itself before.
  bool kill(const Workplace& place, const QStringList& words, double seconds, uint64_t number);
  void filesAreWhole(const Workplace& place);
  void endsAsUnbroken(const Workplace& place);

  RunRecord unbroken_;
  std::string curves_;
  double seconds_ = 0;
  int64_t interrupted_ = 0;
  const KeyedRandom random_{7};
};

namespace {

const QStringList kTrain{
    "train", "-q", "--epochs", "40", "--set", "training.checkpoint_steps=3", "--set", "training.early_stopping=0"};

// The newest run, if the process came as far as making one.
std::optional<RunEntry> newest(const Workplace& place) {
  std::vector<RunEntry> runs;
  for (RunEntry& run : listRuns(place.path())) runs.push_back(std::move(run));
  return runs.empty() ? std::nullopt : std::optional(runs.back());
}

std::string curvesOf(const fs::path& folder) {
  const JournalReader journal(folder);
  std::string out;
  for (const auto& [tag, points] : journal.scalars())
    if (tag != "train/gradient_norm")
      for (const auto& point : points)
        out += tag + " " + std::to_string(point.step) + " " + std::to_string(point.value) + "\n";
  return out;
}

}  // namespace

void CrashTest::makeProject(const Workplace& place) const {
  place.write("rows.csv", penguinRows(400));
  const Called made = place.call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"});
  VERIFY_CODE(made, 0);
}

void CrashTest::initTestCase() {
  const Workplace place;
  makeProject(place);
  QElapsedTimer timer;
  timer.start();
  VERIFY_CODE(place.call(kTrain), 0);
  seconds_ = static_cast<double>(timer.elapsed()) / 1000;
  const auto run = newest(place);
  QVERIFY(run && run->record);
  unbroken_ = *run->record;
  curves_ = curvesOf(place.path("runs/" + run->id.text));
  QVERIFY(!unbroken_.weights_sha256.empty() && unbroken_.steps > 50);
}

bool CrashTest::kill(const Workplace& place, const QStringList& words, double seconds, uint64_t number) {
  const auto process = place.start(words);
  const double wait = seconds * random_.key("moment").uniform(number);
  const bool ended = process->waitForFinished(static_cast<int>(1000 * wait));
  if (ended) return false;
  ::kill(static_cast<pid_t>(process->processId()), SIGKILL);
  process->waitForFinished();
  return true;
}

void CrashTest::filesAreWhole(const Workplace& place) {
  const Called listed = place.call({"runs", "list", "--json"});
  VERIFY_CODE(listed, 0);
  const nlohmann::json runs = listed.json()["runs"];
  for (const auto& run : runs) {
    QVERIFY2(!run.contains("damage"), run.dump().c_str());
    const std::string state = run["state"];
    QVERIFY2(state == "interrupted" || state == "done", state.c_str());
    if (state == "interrupted") ++interrupted_;
  }
  if (!fs::exists(place.path("runs"))) return;
  for (const auto& entry : fs::recursive_directory_iterator(place.path("runs"))) {
    const std::string name = entry.path().filename(), extension = entry.path().extension();
    if (!entry.is_regular_file() || name.front() == '.') continue;  // a temporary file is nobody's
    if (extension == ".safetensors") SafetensorsFile(entry.path()).verify();
    if (extension == ".json") readJson(entry.path());
    if (extension != ".safetensors") continue;
    QVERIFY(!SafetensorsFile(entry.path()).tensors().empty());
  }
  const auto run = newest(place);
  if (run) QVERIFY(JournalReader(place.path("runs/" + run->id.text)).damage().empty());
}

void CrashTest::endsAsUnbroken(const Workplace& place) {
  const auto cut = newest(place);
  VERIFY_CODE(place.call(cut ? QStringList{"train", "-q", "--resume", "latest"} : kTrain), 0);
  const auto run = newest(place);
  QVERIFY(run && run->record);
  QCOMPARE(run->record->weights_sha256, unbroken_.weights_sha256);
  QVERIFY(run->record->results == unbroken_.results);
  QVERIFY(curvesOf(place.path("runs/" + run->id.text)) == curves_);
  SafetensorsFile(fs::path(place.path("runs/" + run->id.text + "/bundle.safetensors"))).verify();
}

// Several kills of one run, also while it goes on after one, and while its result is taken away.
void CrashTest::killedAtAnyMoment() {
  const int wanted = std::max(10, qEnvironmentVariableIntValue("BLOCKYARD_KILLS"));
  int kills = 0;
  uint64_t number = 0;
  while (kills < wanted) {
    const Workplace place;
    makeProject(place);
    const uint64_t rounds = 2 + random_.key("rounds").below(number, 4);
    for (uint64_t i = 0; i < rounds; ++i) {
      const bool fresh = !newest(place);
      kills +=
          kill(place, fresh ? kTrain : QStringList{"train", "-q", "--resume", "latest"}, 1.05 * seconds_, ++number);
      filesAreWhole(place);
      if (QTest::currentTestFailed()) return;
    }
    endsAsUnbroken(place);
    if (QTest::currentTestFailed()) return;
    kills += kill(place, {"export", "latest", "out.safetensors"}, 0.3 * seconds_, ++number);
    if (fs::exists(place.path("out.safetensors"))) SafetensorsFile(fs::path(place.path("out.safetensors"))).verify();
    filesAreWhole(place);
    if (QTest::currentTestFailed()) return;
  }
  qInfo("%d kills, %d runs seen interrupted", kills, static_cast<int>(interrupted_));
  QVERIFY(interrupted_ > 0);
}

QTEST_GUILESS_MAIN(CrashTest)
#include "crash.moc"
