// What is installed is enough to build the example against libblockyard, which answers as the command does; and so does
// the runner, without code that trains.
#include <blockyard/pipeline.hpp>

#include "cli/command.hpp"

using namespace blockyard;

class LibraryTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void tellsInputsAndOutputs();
  void answersRowsInMemory();
  void answersFilesAsTheCommand();
  void errorsHavePlaceAndKind();
  void takesPictures();
  void theRunnerAnswersAsTheCommand();
  void theRunnerHoldsNothingThatTrains();
  void theExampleIsBuiltAgainstWhatIsInstalled();

 private:
  Called run(const QString& program, const QStringList& arguments) {
    const auto process = place_.start(program, arguments);
    return place_.finish(*process);
  }
  std::string answers(const char* bundle, const char* rows) {
    const Called called = place_.call({"predict", bundle, rows});
    return called.code == 0 ? called.out : "exit code " + std::to_string(called.code) + called.err;
  }
  std::string path(const char* name) const { return place_.path(name); }

  Workplace place_;
};

void LibraryTest::initTestCase() {
  place_.write("birds.csv", penguinRows(240));
  place_.write("new.csv", penguinRows(9000, false, 7));  // more than one chunk
  VERIFY_CODE(place_.call({"new", "birds", "--data", "birds.csv", "--target", "species"}), 0);
  VERIFY_CODE(place_.call({"train", "birds", "--epochs", "3", "--export", "birds.safetensors"}), 0);
}

void LibraryTest::tellsInputsAndOutputs() {
  api::Pipeline pipeline(path("birds.safetensors"));
  std::vector<std::string> names;
  for (const auto& field : pipeline.inputs()) names.push_back(field.name);
  QCOMPARE(names, (std::vector<std::string>{"island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm",
                                            "body_mass_g", "sex"}));
  QVERIFY(pipeline.inputs()[0].kind == api::Kind::Category && pipeline.inputs()[1].kind == api::Kind::Number);
  QCOMPARE(pipeline.inputs()[0].classes.size(), size_t{3});
  // What it says it will answer is what it answers.
  const api::Table table = pipeline.predictJson(
      R"([{"island": "Biscoe", "bill_length_mm": 47, "bill_depth_mm": 15, "flipper_length_mm": 217, "body_mass_g": 5000, "sex": null}])");
  const auto outputs = pipeline.outputs();
  QCOMPARE(outputs.size(), table.size());
  for (size_t i = 0; i < table.size(); ++i) {
    QCOMPARE(outputs[i].name, table[i].name);
    QVERIFY(outputs[i].kind == table[i].kind);
    QCOMPARE(table[i].rows(), size_t{1});
  }
  QVERIFY(!pipeline.run().empty());
}

void LibraryTest::answersRowsInMemory() {
  const std::string csv = penguinRows(20, false, 3);
  place_.write("few.csv", csv);
  api::Table rows;
  std::istringstream lines(csv);
  std::string line, cell;
  std::getline(lines, line);
  std::istringstream names(line);
  while (std::getline(names, cell, ',')) {
    const bool text = cell == "island" || cell == "sex";
    rows.push_back({.name = cell, .kind = text ? api::Kind::Category : api::Kind::Number});
  }
  while (std::getline(lines, line)) {
    std::istringstream cells(line + ',');
    for (auto& column : rows) {
      std::getline(cells, cell, ',');
      if (column.kind == api::Kind::Category)
        column.texts.push_back(cell);
      else
        column.numbers.push_back(cell.empty() ? std::nan("") : std::stod(cell));
    }
  }
  std::swap(rows.front(), rows.back());  // found by name
  api::Pipeline pipeline(path("birds.safetensors"));
  QCOMPARE(csvText(pipeline.predict(rows)), answers("birds.safetensors", "few.csv"));
}

void LibraryTest::answersFilesAsTheCommand() {
  api::Pipeline pipeline(path("birds.safetensors"));
  std::string out;
  int calls = 0;
  pipeline.predictFiles({path("new.csv")}, [&](const api::Table& part) { out += csvText(part, calls++ == 0); });
  QVERIFY(calls > 1);
  QCOMPARE(out, answers("birds.safetensors", "new.csv"));
}

void LibraryTest::errorsHavePlaceAndKind() {
  const auto caught = [](const std::function<void()>& work) {
    try {
      work();
    } catch (const api::Error& error) {
      return std::to_string(static_cast<int>(error.fault())) + " " + error.what();
    }
    return std::string("nothing was thrown");
  };
  VERIFY_HOLDS(caught([&] { api::Pipeline(path("none.safetensors")); }), "none.safetensors");
  place_.write("text.safetensors", "no bundle");
  VERIFY_HOLDS(caught([&] { api::Pipeline(path("text.safetensors")); }), "3 ");
  VERIFY_HOLDS(caught([&] { api::Pipeline(path("birds.safetensors"), {.device = "abacus"}); }), "abacus");
  api::Pipeline pipeline(path("birds.safetensors"));
  VERIFY_HOLDS(caught([&] { pipeline.predictJson(R"([{"island": "Biscoe", "bill_lenght_mm": 1}])"); }),
               "did you mean \"bill_lenght_mm\"?");
  VERIFY_HOLDS(caught([&] { pipeline.predictPicture("P6"); }), "not with pictures");
  VERIFY_HOLDS(caught([&] {
                 pipeline.predict({{.name = "island", .kind = api::Kind::Text, .texts = {"a", "b"}}, {.name = "sex"}});
               }),
               "expected 2 rows in column \"sex\"");
  // What a callback throws reaches the caller as it was.
  bool reached = false;
  try {
    pipeline.predictFiles({path("new.csv")}, [](const api::Table&) { throw 7; });
  } catch (int number) {
    reached = number == 7;
  }
  QVERIFY(reached);
}

void LibraryTest::takesPictures() {
  // 8 x 8 pixels, red or blue, as BMP files in a folder for each.
  const auto bmp = [](bool red, char shade) {
    std::string out("BM\xf6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x08\0\0\0\x08\0\0\0\x01\0\x18\0\0\0\0\0\xc0\0\0\0", 38);
    out.resize(54, '\0');
    for (int i = 0; i < 64; ++i) out += red ? std::string{shade, 20, '\xc0'} : std::string{'\xc0', 20, shade};
    return out;
  };
  for (const bool red : {true, false}) {
    const std::string folder = red ? "pictures/red" : "pictures/blue";
    QVERIFY(QDir(QString::fromStdString(path(""))).mkpath(QString::fromStdString(folder)));
    for (char i = 0; i < 20; ++i) place_.write(folder + "/" + std::to_string(i) + ".bmp", bmp(red, i));
  }
  VERIFY_CODE(place_.call({"new", "colors", "--data", "pictures"}), 0);
  VERIFY_CODE(place_.call({"train", "colors", "--epochs", "2", "--export", "colors.safetensors"}), 0);
  api::Pipeline pipeline(path("colors.safetensors"));
  QVERIFY(pipeline.inputs().at(0).kind == api::Kind::Picture);
  QCOMPARE(pipeline.inputs().at(0).shape.size(), size_t{4});
  const api::Table one = pipeline.predictPicture(place_.read("pictures/red/3.bmp"));
  api::Table named;
  pipeline.predictFiles({path("pictures/red/3.bmp")}, [&](const api::Table& part) { named = part; });
  QCOMPARE(named.at(0).name, std::string("file"));
  named.erase(named.begin());
  QCOMPARE(csvText(one), csvText(named));
}

void LibraryTest::theRunnerAnswersAsTheCommand() {
  const QString runner = BLOCKYARD_BIN_DIR "/blockyard-run";
  for (const QStringList& files : {QStringList{"new.csv"}, QStringList{"new.csv", "--format", "jsonl"}}) {
    const Called called = run(runner, QStringList{"birds.safetensors"} + files);
    VERIFY_CODE(called, 0);
    const Called command = place_.call(QStringList{"predict", "birds.safetensors"} + files);
    QVERIFY(called.out == command.out && called.out.size() > 9000);
  }
  const Called pictures = run(runner, {"colors.safetensors", "pictures/red", "-o", "colors.json"});
  VERIFY_CODE(pictures, 0);
  VERIFY_CODE(place_.call({"predict", "colors.safetensors", "pictures/red", "-o", "command.json"}), 0);
  QCOMPARE(place_.read("colors.json"), place_.read("command.json"));
  const Called missing = run(runner, {"none.safetensors", "new.csv"});
  VERIFY_CODE(missing, 3);
  VERIFY_HOLDS(missing.err, "error: none.safetensors");
  VERIFY_CODE(run(runner, {"birds.safetensors"}), 2);
}

void LibraryTest::theRunnerHoldsNothingThatTrains() {
  const auto holds = [&](const char* program, const char* name) {
    const Called symbols = run("nm", {"-C", QString(BLOCKYARD_BIN_DIR "/") + program});
    return symbols.out.find(name) != std::string::npos;
  };
  for (const char* name : {"blockyard::Trainer::", "blockyard::Session::", "blockyard::Run::", "blockyard::Study"}) {
    QVERIFY2(!holds("blockyard-run", name), name);
    QVERIFY2(holds("blockyard", name), name);  // that is what it is called
  }
  const Called needed = run("readelf", {"-d", BLOCKYARD_BIN_DIR "/blockyard-run"});
  VERIFY_HOLDS(needed.out, "libtorch_cpu.so");
  QVERIFY(needed.out.find("Qt") == std::string::npos);
}

void LibraryTest::theExampleIsBuiltAgainstWhatIsInstalled() {
  const QString prefix = QString::fromStdString(path("installed"));
  VERIFY_CODE(
      run(BLOCKYARD_CMAKE, {"--install", BLOCKYARD_BUILD_DIR, "--component", "development", "--prefix", prefix}), 0);
  // Moved: nothing of the old place may be written into it.
  const QString moved = QString::fromStdString(path("moved"));
  QVERIFY(QDir().rename(prefix, moved));
  const Called configured =
      run(BLOCKYARD_CMAKE, {"-G", BLOCKYARD_GENERATOR, "-S", BLOCKYARD_SOURCE_DIR "/examples/predict", "-B", "example",
                            "-DCMAKE_PREFIX_PATH=" + moved, "-DCMAKE_CXX_FLAGS=" BLOCKYARD_FLAGS});
  VERIFY_CODE(configured, 0);
  VERIFY_CODE(run(BLOCKYARD_CMAKE, {"--build", "example"}), 0);
  const Called called = run(QString::fromStdString(path("example/predict")), {"birds.safetensors", "new.csv"});
  VERIFY_CODE(called, 0);
  QVERIFY(called.out == answers("birds.safetensors", "new.csv"));
  VERIFY_HOLDS(called.err, "takes bill_length_mm");
  const Called refused = run(QString::fromStdString(path("example/predict")), {"birds.safetensors", "none.csv"});
  VERIFY_CODE(refused, 3);
  // Nothing of the engine is seen from outside but the interface.
  const Called symbols = run("nm", {"-DC", "--defined-only", moved + "/lib/libblockyard.so"});
  VERIFY_HOLDS(symbols.out, "blockyard::api::Pipeline::predict(");
  QVERIFY(symbols.out.find(" blockyard::Bundle") == std::string::npos);
}

QTEST_GUILESS_MAIN(LibraryTest)
#include "library.moc"
