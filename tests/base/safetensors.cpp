// safetensors: the same bytes every time, back as they were, and no damaged or lying file gets in.
#include "base/safetensors.hpp"

#include <QTest>
#include <cstring>

#include "base/file.hpp"
#include "base/random.hpp"
#include "checks.hpp"

namespace blockyard {

class SafetensorsTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void knownBytes();
  void roundTrip();
  void randomRoundTrips();
  void writerRefuses();
  void readerRefuses_data();
  void readerRefuses();
  void unalignedIsCopied();
  void readerAccepts();
  void everyCutIsRefused();
  void everyFlipIsFound();
  void lookUp();

 private:
  // A file from a header and a buffer, without any care.
  static std::string raw(const std::string& header, const std::string& buffer = {}) {
    std::string out;
    for (int i = 0; i < 8; ++i) out += static_cast<char>(uint64_t(header.size()) >> (8 * i));
    return out + header + buffer;
  }
  static std::string refusal(const std::string& bytes) {
    return errorText([&] { SafetensorsFile(bytes, "f"); });
  }
};

void SafetensorsTest::knownBytes() {
  const std::string bytes = safetensorsBytes({{.name = "b", .dtype = Dtype::U8, .shape = {2}, .bytes = "xy"},
                                              {.name = "a", .shape = {1}, .bytes = {"\0\0\x80?", 4}}},
                                             {{"k", "v\"\n"}});
  const std::string header = R"({"__metadata__":{"k":"v\"\n"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                             R"("b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}})";
  QVERIFY(bytes == raw(header + std::string((8 - header.size() % 8) % 8, ' '), std::string("\0\0\x80?xy", 6)));
  QVERIFY(safetensorsBytes({}) == raw("{}      "));
}

void SafetensorsTest::roundTrip() {
  const TestFolder folder;
  const double numbers[] = {1.5, -2.5};
  const std::string_view bytes(reinterpret_cast<const char*>(numbers), sizeof numbers);
  writeSafetensors(folder / "t", {{.name = "größe", .dtype = Dtype::F64, .shape = {2, 1}, .bytes = bytes},
                                  {.name = "empty", .dtype = Dtype::I64, .shape = {0, 3}, .bytes = ""},
                                  {.name = "flag", .dtype = Dtype::Bool, .shape = {}, .bytes = "\1"}});
  const SafetensorsFile file(folder / "t");
  QCOMPARE(file.tensors().size(), size_t(3));
  const TensorView& view = file.at("größe");
  QVERIFY(view.dtype == Dtype::F64);
  QCOMPARE(view.shape, (std::vector<int64_t>{2, 1}));
  QVERIFY(view.bytes == bytes);
  QCOMPARE(view.numel(), int64_t(2));
  QCOMPARE(file.at("empty").numel(), int64_t(0));
  QCOMPARE(file.at("flag").numel(), int64_t(1));
  QVERIFY(file.metadata().empty());
}

void SafetensorsTest::randomRoundTrips() {
  const KeyedRandom random = KeyedRandom(20240611).key("safetensors");
  for (uint64_t round = 0; round < 500; ++round) {
    const KeyedRandom r = random.key(round);
    std::vector<TensorView> tensors;
    std::deque<std::string> data;
    Metadata metadata;
    for (uint64_t i = 0; i < r.below(0, 12); ++i) {
      const KeyedRandom t = r.key(i);
      TensorView view{.name = "layer." + std::to_string(t.below(0, 1000)) + "/" + std::to_string(i) + "\n\"ü",
                      .dtype = static_cast<Dtype>(t.below(1, 16))};
      size_t bytes = sizeOf(view.dtype);
      for (uint64_t k = 0; k < t.below(2, 5); ++k) {
        view.shape.push_back(static_cast<int64_t>(t.below(10 + k, 6)));
        bytes *= static_cast<size_t>(view.shape.back());
      }
      std::string& content = data.emplace_back(bytes, '\0');
      for (size_t k = 0; k < bytes; ++k) content[k] = static_cast<char>(t.below(100 + k, 256));
      view.bytes = content;
      tensors.push_back(view);
      metadata["key " + std::to_string(i)] = std::to_string(t.bits(7));
    }
    const std::string bytes = safetensorsBytes(tensors, metadata);
    std::vector<TensorView> reversed(tensors.rbegin(), tensors.rend());
    QVERIFY(bytes == safetensorsBytes(reversed, metadata));
    const SafetensorsFile file(bytes, "f");
    QVERIFY(file.metadata() == metadata);
    QCOMPARE(file.tensors().size(), tensors.size());
    for (const auto& tensor : tensors) {
      const TensorView& back = file.at(tensor.name);
      QVERIFY(back.dtype == tensor.dtype && back.shape == tensor.shape && back.bytes == tensor.bytes);
    }
  }
}

void SafetensorsTest::writerRefuses() {
  const TestFolder folder;
  const auto write = [&](const std::vector<TensorView>& tensors, const Metadata& metadata = {}) {
    return errorText([&] { writeSafetensors(folder / "t", tensors, metadata); });
  };
  VERIFY_CONTAINS(write({{.name = "a", .shape = {2}, .bytes = "1234"}}),
                  "/t: tensor \"a\" has 4 bytes, which is not F32[2]");
  VERIFY_CONTAINS(write({{.name = "a", .shape = {0}}, {.name = "a", .dtype = Dtype::U8, .shape = {0}}}),
                  "two tensors are named");
  VERIFY_CONTAINS(write({{.name = "__metadata__", .shape = {0}}}), "cannot be named");
  VERIFY_CONTAINS(write({{.name = "\xff", .shape = {0}}}), "no UTF-8");
  VERIFY_CONTAINS(write({}, {{"k", "\xff"}}), "no UTF-8");
  QVERIFY(errorOf([&] { readFile(folder / "t"); }));  // nothing written half
}

void SafetensorsTest::readerRefuses_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const std::string& bytes, const char* expected) {
    QTest::newRow(name) << QByteArray(bytes.data(), qsizetype(bytes.size())) << QString(expected);
  };
  const auto one = [](const std::string& entry, const std::string& buffer) {
    return raw("{\"a\":{" + entry + "}}", buffer);
  };
  row("nothing", "", "got 0 bytes");
  row("seven bytes", "1234567", "got 7 bytes");
  row("huge header", std::string("\x01\xe1\xf5\x05\0\0\0\0", 8), "at most 100 MB, got 100000001");
  row("all ones", std::string(8, '\xff'), "at most 100 MB");
  row("header past the end", std::string("\x40\0\0\0\0\0\0\0{}", 10), "the file ends after 2");
  row("no header", std::string(8, '\0'), "begin with {");
  row("leading space", raw(" {}"), "begin with {");
  row("padded by NUL", raw(std::string("{}\0\0\0\0\0\0", 8)), "no valid JSON");
  row("trailing comma", raw("{\"a\":1,}"), "no valid JSON");
  row("duplicate", raw(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{}})"), "for the second time");
  row("duplicate metadata", raw(R"({"__metadata__":{"k":"1","k":"2"}})"), "for the second time");
  row("bad UTF-8", raw("{\"\xff\":{}}"), "no valid JSON");
  row("metadata number", raw(R"({"__metadata__":{"k":1}})"), "/__metadata__/k: expected a text, got 1");
  row("metadata list", raw(R"({"__metadata__":[]})"), "/__metadata__: expected an object");
  row("not an object", raw(R"({"a":[]})"), "/a: expected an object");
  row("no dtype", one(R"("shape":[0],"data_offsets":[0,0])", ""), "\"dtype\" is missing");
  row("no shape", one(R"("dtype":"U8","data_offsets":[0,0])", ""), "\"shape\" is missing");
  row("no offsets", one(R"("dtype":"U8","shape":[0])", ""), "\"data_offsets\" is missing");
  row("unknown dtype", one(R"("dtype":"F33","shape":[0],"data_offsets":[0,0])", ""), "got \"F33\"");
  row("negative size", one(R"("dtype":"U8","shape":[-1],"data_offsets":[0,0])", ""), "from 0 up, got -1");
  row("negative offset", one(R"("dtype":"U8","shape":[1],"data_offsets":[-1,0])", "x"), "from 0 up, got -1");
  row("float size", one(R"("dtype":"U8","shape":[0.5],"data_offsets":[0,0])", ""), "expected an integer");
  row("round float size", one(R"("dtype":"U8","shape":[0.0],"data_offsets":[0,0])", ""), "expected an integer");
  row("text size", one(R"("dtype":"U8","shape":["1"],"data_offsets":[0,0])", ""), "expected an integer");
  row("overflow", one(R"("dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0])", ""), "fits memory");
  row("big integer", one(R"("dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,0])", ""), "63 bits");
  row("three offsets", one(R"("dtype":"U8","shape":[0],"data_offsets":[0,0,0])", ""), "expected begin and end");
  row("lying shape", one(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])", "1234"), "expected 8 bytes for F32[2]");
  row("backwards", one(R"("dtype":"U8","shape":[1],"data_offsets":[1,0])", "1"), "expected 1 bytes");
  row("past the end", one(R"("dtype":"U8","shape":[2],"data_offsets":[0,2])", "1"), "should end at byte 2");
  row("trailing", one(R"("dtype":"U8","shape":[1],"data_offsets":[0,1])", "12"), "1 bytes follow the last tensor");
  row("trailing, no tensor", raw("{}", "1"), "1 bytes follow");
  row("hole before", one(R"("dtype":"U8","shape":[1],"data_offsets":[1,2])", "12"), "preceded by 1 bytes of no tensor");
  const auto two = [](const std::string& a, const std::string& b) {
    return raw(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + a +
                   R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + b + "}}",
               "12345");
  };
  row("hole between", two("[0,2]", "[3,5]"), "preceded by 1 bytes of no tensor");
  row("overlap", two("[0,2]", "[1,3]"), "overlaps");
  row("the same twice", two("[0,2]", "[0,2]"), "overlaps");
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100000; ++i) deep += "[";
  row("deep", raw(deep), "levels of nesting");
}

void SafetensorsTest::readerRefuses() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, expected);
  VERIFY_CONTAINS(refusal({bytes.data(), size_t(bytes.size())}), expected.toStdString());
}

void SafetensorsTest::unalignedIsCopied() {
  const double number = 0.1;
  std::string buffer = "x";
  buffer.append(reinterpret_cast<const char*>(&number), 8);
  const std::string bytes = raw(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F64","shape":[],)"
                                R"("data_offsets":[1,9]}})",
                                buffer);
  const SafetensorsFile file(bytes, "f");
  const TensorView& b = file.at("b");
  QCOMPARE(reinterpret_cast<uintptr_t>(b.bytes.data()) % 8, uintptr_t(0));
  QCOMPARE(*reinterpret_cast<const double*>(b.bytes.data()), number);
}

void SafetensorsTest::readerAccepts() {  // what the format allows, though we would not write it
  for (const std::string& header :
       {std::string("{} "), std::string("{}\t\n"), std::string(R"({"__metadata__":{}})"),
        std::string(R"({"a":{"shape":[],"more":[1],"dtype":"U8","data_offsets":[0,0]}})")}) {
    if (header.find("more") != std::string::npos) {
      VERIFY_CONTAINS(refusal(raw(header)), "expected 1 bytes for U8[]");
    } else {
      COMPARE_TEXT(refusal(raw(header)), "");
    }
  }
  COMPARE_TEXT(
      refusal(raw(R"({"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},"a":{"x":0,"dtype":"U8","shape":[1],)"
                  R"("data_offsets":[0,1]}})",
                  "1")),
      "");
}

void SafetensorsTest::everyCutIsRefused() {
  const std::string bytes = safetensorsBytes(
      {{.name = "a", .dtype = Dtype::U8, .shape = {3}, .bytes = "123"}, {.name = "b", .shape = {1}, .bytes = "abcd"}},
      {{"k", "v"}});
  COMPARE_TEXT(refusal(bytes), "");
  for (size_t i = 0; i < bytes.size(); ++i) QVERIFY2(!refusal(bytes.substr(0, i)).empty(), std::to_string(i).c_str());
  QVERIFY(!refusal(bytes + "1").empty());
}

void SafetensorsTest::everyFlipIsFound() {
  const TestFolder folder;
  writeHashedSafetensors(folder / "t",
                         {{.name = "a", .dtype = Dtype::U8, .shape = {3, 2}, .bytes = "123456"},
                          {.name = "b", .shape = {1}, .bytes = "abcd"}},
                         {{"step", "12"}});
  const std::string good = readFile(folder / "t");
  SafetensorsFile(good, "f").verify();
  forEveryFlip(good, [](const std::string& bad) { QVERIFY(errorOf([&] { SafetensorsFile(bad, "f").verify(); })); });
  VERIFY_CONTAINS(errorText([] { SafetensorsFile(safetensorsBytes({}), "f").verify(); }), "no checksum");
}

void SafetensorsTest::lookUp() {
  const std::string bytes = safetensorsBytes({{.name = "conv1.weight", .shape = {0}}});
  const SafetensorsFile file(bytes, "f");
  QVERIFY(file.find("conv2") == nullptr);
  COMPARE_TEXT(errorText([&] { file.at("conv1.wieght"); }),
               "f: tensor \"conv1.wieght\" is missing (there is \"conv1.weight\")");
}

}  // namespace blockyard

QTEST_GUILESS_MAIN(blockyard::SafetensorsTest)
#include "safetensors.moc"
