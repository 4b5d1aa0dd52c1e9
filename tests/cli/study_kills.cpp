// A study of many small trainings, killed again and again at random moments, with or without its trainings: in the end
// each training has been counted exactly once, and nothing is damaged.
#include <signal.h>

#include <filesystem>
#include <map>

#include "cli/command.hpp"
#include "runs/run.hpp"

using namespace blockyard;
using Json = nlohmann::json;

class StudyKillsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyTrainingCountsOnce_data();
  void everyTrainingCountsOnce();
};

namespace {

// The processes that this one has started.
std::vector<pid_t> childrenOf(qint64 pid) {
  const std::string number = std::to_string(pid);
  std::ifstream in("/proc/" + number + "/task/" + number + "/children");
  std::vector<pid_t> out;
  for (pid_t child = 0; in >> child;) out.push_back(child);
  return out;
}

}  // namespace

void StudyKillsTest::everyTrainingCountsOnce_data() {
  QTest::addColumn<QStringList>("asked");
  QTest::addColumn<int>("kills");
  QTest::addColumn<int>("apart");      // milliseconds from one to the next, at most
  QTest::addColumn<int>("trainings");  // that come to their end; of halving, those that pass every stage
  const char* const asked_seeds = std::getenv("BLOCKYARD_SEEDS");  // 25: a thousand trainings, some minutes
  const int seeds = asked_seeds == nullptr ? 5 : std::atoi(asked_seeds);
  QTest::newRow("a grid over many seeds")
      << QStringList{"--grid",
                     "training.learning_rate=0.1,0.05,0.02,0.01,0.005,0.002,0.001,0.0005,"
                     "0.0002,0.0001",
                     "--grid",
                     "hidden.dropout=0,0.1,0.2,0.3",
                     "--seeds",
                     QString::number(seeds),
                     "--epochs",
                     "1"}
      << 50 << 900 << 40 * seeds;
  QTest::newRow("a search that learns, with halving")
      << QStringList{"--tpe", "32",        "--range", "hidden.dropout=0..0.8", "--halving", "2", "--epochs",
                     "4",     "--at-once", "1"}
      << 12 << 600 << 8;
}

void StudyKillsTest::everyTrainingCountsOnce() {
  QFETCH(QStringList, asked);
  QFETCH(int, kills);
  QFETCH(int, apart);
  QFETCH(int, trainings);
  const Workplace place(1200);
  place.write("rows.csv", penguinRows(80));
  VERIFY_CODE(place.call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"}), 0);
  const QStringList words =
      QStringList{"study", "run", "--name", "cut", "--set", "training.early_stopping=0", "-q"} + asked;
  const KeyedRandom random(11);
  auto process = place.start(words);
  int hit = 0;
  for (uint64_t kill = 0; hit < kills && kill < 400; ++kill) {
    process->waitForFinished(static_cast<int>(100 + random.below(kill, static_cast<uint64_t>(apart - 100))));
    if (process->state() == QProcess::NotRunning) break;
    const auto children = childrenOf(process->processId());
    if (kill % 2 == 1 && !children.empty()) ::kill(children[random.key("child").below(kill, children.size())], SIGKILL);
    if (kill % 4 != 3) {
      process->kill();
      process->waitForFinished();
      const bool begun = std::filesystem::exists(place.path("studies/cut/study.json"));
      process = place.start(begun ? QStringList{"study", "resume", "cut", "-q"} : words);
    }
    ++hit;
  }
  QCOMPARE(hit, kills);  // or the study was over too soon
  const Called ended = place.finish(*process);
  VERIFY_CODE(ended, 0);
  std::map<StudyPlace, int> done;
  for (const RunEntry& run : listRuns(place.path())) {
    if (!run.record) {
      // A process that died while it made the folder leaves an empty one.
      QVERIFY2(!std::filesystem::exists(place.path("runs/" + run.id.text + "/run.json")), run.damage.c_str());
      continue;
    }
    if (run.record->state == RunState::Done) ++done[run.record->study];
    QVERIFY2(run.shown != RunState::Running && run.shown != RunState::Failed, run.id.text.c_str());
  }
  QCOMPARE(static_cast<int>(done.size()), trainings);
  for (const auto& [where, times] : done) QCOMPARE(times, 1);
  const Json shown = place.call({"study", "show", "cut", "--json"}).json();
  QCOMPARE(shown["runs"]["done"].get<int>(), trainings);
  QCOMPARE(shown["runs"]["failed"].get<int>(), 0);
}

QTEST_GUILESS_MAIN(StudyKillsTest)
#include "study_kills.moc"
