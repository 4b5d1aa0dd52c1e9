// Runs on disk: made, changed, found, listed and compared; nothing damaged is fatal.
#include "runs/run.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <QRegularExpression>
#include <QTest>
#include <filesystem>

#include "base/file.hpp"
#include "base/json.hpp"
#include "checks.hpp"
#include "runs/compare.hpp"
#include "runs/heartbeat.hpp"
#include "runs/metric_unit.hpp"
#include "runs/repetition.hpp"
#include "runs/trash.hpp"

namespace blockyard {
namespace fs = std::filesystem;

class RunTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void createFillsIn();
  void roundTrip();
  void updateKeepsWhatOthersWrote();
  void deadOwnerIsInterrupted();
  void ownerElsewhere();
  void unitsOfValues();
  void openFinds();
  void damagedIsListed();
  void everyCutIsListedAsDamaged();
  void newerFormatIsRefused();
  void resume();
  void manyAtOnce();
  void clockThatWasSetBack();
  void heartbeatKeepsARunAlive();
  void compare();
  void repetition();

 private:
  static std::string file(const Run& run) { return (run.folder() / "run.json").string(); }
  // A process number that is surely not in use.
  static int64_t deadPid() {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    ::waitpid(child, nullptr, 0);
    return child;
  }
};

void RunTest::createFillsIn() {
  const TestFolder project;
  const Run run = Run::create(project.path(), {.purpose = "baseline", .seed = 7, .versions = {{"blockyard", "0.1.0"}}});
  const QRegularExpression form("^\\d{8}-\\d{6}-[0-9a-f]{4}$");
  QVERIFY(form.match(QString::fromStdString(run.id().text)).hasMatch());
  const RunRecord& record = run.record();
  QVERIFY(run.shownState() == RunState::Running);
  QVERIFY(!record.started.empty() && record.ended.empty());
  QVERIFY(!record.machine.cpu.empty() && record.machine.cores > 0 && record.machine.memory_bytes > 0);
  QVERIFY(!record.machine.os.empty() && !record.versions.at("compiler").empty());
  QCOMPARE(record.owner.pid, int64_t(::getpid()));
  COMPARE_TEXT(utcText(1795261530), "2026-11-21T11:45:30Z");
}

void RunTest::roundTrip() {
  const TestFolder project;
  Run run = Run::create(project.path(), {});
  run.update([](RunRecord& record) {
    record.purpose = "größe";
    record.plan = {{"nodes", {{{"id", "conv1"}}}}};
    record.plan_hash = "abc";
    record.seed = std::numeric_limits<int64_t>::min();
    record.overrides = {"conv1.channels=32"};
    record.data_fingerprint = "f00";
    record.versions["libtorch"] = "2.11.0";
    record.results["test"] = {{"accuracy", 0.1}, {"loss", std::numeric_limits<double>::infinity()}};
    record.parameter_count = 1234;
    record.epochs = 3, record.steps = 99;
    record.seconds = 1.25;
    record.artifacts = {"model.safetensors"};
  });
  run.finish(RunState::Failed, "conv1: broken");
  const Run back = Run::open(project.path(), run.id().text);
  QVERIFY(toJson(back.record()) == toJson(run.record()));
  QVERIFY(back.record().results == run.record().results);
  COMPARE_TEXT(back.record().error, "conv1: broken");
  QVERIFY(back.shownState() == RunState::Failed && !back.record().ended.empty());
  for (const auto state : {RunState::Running, RunState::Done, RunState::Stopped, RunState::Failed, RunState::Diverged,
                           RunState::Interrupted}) {
    run.update([&](RunRecord& record) { record.state = state; });
    QVERIFY(Run::open(project.path(), "last").record().state == state);
  }
}

void RunTest::updateKeepsWhatOthersWrote() {
  const TestFolder project;
  Run one = Run::create(project.path(), {});
  Run other = Run::open(project.path(), one.id().text);
  other.update([](RunRecord& record) { record.purpose = "mine"; });
  one.update([](RunRecord& record) { record.steps = 5; });
  COMPARE_TEXT(one.record().purpose, "mine");
  // Members of a later version survive as well.
  nlohmann::json json = readJson(file(one));
  json["later"] = {{"x", 1}};
  writeDurably(file(one), dumpJson(json));
  one.finish(RunState::Done);
  QVERIFY(readJson(file(one))["later"]["x"] == 1);
  // A change that throws leaves everything as it was.
  QVERIFY(errorOf([&] {
    one.update([](RunRecord& record) {
      record.steps = 6;
      throw Error({}, "no");
    });
  }));
  QCOMPARE(Run::open(project.path(), one.id().text).record().steps, int64_t(5));
}

void RunTest::deadOwnerIsInterrupted() {
  const TestFolder project;
  Run run = Run::create(project.path(), {});
  const int64_t dead = deadPid();
  run.update([&](RunRecord& record) { record.owner.pid = dead; });
  QVERIFY(Run::open(project.path(), "last").shownState() == RunState::Interrupted);
  QVERIFY(listRuns(project.path()).at(0).shown == RunState::Interrupted);
  run.update([](RunRecord& record) { record.owner = thisProcess(), record.owner.process_start += 1; });
  QVERIFY(run.shownState() == RunState::Interrupted);  // our number, but an earlier process
  run.update([](RunRecord& record) { record.owner = thisProcess(), record.owner.boot_id = "before"; });
  QVERIFY(run.shownState() == RunState::Interrupted);  // before the last boot
  run.update([](RunRecord& record) { record.owner = thisProcess(); });
  QVERIFY(run.shownState() == RunState::Running);
}

void RunTest::ownerElsewhere() {
  const TestFolder project;
  Run run = Run::create(project.path(), {});
  run.update([](RunRecord& record) { record.owner.host = "another machine"; });
  QVERIFY(run.shownState() == RunState::Running);
  fs::last_write_time(file(run), fs::file_time_type::clock::now() - std::chrono::minutes(11));
  QVERIFY(run.shownState() == RunState::Interrupted);
}

void RunTest::openFinds() {
  const TestFolder project;
  VERIFY_CONTAINS(errorText([&] { Run::open(project.path(), "last"); }), "there is no run yet");
  QVERIFY(listRuns(project.path()).empty());
  const Run run = Run::create(project.path(), {});
  const std::string id = run.id().text;
  for (const std::string& name : {id, std::string("last"), id.substr(0, 4), id.substr(0, 16)})
    COMPARE_TEXT(Run::open(project.path(), name).id().text, id);
  std::string wrong = id;
  wrong.back() = wrong.back() == 'a' ? 'b' : 'a';
  VERIFY_CONTAINS(errorText([&] { Run::open(project.path(), wrong); }),
                  "there is no run \"" + wrong + "\" (did you mean " + id + "?)");
  VERIFY_CONTAINS(errorText([&] { Run::open(project.path(), "x"); }), "(the newest is " + id + ")");
  QVERIFY(errorOf([&] { Run::open(project.path(), "../runs"); }));
  Run::create(project.path(), {});
  VERIFY_CONTAINS(errorText([&] { Run::open(project.path(), id.substr(0, 4)); }), "2 runs begin with");
}

void RunTest::damagedIsListed() {
  const TestFolder project;
  const Run good = Run::create(project.path(), {});
  fs::create_directories(project / "runs/20000101-000000-0000");
  put(project / "runs/20000101-000000-0000/metrics-test.json", "{}");  // it had a record once
  fs::create_directories(project / "runs/20000101-000000-0001");
  fs::create_directories(project / "runs/20000101-000000-0002");  // its process died before there was one: no run
  put(project / "runs/20000101-000000-0002/.run.json.1", "{");
  put(project / "runs/20000101-000000-0001/run.json", R"({"format": 1, "id": "x", "state": "sleeping"})");
  put(project / "runs/a file", "");
  const auto runs = listRuns(project.path());
  QCOMPARE(runs.size(), size_t(3));
  VERIFY_CONTAINS(runs[0].damage, "No such file");
  VERIFY_CONTAINS(runs[1].damage, "/state: expected a state of a run, got \"sleeping\"");
  QVERIFY(runs[2].record && runs[2].damage.empty());
  deleteRun(project.path(), runs[0].id);
  deleteRun(project.path(), runs[1].id);
  QCOMPARE(listRuns(project.path()).size(), size_t(1));
}

void RunTest::everyCutIsListedAsDamaged() {
  const TestFolder project;
  const Run run = Run::create(project.path(), {.purpose = "p"});
  const std::string whole = readFile(file(run));
  for (size_t size = 0; size + 1 < whole.size(); size += 7) {
    put(file(run), whole.substr(0, size));
    QVERIFY(!listRuns(project.path()).at(0).damage.empty());
  }
}

void RunTest::newerFormatIsRefused() {
  const TestFolder project;
  const Run run = Run::create(project.path(), {});
  nlohmann::json json = readJson(file(run));
  json["format"] = 2;
  put(file(run), dumpJson(json));
  VERIFY_CONTAINS(errorText([&] { Run::open(project.path(), "last"); }),
                  "made by a newer version: format 2 (update this program");
}

void RunTest::resume() {
  const TestFolder project;
  Run run = Run::create(project.path(), {});
  run.finish(RunState::Interrupted, "gone");
  run.resume();
  QVERIFY(run.shownState() == RunState::Running);
  QVERIFY(run.record().ended.empty() && run.record().error.empty());
  const pid_t other = ::fork();
  if (other == 0) ::pause(), ::_exit(0);
  run.update([&](RunRecord& record) { record.owner.pid = other, record.owner.host = "elsewhere"; });
  VERIFY_CONTAINS(errorText([&] { run.resume(); }), "this run is running (pid ");
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
}

void RunTest::manyAtOnce() {  // several processes make and change runs of one project
  const TestFolder project;
  Run shared = Run::create(project.path(), {});
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int k = 0; k < 5; ++k) {
        Run::create(project.path(), {});
        shared.update([](RunRecord& record) { ++record.steps; });
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    QCOMPARE(status, 0);
  }
  QCOMPARE(listRuns(project.path()).size(), size_t(21));
  QCOMPARE(Run::open(project.path(), shared.id().text).record().steps, int64_t(20));
}

void RunTest::clockThatWasSetBack() {
  const TestFolder project;
  fs::create_directories(project / "runs/20991231-235959-999f");
  put(project / "runs/20991231-235959-999f/run.json", dumpJson(toJson(RunRecord{.id = {"20991231-235959-999f"}})));
  const Run one = Run::create(project.path(), {}), two = Run::create(project.path(), {});
  COMPARE_TEXT(one.id().text.substr(0, 19), "21000101-000000-000");
  COMPARE_TEXT(two.id().text.substr(0, 19), "21000101-000000-001");
  QVERIFY(Run::open(project.path(), "last").id() == two.id());
  fs::create_directories(project / "runs/zzz");  // of somebody else
  COMPARE_TEXT(Run::create(project.path(), {}).id().text.substr(0, 19), "21000101-000000-002");
}

void RunTest::heartbeatKeepsARunAlive() {
  const TestFolder project;
  Run run = Run::create(project.path(), {});
  run.update([](RunRecord& record) { record.owner.host = "elsewhere"; });
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(file(run), old);
  QVERIFY(run.shownState() == RunState::Interrupted);
  const Heartbeat heartbeat(run.folder(), std::chrono::milliseconds(5));
  QTRY_VERIFY(run.shownState() == RunState::Running);
}

void RunTest::compare() {
  RunRecord a, b, c;
  a.id.text = "a", b.id.text = "b", c.id.text = "c";
  a.plan = {{"nodes",
             {{{"id", "conv1"}, {"values", {{"channels", 16}, {"kernel", {3, 3}}}}},
              {{"id", "head"}, {"values", {{"n", 1}}}}}},
            {"training", {{"epochs", 3}}}};
  b.plan = {{"nodes",
             {{{"id", "head"}, {"values", {{"n", 1}}}},
              {{"id", "conv1"}, {"values", {{"channels", 32}, {"kernel", {3, 3}}}}}}},
            {"training", {{"epochs", 3}, {"seed", 5}}}};
  c.plan = a.plan;
  a.results["test"] = {{"accuracy", 0.5}};
  b.results["test"] = {{"accuracy", 0.75}, {"loss", 1}};
  const RunComparison comparison = compareRuns({a, b, c});
  QCOMPARE(comparison.runs.size(), size_t(3));
  QCOMPARE(comparison.settings.size(), size_t(2));
  COMPARE_TEXT(comparison.settings[0].path, "nodes.conv1.values.channels");
  QVERIFY(comparison.settings[0].values == (std::vector<nlohmann::json>{16, 32, 16}));
  COMPARE_TEXT(comparison.settings[1].path, "training.seed");
  QVERIFY(comparison.settings[1].values[0].is_null());
  QCOMPARE(comparison.metrics.size(), size_t(2));
  QVERIFY(comparison.metrics[0].values == (std::vector<std::optional<double>>{0.5, 0.75, std::nullopt}));
  QVERIFY(comparison.metrics[0].deltas == (std::vector<std::optional<double>>{0.0, 0.25, std::nullopt}));
  QVERIFY(comparison.metrics[1].deltas == (std::vector<std::optional<double>>(3)));
  QVERIFY(compareRuns(std::vector<RunRecord>{}).settings.empty());
}

void RunTest::unitsOfValues() {
  const auto counted = [](const nlohmann::json& unit, double value) {
    RunRecord run;
    run.plan = {
        {"nodes", {{{"id", "deep/money"}, {"values", {{"unit", unit}}}}, {{"id", "other"}, {"values", {{"n", 1}}}}}}};
    run.results["test"] = {{"deep/money.value", value}, {"deep/money.accuracy", 0.5}};
    return run;
  };
  const RunRecord euros = counted("EUR", 10);
  COMPARE_TEXT(unitBehind(euros.plan, "deep/money.value"), " EUR");
  COMPARE_TEXT(unitBehind(euros.plan, "deep/money.value_per_row"), " EUR");
  for (const char* metric : {"deep/money.accuracy", "other.value", "money.value", "value", "accuracy", ""})
    COMPARE_TEXT(unitBehind(euros.plan, metric), "");
  for (const char* plan : {"null", "[]", "{\"nodes\": [1, {}, {\"id\": \"m\"}, {\"id\": \"m\", \"values\": 1}]}",
                           "{\"nodes\": [{\"id\": \"m\", \"values\": {\"unit\": 3}}]}"})
    COMPARE_TEXT(unitBehind(parseJson(plan, "plan"), "m.value"), "");
  COMPARE_TEXT(unitBehind(counted("", 1).plan, "deep/money.value"), "");
  // Values in other units are not held against each other.
  const auto rows = compareRuns({euros, counted("EUR", 12), counted("USD", 13)}).metrics;
  COMPARE_TEXT(rows[1].metric, "deep/money.value");
  QVERIFY((rows[1].units == Texts{" EUR", " EUR", " USD"}));
  QVERIFY(rows[1].deltas == (std::vector<std::optional<double>>{0, 2, std::nullopt}));
}

void RunTest::repetition() {
  RunRecord then{.plan_hash = "a", .data_fingerprint = "b", .versions = {{"libtorch", "2.11.0"}}, .steps = 7};
  then.results["test"] = {{"accuracy", 0.5}};
  then.weights_sha256 = "c";
  RunRecord now = then;
  now.machine.cpu = "another";
  QVERIFY(compareRepeated(then, now).equal && compareRepeated(then, now).weights_known);
  QCOMPARE(compareRepeated(then, now).circumstances.size(), size_t{1});
  now.weights_sha256 = "d";
  now.results["test"]["accuracy"] = std::nextafter(0.5, 1);
  now.versions["libtorch"] = "2.12.0";
  const Repetition found = compareRepeated(then, now);
  QVERIFY(!found.equal);
  QCOMPARE(found.outcome.size(), size_t{2});
  COMPARE_TEXT(found.outcome[0].what, "weights");
  COMPARE_TEXT(found.outcome[1].what, "test accuracy");
  QVERIFY(found.outcome[1].then != found.outcome[1].now);
  COMPARE_TEXT(found.circumstances[0].what, "libtorch");
  // A run of an older version tells no hash.
  then.weights_sha256.clear();
  now.results = then.results;
  QVERIFY(compareRepeated(then, now).equal && !compareRepeated(then, now).weights_known);
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::RunTest)
#include "run.moc"
