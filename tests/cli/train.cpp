// From rows to answers: train, evaluate, predict, runs, export, on rows like the penguins'.
#include "base/sha256.hpp"
#include "cli/command.hpp"

using namespace blockyard;
using Json = nlohmann::json;

class TrainTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void trainsAndTellsTheScores();
  void eventsAreOneObjectPerLine();
  void theSameSeedGivesTheSameScores();
  void dryRunKeepsNothing();
  void aProjectCanDemandAPurpose();
  void evaluates();
  void predictsRows();
  void predictsFromStandardInput();
  void predictWritesFilesWholeOrNotAtAll();
  void predictNamesWhatIsWrong();
  void exportedPipelineWorksAlone();
  void listsShowsAndCompares();
  void profileAddsUp();
  void benchmarkIsOneLine();
  void inspectDescribesTheColumns();

 private:
  Json lastRun() { return place_.call({"runs", "show", "latest", "--json"}).json(); }
  Workplace place_;
  std::vector<std::string> expected_;  // what predict answers for new.csv, by row
};

namespace {

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

void TrainTest::initTestCase() {
  place_.write("rows.csv", penguinRows(344));
  place_.write("new.csv", penguinRows(60, false, 7));
  VERIFY_CODE(place_.call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"}), 0);
}

void TrainTest::trainsAndTellsTheScores() {
  const Called called = place_.call({"train", "--epochs", "30", "--purpose", "first try"});
  VERIFY_CODE(called, 0);
  // Scores and the run's name are data; progress and advice are not.
  VERIFY_HOLDS(called.out, "accuracy");
  VERIFY_HOLDS(called.out, "run 2");
  QVERIFY(called.out.find("epoch ") == std::string::npos);
  VERIFY_HOLDS(called.err, "epoch  1/30");
  VERIFY_HOLDS(called.err, "blockyard predict latest");
  QVERIFY(called.err.find('\r') == std::string::npos);
  QVERIFY(called.err.find('\x1b') == std::string::npos);
  const Json run = lastRun();
  QCOMPARE(run["state"].get<std::string>(), std::string("done"));
  QCOMPARE(run["purpose"].get<std::string>(), std::string("first try"));
  QVERIFY(run["results"]["test"]["accuracy"].get<double>() > 0.9);
}

void TrainTest::eventsAreOneObjectPerLine() {
  const Called called = place_.call({"train", "--epochs", "3", "--json"});
  VERIFY_CODE(called, 0);
  QCOMPARE(called.err, std::string());
  std::map<std::string, int> events;
  for (const auto& line : linesOf(called.out)) ++events[Json::parse(line)["event"].get<std::string>()];
  QCOMPARE(events["started"], 1);
  QCOMPARE(events["epoch"], 3);
  QCOMPARE(events["finished"], 1);
  const Called quiet = place_.call({"train", "--epochs", "1", "--quiet"});
  VERIFY_CODE(quiet, 0);
  QCOMPARE(quiet.err, std::string());
}

void TrainTest::theSameSeedGivesTheSameScores() {
  std::vector<Json> results;
  for (const char* seed : {"5", "5", "6"}) {
    VERIFY_CODE(place_.call({"train", "--epochs", "3", "--seed", seed, "-q"}), 0);
    results.push_back(lastRun()["results"]);
  }
  QCOMPARE(results[0], results[1]);
  QVERIFY(results[0] != results[2]);
}

void TrainTest::dryRunKeepsNothing() {
  const size_t before = place_.call({"runs", "list", "--json"}).json()["runs"].size();
  const Called called = place_.call({"train", "--dry-run"});
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.err, "nothing was kept");
  QCOMPARE(place_.call({"runs", "list", "--json"}).json()["runs"].size(), before);
}

void TrainTest::aProjectCanDemandAPurpose() {
  const std::string before = place_.read("birds.blockyard");
  std::string text = before;
  text.insert(text.find("\"name\""), "\"purpose_required\": true,\n  ");
  place_.write("birds.blockyard", text);
  const Called refused = place_.call({"train", "--epochs", "1", "-q"});
  VERIFY_CODE(refused, 2);
  VERIFY_HOLDS(refused.err, "wants to know of every run what it is for");
  VERIFY_HOLDS(refused.err, "--purpose");
  VERIFY_CODE(place_.call({"train", "--same-as", "latest", "-q"}), 2);
  VERIFY_CODE(place_.call({"train", "--branch-of", "latest", "-q"}), 2);
  VERIFY_CODE(place_.call({"study", "run", "--grid", "training.epochs=1,2"}), 2);
  VERIFY_CODE(place_.call({"train", "--dry-run", "-q"}), 0);  // nothing is kept
  VERIFY_CODE(place_.call({"train", "--epochs", "1", "-q", "--purpose", "to see"}), 0);
  QCOMPARE(lastRun()["purpose"], Json("to see"));
  place_.write("birds.blockyard", before);
}

void TrainTest::evaluates() {
  VERIFY_CODE(place_.call({"train", "--epochs", "30", "-q"}), 0);
  const Json recorded = lastRun()["results"];
  for (const char* part : {"test", "validation"}) {
    const Called called = place_.call({"evaluate", "latest", "--part", part, "--json"});
    VERIFY_CODE(called, 0);
    const Json scores = called.json()["scores"];
    QVERIFY(std::abs(scores["accuracy"].get<double>() - recorded[part]["accuracy"].get<double>()) < 1e-9);
  }
  const Called on_file = place_.call({"evaluate", "birds.blockyard", "--data", "rows.csv"});
  VERIFY_CODE(on_file, 0);
  VERIFY_HOLDS(on_file.out, "accuracy");
  const Called no_target = place_.call({"evaluate", "latest", "--data", "new.csv"});
  VERIFY_CODE(no_target, 3);
  VERIFY_HOLDS(no_target.err, "target");
}

void TrainTest::predictsRows() {
  const Called csv = place_.call({"predict", "latest", "new.csv"});
  VERIFY_CODE(csv, 0);
  expected_ = linesOf(csv.out);
  QCOMPARE(expected_.size(), size_t{61});
  VERIFY_HOLDS(expected_[0], "label,probability");
  const Called json = place_.call({"predict", "latest", "new.csv", "--format", "json"});
  VERIFY_CODE(json, 0);
  QCOMPARE(json.json().size(), size_t{60});
  QVERIFY(expected_[1].starts_with(json.json()[0]["label"].get<std::string>() + ","));
  const Called lines = place_.call({"predict", "latest", "new.csv", "new.csv", "--format", "jsonl"});
  QCOMPARE(linesOf(lines.out).size(), size_t{120});
  // Rows as JSON lines are read, too.
  place_.write("two.jsonl", "{\"island\": \"Biscoe\"}\n\n{\"island\": 3\n");
  VERIFY_HOLDS(place_.call({"predict", "latest", "two.jsonl"}).err, "two.jsonl:3");
  VERIFY_CODE(place_.call({"predict", "latest", "new.csv", "-o", "answers.csv"}), 0);
  QCOMPARE(place_.read("answers.csv"), csv.out);
}

void TrainTest::predictsFromStandardInput() {
  const Called csv = place_.call({"predict", "latest", "-"}, place_.read("new.csv"));
  VERIFY_CODE(csv, 0);
  QCOMPARE(linesOf(csv.out), expected_);
  const Called json =
      place_.call({"predict", "latest", "-"},
                  R"([{"island": "Biscoe", "bill_length_mm": 47.5, "bill_depth_mm": 15.0, "flipper_length_mm": 217,
                                       "body_mass_g": 5076, "sex": null}])");
  VERIFY_CODE(json, 0);
  VERIFY_HOLDS(json.out, "Gentoo");
  const Called nothing = place_.call({"predict", "latest", "-"}, "\n");
  VERIFY_CODE(nothing, 3);
  VERIFY_HOLDS(nothing.err, "standard input");
  const Called wrong = place_.call({"predict", "latest", "-"}, R"([{"island": 3}])");
  VERIFY_CODE(wrong, 3);
  VERIFY_HOLDS(wrong.err, "standard input");
}

void TrainTest::predictWritesFilesWholeOrNotAtAll() {
  place_.write("torn.csv", place_.read("new.csv") + "Biscoe,1,2\n");
  const Called torn = place_.call({"predict", "latest", "torn.csv", "-o", "never.csv"});
  VERIFY_CODE(torn, 3);
  QVERIFY(!QFile::exists(QString::fromStdString(place_.path("never.csv"))));
  const Called ending = place_.call({"predict", "latest", "new.csv", "-o", "answers.xlsx"});
  VERIFY_CODE(ending, 2);
  const Called folder = place_.call({"predict", "latest", "new.csv", "-o", "no/such/folder.csv"});
  VERIFY_CODE(folder, 3);
  VERIFY_HOLDS(folder.err, "no/such");
  // What is read is not replaced, by whatever name.
  QFile::link(QString::fromStdString(place_.path("new.csv")), QString::fromStdString(place_.path("link.csv")));
  for (const char* out : {"new.csv", "./new.csv", "link.csv"}) {
    const Called same = place_.call({"predict", "latest", "new.csv", "-o", out});
    VERIFY_CODE(same, 2);
    VERIFY_HOLDS(same.err, "would replace what is read from new.csv");
  }
  const Called page = place_.call({"inspect", "new.csv", "--html", "new.csv"});
  VERIFY_CODE(page, 2);
  QVERIFY(place_.read("new.csv").starts_with("island") || place_.read("new.csv").find("Biscoe") != std::string::npos);
  // A device stays what it is.
  const Called full = place_.call({"predict", "latest", "new.csv", "-o", "/dev/full", "--format", "csv"});
  VERIFY_CODE(full, 1);
  VERIFY_HOLDS(full.err, "No space left on device");
  QVERIFY(std::filesystem::is_character_file("/dev/full"));
}

void TrainTest::predictNamesWhatIsWrong() {
  place_.write("less.csv", "island,sex\nBiscoe,male\n");
  const Called less = place_.call({"predict", "latest", "less.csv"});
  VERIFY_CODE(less, 3);
  VERIFY_HOLDS(less.err, "bill_length_mm");
  QCOMPARE(less.out, std::string());
  const Called missing = place_.call({"predict", "latest", "nothing.csv"});
  VERIFY_CODE(missing, 3);
  VERIFY_HOLDS(missing.err, "nothing.csv");
  const Called run = place_.call({"predict", "1999", "new.csv"});
  VERIFY_CODE(run, 3);
  VERIFY_HOLDS(run.err, "1999");
  const Called picture = place_.call({"predict", "latest", "bird.png"});
  VERIFY_CODE(picture, 3);
}

void TrainTest::exportedPipelineWorksAlone() {
  VERIFY_CODE(place_.call({"export", "latest", "birds.safetensors"}), 0);
  const Workplace elsewhere;
  elsewhere.write("birds.safetensors", place_.read("birds.safetensors"));
  elsewhere.write("new.csv", place_.read("new.csv"));
  const Called called = elsewhere.call({"predict", "birds.safetensors", "new.csv"});
  VERIFY_CODE(called, 0);
  QCOMPARE(linesOf(called.out), expected_);
  std::string damaged = place_.read("birds.safetensors");
  damaged[damaged.size() - 5] = static_cast<char>(damaged[damaged.size() - 5] ^ 1);
  elsewhere.write("damaged.safetensors", damaged);
  elsewhere.write("cut.safetensors", damaged.substr(0, damaged.size() / 2));
  for (const char* file : {"damaged.safetensors", "cut.safetensors"}) {
    const Called refused = elsewhere.call({"predict", file, "new.csv"});
    VERIFY_CODE(refused, 3);
    VERIFY_HOLDS(refused.err, file);
  }
  const Called format = place_.call({"export", "latest", "birds.onnx", "--format", "onx"});
  VERIFY_CODE(format, 2);
}

void TrainTest::listsShowsAndCompares() {
  VERIFY_CODE(place_.call({"train", "--epochs", "3", "--set", "hidden.dropout=0.2", "-q"}), 0);
  const Called list = place_.call({"runs", "list"});
  VERIFY_CODE(list, 0);
  VERIFY_HOLDS(list.out, "first try");
  VERIFY_HOLDS(list.out, "hidden.dropout=0.2");
  const Json runs = place_.call({"runs", "list", "--json"}).json()["runs"];
  const QString first = QString::fromStdString(runs[0]["id"].get<std::string>());
  const Called show = place_.call({"runs", "show", first});
  VERIFY_CODE(show, 0);
  VERIFY_HOLDS(show.out, "first try");
  const Called compare = place_.call({"runs", "compare", first, "latest"});
  VERIFY_CODE(compare, 0);
  VERIFY_HOLDS(compare.out, "hidden.dropout");
  VERIFY_HOLDS(compare.out, "test accuracy");
  QVERIFY(compare.out.find("training.batch_size") == std::string::npos);  // does not differ
  const Json json = place_.call({"runs", "compare", first, "latest", "--json"}).json();
  QCOMPARE(json["runs"].size(), size_t{2});
  const Called one = place_.call({"runs", "compare", first});
  VERIFY_CODE(one, 2);
}

void TrainTest::profileAddsUp() {
  const Called called = place_.call({"profile", "--steps", "30", "--json"});
  VERIFY_CODE(called, 0);
  const Json json = called.json();
  double sum = 0;
  for (const char* name : {"loader_ms", "copy_ms", "optimizer_ms", "other_ms"}) sum += json[name].get<double>();
  for (const auto& block : json["blocks"])
    sum += block["forward_ms"].get<double>() + block["backward_ms"].get<double>();
  const double step = json["step_ms"].get<double>();
  QVERIFY2(std::abs(sum - step) < 0.1 * step, called.out.c_str());
  const Called table = place_.call({"profile", "--steps", "5"});
  VERIFY_CODE(table, 0);
  VERIFY_HOLDS(table.out, "forward ms");
}

void TrainTest::benchmarkIsOneLine() {
  const size_t before = place_.call({"runs", "list", "--json"}).json()["runs"].size();
  const Called called = place_.call({"benchmark", "--epochs", "4", "--json", "--workload", "w7"});
  VERIFY_CODE(called, 0);
  QCOMPARE(linesOf(called.out).size(), size_t{1});
  const Json json = called.json();
  for (const char* name : {"seconds_total", "seconds_to_first_step", "seconds_load", "seconds_per_epoch",
                           "seconds_first_epoch", "samples_per_s", "peak_rss_mb", "final_metric", "threads"}) {
    QVERIFY2(json[name].is_number() && json[name].get<double>() > 0, name);
  }
  QCOMPARE(json["epoch_seconds"].size(), size_t{4});
  QCOMPARE(json["workload"].get<std::string>(), std::string("w7"));
  QCOMPARE(place_.call({"runs", "list", "--json"}).json()["runs"].size(), before);
}

void TrainTest::inspectDescribesTheColumns() {
  const Called table = place_.call({"inspect", "rows.csv"});
  VERIFY_CODE(table, 0);
  for (const char* part : {"bill_length_mm", "number", "category", "Gentoo"}) VERIFY_HOLDS(table.out, part);
  const Called json = place_.call({"inspect", "birds.blockyard", "--json"});
  VERIFY_CODE(json, 0);
  QCOMPARE(json.json()["rows"].get<int>(), 344);
  QCOMPARE(json.json()["columns"].back()["top"].size(), size_t{3});
  const Called page = place_.call({"inspect", "birds.blockyard", "--html", "birds.html"});
  VERIFY_CODE(page, 0);
  const std::string html = place_.read("birds.html");
  for (const char* part : {"<!DOCTYPE html>", "bill_length_mm", "<svg", "Gentoo", "344 rows", "Cramér's V"})
    VERIFY_HOLDS(html, part);
  QVERIFY(html.find("http") == std::string::npos);  // nothing comes from elsewhere
  VERIFY_CODE(place_.call({"inspect", "rows.csv", "--croissant", "rows.json"}), 0);
  const auto card = nlohmann::json::parse(place_.read("rows.json"));
  QCOMPARE(card["conformsTo"].get<std::string>(), std::string("http://mlcommons.org/croissant/1.0"));
  QCOMPARE(card["recordSet"][0]["field"].size(), size_t{7});
  QCOMPARE(card["distribution"][0]["sha256"].get<std::string>(), sha256Hex(place_.read("rows.csv")));
  place_.write("odd.csv", "a<script>,b\n<b>x</b>,1\n\"&\",2\n");
  VERIFY_CODE(place_.call({"inspect", "odd.csv", "--html", "odd.html"}), 0);
  const std::string odd = place_.read("odd.html");
  QVERIFY(odd.find("<script>") == std::string::npos && odd.find("<b>x") == std::string::npos);
  VERIFY_HOLDS(odd, "&lt;b&gt;x");
}

QTEST_GUILESS_MAIN(TrainTest)
#include "train.moc"
