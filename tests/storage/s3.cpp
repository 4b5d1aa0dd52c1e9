// Tables in S3-compatible storage, against moto on this machine. BLOCKYARD_PYTHON names a Python that has it
// (python3 -m venv DIR && DIR/bin/pip install "moto[server]==5.2.5"); without it only the refusals are tested.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include "data/file_bytes.hpp"
#include "data/file_list.hpp"
#include "data/table_rows.hpp"

namespace blockyard {

class S3Test : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase();
  void cleanupTestCase();
  void init();
  void anObjectIsReadLikeAFile();
  void manyObjectsAreOneTable();
  void theFingerprintFollowsTheContent();
  void oneMessageEach_data();
  void oneMessageEach();
  void theCommandEnds();
  void nothingIsWrittenDown();

 private:
  static TableRows rowsOf(const std::string& address) {
    TableSettings settings;
    for (const ListedFile& file : listFiles(address)) settings.files.push_back({file.path, "file", file.folders});
    return TableRows(std::move(settings));
  }
  static std::string refusal(const std::string& address) {
    try {
      rowsOf(address);
    } catch (const Error& error) {
      return error.what();
    }
    return "no refusal";
  }
  QString line() {
    while (!server_.canReadLine() && server_.waitForReadyRead(60000)) continue;
    return QString::fromUtf8(server_.readLine()).trimmed();
  }
  void needStorage() const {
    if (storage_ == "-")
      QSKIP("moto is not installed: pip install \"moto[server]==5.2.5\", and BLOCKYARD_PYTHON=its python");
  }
  static QString sample(const char* name) { return QStringLiteral(BLOCKYARD_TEST_DIR "/data/samples/") + name; }

  QTemporaryDir folder_;
  QProcess server_;
  QString storage_, refusing_;
};

#define NEED_STORAGE() \
  needStorage();       \
  if (storage_ == "-") return

void S3Test::initTestCase() {
  QVERIFY(QDir(folder_.path()).mkpath("parts/year=2024"));
  QVERIFY(QDir(folder_.path()).mkpath("parts/year=2025"));
  QVERIFY(QFile::copy(sample("types.parquet"), folder_.filePath("types.parquet")));
  QVERIFY(QFile::copy(sample("types.parquet"), folder_.filePath("parts/year=2024/a.parquet")));
  QVERIFY(QFile::copy(sample("types.parquet"), folder_.filePath("parts/year=2025/b.parquet")));
  QVERIFY(QFile::copy(sample("types.arrow"), folder_.filePath("types.arrow")));
  QFile text(folder_.filePath("rows.csv"));
  QVERIFY(text.open(QIODevice::WriteOnly) && text.write("a,class\n") > 0);
  for (int i = 0; i < 40; ++i) text.write(i % 2 == 0 ? "1,no\n" : "2,yes\n");
  text.close();
  const QString python = qEnvironmentVariable("BLOCKYARD_PYTHON", "python3");
  server_.start(python, {BLOCKYARD_TEST_DIR "/storage/server.py", folder_.path()});
  QVERIFY2(server_.waitForStarted(), "there is no Python to run the servers with");
  storage_ = line(), refusing_ = line();
  QVERIFY2(refusing_.startsWith("http"), server_.readAllStandardError().constData());
}

void S3Test::cleanupTestCase() {
  server_.closeWriteChannel();
  if (!server_.waitForFinished(10000)) server_.kill(), server_.waitForFinished();
}

void S3Test::init() {
  for (const char* name : {"AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_DEFAULT_REGION"}) qunsetenv(name);
  qputenv("AWS_ACCESS_KEY_ID", "the-key");
  qputenv("AWS_SECRET_ACCESS_KEY", "the-secret");
  qputenv("AWS_REGION", "us-east-1");
  qputenv("AWS_ENDPOINT_URL", storage_.toUtf8());
}

void S3Test::anObjectIsReadLikeAFile() {
  NEED_STORAGE();
  for (const char* name : {"types.parquet", "types.arrow"}) {
    const TableRows there = rowsOf(std::string("s3://bucket/") + name), here = rowsOf(sample(name).toStdString());
    QCOMPARE(there.store().rows(), here.store().rows());
    QVERIFY(here.store().rows() > 0);
    const Table a = there.store().read(0, there.store().rows()), b = here.store().read(0, here.store().rows());
    QCOMPARE(a.names(), b.names());
    for (const std::string& column : a.names())
      for (int64_t row = 0; row < a.rows(); ++row) QCOMPARE(a.column(column).cell(row), b.column(column).cell(row));
  }
}

void S3Test::manyObjectsAreOneTable() {
  NEED_STORAGE();
  const int64_t one = rowsOf("s3://bucket/types.parquet").store().rows();
  for (const char* address :
       {"s3://bucket/parts/", "s3://bucket/parts/*/*.parquet", "s3://bucket/**/year=*/*.parquet"}) {
    const TableRows rows = rowsOf(address);
    QCOMPARE(rows.store().rows(), 2 * one);
    const Table table = rows.store().read(0, 2 * one);
    QCOMPARE(table.column("year").cell(0), std::string("2024"));
    QCOMPARE(table.column("year").cell(one), std::string("2025"));
  }
  QVERIFY(rowsOf("s3://bucket/t*.parquet").store().rows() == one);
  QVERIFY(refusal("s3://bucket/none/").find("no table in the storage fits") != std::string::npos);
}

void S3Test::theFingerprintFollowsTheContent() {
  NEED_STORAGE();
  const auto put = [&](const QString& file) {
    server_.write(("put changing.parquet " + file + "\n").toUtf8());
    QCOMPARE(line(), QString("done"));
  };
  const auto fingerprint = [] { return rowsOf("s3://bucket/changing.parquet").fingerprint(); };
  put(sample("types.parquet"));
  const std::string first = fingerprint();
  QCOMPARE(fingerprint(), first);
  put(sample("types.arrow"));
  QVERIFY(fingerprint() != first);
  put(sample("types.parquet"));
  QCOMPARE(fingerprint(), first);
}

void S3Test::oneMessageEach_data() {
  QTest::addColumn<QString>("address");
  QTest::addColumn<QString>("variable");
  QTest::addColumn<QString>("value");
  QTest::addColumn<QString>("said");
  QTest::addColumn<bool>("storage");
  const auto row = [](const char* name, const char* address, const char* variable, const char* value, const char* said,
                      bool storage = false) { QTest::newRow(name) << address << variable << value << said << storage; };
  row("no credentials", "s3://bucket/a.parquet", "AWS_SECRET_ACCESS_KEY", "", "there are no credentials for");
  row("no key id", "s3://bucket/a.parquet", "AWS_ACCESS_KEY_ID", "", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  row("no bucket", "s3://nobucket/a.parquet", "", "", "there is no bucket \"nobucket\" at http://127.0.0.1", true);
  row("no bucket to list", "s3://nobucket/*.parquet", "", "", "there is no bucket \"nobucket\"", true);
  row("no key", "s3://bucket/a.parquet", "", "", "there is no such object in the bucket \"bucket\"", true);
  row("another format", "s3://bucket/rows.csv", "", "", "expected a Parquet or Arrow file in the storage", true);
  row("no connection", "s3://bucket/a.parquet", "AWS_ENDPOINT_URL", "http://127.0.0.1:9",
      "http://127.0.0.1:9 cannot be reached");
  row("no connection to list", "s3://bucket/a/", "AWS_ENDPOINT_URL", "http://127.0.0.1:9", "cannot be reached");
  row("no host", "s3://bucket/a.parquet", "AWS_ENDPOINT_URL", "http://no-such-host.invalid", "cannot be reached");
  row("refused", "s3://s403/a.parquet", "AWS_ENDPOINT_URL", "refusing", "refuses the credentials");
  row("another region", "s3://s301/a.parquet", "AWS_ENDPOINT_URL", "refusing", "is not in the region us-east-1");
  row("no address", "s3://bucket/a.parquet", "AWS_ENDPOINT_URL", "ftp://x", "AWS_ENDPOINT_URL is no address");
  row("no key named", "s3://bucket", "", "", "expected s3://bucket/key", true);
  row("no bucket named", "s3:///a.parquet", "", "", "expected s3://bucket/key");
}

void S3Test::oneMessageEach() {
  QFETCH(const QString, address);
  QFETCH(const QString, variable);
  QFETCH(const QString, value);
  QFETCH(const QString, said);
  QFETCH(const bool, storage);
  if (storage) {
    NEED_STORAGE();
  }
  if (!variable.isEmpty()) qputenv(variable.toUtf8().constData(), (value == "refusing" ? refusing_ : value).toUtf8());
  const QString text = QString::fromStdString(refusal(address.toStdString()));
  QVERIFY2(text.contains(said), qPrintable(text));
  QVERIFY2(text.contains(address.section('*', 0, 0)), qPrintable(text));
  for (const char* secret : {"the-key", "the-secret"}) QVERIFY2(!text.contains(secret), qPrintable(text));
}

// The SDK has threads of its own, which must not keep a program from ending.
void S3Test::theCommandEnds() {
  qputenv("AWS_ENDPOINT_URL", refusing_.toUtf8());
  QProcess command;
  command.setWorkingDirectory(folder_.path());
  command.start(BLOCKYARD_BIN_DIR "/blockyard", {"new", "s.blockyard", "--data", "rows.csv", "--target", "class"});
  QVERIFY(command.waitForFinished(120000));
  QVERIFY2(command.exitCode() == 0, command.readAllStandardError().constData());
  command.start(BLOCKYARD_BIN_DIR "/blockyard", {"check", "s.blockyard", "--set", "data.file=s3://s403/a.parquet"});
  QVERIFY(command.waitForFinished(120000));
  const QByteArray text = command.readAllStandardOutput() + command.readAllStandardError();
  QVERIFY2(text.contains("refuses the credentials"), text.constData());
  QCOMPARE(command.exitStatus(), QProcess::NormalExit);
  QCOMPARE(command.exitCode(), 3);
}

void S3Test::nothingIsWrittenDown() {
  NEED_STORAGE();
  QProcess command;
  command.setWorkingDirectory(folder_.path());
  command.start(BLOCKYARD_BIN_DIR "/blockyard", {"check", "s.blockyard", "--json", "--set", "data.missing_target=drop",
                                                 "--set", "data.file=s3://bucket/types.parquet"});
  QVERIFY(command.waitForFinished(300000));
  const QByteArray said = command.readAllStandardOutput() + command.readAllStandardError();
  QVERIFY2(!said.isEmpty() && !said.contains("the-secret") && !said.contains("the-key"), said.constData());
  QDirIterator files(folder_.path(), QDir::Files, QDirIterator::Subdirectories);
  int looked = 0;
  while (files.hasNext()) {
    QFile file(files.next());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY2(!file.readAll().contains("the-secret"), qPrintable(file.fileName()));
    ++looked;
  }
  QVERIFY(looked > 5);
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::S3Test)
#include "s3.moc"
