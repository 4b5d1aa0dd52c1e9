// The CSV reader: what it finds out by itself, what it refuses and with which words, and that neither threads nor block
// sizes show in the result.
#include "data/csv.hpp"

#include <zlib.h>

#include <QTest>

#include "base/random.hpp"
#include "csv_help.hpp"

namespace blockyard {

class CsvTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void forms_data();
  void forms();
  void encodings();
  void gzip();
  void settings();
  void missingMarkers();
  void undecided();
  void mistakes_data();
  void mistakes();
  void mistakesOfQuotes();
  void longRows();
  void mistakesOfFiles();
  void lateChangeOfType();
  void threadsAndBlocks();
  void randomBytes();

 private:
  std::string read(const std::string& text, const CsvOptions& options = {}, const CsvReading& reading = {}) {
    return describe(readCsv(writeText(folder_ / "t.csv", text), options, reading));
  }
  TestFolder folder_;
};

void CsvTest::forms_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("expected");
  const auto add = [](const char* name, const char* text, const char* expected) {
    QTest::newRow(name) << text << expected;
  };
  add("plain", "a,b\n1,x\n2,y\n", "a:number b:category|1;x|2;y");
  add("no newline at the end", "a,b\n1,x\n2,y", "a:number b:category|1;x|2;y");
  add("CR LF", "a,b\r\n1,x\r\n2.5,y\r\n", "a:number b:category|1;x|2.5;y");
  add("CR LF, number last", "a,b\r\nx,1\r\ny,2\r\n", "a:category b:number|x;1|y;2");
  add("CR alone", "a,b\r1,x\r2,y\r", "a:number b:category|1;x|2;y");
  add("semicolon, decimal comma", "a;b;c\n1,5;2;x\n-3,25;4;y\n", "a:number b:number c:category|1.5;2;x|-3.25;4;y");
  add("tabulator", "a\tb\n1\tx, y\n2\tz\n", "a:number b:category|1;x, y|2;z");
  add("bar", "a|b\n1|x\n2|y\n", "a:number b:category|1;x|2;y");
  add("quotes", "a,b\n\"1\",\"x, \"\"y\"\"\"\n2,\"line\nbreak\"\n", "a:number b:category|1;x, \"y\"|2;line\nbreak");
  add("blanks", "a, b\n 1 , x \n2 , \" y\"\n", "a:number b:category|1;x|2; y");
  add("quote within a text", "a,b\n5\" pipe,1\n6\" pipe,2\n", "a:category b:number|5\" pipe;1|6\" pipe;2");
  add("quotes that are text", "good \"x\" film\t1\n\"good\" it is\t0\n",
      "column_1:category column_2:number|good \"x\" film;1|\"good\" it is;0");
  add("delimiter at every end", "a,b,\n1,x,\n2,y,\n", "a:number b:category|1;x|2;y");
  add("missing", "a,b\nNA,x\n2,?\n,\n", "a:number b:category|;x|2;|;");
  add("no header", "1,x\n2,y\n", "column_1:number column_2:category|1;x|2;y");
  add("all texts", "a,b\nx,y\nz,w\n", "a:category b:category|x;y|z;w");
  add("a column without a name", ",b\n1,x\n2,y\n", "column_1:number b:category|1;x|2;y");
  add("times", "t,u\n2012-01-31,2012-01-31T08:30:00\n2012-02-01,NA\n",
      "t:time u:time|2012-01-31;2012-01-31T08:30:00|2012-02-01;");
  add("truths are classes", "a\ntrue\nfalse\n", "a:category|true|false");
  add("blank lines", "\na,b\n\n1,x\n\n2,y\n\n", "a:number b:category|1;x|2;y");
  add("one column", "a\n1\n2\n", "a:number|1|2");
  add("signs and exponents", "a\n+1\n-2e3\n1E-1\n.5\n", "a:number|1|-2000|0.1|0.5");
  add("byte-order mark",
      "\xEF\xBB\xBF"
      "a,b\n1,x\n2,y\n",
      "a:number b:category|1;x|2;y");
}

void CsvTest::forms() {
  QFETCH(QString, text);
  QFETCH(QString, expected);
  const std::string bytes = text.toStdString();
  COMPARE_TEXT(read(bytes), expected.toStdString());
  // The same, whatever the blocks.
  for (const size_t block : {1, 7, 64})
    COMPARE_TEXT(read(bytes, {}, {.threads = 2, .block_bytes = block}), expected.toStdString());
}

void CsvTest::encodings() {
  const std::string expected = "name:category n:number|J\u00fcrgen;1|\u20ac \U0001F600;2";
  COMPARE_TEXT(read("name,n\nJ\u00fcrgen,1\n\u20ac \U0001F600,2\n"), expected);
  const auto utf16 = [](const std::u16string& text, bool big) {
    std::string bytes;
    for (const char16_t c : text) {
      const char high = static_cast<char>(c >> 8), low = static_cast<char>(c & 255);
      bytes += big ? std::string{high, low} : std::string{low, high};
    }
    return bytes;
  };
  const std::u16string text = u"\ufeffname,n\nJ\u00fcrgen,1\n\u20ac \U0001F600,2\n";
  COMPARE_TEXT(read(utf16(text, false)), expected);
  COMPARE_TEXT(read(utf16(text, true)), expected);
  COMPARE_TEXT(read(utf16(text.substr(1), true), {.encoding = "utf-16be"}), expected);
  COMPARE_TEXT(read("name,n\nJ\xfcrgen,1\n\x80,2\n"), "name:category n:number|J\u00fcrgen;1|\u20ac;2");
  COMPARE_TEXT(read("name,n\nJ\xfcrgen,1\nx,2\n", {.encoding = "latin-1"}), "name:category n:number|J\u00fcrgen;1|x;2");
  // Valid UTF-8 elsewhere: one odd byte does not make the file another encoding.
  const std::string mixed = errorText([&] { read("name,n\nJ\u00fcrgen,1\nM\xe4x,2\n"); });
  VERIFY_CONTAINS(mixed, "t.csv:3:2: the byte 0xe4 is not UTF-8");
  VERIFY_CONTAINS(mixed, "`encoding`");
  VERIFY_CONTAINS(errorText([&] { read("na\xefme,n\nx,1\ny,2\n", {.encoding = "utf-8"}); }),
                  "t.csv:1:3: the byte 0xef is not UTF-8");
  const std::string stated = errorText([&] { read("name,n\nx,1\nJ\xfcrgen,2\n", {.encoding = "utf-8"}); });
  VERIFY_CONTAINS(stated, "t.csv:3:2: the byte 0xfc is not UTF-8");
  VERIFY_CONTAINS(stated, "encoding");
  VERIFY_CONTAINS(errorText([&] { read(utf16(text, false) + "x"); }), "ends in the middle of a character");
  VERIFY_CONTAINS(errorText([&] { read(utf16(u"\ufeffa\n\xd800x\n", false)); }), "surrogate");
  VERIFY_CONTAINS(errorText([&] { read(utf16(text.substr(1), false)); }), "NUL byte");
}

void CsvTest::gzip() {
  const auto packed = [](const std::string& text) {
    std::string out(compressBound(text.size()) + 64, '\0');
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  };
  const std::string zip = packed("a,b\n1,x\n2,y\n");
  COMPARE_TEXT(read(zip), "a:number b:category|1;x|2;y");
  COMPARE_TEXT(read(zip + packed("3,z\n")), "a:number b:category|1;x|2;y|3;z");
  COMPARE_TEXT(read(zip + std::string(512, '\0')), "a:number b:category|1;x|2;y");
  for (size_t cut = 3; cut < zip.size(); ++cut)
    VERIFY_CONTAINS(errorText([&] { read(zip.substr(0, cut)); }), "ends too early");
  std::string damaged = zip;
  damaged[zip.size() - 6] = static_cast<char>(damaged[zip.size() - 6] ^ 1);
  VERIFY_CONTAINS(errorText([&] { read(damaged); }), "damaged");
}

void CsvTest::settings() {
  COMPARE_TEXT(read("1,x\n2,y\n", {.header = "yes"}), "1:number x:category|2;y");
  COMPARE_TEXT(read("a,b\nx,y\n", {.header = "no"}), "column_1:category column_2:category|a;b|x;y");
  COMPARE_TEXT(read("a#b\n1#2\n", {.delimiter = "#"}), "a:number b:number|1;2");
  COMPARE_TEXT(read("a\tb\n1\t2\n", {.delimiter = "tab"}), "a:number b:number|1;2");
  COMPARE_TEXT(read("one, two\nthree\n", {.delimiter = "none", .header = "no"}), "column_1:category|one, two|three");
  COMPARE_TEXT(read("a,b\n1,2\n3,4\n", {.types = {{"a", ColumnType::Category}, {"b", ColumnType::Text}}}),
               "a:category b:text|1;2|3;4");
  COMPARE_TEXT(read("a,b,c\n1,2,3\n", {.only = {"c", "a"}}), "c:number a:number|3;1");
  COMPARE_TEXT(read("a,b\n\"1,2\n", {.quotes = "none"}), "a:category b:number|\"1;2");
  VERIFY_CONTAINS(errorText([&] {
                    read("age,b\n1,2\n", {.types = {{"aged", ColumnType::Text}}});
                  }),
                  "did you mean \"age\"?");
  VERIFY_CONTAINS(errorText([&] { read("age,b\n1,2\n", {.only = {"agee"}}); }), "did you mean \"age\"?");
  VERIFY_CONTAINS(errorText([&] { read("a,b\n1,2\n", {.delimiter = "ab"}); }), "expected one character");
  VERIFY_CONTAINS(errorText([&] { read("a5b\n152\n", {.delimiter = "5"}); }), "a digit cannot delimit");
  VERIFY_CONTAINS(errorText([&] { read("a,b\n1,2\n", {.encoding = "ebcdic"}); }), "not known");
  // Blanks that delimit: as many as there are, and none at the ends of a line.
  COMPARE_TEXT(read("a  b\n 1 2 \n3   4\r\n5 6  \r\n", {.delimiter = " "}), "a:number b:number|1;2|3;4|5;6");
  COMPARE_TEXT(read("a.b\n1.2\n3,5.4\n", {.delimiter = "."}), "a:number b:number|1;2|3.5;4");
  // Classes: by bytes, or as numbers where all of them are.
  const Table table =
      readCsv(writeText(folder_ / "t.csv", "a,b\nz,10\na,9\nZ,2\n"), {.types = {{"b", ColumnType::Category}}});
  QVERIFY((*table.columns()[0]->classes == std::vector<std::string>{"Z", "a", "z"}));
  QVERIFY((*table.columns()[1]->classes == std::vector<std::string>{"2", "9", "10"}));
}

void CsvTest::missingMarkers() {
  COMPARE_TEXT(read("a,b\n-999,x\n-999.0,-\n3,y\n", {.missing = {"-999", "-"}}), "a:number b:category|;x|;|3;y");
  // Numbers in settings have a point, also where those of the file have a comma.
  COMPARE_TEXT(read("a;b\n-999,5;2\n-999,50;4\n1,5;0\n", {.missing = {"-999.5"}}), "a:number b:number|;2|;4|1.5;0");
  COMPARE_TEXT(read("a,b\ninf,x\n2,y\n", {.missing = {"inf"}}), "a:number b:category|;x|2;y");
  COMPARE_TEXT(read("a,b\n\"NA\",x\n2,\"\"\n"), "a:number b:category|;x|2;");
  COMPARE_TEXT(read("a,b\nNA,x\nb,y\n", {.missing = {}}), "a:category b:category|NA;x|b;y");
}

// A column that is empty where the types are found out is decided by what comes later.
void CsvTest::undecided() {
  const auto file = [](const char* value) {
    std::string text = "a,b\n";
    for (int i = 0; i < 12000; ++i) text += std::to_string(i) + "," + (i < 11000 ? "" : value) + "\n";
    return text;
  };
  VERIFY_CONTAINS(read(file("1.5")), "a:number b:number|0;|");
  VERIFY_CONTAINS(read(file("1.5")), "11999;1.5");
  VERIFY_CONTAINS(read(file("x")), "a:number b:category");
  VERIFY_CONTAINS(read(file("2020-01-01")), "a:number b:time");
  VERIFY_CONTAINS(read(file("2020-01-01")), "11999;2020-01-01");
  VERIFY_CONTAINS(read(file("NA")), "a:number b:number");
  VERIFY_CONTAINS(errorText([&] { read(file("1e400")); }), "column \"b\": expected a finite number, got \"1e400\"");
}

void CsvTest::mistakes_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<QString>("expected");
  const auto add = [](const char* name, const QByteArray& text, const char* expected) {
    QTest::newRow(name) << text << expected;
  };
  add("empty", "", "t.csv: the file is empty");
  add("blank lines only", "\n\n", "the file is empty");
  add("header only", "a,b\n", "t.csv:1: the file holds a header but no rows");
  add("a field too few", "a,b,c\n1,2,3\n1,2\n", "t.csv:3:1: expected 3 fields, got 2");
  add("a field too many", "a,b\n1,2\n1,2,3\n", "t.csv:3:1: expected 2 fields, got 3");
  add("behind a long field", "a,b\n1,\"x\ny\"\n1,2,3\n", "t.csv:4:1: expected 2 fields, got 3");
  add("open quote", "a,b\n1,x\n2,\"y\n3,z\n", "t.csv:3:3: the quoted field that starts here never ends");
  add("same name", "a,a\n1,2\n", "t.csv:1: two columns are named \"a\"");
  add("NUL", QByteArray("a,b\n1,x\n2,y\0z\n", 14), "t.csv:3:4: there is a NUL byte");
  add("NUL in the header", QByteArray("a\0,b\n1,2\n3,4\n", 13), "t.csv:1:2: there is a NUL byte");
  add("title above the table", "My table\n\na,b,c\n1,2,3\n", "t.csv:3:1: expected 1 fields, got 3");
  add("infinite", "a,b\n1,2\ninf,3\n", "t.csv:3:1: column \"a\": expected a finite number, got \"inf\"");
  add("too large", "a,b\n1,2\n1,1e999\n", "t.csv:3:3: column \"b\": expected a finite number, got \"1e999\"");
}

void CsvTest::mistakes() {
  QFETCH(QByteArray, text);
  QFETCH(QString, expected);
  for (const int threads : {1, 2})
    for (const size_t block : {size_t{5}, size_t{1} << 20}) {
      const auto error =
          errorOf([&] { read(text.toStdString(), {.quotes = "double"}, {.threads = threads, .block_bytes = block}); });
      QVERIFY(error.has_value());
      VERIFY_CONTAINS(error->what(), expected.toStdString());
      QVERIFY(error->fault() == Fault::BadInput);
    }
}

// One quote too few or too many is no reason to take all of them as text.
void CsvTest::mistakesOfQuotes() {
  const auto refused = [&](const std::string& text, const std::string& place) {
    for (const size_t block : {size_t{50}, size_t{1} << 20})
      VERIFY_CONTAINS(errorText([&] { read(text, {}, {.block_bytes = block}); }), place);
    VERIFY_CONTAINS(errorText([&] { read(text); }), "`quotes`");
  };
  refused("a,c\n0.5,\"u\"\n0.7,\"v\n0.1,\"u\"\n", "t.csv:3:5: the quoted field that starts here goes on");
  refused("a,c\n0.5,\"u\"\n0.7,\"v\n0.1,\"u\"\n0.2,\"w\"\n", "t.csv:3:5: the quoted field that starts here goes on");
  refused("a,c\n1,\"u\"\n2,\"v\"w\n3,\"u\"\n", "t.csv:3:3: the quoted field that starts here goes on");
  refused("a,c\n1,u\n2,\"v\"w\n3,u\n", "t.csv:3:3: the quoted field that starts here goes on");
  refused("a,c\n1,u\n2,\"v\n3,u\n", "t.csv:3:3: the quoted field that starts here never ends");
  refused("\"a\"b,c\n1,u\n", "t.csv:1:1: the quoted field that starts here goes on");
  // Far behind the rows that are looked at first.
  std::string text = "a,c\n";
  for (int i = 0; i < 30000; ++i) text += "1,\"u\"\n";
  refused(text + "2,\"v\"w\n", "t.csv:30002:3: the quoted field that starts here goes on");
  COMPARE_TEXT(read("a,c\n1,\"u\"\n2,\"v\"w\n", {.quotes = "double"}), "a:number c:category|1;u|2;vw");
  COMPARE_TEXT(read("a,c\n1,\"u\"\n2,\"v\"w\n", {.quotes = "none"}), "a:number c:category|1;\"u\"|2;\"v\"w");
}

void CsvTest::longRows() {
  const std::string field(size_t{10} << 20, 'x');
  const auto sizes = [&](const std::string& text) {
    const Table table = readCsv(writeText(folder_ / "t.csv", text), {.types = {{"b", ColumnType::Text}}});
    return std::make_pair(table.rows(), table.column("b").texts[0].size());
  };
  QVERIFY(sizes("a,b\n1," + field + "\n2,y\n") == std::make_pair(int64_t{2}, field.size()));
  QVERIFY(sizes("a,b\n1,\"" + field + "\"\n") == std::make_pair(int64_t{1}, field.size()));
  // Many lines in one pair of quotes are one row.
  std::string lines;
  for (int i = 0; i < 60000; ++i) lines += "a line\n";
  QVERIFY(sizes("a,b\n1,\"" + lines + "\"\n2,y\n") == std::make_pair(int64_t{2}, lines.size()));
  const std::string beyond(size_t{65} << 20, 'x');
  VERIFY_CONTAINS(errorText([&] { read("a,b\n1," + beyond + "\n2,y\n"); }),
                  "t.csv:2: expected a row of at most 64 MiB");
  VERIFY_CONTAINS(errorText([&] { read("a,b\n1,x\n2,y\n3," + beyond + "\n"); }),
                  "t.csv:4: expected a row of at most 64 MiB");
}

void CsvTest::mistakesOfFiles() {
  VERIFY_CONTAINS(errorText([&] { CsvReader(folder_ / "none.csv", {}); }), "none.csv: cannot open");
  VERIFY_CONTAINS(errorText([&] { CsvReader(folder_.path(), {}); }), "expected a file, got a folder");
  std::atomic<bool> stop = true;
  VERIFY_CONTAINS(errorText([&] { read("a\n1\n", {}, {.stop = &stop}); }), "stopped");
}

void CsvTest::lateChangeOfType() {
  std::string text = "id,age,when\n";
  for (int i = 0; i < 60000; ++i) text += std::to_string(i) + "," + (i == 50000 ? "old" : "3.5") + ",2020-01-01\n";
  for (const int threads : {1, 2, 4}) {
    const std::string error = errorText([&] { read(text, {}, {.threads = threads, .block_bytes = 10000}); });
    VERIFY_CONTAINS(error, "t.csv:50002:7: column \"age\": expected a number, got \"old\"");
    VERIFY_CONTAINS(error, "\"age=category\"");
  }
  VERIFY_CONTAINS(read(text, {.types = {{"age", ColumnType::Category}}}), "age:category");
}

void CsvTest::threadsAndBlocks() {
  const KeyedRandom random(3);
  std::string text = "n,c,t,w\n";
  for (uint64_t i = 0; i < 5000; ++i) {
    text += std::to_string(random.normal(i)) + ",class" + std::to_string(random.below(i, 50)) + ",\"text " +
            std::to_string(i) + (i % 7 == 0 ? "\nwith \"\"lines\"\"" : "") + "\"," +
            (i % 11 == 0 ? "" : std::to_string(i)) + "\n" + (i % 100 == 0 ? "\n" : "");
  }
  const std::string expected = read(text);
  QVERIFY(expected.size() > 100000);
  Sha256 whole;
  whole.update(text);
  for (const int threads : {1, 2, 5}) {
    for (const size_t block : {100, 1000, 77777}) {
      Sha256 hash;
      QVERIFY(read(text, {}, {.threads = threads, .block_bytes = block, .hash = &hash}) == expected);
      COMPARE_TEXT(hash.hex(), whole.hex());
    }
  }
}

// Whatever the bytes: rows or an Error, never anything else.
void CsvTest::randomBytes() {
  const KeyedRandom random(5);
  const std::string letters = "ab1.,;\"\n\r\t -e|\xff\xc3\xa4";
  uint64_t draw = 0;
  int64_t errors = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    const uint64_t size = random.below(draw++, 60);
    for (uint64_t k = 0; k < size; ++k) text.push_back(letters[random.below(draw++, letters.size())]);
    if (i % 50 == 0) text.insert(0, "\x1f\x8b");
    std::string first;
    for (const size_t block : {size_t{3}, size_t{1} << 16}) {
      std::string result;
      try {
        result = read(text, {}, {.threads = i % 10 == 0 ? 2 : 1, .block_bytes = block});
      } catch (const Error& error) {
        result = "error";
        ++errors;
      }
      if (first.empty()) first = result;
      QVERIFY2(result == first, text.c_str());
    }
  }
  QVERIFY(errors > 100 && errors < 5900);
}

}  // namespace blockyard

using blockyard::CsvTest;
QTEST_GUILESS_MAIN(CsvTest)
#include "csv.moc"
