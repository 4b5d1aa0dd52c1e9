// NPY and IDX files and NPZ archives: every element type, and headers that lie.
#include <QTest>
#include <cstring>
#include <filesystem>

#include "csv_help.hpp"
#include "data/idx.hpp"
#include "data/npy.hpp"

namespace blockyard {

class NumbersTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void npyTypes();
  void npyOrder();
  void npyMistakes();
  void npzPaths();
  void npzArrays();
  void npzMistakes();
  void idx();
  void idxMistakes();
  void damagedFiles();

 private:
  static std::string sample(const std::string& name) { return std::string(BLOCKYARD_TEST_DIR "/data/samples/") + name; }
  static std::string npyBytes(const std::string& header, const std::string& data) {
    std::string bytes = "\x93NUMPY";
    bytes += '\1';
    bytes += '\0';
    bytes += static_cast<char>(header.size() & 255);
    bytes += static_cast<char>(header.size() >> 8);
    return bytes + header + data;
  }
  std::string npyProblem(const std::string& bytes) {
    return errorText([&] { NpyFile(writeText(folder_ / "a.npy", bytes)); });
  }
  std::string idxProblem(const std::string& bytes) {
    return errorText([&] { readIdx(writeText(folder_ / "a-ubyte", bytes)); });
  }
  TestFolder folder_;
};

void NumbersTest::npyTypes() {
  for (const auto& entry : std::filesystem::directory_iterator(sample(""))) {
    const std::string name = entry.path().filename().string();
    const bool version = name.starts_with("version");
    if (!name.ends_with(".npy") || (name.size() != 9 && name.size() != 6 && name != "bool.npy" && !version)) continue;
    const NpyFile file(entry.path().string());
    QVERIFY2((file.shape() == std::vector<int64_t>{4, 3}), name.c_str());
    const char kind = name == "bool.npy" ? 'b' : version ? 'f' : name[name.size() - 6];
    std::vector<char> bytes(12 * 8);
    file.copy(0, 4, bytes.data());
    for (int i = 0; i < 12; ++i) {
      double got = 0;
      if (file.element() == NpyElement::Float32) got = static_cast<double>(reinterpret_cast<float*>(bytes.data())[i]);
      if (file.element() == NpyElement::Int64) got = static_cast<double>(reinterpret_cast<int64_t*>(bytes.data())[i]);
      if (file.element() == NpyElement::UInt8) got = static_cast<double>(reinterpret_cast<uint8_t*>(bytes.data())[i]);
      const double expected = kind == 'f' ? i * 0.5 - 3 : kind == 'i' ? i - 3 : kind == 'u' ? i : i % 2;
      QVERIFY2(got == expected, name.c_str());
    }
    // Some rows alone.
    std::vector<char> part(8 * 8);
    file.copy(2, 1, part.data());
    const size_t width = file.element() == NpyElement::Float32 ? 4 : file.element() == NpyElement::Int64 ? 8 : 1;
    QVERIFY(std::equal(part.begin(), part.begin() + static_cast<int64_t>(3 * width),
                       bytes.begin() + static_cast<int64_t>(6 * width)));
    const bool plain = name == "le_f4.npy" || name == "le_i8.npy" || name == "u1.npy" || name == "bool.npy" || version;
    QVERIFY2((file.direct() != nullptr) == plain, name.c_str());
    if (plain) QVERIFY(std::memcmp(file.direct(), bytes.data(), 12 * width) == 0);
  }
}

void NumbersTest::npyOrder() {
  const NpyFile file(sample("fortran.npy"));
  QVERIFY((file.shape() == std::vector<int64_t>{4, 2, 3}) && !file.direct());
  std::vector<float> values(24);
  file.copy(0, 4, values.data());
  for (size_t i = 0; i < 24; ++i) QCOMPARE(values[i], static_cast<float>(i) * 0.5F - 3);
  file.copy(1, 2, values.data());
  QCOMPARE(values[0], 0.0F);
}

void NumbersTest::npyMistakes() {
  const auto problem = [](const char* name) { return errorText([&] { NpyFile file(sample(name)); }); };
  VERIFY_CONTAINS(problem("object.npy"), "holds Python objects, which are not read because they can run code");
  VERIFY_CONTAINS(problem("fields.npy"), "named fields");
  VERIFY_CONTAINS(problem("text.npy"), "expected numbers");
  VERIFY_CONTAINS(problem("complex.npy"), "expected numbers");
  VERIFY_CONTAINS(npyProblem(""), "no NPY file");
  VERIFY_CONTAINS(npyProblem("hello, world"), "no NPY file");
  VERIFY_CONTAINS(npyProblem("PK\x03\x04 and so on"), "NPZ archive");
  VERIFY_CONTAINS(npyProblem(readFile(sample("le_f4.npy")).substr(0, 40)), "ends within its NPY header");
  VERIFY_CONTAINS(npyProblem(readFile(sample("le_f4.npy")).substr(0, 150)), "declares 48 bytes, the file holds 22");
  VERIFY_CONTAINS(npyProblem(readFile(sample("le_f4.npy")) + "x"), "declares 48 bytes, the file holds 49");
  const std::string front = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  VERIFY_CONTAINS(npyProblem(npyBytes(front + "(), }", "abcd")), "single number");
  VERIFY_CONTAINS(npyProblem(npyBytes(front + "(0, 3), }", "")), "no elements");
  VERIFY_CONTAINS(npyProblem(npyBytes(front + "(99999999999, 99999999999), }", "")), "absurd");
  VERIFY_CONTAINS(npyProblem(npyBytes(front + "(99999999999999999999,), }", "")), "absurd");
  VERIFY_CONTAINS(npyProblem(npyBytes(front + "(-1,), }", "")), "not readable");
  VERIFY_CONTAINS(npyProblem(npyBytes("{'descr': '<f4', 'fortran_order': False}", "")), "lacks 'shape'");
  // A message quotes the file: one line, however damaged it is.
  const std::string type = "|\xe7\n" + std::string(100, '2');
  VERIFY_CONTAINS(npyProblem(npyBytes("{'descr': '" + type + "', 'fortran_order': False, 'shape': (1,), }", "")),
                  "elements of type \"|??22");
  QVERIFY(npyProblem(npyBytes("{'descr': '" + type + "', 'fortran_order': False, 'shape': (1,), }", "")).size() < 300);
  const NpyFile large(
      writeText(folder_ / "u8.npy",
                npyBytes("{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }", std::string(8, '\xff'))));
  int64_t into = 0;
  VERIFY_CONTAINS(errorText([&] { large.copy(0, 1, &into); }), "18446744073709551615 in the array is too large");
}

void NumbersTest::npzPaths() {
  const auto parts = [](const std::string& path) { return npzPath(path).file + " | " + npzPath(path).array; };
  COMPARE_TEXT(parts("a/b.npz/x"), "a/b.npz | x");
  COMPARE_TEXT(parts("/a/B.NPZ/x/y"), "/a/B.NPZ | x/y");
  COMPARE_TEXT(parts("b.npz"), "b.npz | ");
  COMPARE_TEXT(parts("b.npz.csv"), "b.npz.csv | ");
  COMPARE_TEXT(parts("a/b.npy"), "a/b.npy | ");
  COMPARE_TEXT(parts(""), " | ");
  QVERIFY(isNpz("b.npz") && !isNpz("npz") && !isNpz(".npz/x"));
  COMPARE_TEXT(parts("../b.npz/../a/x.npy"), "../b.npz/../a/x.npy | ");
  // A folder may have any name.
  std::filesystem::create_directory(folder_ / "folder.npz");
  COMPARE_TEXT(parts(folder_ / "folder.npz/a.npy"), (folder_ / "folder.npz/a.npy") + " | ");
}

void NumbersTest::npzArrays() {
  for (const std::string archive : {"stored.npz", "deflated.npz"}) {
    const NpyFile floats(sample(archive) + "/floats"), same(sample(archive) + "/floats.npy");
    const NpyFile alone(sample("le_f4.npy"));
    QVERIFY((floats.shape() == std::vector<int64_t>{4, 3}) && floats.element() == NpyElement::Float32);
    QVERIFY(floats.fileBytes() == alone.fileBytes() && same.fileBytes() == alone.fileBytes());
    QVERIFY(floats.direct() != nullptr && std::memcmp(floats.direct(), alone.direct(), 48) == 0);
    std::vector<float> into(6), expected(6);
    floats.copy(1, 2, into.data());
    alone.copy(1, 2, expected.data());
    QVERIFY(into == expected);
  }
  QCOMPARE(NpyFile(sample("one.npz")).rows(), 4);
  QCOMPARE(NpyFile(sample("one.npz/arr_0")).rows(), 4);
}

void NumbersTest::npzMistakes() {
  const auto problem = [](const std::string& path) { return errorText([&] { NpyFile(path).fileBytes(); }); };
  const auto written = [&](const std::string& bytes) {
    return problem(writeText(folder_ / "a.npz", bytes) + "/floats");
  };
  VERIFY_CONTAINS(problem(folder_ / "none.npz/x"), "none.npz: cannot open");
  VERIFY_CONTAINS(problem(sample("stored.npz")),
                  "several arrays: floats, labels, grey, color, folder/objects (name one behind the archive: "
                  "stored.npz/floats)");
  VERIFY_CONTAINS(problem(sample("stored.npz/gray")),
                  "no array \"gray\" in the archive; it holds floats, labels, grey");
  VERIFY_CONTAINS(problem(sample("deflated.npz/folder/objects")), "Python objects");
  VERIFY_CONTAINS(written("hello"), "no NPZ archive");
  VERIFY_CONTAINS(written(""), "no NPZ archive");
  const std::string stored = readFile(sample("stored.npz")), deflated = readFile(sample("deflated.npz"));
  VERIFY_CONTAINS(written(stored.substr(0, stored.size() / 2)), "the NPZ archive cannot be read");
  // An archive without any array.
  VERIFY_CONTAINS(written(std::string("PK\5\6", 4) + std::string(18, '\0')), "no arrays in the archive");
  // One wrong byte among the numbers: the checksum tells.
  std::string wrong = stored;
  wrong[wrong.find("\x93NUMPY") + 130] ^= 1;
  VERIFY_CONTAINS(written(wrong), "the array \"floats\" cannot be unpacked: CRC error");
  wrong = deflated;
  wrong[60] ^= 0x55;
  VERIFY_CONTAINS(written(wrong), "the array \"floats\" cannot be unpacked");
  VERIFY_CONTAINS(npyProblem(stored), "ends in .npz");
  for (uint64_t i = 0; i < 1000; ++i)
    errorOf([&] {
      const NpyFile file(writeText(folder_ / "damaged.npz", damaged(i % 2 == 0 ? stored : deflated, i / 2)) +
                         "/floats");
      std::vector<int64_t> into(static_cast<size_t>(file.rows() * file.rowSize()));
      file.copy(0, file.rows(), into.data());
    });
}

void NumbersTest::idx() {
  const std::string bytes = std::string("\0\0\x08\x03\0\0\0\2\0\0\0\2\0\0\0\3", 16) + "abcdefghijkl";
  const IdxFile file = readIdx(writeText(folder_ / "a", bytes));
  QVERIFY((file.header.sizes == std::vector<int64_t>{2, 2, 3}));
  QCOMPARE(std::string(file.bytes.begin(), file.bytes.end()), std::string("abcdefghijkl"));
  Sha256 hash;
  readIdx(folder_ / "a", &hash);
  COMPARE_TEXT(hash.hex(), sha256Hex(bytes));
  QCOMPARE(readIdxHeader(folder_ / "a").items(), 2);
}

void NumbersTest::idxMistakes() {
  const auto header = [](int type, int sizes) {
    return std::string("\0\0", 2) + static_cast<char>(type) + static_cast<char>(sizes);
  };
  VERIFY_CONTAINS(idxProblem(""), "ends within its IDX header");
  VERIFY_CONTAINS(idxProblem("hello, world"), "no IDX file");
  VERIFY_CONTAINS(idxProblem(header(13, 1) + std::string(4, '\0')),
                  "expected unsigned bytes in the IDX file, got float32");
  VERIFY_CONTAINS(idxProblem(header(8, 3) + std::string("\0\0\0\1", 4)), "ends within its IDX header");
  VERIFY_CONTAINS(idxProblem(header(8, 3) + std::string(12, '\xff')), "absurd");
  VERIFY_CONTAINS(idxProblem(header(8, 1) + std::string("\x7f\xff\xff\xff", 4) + "abc"),
                  "declares 2147483647 bytes, the file holds 3");
  VERIFY_CONTAINS(idxProblem(header(8, 1) + std::string("\0\0\0\2", 4) + "abc"), "declares 2 bytes, the file holds 3");
}

// Files cut short or with wrong bytes: numbers or an Error, never a crash.
void NumbersTest::damagedFiles() {
  const std::string npy = readFile(sample("fortran.npy")),
                    idx = std::string("\0\0\x08\x02\0\0\0\2\0\0\0\2", 12) + "abcd";
  for (uint64_t i = 0; i < 3000; ++i) {
    errorOf([&] {
      const std::string path = writeText(folder_ / "damaged", damaged(i % 2 == 0 ? npy : idx, i / 2));
      if (i % 2 == 1) {
        readIdx(path);
        return;
      }
      const NpyFile file(path);
      std::vector<int64_t> into(static_cast<size_t>(file.rows() * file.rowSize()));
      file.copy(0, file.rows(), into.data());
    });
  }
}

}  // namespace blockyard

using blockyard::NumbersTest;
QTEST_GUILESS_MAIN(NumbersTest)
#include "numbers.moc"
