// The sample projects, on their real data: each is right, trains, and is as good as it should be. Two of pictures are
// trained for a part of their epochs; tests/bench/samples.py trains all in full.
#include <cstdlib>

#include "cli/command.hpp"

using namespace blockyard;

class ProjectsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void trains_data();
  void trains();
};

void ProjectsTest::trains_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QString>("data");
  QTest::addColumn<QString>("metric");
  QTest::addColumn<double>("least");
  QTest::addColumn<int>("epochs");  // 0: as the project says; fewer where that takes minutes
  QTest::newRow("penguins") << "penguins"
                            << "penguins"
                            << "accuracy" << 0.97 << 0;
  QTest::newRow("california-housing") << "california-housing"
                                      << "california-housing"
                                      << "r2" << 0.78 << 0;
  QTest::newRow("fashion-mnist") << "fashion-mnist"
                                 << "fashion-mnist"
                                 << "accuracy" << 0.91 << 0;
  QTest::newRow("rt-polarity") << "rt-polarity"
                               << "rt-polarity"
                               << "accuracy" << 0.74 << 0;
  QTest::newRow("plant-seedlings") << "plant-seedlings"
                                   << "plant-seedlings"
                                   << "accuracy" << 0.45 << 10;
  QTest::newRow("seattle-weather") << "seattle-weather"
                                   << "seattle-weather"
                                   << "r2" << 0.845 << 0;
  QTest::newRow("fan-vibration") << "fan-vibration"
                                 << "fan-vibration"
                                 << "accuracy" << 0.72 << 0;
  QTest::newRow("readmission") << "readmission"
                               << "diabetes-130-hospitals"
                               << "roc_auc" << 0.65 << 0;
  QTest::newRow("machine-failure") << "machine-failure"
                                   << "ai4i-2020"
                                   << "pr_auc" << 0.65 << 0;
  // Nothing can be known of the next day; what is worse than knowing nothing would be a mistake.
  QTest::newRow("exchange-rates") << "exchange-rates"
                                  << "ecb-fx"
                                  << "r2" << -0.01 << 0;
  QTest::newRow("solar-defects") << "solar-defects"
                                 << "solar-infrared"
                                 << "accuracy" << 0.45 << 6;
  QTest::newRow("pneumonia") << "pneumonia"
                             << "pneumoniamnist"
                             << "roc_auc" << 0.9 << 0;
}

void ProjectsTest::trains() {
  QFETCH(QString, name);
  QFETCH(QString, data);
  QFETCH(QString, metric);
  QFETCH(double, least);
  QFETCH(int, epochs);
  const char* folders = std::getenv("BLOCKYARD_DATA");
  if (folders == nullptr || !QDir(QString(folders) + "/" + data).exists())
    QSKIP("its data is not here: packaging/data brings it");
  // A copy, so that the runs do not end up in the sources.
  const Workplace place(1700);
  const std::string folder = BLOCKYARD_SOURCE_DIR "/projects/" + name.toStdString() + "/";
  const QString file = name + ".blockyard";
  QVERIFY(QFile::copy(QString::fromStdString(folder) + file, QString::fromStdString(place.path(file.toStdString()))));
  VERIFY_CODE(place.call({"check", file}), 0);
  QStringList train{"train", file, "-q", "--threads", "1"};  // two side by side take less time than one on two cores
  if (epochs > 0) train << "--epochs" << QString::number(epochs);
  VERIFY_CODE(place.call(train), 0);
  const auto run = place.call({"runs", "show", "latest", "--json"}).json();
  const double score = run["results"]["test"][metric.toStdString()].get<double>();
  QVERIFY2(score >= least, std::to_string(score).c_str());
  VERIFY_CODE(place.call({"evaluate", file, "--part", "test"}), 0);
}

QTEST_GUILESS_MAIN(ProjectsTest)
#include "projects.moc"
