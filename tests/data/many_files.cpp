// One table of many files: patterns, folders, folders that name columns, packed files; and what does not fit together.
#include <ATen/ATen.h>
#include <zstd.h>

#include <QTest>

#include "blocks/catalog.hpp"
#include "blocks/source.hpp"
#include "csv_help.hpp"
#include "data/file_list.hpp"

namespace blockyard {

class ManyFilesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void patterns();
  void oneTable();
  void foldersAreColumns();
  void anyOrderOfColumns();
  void givenParts();
  void predicting();
  void aLookIsFast();
  void someMayBeEmpty();
  void zstandard();
  void damagedZstandard();
  void flights();
  void mistakes_data();
  void mistakes();

 private:
  std::unique_ptr<Source> open(const Values& values, int64_t most_rows = 0, const Signatures* expected = nullptr) {
    values_ = completeValues(blockType("source/table").schema.params, values);
    return blockType("source/table")
        .open({.values = values_, .folder = folder_.path(), .expected = expected, .most_rows = most_rows});
  }
  std::string rows(const Values& values) {
    const auto source = open(values);
    return describe(source->read(0, source->rows()).batch.table("features"));
  }
  void file(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(folder_ / name).parent_path());
    writeText(folder_ / name, text);
  }
  // Paths from the folder, side by side.
  std::string listed(const std::string& pattern) {
    std::string out;
    for (const auto& item : listFiles(folder_ / pattern))
      out += (out.empty() ? "" : " ") + item.path.substr(folder_.path().size() + 1);
    return out;
  }
  static std::string packed(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
  }

  TestFolder folder_;
  Values values_;
};

void ManyFilesTest::patterns() {
  for (const char* name : {"p/b.csv", "p/a.csv", "p/note.md", "p/.hidden.csv", "p/x/c.csv", "p/x/y/d.csv.gz",
                           "p/_tmp/e.csv", "p/[odd].csv", "p/.git/f.csv"})
    file(name, "a\n1\n");
  COMPARE_TEXT(listed("p/*.csv"), "p/[odd].csv p/a.csv p/b.csv");
  COMPARE_TEXT(listed("p/?.csv"), "p/a.csv p/b.csv");
  COMPARE_TEXT(listed("p/[ab].csv"), "p/a.csv p/b.csv");
  COMPARE_TEXT(listed("p/[odd].csv"), "p/[odd].csv");  // a file of that name
  COMPARE_TEXT(listed("p/**/*.csv"), "p/[odd].csv p/_tmp/e.csv p/a.csv p/b.csv p/x/c.csv");
  COMPARE_TEXT(listed("p/**/d*"), "p/x/y/d.csv.gz");
  COMPARE_TEXT(listed("p/*/c.csv"), "p/x/c.csv");
  COMPARE_TEXT(listed("p"), "p/[odd].csv p/a.csv p/b.csv p/x/c.csv p/x/y/d.csv.gz");
  COMPARE_TEXT(listed("nowhere.csv"), "nowhere.csv");  // opening it says what is wrong
  std::string many;
  for (int i = 0; i < 200; ++i) many += "**/";
  COMPARE_TEXT(listed("p/" + many + "c.csv"), "p/x/c.csv");
}

void ManyFilesTest::oneTable() {
  file("one/2.csv", "a,k\n3,z\n");
  file("one/10.csv", "a,k\n1,y\n2,x\n");
  COMPARE_TEXT(rows({{"file", "one/*.csv"}}), "a:number k:category|1;y|2;x|3;z");
  const std::string before = open({{"file", "one/*.csv"}})->fingerprint();
  COMPARE_TEXT(open({{"file", "one"}})->fingerprint(), before);
  file("one/2.csv", "a,k\n4,z\n");
  QVERIFY(open({{"file", "one/*.csv"}})->fingerprint() != before);
}

void ManyFilesTest::foldersAreColumns() {
  file("year=2023/part=a%2Fb/1.csv", "x\n1\n2\n");
  file("year=2024/part=__HIVE_DEFAULT_PARTITION__/1.csv", "x\n3\n");
  file("year=2024/part=c/1.csv", "x\n4\n");
  const std::string wanted = "x:number year:number part:category|1;2023;a/b|2;2023;a/b|3;2024;|4;2024;c";
  // From a folder above: its own name is no column.
  TestFolder outside;
  std::filesystem::create_directory(outside / "all=1");
  for (const char* year : {"year=2023", "year=2024"})
    std::filesystem::rename(folder_ / year, std::filesystem::path(outside / "all=1") / year);
  COMPARE_TEXT(rows({{"file", outside / "all=1"}}), wanted);
  COMPARE_TEXT(rows({{"file", outside / "all=1/**/*.csv"}}), wanted);
  const auto source = open({{"file", outside / "all=1"}, {"target", Texts{"part"}}, {"missing_target", "drop"}});
  QCOMPARE(source->outputs().at("target").classes, (std::vector<std::string>{"a/b", "c"}));
  COMPARE_TEXT(rows({{"file", outside / "all=1"}, {"types", Texts{"year=category"}}}).substr(0, 40),
               "x:number year:category part:category|1;2");
  writeText(outside / "all=1/year=2023/part=a%2Fb/0.csv", "x,year\n1,2\n");
  const std::string problem = errorText([&] { rows({{"file", outside / "all=1"}}); });
  QVERIFY2(problem.find("the column \"year\" is in the file, and a folder names it, too") != std::string::npos,
           problem.c_str());
}

void ManyFilesTest::anyOrderOfColumns() {
  file("order/1.csv", "a,b\n1,x\n");
  file("order/2.csv", "b,a\ny,2\n");
  COMPARE_TEXT(rows({{"file", "order/*"}}), "a:number b:category|1;x|2;y");
}

void ManyFilesTest::givenParts() {
  file("parts/1.csv", "a,y\n1,2\n2,3\n");
  file("parts/2.csv", "a,y\n3,4\n");
  file("late/1.csv", "a,y\n4,5\n");
  file("late/2.csv", "a,y,more\n5,6,7\n");
  const auto source = open({{"file", "parts"}, {"test_file", "late"}, {"target", Texts{"y"}}});
  QCOMPARE(source->rows(), 5);
  QCOMPARE(source->givenParts(), (std::vector<Part>{Part::Train, Part::Train, Part::Train, Part::Test, Part::Test}));
}

void ManyFilesTest::predicting() {
  file("m/month=1/a.csv", "a,y\n1,2\n2,3\n");
  file("m/month=2/b.csv", "a,y\n3,4\n");
  const auto trained = open({{"file", "m"}, {"target", Texts{"y"}}});
  const Signatures known = trained->outputs();
  file("new/month=7/c.csv", "z,a\n0,9\n");
  const auto source = open({{"file", "new"}, {"target", Texts{"y"}}}, 0, &known);
  COMPARE_TEXT(describe(source->read(0, 1).batch.table("features")), "a:number month:number|9;7");
  file("plain.csv", "month,a\n8,9\n");  // a column of the file just as well
  const auto plain = open({{"file", "plain.csv"}, {"target", Texts{"y"}}}, 0, &known);
  COMPARE_TEXT(describe(plain->read(0, 1).batch.table("features")), "a:number month:number|9;8");
}

void ManyFilesTest::aLookIsFast() {
  for (int i = 0; i < 40; ++i) file("look/" + std::to_string(100 + i) + ".csv", i < 30 ? "a\n1\n" : "not a table");
  const auto source = open({{"file", "look"}}, 5);
  QCOMPARE(source->rows(), 9);                                          // of a few files
  QVERIFY(source->outputs().at("features").open && source->partial());  // there is more
}

void ManyFilesTest::someMayBeEmpty() {
  file("parts/1.csv", "a,k\n1,y\n");
  file("parts/2.csv", "a,k\n");
  file("parts/3.csv", "a,k\n2,x\n");
  COMPARE_TEXT(rows({{"file", "parts"}}), "a:number k:category|1;y|2;x");
  const auto look = open({{"file", "parts"}}, 50);
  QCOMPARE(look->rows(), 2);
  QVERIFY(!look->partial());
}

void ManyFilesTest::zstandard() {
  std::string text = "a,b\n";
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + ",x\n";
  file("long.csv", text);
  const size_t half = text.find('\n', text.size() / 2) + 1;
  // Two frames, and one to skip between them.
  file("long.csv.zst",
       packed(text.substr(0, half)) + std::string("\x50\x2a\x4d\x18\x02\0\0\0zz", 10) + packed(text.substr(half)));
  COMPARE_TEXT(rows({{"file", "long.csv.zst"}}), rows({{"file", "long.csv"}}));
}

void ManyFilesTest::damagedZstandard() {
  std::string text = "a,b\n";
  for (int i = 0; i < 3000; ++i) text += std::to_string(i * 7919 % 3001) + ",x\n";
  const std::string whole = packed(text);
  file("cut.csv.zst", whole.substr(0, whole.size() / 2));
  COMPARE_TEXT(errorText([&] {
                 open({{"file", "cut.csv.zst"}});
               }),
               "parameter file, " + folder_ / "cut.csv.zst" +
                   ": the Zstandard data ends too early (the file was cut short: get it again)");
  for (uint64_t i = 1; i < 300; ++i) {
    file("bad.csv.zst", damaged(whole, i));
    try {
      open({{"file", "bad.csv.zst"}});
    } catch (const Error&) {
    }
  }
}

void ManyFilesTest::flights() {
  const std::string path = qgetenv("BLOCKYARD_DATA").toStdString() + "/nycflights13/flights.csv.gz";
  if (!std::filesystem::exists(path)) QSKIP("the data is not here");
  const auto source = open({{"file", path.substr(0, path.rfind('/')) + "/fl*.gz"},
                            {"target", Texts{"arr_delay"}},
                            {"missing_target", "drop"}});
  QCOMPARE(source->rows(), 327346);
  const Column carrier = source->read(0, 1).batch.table("features").column("carrier");
  QCOMPARE(carrier.classes->size(), size_t{16});
}

void ManyFilesTest::mistakes_data() {
  QTest::addColumn<QStringList>("files");
  QTest::addColumn<QString>("pattern");
  QTest::addColumn<QString>("problem");
  QTest::newRow("nothing fits") << QStringList{"a.csv=a\n1\n"} << "*.parquet"
                                << "parameter file, D/*.parquet: no file fits this pattern (D holds a.csv)";
  QTest::newRow("no folder") << QStringList{"a.csv=a\n1\n"} << "wrong/*.csv"
                             << "parameter file, D/wrong/*.csv: no file fits this pattern (there is no folder D/wrong)";
  QTest::newRow("no table") << QStringList{"a.md=a\n1\n"} << ""
                            << "parameter file, D: there is no table in this folder (D holds a.md)";
  QTest::newRow("column missing")
      << QStringList{"a.csv=a,b\n1,2\n", "b.csv=a\n1\n"} << "*.csv"
      << "parameter file, D/b.csv: the column \"b\" is in D/a.csv, but not in this file (all "
         "files of one table have the same columns)";
  QTest::newRow("column too many")
      << QStringList{"a.csv=a\n1\n", "b.csv=a,c\n1,2\n"} << "*.csv"
      << "parameter file, D/b.csv: the column \"c\" is in this file, but not in D/a.csv (all "
         "files of one table have the same columns)";
  QTest::newRow("another type") << QStringList{"a.csv=a\n1\n", "b.csv=a\nx\n"} << "*.csv"
                                << "parameter file, D/b.csv:2:1: column \"a\": expected a number, got \"x\" (add it to "
                                   "the parameter `missing` if it "
                                   "stands for a missing value, or set `types` to \"a=category\" or \"a=text\"; "
                                   "columns and their types come from D/a.csv)";
}

void ManyFilesTest::mistakes() {
  QFETCH(QStringList, files);
  QFETCH(QString, pattern);
  QFETCH(QString, problem);
  TestFolder folder;
  for (const QString& item : files) {
    const std::string text = item.toStdString();
    writeText(folder / text.substr(0, text.find('=')), text.substr(text.find('=') + 1));
  }
  const std::string said = errorText([&] { open({{"file", folder / pattern.toStdString()}}); });
  QCOMPARE(QString::fromStdString(said).replace(QString::fromStdString(folder.path()), "D"), problem);
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::ManyFilesTest)
#include "many_files.moc"
