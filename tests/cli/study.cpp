// Studies as a user asks for them: trained in processes of their own, killed and gone on with, each training once.
#include <signal.h>

#include <filesystem>
#include <set>

#include "cli/command.hpp"

using namespace blockyard;
using Json = nlohmann::json;

class StudyTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void gridIsTrainedAndShown();
  void killedAndResumedIsTheSame();
  void stoppedBySignal_data();
  void stoppedBySignal();
  void failuresAreMarked();
  void halvingStopsEarly();
  void searchThatLearnsIsRepeatable();
  void ablationGoesAlone();
  void mistakesAreTold_data();
  void mistakesAreTold();

 private:
  // The scores of all trainings, by trial, in the order of seeds.
  Json scores(const QString& study) const;
  // (trial, seed, fold) of every run that is done; fails if one is there twice.
  size_t doneOnce() const;
  std::unique_ptr<Workplace> place_;
};

void StudyTest::init() {
  place_ = std::make_unique<Workplace>();
  place_->write("rows.csv", penguinRows(300));
  QCOMPARE(place_->call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"}).code, 0);
}

Json StudyTest::scores(const QString& study) const {
  const Json shown = place_->call({"study", "show", study, "--json"}).json();
  Json out = Json::array();
  for (const auto& trial : shown["trials"]) out.push_back(trial["scores"]);
  return out;
}

size_t StudyTest::doneOnce() const {
  std::set<std::string> done;
  for (const auto& entry : std::filesystem::directory_iterator(place_->path("runs"))) {
    const std::string text = place_->read("runs/" + entry.path().filename().string() + "/run.json");
    const Json run = Json::parse(text, nullptr, false);
    if (run.is_object() && run["state"] == "done" && !done.insert(run["study"].dump()).second) return 0;
  }
  return done.size();
}

void StudyTest::gridIsTrainedAndShown() {
  const Called called =
      place_->call({"study", "run", "--name", "rates", "--purpose", "which rate", "--grid",
                    "training.learning_rate=0.0001,0.01", "--seeds", "3", "--epochs", "4", "--metric", "accuracy"});
  QCOMPARE(called.code, 0);
  QVERIFY2(called.out.find("training.learning_rate=0.01") != std::string::npos, called.out.c_str());
  const Json shown = place_->call({"study", "show", "--json"}).json();
  QCOMPARE(shown["ranking"].size(), size_t{2});
  QCOMPARE(shown["ranking"][0].get<int>(), 1);
  QCOMPARE(shown["runs"]["done"].get<int>(), 6);
  QCOMPARE(doneOnce(), size_t{6});
  QVERIFY(shown["warnings"].empty());
  // Its runs are told apart from those of the project, and are runs like all others.
  QCOMPARE(place_->call({"runs", "list", "--json"}).json()["runs"].size(), size_t{0});
  const Json runs = place_->call({"runs", "list", "--study", "rates", "--json"}).json()["runs"];
  QCOMPARE(runs.size(), size_t{6});
  const std::string first = runs[0]["id"];
  // Trained alone, with the same settings, it comes out the same.
  const Called alone = place_->call(
      {"train", "--set", "training.learning_rate=0.0001", "--seed", "0", "--epochs", "4", "--threads", "1"});
  QCOMPARE(alone.code, 0);
  const Json twin = place_->call({"runs", "show", "latest", "--json"}).json();
  const Json trial =
      place_->call({"runs", "show", QString::fromStdString(shown["trials"][0]["runs"][0]), "--json"}).json();
  QCOMPARE(twin["plan_hash"], trial["plan_hash"]);
  QCOMPARE(twin["results"], trial["results"]);
  QCOMPARE(place_->call({"study", "show", "rates", "-o", "rows.csv"}).code, 0);
  const std::string table = place_->read("rows.csv");
  QCOMPARE(std::count(table.begin(), table.end(), '\n'), std::ptrdiff_t{7});
  QVERIFY(place_->call({"study", "list"}).out.find("rates") != std::string::npos);
}

void StudyTest::killedAndResumedIsTheSame() {
  const QStringList words{"study", "run", "--grid", "hidden.dropout=0,0.2,0.4", "--seeds", "2", "--epochs", "6"};
  QCOMPARE(place_->call(words + QStringList{"--name", "whole"}).code, 0);
  const KeyedRandom random(17);
  auto process = place_->start(words + QStringList{"--name", "cut"});
  for (uint64_t kill = 0; kill < 8; ++kill) {
    // The study and, every other time, one of its trainings.
    QTest::qWait(50 + static_cast<int>(random.below(kill, 700)));
    if (kill % 2 == 1)
      QProcess::execute("pkill",
                        {"-KILL", "-n", "-f", "study train cut --project " + QString::fromStdString(place_->path())});
    process->kill();
    process->waitForFinished();
    if (!std::filesystem::exists(place_->path("studies/cut/study.json")))
      process = place_->start(words + QStringList{"--name", "cut"});
    else
      process = place_->start({"study", "resume", "cut"});
  }
  QCOMPARE(place_->finish(*process).code, 0);
  QCOMPARE(doneOnce(), size_t{12});
  QCOMPARE(scores("cut"), scores("whole"));
}

void StudyTest::stoppedBySignal_data() {
  QTest::addColumn<int>("wait");
  QTest::newRow("before its trainings have begun") << 0;
  QTest::newRow("while they train") << 2000;
}

void StudyTest::stoppedBySignal() {
  QFETCH(int, wait);
  const auto process = place_->start({"study", "run", "--name", "long", "--grid", "hidden.dropout=0,0.1", "--epochs",
                                      "5000", "--set", "training.early_stopping=0"});
  const auto begun = [&] { return std::filesystem::exists(place_->path("runs")); };
  QTRY_VERIFY_WITH_TIMEOUT(begun(), 20000);
  QTest::qWait(wait);
  ::kill(static_cast<pid_t>(process->processId()), SIGINT);
  QCOMPARE(place_->finish(*process).code, 130);
  const Json runs = place_->call({"runs", "list", "--study", "long", "--json"}).json()["runs"];
  for (const auto& run : runs) QVERIFY2(run["state"] == "stopped", run.dump().c_str());
}

void StudyTest::failuresAreMarked() {
  const Called called = place_->call({"study", "run", "--name", "wild", "--grid", "training.learning_rate=0.01,1000",
                                      "--set", "training.optimizer=sgd", "--epochs", "3"});
  QCOMPARE(called.code, 0);
  const Json shown = place_->call({"study", "show", "wild", "--json"}).json();
  QCOMPARE(shown["runs"]["done"].get<int>() + shown["runs"]["failed"].get<int>(), 2);
  QCOMPARE(shown["runs"]["failed"].get<int>(), 1);
  QVERIFY(shown["trials"][1]["error"].get<std::string>().find("diverged") != std::string::npos);
  QCOMPARE(shown["ranking"].size(), size_t{1});
}

void StudyTest::halvingStopsEarly() {
  QCOMPARE(
      place_
          ->call({"study", "run", "--name", "half", "--random", "4", "--range", "training.learning_rate=1e-5..1e-2:log",
                  "--halving", "2", "--epochs", "4", "--set", "training.early_stopping=0"})
          .code,
      0);
  const Json shown = place_->call({"study", "show", "half", "--json"}).json();
  std::multiset<int> epochs;
  for (const auto& trial : shown["trials"]) epochs.insert(trial["epochs"].get<int>());
  QCOMPARE(epochs, (std::multiset<int>{1, 1, 2, 4}));
  QCOMPARE(doneOnce(), size_t{1});
}

void StudyTest::searchThatLearnsIsRepeatable() {
  for (const QString name : {"one", "two"})
    QCOMPARE(place_
                 ->call({"study", "run", "--name", name, "--tpe", "13", "--range", "hidden.dropout=0..0.8", "--epochs",
                         "1", "--at-once", "1"})
                 .code,
             0);
  const Json one = place_->call({"study", "show", "one", "--json"}).json(),
             two = place_->call({"study", "show", "two", "--json"}).json();
  QCOMPARE(one["trials"].size(), size_t{13});
  for (size_t i = 0; i < 13; ++i) QCOMPARE(one["trials"][i]["settings"], two["trials"][i]["settings"]);
}

void StudyTest::ablationGoesAlone() {
  QCOMPARE(place_->call({"train", "-q", "--epochs", "1"}).code, 0);
  const Called called = place_->call({"study", "run", "--name", "without", "--ablate", "standardize", "--ablate",
                                      "hidden:remove", "--seeds", "2", "--epochs", "2"});
  QCOMPARE(called.code, 0);
  QVERIFY2(called.out.find("hidden removed") != std::string::npos, called.out.c_str());
  const Json shown = place_->call({"study", "show", "--json"}).json();
  QCOMPARE(shown["effects"].size(), size_t{2});
  QCOMPARE(shown["trials"][0]["settings"], Json("baseline"));
  // "latest" is what a person has trained, not one of many.
  QVERIFY(place_->call({"runs", "show", "latest", "--json"}).json()["study"].is_null());
}

void StudyTest::mistakesAreTold_data() {
  QTest::addColumn<QStringList>("words");
  QTest::addColumn<QString>("says");
  QTest::newRow("nothing varied") << QStringList{"run"} << "expected something to vary";
  QTest::newRow("no such block") << QStringList{"run", "--grid", "hiden.dropout=0"} << "did you mean \"hidden\"";
  QTest::newRow("range in a grid") << QStringList{"run", "--range", "hidden.dropout=0..1"} << "a grid has no ranges";
  QTest::newRow("two searches") << QStringList{"run", "--random", "2", "--tpe", "2"} << "two ways to search";
  QTest::newRow("no metric") << QStringList{"run", "--grid", "hidden.dropout=0", "--metric", "acuracy"}
                             << "did you mean \"accuracy\"";
  QTest::newRow("bad name") << QStringList{"run", "--grid", "hidden.dropout=0", "--name", "../x"}
                            << "cannot be the name";
  QTest::newRow("no study") << QStringList{"show", "nothing"} << "there is no study";
  QTest::newRow("halved ablation") << QStringList{"run", "--ablate", "hidden", "--halving", "3"}
                                   << "halving cannot go with";
}

void StudyTest::mistakesAreTold() {
  QFETCH(QStringList, words);
  QFETCH(QString, says);
  const Called called = place_->call(QStringList{"study"} + words);
  QVERIFY2(called.code == 2 || called.code == 3, called.err.c_str());
  QVERIFY2(QString::fromStdString(called.err).contains(says), called.err.c_str());
}

QTEST_GUILESS_MAIN(StudyTest)
#include "study.moc"
