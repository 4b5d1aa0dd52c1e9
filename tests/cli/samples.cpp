// The sample projects as somebody meets them who has just brought their data: each is right, learns for some steps and
// answers for new rows. How good they become in full is projects.cpp's to say.
#include <cstdlib>

#include "cli/command.hpp"

using namespace blockyard;

namespace {

QString sampleFolder(const QString& name) {
  return QStringLiteral(BLOCKYARD_SOURCE_DIR "/projects/") + name;
}

QByteArray bytesOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class SamplesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void sayWhereTheirDataIs();
  void learnAndAnswer_data();
  void learnAndAnswer();
  void theWatchedScoreIsShown();
};

// Each names the sets it reads, and those are in the catalogue.
void SamplesTest::sayWhereTheirDataIs() {
  const auto sets =
      nlohmann::json::parse(bytesOf(BLOCKYARD_SOURCE_DIR "/packaging/datasets.json").toStdString())["sets"];
  const QRegularExpression read("\\$\\{data\\}/([^/\"]+)/");
  const QStringList names = QDir(sampleFolder("")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
  QVERIFY(names.size() >= 12);
  for (const QString& name : names) {
    const QString project = bytesOf(sampleFolder(name) + "/" + name + ".blockyard");
    const QString readme = bytesOf(sampleFolder(name) + "/README.md");
    QVERIFY2(readme.contains("blockyard train projects/" + name + "/" + name + ".blockyard"), qPrintable(name));
    int found = 0;
    for (auto at = read.globalMatch(project); at.hasNext(); ++found) {
      const QString set = at.next().captured(1);
      QVERIFY2(sets.contains(set.toStdString()), qPrintable(name + ": " + set));
      QVERIFY2(readme.contains("packaging/data " + set), qPrintable(name + ": " + set));
    }
    QVERIFY2(found > 0, qPrintable(name));
  }
}

void SamplesTest::learnAndAnswer_data() {
  QTest::addColumn<QString>("pipeline");
  QTest::addColumn<QStringList>("questions");  // below the folder of the data
  QTest::addColumn<int>("answers");
  QTest::addColumn<QString>("first");  // how the answers begin
  const QString solar = "solar-infrared/images/";
  QTest::newRow("machine-failure") << "main" << QStringList{"ai4i-2020/ai4i2020.csv"} << 10000 << "label,probability\n";
  QTest::newRow("exchange-rates") << "main" << QStringList{"ecb-fx/eurofxref-hist.csv"} << 7106
                                  << "Date (last seen),Date,USD log return\n";
  QTest::newRow("exchange-rates level") << "level" << QStringList{"ecb-fx/eurofxref-hist.csv"} << 7107
                                        << "Date (last seen),Date,USD\n";
  QTest::newRow("solar-defects") << "main" << QStringList{solar + "Cell/04845.jpg", solar + "Hot-Spot"} << 250
                                 << "file,label,";
  QTest::newRow("pneumonia") << "main" << QStringList{"pneumoniamnist/pneumoniamnist.npz/test_images"} << 624
                             << "label,probability";
}

void SamplesTest::learnAndAnswer() {
  QFETCH(QString, pipeline);
  QFETCH(QStringList, questions);
  QFETCH(int, answers);
  QFETCH(QString, first);
  const QString name = QString(QTest::currentDataTag()).section(' ', 0, 0);
  const QString data = qEnvironmentVariable("BLOCKYARD_DATA") + "/";
  if (!QDir(data + questions.first().section('/', 0, 0)).exists())
    QSKIP("its data is not here: packaging/data brings it");
  const Workplace place;
  const QString file = name + ".blockyard";
  QVERIFY(QFile::copy(sampleFolder(name) + "/" + file, QString::fromStdString(place.path(file.toStdString()))));
  const Called checked = place.call({"check", file, "--pipeline", pipeline});
  VERIFY_CODE(checked, 0);
  VERIFY_HOLDS(checked.out, ": ok");
  VERIFY_CODE(place.call({"train", file, "--pipeline", pipeline, "--set", "training.max_steps=10", "-q"}), 0);
  QStringList call{"predict", "latest", "--project", file};
  for (const QString& question : questions) call << data + question;
  const Called predicted = place.call(call);
  VERIFY_CODE(predicted, 0);
  QVERIFY2(predicted.out.rfind(first.toStdString(), 0) == 0, predicted.out.substr(0, 200).c_str());
  QCOMPARE(std::count(predicted.out.begin(), predicted.out.end(), '\n'), answers + 1);
}

// A training that is judged by a metric of its own shows that one first.
void SamplesTest::theWatchedScoreIsShown() {
  const Workplace place;
  place.write("rows.csv", penguinRows(120));
  VERIFY_CODE(place.call({"new", "birds.blockyard", "--data", "rows.csv", "--target", "species"}), 0);
  const Called called = place.call({"train", "--epochs", "1", "--set", "training.monitor=pr_auc"});
  VERIFY_CODE(called, 0);
  QVERIFY2(called.err.find("  pr_auc ") < called.err.find("  accuracy "), called.err.c_str());
  QVERIFY2(called.out.find("pr_auc") < called.out.find("accuracy"), called.out.c_str());
}

QTEST_GUILESS_MAIN(SamplesTest)
#include "samples.moc"
