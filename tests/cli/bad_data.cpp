// Data that is wrong: one message with its place and a way out, the exit code 3, and nothing left behind.
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "cli/command.hpp"

using namespace blockyard;

class BadDataTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void tables_data();
  void tables();
  void typeThatChangesLate();
  void classOnlyInTheTestFile();
  void classThatTrainingDidNotKnow();
  void pictures_data();
  void pictures();
  void arrays();
  void folderWithoutWritePermission();
  void fullDisk();
  void filesNamedOnTheCommandLine();
  void damagedCheckpointIsPassedOver();
};

namespace {

std::string project(const std::string& source, const std::string& file_param, const std::string& more = {}) {
  return R"({"format": 1, "name": "p", "pipelines": {"main": {"blocks": {"data": {"block": ")" + source +
         R"(", "params": {)" + file_param + more +
         R"(}}, "features": {"block": "preprocessor/to_features"}, "head": {"block": "classifier/softmax"}},
         "wires": ["data.features -> features.x", "features.y -> head.x", "data.target -> head.target"],
         "training": {"epochs": 2}}}})";
}

std::string pictureProject() {
  return R"({"format": 1, "name": "p", "pipelines": {"main": {"blocks": {
         "data": {"block": "source/images", "params": {"images": "images", "labels": "labels"}},
         "scale": {"block": "preprocessor/image_scale"}, "flatten": {"block": "extractor/flatten"}, "head": {"block": "classifier/softmax"}},
         "wires": ["data.image -> scale.x", "scale.y -> flatten.x", "flatten.y -> head.x", "data.target -> head.target"],
         "training": {"epochs": 1}}}})";
}

std::string rows(int count, const std::string& extra = {}) {
  std::string text = "a,b,kind\n";
  for (int i = 0; i < count; ++i)
    text += std::to_string(i % 17) + ',' + std::to_string(i * 7 % 13) + (i % 2 == 0 ? ",x\n" : ",y\n");
  return text + extra;
}

std::string bigEndian(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string idxImages(uint32_t count, uint32_t real, uint32_t side = 4) {
  return bigEndian(0x00000803) + bigEndian(count) + bigEndian(side) + bigEndian(side) +
         std::string(size_t{real} * side * side, '\x40');
}

std::string idxLabels(uint32_t count, uint32_t real) {
  std::string text = bigEndian(0x00000801) + bigEndian(count);
  for (uint32_t i = 0; i < real; ++i) text += static_cast<char>(i % 2);
  return text;
}

std::string gzipped(const std::string& text) {
  const std::string file = QDir::tempPath().toStdString() + "/blockyard-test-" + std::to_string(getpid()) + ".gz";
  gzFile out = gzopen(file.c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  ::unlink(file.c_str());
  return bytes.str();
}

void verifyRefused(const Workplace& place, const std::string& said) {
  const Called called = place.call({"train", "p.blockyard"});
  VERIFY_CODE(called, 3);
  QCOMPARE(called.out, std::string());
  const size_t error = called.err.find("error: ");
  QVERIFY2(error != std::string::npos, called.err.c_str());
  VERIFY_HOLDS(called.err.substr(error), said);
  // Nothing that looks like a result.
  const auto runs = place.call({"runs", "list", "--json"}).json()["runs"];
  for (const auto& run : runs) QCOMPARE(run["state"].get<std::string>(), std::string("failed"));
}

}  // namespace

void BadDataTest::tables_data() {
  QTest::addColumn<QByteArray>("content");
  QTest::addColumn<QString>("more");
  QTest::addColumn<QString>("said");
  const auto of = [](const std::string& text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); };
  QTest::newRow("empty file") << QByteArray("") << ""
                              << "rows.csv";
  QTest::newRow("header only") << QByteArray("a,b,kind\n") << ""
                               << "rows.csv";
  QTest::newRow("ragged row") << of(rows(40, "1,2,x,4\n")) << ""
                              << "rows.csv:42";
  QTest::newRow("quote that never ends") << of(rows(40, "1,2,\"x\n1,2,y\n")) << R"(, "quotes": "double")"
                                         << "rows.csv:42";
  QTest::newRow("wrong encoding") << of(rows(40, "1,2,z\xFF\xFE\n")) << R"(, "encoding": "utf-8")"
                                  << "rows.csv:42";
  QTest::newRow("no such target") << of(rows(40)) << R"(, "target": ["kin"])"
                                  << "kind";
  QTest::newRow("constant target") << of("a,b,kind\n1,2,x\n3,4,x\n5,6,x\n7,8,x\n") << ""
                                   << "kind";
  QTest::newRow("infinite feature") << of(rows(40, "inf,2,x\n")) << ""
                                    << "inf";
  QTest::newRow("one row") << of("a,b,kind\n1,2,x\n") << ""
                           << "";
}

void BadDataTest::tables() {
  QFETCH(QByteArray, content);
  QFETCH(QString, more);
  QFETCH(QString, said);
  const Workplace place;
  place.write("rows.csv", content.toStdString());
  const std::string target = more.contains("target") ? "" : R"(, "target": ["kind"])";
  place.write("p.blockyard", project("source/table", R"("file": "rows.csv")", target + more.toStdString()));
  verifyRefused(place, said.toStdString());
}

void BadDataTest::typeThatChangesLate() {
  const Workplace place;
  std::string text = "a,b,kind\n";
  for (int i = 0; i < 1000000; ++i) text += i % 2 == 0 ? "1,2,x\n" : "3,4,y\n";
  place.write("rows.csv", text + "1,oops,x\n");
  place.write("p.blockyard", project("source/table", R"("file": "rows.csv", "target": ["kind"])"));
  verifyRefused(place, "rows.csv:1000002");
}

void BadDataTest::classOnlyInTheTestFile() {
  const Workplace place;
  place.write("rows.csv", rows(60));
  place.write("test.csv", rows(10, "1,2,new\n"));
  std::string text = project("source/table", R"("file": "rows.csv", "test_file": "test.csv", "target": ["kind"])");
  const std::string settings = R"("training": {)";
  text.insert(text.find(settings) + settings.size(), R"("split": "given", )");
  place.write("p.blockyard", text);
  verifyRefused(place, "new");
}

void BadDataTest::classThatTrainingDidNotKnow() {
  const Workplace place;
  place.write("rows.csv", rows(60));
  place.write("p.blockyard", project("source/table", R"("file": "rows.csv", "target": ["kind"])"));
  VERIFY_CODE(place.call({"train", "-q"}), 0);
  place.write("more.csv", rows(6000, "1,2,new\n"));
  const Called called = place.call({"evaluate", "latest", "--data", "more.csv"});
  VERIFY_CODE(called, 3);
  VERIFY_HOLDS(called.err, "more.csv");
  VERIFY_HOLDS(called.err, R"(column "kind": expected a class that was trained on ("x", "y"), got "new" in row 6001)");
  place.write("more.csv", rows(10, "1,2,\n"));
  VERIFY_HOLDS(place.call({"evaluate", "latest", "--data", "more.csv"}).err, "got none in row 11");
  VERIFY_CODE(place.call({"predict", "latest", "more.csv"}), 0);
}

void BadDataTest::pictures_data() {
  QTest::addColumn<QByteArray>("images");
  QTest::addColumn<QByteArray>("labels");
  QTest::addColumn<QString>("said");
  const auto of = [](const std::string& text) { return QByteArray(text.data(), static_cast<qsizetype>(text.size())); };
  QTest::newRow("fewer bytes than said") << of(idxImages(100, 60)) << of(idxLabels(100, 100)) << "images";
  QTest::newRow("more bytes than said") << of(idxImages(60, 100)) << of(idxLabels(60, 60)) << "images";
  QTest::newRow("a size that lies") << of(idxImages(4000000000u, 10)) << of(idxLabels(10, 10)) << "4000000000";
  QTest::newRow("other number of labels") << of(idxImages(100, 100)) << of(idxLabels(90, 90)) << "90";
  QTest::newRow("no IDX") << of("hello") << of(idxLabels(90, 90)) << "images";
  QTest::newRow("empty") << of("") << of(idxLabels(90, 90)) << "images";
  const std::string packed = gzipped(idxImages(500, 500));
  QTest::newRow("gzip cut short") << of(packed.substr(0, packed.size() / 2)) << of(idxLabels(500, 500)) << "images";
}

void BadDataTest::pictures() {
  QFETCH(QByteArray, images);
  QFETCH(QByteArray, labels);
  QFETCH(QString, said);
  const Workplace place;
  place.write("images", images.toStdString());
  place.write("labels", labels.toStdString());
  place.write("p.blockyard", pictureProject());
  verifyRefused(place, said.toStdString());
}

void BadDataTest::arrays() {
  const Workplace place;
  const std::string header = "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }";
  std::string npy = "\x93NUMPY" + std::string("\x01\x00", 2);
  std::string padded = header + std::string(118 - header.size() - 1, ' ') + "\n";
  npy += static_cast<char>(padded.size());
  npy += '\0';
  place.write("x.npy", npy + padded + "pickle");
  place.write("p.blockyard", R"({"format": 1, "name": "p", "pipelines": {"main": {"blocks": {
      "data": {"block": "source/array", "params": {"values": "x.npy"}}}, "wires": []}}})");
  const Called called = place.call({"check"});
  VERIFY_CODE(called, 3);
  VERIFY_HOLDS(called.out, "x.npy");
  VERIFY_HOLDS(called.out, "object");
}

void BadDataTest::folderWithoutWritePermission() {
  if (geteuid() == 0) QSKIP("root may write everywhere");
  const Workplace place;
  place.write("rows.csv", rows(60));
  place.write("p.blockyard", project("source/table", R"("file": "rows.csv", "target": ["kind"])"));
  QFile::setPermissions(QString::fromStdString(place.path()), QFile::ReadOwner | QFile::ExeOwner);
  const Called called = place.call({"train"});
  QFile::setPermissions(QString::fromStdString(place.path()), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  VERIFY_CODE(called, 3);
  VERIFY_HOLDS(called.err, "runs");
}

void BadDataTest::fullDisk() {
  const Workplace place;
  place.write("rows.csv", rows(60));
  place.write("p.blockyard", project("source/table", R"("file": "rows.csv", "target": ["kind"])"));
  VERIFY_CODE(place.call({"train", "-q"}), 0);
  // /dev/full answers every write with "no space left".
  QProcess shell;
  shell.setWorkingDirectory(QString::fromStdString(place.path()));
  shell.start("/bin/sh", {"-c", QString(BLOCKYARD_BIN_DIR) + "/blockyard predict latest rows.csv > /dev/full"});
  QVERIFY(shell.waitForFinished(60000));
  QCOMPARE(shell.exitCode(), 1);
  VERIFY_HOLDS(shell.readAllStandardError().toStdString(), "standard output");
  // A file that may not grow is the same, and leaves nothing behind.
  QProcess limited;
  limited.setWorkingDirectory(QString::fromStdString(place.path()));
  limited.start("/bin/bash",
                {"-c", "ulimit -f 1; " + QString(BLOCKYARD_BIN_DIR) + "/blockyard predict latest rows.csv -o out.csv"});
  QVERIFY(limited.waitForFinished(60000));
  QCOMPARE(limited.exitStatus(), QProcess::NormalExit);
  QCOMPARE(limited.exitCode(), 1);
  QCOMPARE(QDir(QString::fromStdString(place.path())).entryList({"*out.csv*"}, QDir::Files | QDir::Hidden),
           QStringList());
}

void BadDataTest::filesNamedOnTheCommandLine() {
  const Workplace place;
  place.write("rows.csv", rows(60));
  place.write("p.blockyard", project("source/table", R"("file": "rows.csv", "target": ["kind"])"));
  VERIFY_CODE(place.call({"train", "-q"}), 0);
  place.write("bad.csv", rows(60, "1,2,x,4\n"));
  for (const QStringList& arguments :
       {QStringList{"inspect", "bad.csv"}, QStringList{"predict", "latest", "bad.csv"}}) {
    const Called called = place.call(arguments);
    VERIFY_CODE(called, 3);
    VERIFY_HOLDS(called.err, "error: bad.csv:62:1: expected 3 fields, got 4");
  }
}

void BadDataTest::damagedCheckpointIsPassedOver() {
  const Workplace place;
  place.write("rows.csv", rows(400));
  place.write("p.blockyard", project("source/table", R"("file": "rows.csv", "target": ["kind"])"));
  VERIFY_CODE(place.call({"train", "-q", "--epochs", "6"}), 0);
  const std::string id = place.call({"runs", "show", "latest", "--json"}).json()["id"];
  QDir folder(QString::fromStdString(place.path("runs/" + id + "/checkpoints")));
  const QStringList files = folder.entryList({"*.safetensors"}, QDir::Files, QDir::Name);
  QVERIFY(files.size() >= 2);
  QFile last(folder.filePath(files.last()));
  QVERIFY(last.resize(last.size() / 2));
  const Called resumed = place.call({"train", "--resume", "latest"});
  VERIFY_CODE(resumed, 0);
  VERIFY_HOLDS(resumed.err, files.last().toStdString());
  for (const auto& file : files) {
    QFile(folder.filePath(file)).resize(10);
  }
  for (const auto& file : folder.entryList({"*.safetensors"}, QDir::Files)) QFile(folder.filePath(file)).resize(10);
  const Called none = place.call({"train", "--resume", "latest"});
  VERIFY_CODE(none, 3);
}

QTEST_GUILESS_MAIN(BadDataTest)
#include "bad_data.moc"
