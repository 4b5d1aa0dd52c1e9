// What `cmake --install` puts down works by itself: called from elsewhere, with an empty environment.
#include "cli/command.hpp"

using namespace blockyard;

class InstallTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void everythingHasItsPlace();
  void theCommandFindsItsParts();
  void theWindowStarts();

 private:
  QProcessEnvironment bare() const {
    QProcessEnvironment out;
    // What is to be overlooked in other libraries.
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
      if (qEnvironmentVariableIsSet(name)) out.insert(name, qEnvironmentVariable(name));
    out.insert("HOME", elsewhere_.path());
    return out;
  }
  Called run(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment) {
    QProcess process;
    process.setWorkingDirectory(elsewhere_.path());
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.waitForFinished(120000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
  }

  QTemporaryDir prefix_, elsewhere_;
};

void InstallTest::initTestCase() {
  QProcess install;
  install.start(BLOCKYARD_CMAKE, {"--install", BLOCKYARD_BUILD_DIR, "--prefix", prefix_.path()});
  QVERIFY(install.waitForFinished(120000));
  QVERIFY2(install.exitCode() == 0, install.readAllStandardError().constData());
}

void InstallTest::everythingHasItsPlace() {
  for (const char* file :
       {"bin/blockyard", "bin/blockyard-run", "bin/blockyard-window", "lib/blockyard/libblockyard-arrow.so",
        "lib/blockyard/torch/lib/libtorch_cpu.so", "lib/libblockyard.so", "include/blockyard/pipeline.hpp",
        "share/applications/org.blockyard.Blockyard.desktop", "share/metainfo/org.blockyard.Blockyard.metainfo.xml",
        "share/mime/packages/org.blockyard.Blockyard.mime.xml", "share/icons/hicolor/scalable/apps/blockyard.svg",
        "share/blockyard/projects/penguins/penguins.blockyard"})
    QVERIFY2(QFileInfo::exists(prefix_.filePath(file)), file);
  QVERIFY(!QFileInfo::exists(prefix_.filePath("share/blockyard/projects/penguins/runs")));
}

void InstallTest::theCommandFindsItsParts() {
  const QString command = prefix_.filePath("bin/blockyard");
  const Called version = run(command, {"--version"}, bare());
  VERIFY_CODE(version, 0);
  // A project of its own; the Arrow plug-in answers for a file that is none.
  std::ofstream(elsewhere_.filePath("rows.csv").toStdString()) << penguinRows(60);
  const Called made = run(command, {"new", "birds", "--data", "rows.csv", "--target", "species"}, bare());
  VERIFY_CODE(made, 0);
  std::ofstream(elsewhere_.filePath("broken.parquet").toStdString()) << "PAR1 and then nothing";
  const Called broken = run(command, {"inspect", "broken.parquet"}, bare());
  VERIFY_CODE(broken, 3);
  QVERIFY2(broken.err.find("not in this build") == std::string::npos, broken.err.c_str());
}

// The samples and the languages are found: the German start page opens, and paints.
void InstallTest::theWindowStarts() {
  QProcessEnvironment environment = bare();
  environment.insert("QT_QPA_PLATFORM", "offscreen");
  environment.insert("BLOCKYARD_QUIT_AFTER_PAINT", "1");
  environment.insert("LANG", "de_DE.UTF-8");
  const QString sample = prefix_.filePath("share/blockyard/projects/penguins");
  const Called called = run(prefix_.filePath("bin/blockyard-window"), {sample}, environment);
  VERIFY_CODE(called, 0);
  VERIFY_HOLDS(called.out, "first paint after");
}

QTEST_GUILESS_MAIN(InstallTest)
#include "install.moc"
