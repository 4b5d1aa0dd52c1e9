// Ctrl-C, kill and resume: nothing is lost, and the end is the same, bit for bit.
#include <signal.h>

#include <filesystem>

#include "base/safetensors.hpp"
#include "cli/command.hpp"

using namespace blockyard;

class InterruptTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void resumedIsUnbroken_data();
  void resumedIsUnbroken();
  void aReaderThatLeavesCostsNothing();
  void secondTrainingHasToWait();
  void resumeKeepsItsSettings();

 private:
  std::unique_ptr<QProcess> startTraining(const Workplace& place, const QString& epochs = "120") const;
  std::unique_ptr<Workplace> place_;
};

namespace {

// So many that the first checkpoint is written long before the end.
const QStringList kTrain{"train", "--epochs", "120", "--set", "training.early_stopping=0"};

void makeProject(const Workplace& place) {
  place.write("rows.csv", penguinRows(3000));
  const Called made = place.call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"});
  QCOMPARE(made.code, 0);
}

// Everything that a trained pipeline has learned, as bytes.
std::string learned(const Workplace& place) {
  std::string found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(place.path("runs"))) {
    if (entry.path().filename() == "bundle.safetensors") found = entry.path();
  }
  if (found.empty()) return "no bundle";
  const SafetensorsFile file{std::filesystem::path(found)};
  std::string bytes;
  for (const auto& tensor : file.tensors()) bytes += tensor.name + std::string(tensor.bytes);
  return bytes;
}

// Checkpoints are written behind the steps.
bool hasCheckpoint(const Workplace& place) {
  std::error_code code;
  using Entries = std::filesystem::recursive_directory_iterator;
  for (Entries at(place.path("runs"), code), end; at != end; at.increment(code)) {
    const auto& file = at->path();
    if (file.filename().string().starts_with("step-") && file.extension() == ".safetensors") return true;
  }
  return false;
}

}  // namespace

void InterruptTest::init() {
  place_ = std::make_unique<Workplace>();
  makeProject(*place_);
}

// A training that is past its third epoch and has a checkpoint.
std::unique_ptr<QProcess> InterruptTest::startTraining(const Workplace& place, const QString& epochs) const {
  QStringList words = kTrain;
  words[2] = epochs;
  auto process = place.start(words);
  std::string err;
  process->setReadChannel(QProcess::StandardError);
  const auto early = [&] { return QString::fromStdString(err).count("epoch ") < 3; };
  for (int i = 0; i < 600 && (early() || !hasCheckpoint(place)); ++i) {
    process->waitForReadyRead(early() ? 100 : 1);
    err += process->readAllStandardError().toStdString();
  }
  return process;
}

void InterruptTest::resumedIsUnbroken_data() {
  QTest::addColumn<int>("signal");
  QTest::addColumn<int>("code");
  QTest::newRow("Ctrl-C") << SIGINT << 130;
  QTest::newRow("SIGTERM") << SIGTERM << 75;
  QTest::newRow("SIGUSR1") << SIGUSR1 << 75;
  QTest::newRow("SIGKILL") << SIGKILL << -1;
}

void InterruptTest::resumedIsUnbroken() {
  QFETCH(int, signal);
  QFETCH(int, code);
  Workplace unbroken;
  makeProject(unbroken);
  VERIFY_CODE(unbroken.call(kTrain + QStringList{"-q"}), 0);

  const auto process = startTraining(*place_);
  QVERIFY(process->state() == QProcess::Running);
  ::kill(static_cast<pid_t>(process->processId()), signal);
  const Called stopped = place_->finish(*process);
  VERIFY_CODE(stopped, code);
  const auto run = place_->call({"runs", "show", "latest", "--json"}).json();
  QCOMPARE(run["state"].get<std::string>(), std::string(signal == SIGKILL ? "interrupted" : "stopped"));
  const Called early = place_->call({"predict", "latest", "rows.csv"});
  VERIFY_CODE(early, 3);
  VERIFY_HOLDS(early.err, "resume");

  const Called resumed = place_->call({"train", "--resume", "latest"});
  VERIFY_CODE(resumed, 0);
  VERIFY_HOLDS(resumed.err, "going on at step");
  QVERIFY(learned(*place_) == learned(unbroken));
  QVERIFY(learned(unbroken) != "no bundle");
}

// train --json | head -1
void InterruptTest::aReaderThatLeavesCostsNothing() {
  const auto process = place_->start(
      "bash",
      {"-c", "\"$0\" train --epochs 4000 --json | head -1; exit ${PIPESTATUS[0]}", BLOCKYARD_BIN_DIR "/blockyard"});
  const Called stopped = place_->finish(*process);
  VERIFY_CODE(stopped, 1);
  VERIFY_HOLDS(stopped.err, "standard output");
  const auto run = place_->call({"runs", "show", "latest", "--json"}).json();
  QCOMPARE(run["state"].get<std::string>(), std::string("stopped"));
}

void InterruptTest::secondTrainingHasToWait() {
  const auto process = startTraining(*place_, "4000");
  const Called second = place_->call({"train", "--epochs", "1"});
  VERIFY_CODE(second, 75);
  VERIFY_HOLDS(second.err, "running");
  ::kill(static_cast<pid_t>(process->processId()), SIGINT);
  VERIFY_CODE(place_->finish(*process), 130);
  VERIFY_CODE(place_->call({"train", "--epochs", "1"}), 0);
}

void InterruptTest::resumeKeepsItsSettings() {
  const Called none = place_->call({"train", "--resume", "latest"});
  VERIFY_CODE(none, 3);
  VERIFY_CODE(place_->call({"train", "--epochs", "1", "-q"}), 0);
  const Called changed = place_->call({"train", "--resume", "latest", "--set", "training.epochs=9"});
  VERIFY_CODE(changed, 2);
  VERIFY_HOLDS(changed.err, "keeps its settings");
}

QTEST_GUILESS_MAIN(InterruptTest)
#include "interrupt.moc"
