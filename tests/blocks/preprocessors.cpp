// Preprocessors against scikit-learn's answers (tests/reference/preprocessors.py), and what they say of bad input.
#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "blocks/columns.hpp"
#include "blocks/example.hpp"
#include "checks.hpp"
#include "try_block.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/blocks/preprocessors_reference.json"));
  return kAll;
}

// Rows of numbers as columns "0", "1", ...
Table numbersOf(const Json& rows) {
  std::vector<Table::Shared> columns;
  for (size_t c = 0; c < rows.at(0).size(); ++c) {
    Column column{.name = std::to_string(c)};
    for (const auto& row : rows) column.numbers.push_back(row[c].is_null() ? kMissingNumber : row[c].get<double>());
    columns.push_back(std::make_shared<const Column>(std::move(column)));
  }
  return Table(std::move(columns));
}

// Words as a category column "w", with the classes given.
Table wordsOf(const Json& words, const std::vector<std::string>& classes) {
  Column column{
      .name = "w", .type = ColumnType::Category, .classes = std::make_shared<const std::vector<std::string>>(classes)};
  for (const auto& word : words) {
    const auto at = std::find(classes.begin(), classes.end(), word.is_null() ? "" : word.get<std::string>());
    column.codes.push_back(at == classes.end() ? kMissingCode : static_cast<int32_t>(at - classes.begin()));
  }
  return Table({std::make_shared<const Column>(std::move(column))});
}

std::string compared(const Table& expected, const Table& got, double tolerance) {
  return difference(expected, got, tolerance).value_or("");
}

// The block fitted on `train`, what it makes of `later`.
Table applied(const std::string& id, const Values& params, const Table& train, const Table& later) {
  const auto block = fittedBlock(id, params, {{"x", signatureOf(train)}}, {{"x", train}});
  return predicted(*block, {{"x", later}}).table("y");
}

std::string refusal(const std::string& id, const Values& params, const std::string& csv) {
  const Table table = tableFromText(csv);
  return errorText([&] { applied(id, params, table, table); });
}

// A column of numbers that go up and down in an order that is none.
Table longTable(int64_t rows) {
  Column column{.name = "a"};
  const KeyedRandom random(3);
  for (int64_t i = 0; i < rows; ++i) column.numbers.push_back(random.normal(static_cast<uint64_t>(i)) * 10 + 1e6);
  return Table({std::make_shared<const Column>(std::move(column))});
}

}  // namespace

class TestPreprocessors : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void examplesHold();
  void numbersAsScikitLearn_data();
  void numbersAsScikitLearn();
  void oneHotAsScikitLearn();
  void ordinalAsScikitLearn();
  void unseenClassesGiveNothing();
  void untouchedColumnsAreShared();
  void anyChunkSizeGivesTheSameBits();
  void quantilesOfManyValues();
  void signaturesAreThoseOfTheTables();
  void badInputIsExplained();
  void featuresNameTheirColumns();
  void targetIsScaledAndSaysSo();
  void imagesAreScaledInEveryLayout();
  void imagesAreNormalized();
  void augmentationBelongsToTheRow();
  void augmentationMovesAndMirrors();
};

void TestPreprocessors::examplesHold() {
  int tables = 0;
  for (const auto& type : catalog()) {
    if (type.schema.kind != Kind::Preprocessor) continue;
    for (const auto& example : type.schema.examples) {
      if (example.in_tables.empty() || !example.in.empty()) continue;  // the examination asks for those
      const Table in = tableFromText(example.in_tables.at("x"));
      const auto block = fittedBlock(type.schema.id, example.params, {{"x", signatureOf(in)}}, {{"x", in}});
      const Batch out = predicted(*block, {{"x", in}});
      for (const auto& [port, csv] : example.out_tables) {
        COMPARE_TEXT(type.schema.id + ": " + compared(tableFromText(csv), out.table(port), 1e-9),
                     type.schema.id + ": ");
        ++tables;
      }
      const Signatures outputs = inferred(type.schema.id, example.params, {{"x", signatureOf(in)}});
      for (const auto& [port, signature] : outputs)
        if (signature.kind == Wire::Table) QCOMPARE(signature.columns.size(), out.table(port).columns().size());
    }
  }
  QVERIFY(tables >= 10);
}

void TestPreprocessors::numbersAsScikitLearn_data() {
  QTest::addColumn<QString>("id");
  QTest::addColumn<QString>("settings");
  QTest::addColumn<double>("tolerance");
  const auto row = [](const char* name, const char* id, const char* settings, double tolerance) {
    QTest::newRow(name) << id << settings << tolerance;
  };
  // 1e-8: a column of 1e6 with a deviation of 0.1 keeps nine digits of its deviation.
  row("standardize", "preprocessor/standardize", "{}", 1e-8);
  row("minmax", "preprocessor/minmax", R"({"low": -1.0, "high": 2.0})", 1e-8);
  row("minmax_clip", "preprocessor/minmax", R"({"low": -1.0, "high": 2.0, "clip": true})", 1e-8);
  row("impute_mean", "preprocessor/impute", R"({"numbers": "mean"})", 1e-12);
  row("impute_median", "preprocessor/impute", R"({"numbers": "median"})", 1e-12);
  row("impute_most_frequent", "preprocessor/impute", R"({"numbers": "most_frequent"})", 1e-12);
  row("impute_constant", "preprocessor/impute", R"({"numbers": "constant", "number": -7.0})", 1e-12);
  row("clip_quantiles", "preprocessor/clip_quantiles", R"({"low": 0.05, "high": 0.9})", 1e-12);
}

void TestPreprocessors::numbersAsScikitLearn() {
  QFETCH(QString, id);
  QFETCH(QString, settings);
  QFETCH(double, tolerance);
  const Values params = valuesFromJson(Json::parse(settings.toStdString()));
  const Table expected = numbersOf(reference().at(QTest::currentDataTag()));
  const Table got =
      applied(id.toStdString(), params, numbersOf(reference().at("train")), numbersOf(reference().at("later")));
  COMPARE_TEXT(compared(expected, got, tolerance), "");
}

void TestPreprocessors::oneHotAsScikitLearn() {
  const std::vector<std::string> classes = {"ant", "bee", "cat", "dog"};
  const Table train = wordsOf(reference().at("words"), classes);
  // The later table has other codes for the same names, and one name more.
  const Table later = wordsOf(reference().at("later_words"), {"emu", "dog", "cat", "bee", "ant"});
  const Json& all = reference().at("one_hot");
  const Table got = applied("preprocessor/one_hot", {}, train, later);
  COMPARE_TEXT(got.columns().front()->name, "w=ant");
  const Json& limited = reference().at("one_hot_limited");
  const Table few = applied("preprocessor/one_hot", {{"max_classes", 2}}, train, later);
  COMPARE_TEXT(few.columns().back()->name, "w=(other)");
  for (size_t r = 0; r < all.size(); ++r) {
    for (size_t c = 0; c < 4; ++c) QCOMPARE(got.columns()[c]->numbers[r], all[r][c].get<double>());
    // A missing word is 0 everywhere here; the reference was asked for "", which counts as one more unknown word.
    const bool missing = reference().at("later_words")[r].is_null();
    for (size_t c = 0; c < 3; ++c) QCOMPARE(few.columns()[c]->numbers[r], missing ? 0.0 : limited[r][c].get<double>());
  }
}

void TestPreprocessors::ordinalAsScikitLearn() {
  const Table train = wordsOf(reference().at("words"), {"ant", "bee", "cat", "dog", "emu"});
  const Table later = wordsOf(reference().at("later_words"), {"ant", "bee", "cat", "dog", "emu"});
  const Table got = applied("preprocessor/ordinal", {{"unknown", -1}}, train, later);
  const Json& expected = reference().at("ordinal");
  for (size_t r = 0; r < expected.size(); ++r) QCOMPARE(got.columns()[0]->numbers[r], expected[r][0].get<double>());
}

void TestPreprocessors::unseenClassesGiveNothing() {
  const Table train = wordsOf(Json{"a", "c", "c"}, {"a", "b", "c"});
  const Table later = wordsOf(Json{"a", "b", "c", nullptr}, {"a", "b", "c"});
  COMPARE_TEXT(compared(tableFromText("w=a,w=b,w=c\n1,0,0\n0,0,0\n0,0,1\n0,0,0\n"),
                        applied("preprocessor/one_hot", {}, train, later), 0),
               "");
  COMPARE_TEXT(compared(tableFromText("w\n1\n0\n2\n0\n"), applied("preprocessor/ordinal", {}, train, later), 0), "");
}

void TestPreprocessors::untouchedColumnsAreShared() {
  const Table in = tableFromText("a,b,c\n1,x,5\n2,y,6\n");
  for (const std::string id : {"standardize", "minmax", "clip_quantiles", "impute"}) {
    const Table out = applied("preprocessor/" + id, {{"columns", Texts{"a"}}}, in, in);
    QCOMPARE(out.find("b"), in.find("b"));
    QCOMPARE(out.find("c"), in.find("c"));
    QVERIFY(out.find("a") != in.find("a"));
  }
}

void TestPreprocessors::anyChunkSizeGivesTheSameBits() {
  const Table table = longTable(3 * kFitRows + 17);
  const Signatures inputs{{"x", signatureOf(table)}};
  for (const std::string id : {"standardize", "minmax", "clip_quantiles", "impute"}) {
    const State whole = fittedBlock("preprocessor/" + id, {}, inputs, {{"x", table}}, kFitRows)->state();
    const State parts = fittedBlock("preprocessor/" + id, {}, inputs, {{"x", table}}, kFitRows / 4)->state();
    for (const auto& [name, tensor] : whole.tensors) QVERIFY2(at::equal(tensor, parts.tensors.at(name)), name.c_str());
  }
}

void TestPreprocessors::quantilesOfManyValues() {
  const Table table = longTable(1'000'000);
  Quantiles quantiles;
  quantiles.add(*table.columns()[0]);
  std::vector<double> sorted = table.columns()[0]->numbers;
  std::sort(sorted.begin(), sorted.end());
  for (const double share : {0.0, 0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 1.0}) {
    const auto rank = std::lower_bound(sorted.begin(), sorted.end(), quantiles.at(share)) - sorted.begin();
    const double off = std::abs(static_cast<double>(rank) - share * 999'999);
    QVERIFY2(off <= 50, qPrintable(QString("quantile %1 is %2 ranks off").arg(share).arg(off)));
  }
}

void TestPreprocessors::signaturesAreThoseOfTheTables() {
  const Table in = tableFromText("a,b,t:time,s:text\n1,x,2020-01-01,hello\n,y,2020-01-02,\n4,,,there\n");
  const auto check = [&](const std::string& id, const Values& params) {
    const Signature expected = inferred(id, params, {{"x", signatureOf(in)}}).at("y");
    const Signature got = signatureOf(applied(id, params, in, in));
    COMPARE_TEXT(id + textOf(expected.shape) + expected.text(), id + textOf(got.shape) + got.text());
    QVERIFY2(expected.columns == got.columns, id.c_str());
  };
  check("preprocessor/select", {{"columns", Texts{"b", "s"}}, {"mode", "drop"}});
  check("preprocessor/impute", {{"indicator", true}, {"categories", "constant"}, {"category", "none"}});
  check("preprocessor/standardize", {});
  check("preprocessor/minmax", {});
  check("preprocessor/clip_quantiles", {});
  check("preprocessor/one_hot", {{"missing", "column"}});
  check("preprocessor/ordinal", {});
}

void TestPreprocessors::badInputIsExplained() {
  const std::string table = "island,mass\nx,1\ny,\n";
  COMPARE_TEXT(refusal("preprocessor/standardize", {{"columns", Texts{"mas"}}}, table),
               "parameter columns: there is no column \"mas\" (did you mean \"mass\"?)");
  COMPARE_TEXT(refusal("preprocessor/standardize", {{"columns", Texts{"island"}}}, table),
               "parameter columns: expected columns of type number or time, but \"island\" is category");
  VERIFY_CONTAINS(refusal("preprocessor/to_features", {}, table), "insert One-hot");
  VERIFY_CONTAINS(refusal("preprocessor/to_features", {{"columns", Texts{"mass"}}}, table),
                  "column \"mass\", row 2: the value is missing (insert Impute before)");
  VERIFY_CONTAINS(refusal("preprocessor/to_features", {}, "a\n1\n1e300\n"),
                  "row 2: expected a number that float32 can hold");
  VERIFY_CONTAINS(refusal("preprocessor/to_features", {{"codes", Texts{"a"}}}, "a,b\n1,1\n1.5,2\n"),
                  "row 2: expected a whole number");
  VERIFY_CONTAINS(refusal("preprocessor/standardize", {}, "a\n1\ninf\n"), "expected finite numbers in column \"a\"");
  VERIFY_CONTAINS(refusal("preprocessor/impute", {}, "a,b\n,1\n,2\n"), "column \"a\" has no value in any training row");
  COMPARE_TEXT(refusal("preprocessor/impute", {{"numbers", "constant"}}, "a,b\n,1\n,2\n"), "");
  VERIFY_CONTAINS(refusal("preprocessor/minmax", {{"low", 2.0}}, "a\n1\n"), "parameter high");
  VERIFY_CONTAINS(refusal("preprocessor/select", {{"columns", Texts{}}}, "a\n1\n"), "at least one column");
  VERIFY_CONTAINS(refusal("preprocessor/standardize", {}, "a\n"), "training rows");
}

void TestPreprocessors::featuresNameTheirColumns() {
  Column a{.name = "a"}, b{.name = "b"};
  for (int i = 0; i < 1000; ++i) a.numbers.push_back(i), b.numbers.push_back(-i);
  const Table table({std::make_shared<const Column>(a), std::make_shared<const Column>(b)});
  const auto block = madeBlock("preprocessor/to_features", {{"codes", Texts{"b"}}}, {{"x", signatureOf(table)}});
  const Batch out = predicted(*block, {{"x", table}});
  QVERIFY((out.packet("y").meaning().columns == Texts{"a"}));
  QVERIFY((out.packet("codes").meaning().columns == Texts{"b"}));
  QVERIFY(at::equal(out["y"], at::arange(1000, at::kFloat).unsqueeze(1)));
  QVERIFY(at::equal(out["codes"], -at::arange(1000, at::kLong).unsqueeze(1)));
}

void TestPreprocessors::targetIsScaledAndSaysSo() {
  const at::Tensor target = at::tensor({0.0F, 1.0F, 9.0F, 99.0F}).reshape({4, 1});
  const Signatures inputs{{"x", {.kind = Wire::Target, .shape = {"N", 1}, .unit = "EUR"}}};
  for (const std::string method : {"standard", "minmax", "log1p_standard"}) {
    const auto block = fittedBlock("preprocessor/scale_target", {{"method", method}}, inputs, {{"x", Packet(target)}});
    const Packet out = predicted(*block, {{"x", Packet(target)}}).packet("y");
    const Scaling scaling = out.meaning().scaling.value();
    at::Tensor back = out.tensor().to(at::kDouble) * scaling.factor + scaling.offset;
    if (scaling.log1p) back = at::expm1(back);
    QVERIFY(at::allclose(back, target.to(at::kDouble), 1e-5, 1e-5));
    if (method == "minmax") QCOMPARE(out.tensor().max().item<float>(), 1.0F);
    if (method != "minmax") QVERIFY(std::abs(out.tensor().var(0, false).item<float>() - 1) < 1e-5);
    VERIFY_CONTAINS(errorText([&] { predicted(*block, {{"x", out}}); }), "scaled already");
  }
  const Batch constant{{"x", Packet(at::ones({4}))}};
  VERIFY_CONTAINS(errorText([&] { fittedBlock("preprocessor/scale_target", {}, inputs, constant); }), "same value");
}

void TestPreprocessors::imagesAreScaledInEveryLayout() {
  for (const int64_t channels : {1, 3}) {
    const at::Tensor image = at::arange(5 * channels * 7 * 9).remainder(251).to(at::kByte).reshape({5, channels, 7, 9});
    const Signatures inputs{{"x", {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", channels, 7, 9}}}};
    for (const std::string layout : {"contiguous", "channels_last"}) {
      for (const auto given : {at::MemoryFormat::Contiguous, at::MemoryFormat::ChannelsLast}) {
        const Values params{
            {"layout", layout}, {"normalize", "given"}, {"mean", Numbers{0.5}}, {"deviation", Numbers{0.25}}};
        const auto block = madeBlock("preprocessor/image_scale", params, inputs);
        const at::Tensor out = predicted(*block, {{"x", Packet(image.contiguous(given))}})["y"];
        QVERIFY(at::allclose(out, (image.to(at::kFloat) / 255 - 0.5) / 0.25, 0, 1e-6));
        QVERIFY(
            out.is_contiguous(layout == "contiguous" ? at::MemoryFormat::Contiguous : at::MemoryFormat::ChannelsLast));
      }
    }
  }
}

void TestPreprocessors::imagesAreNormalized() {
  const at::Tensor image = at::arange(4 * 3 * 6 * 5).remainder(253).to(at::kByte).reshape({4, 3, 6, 5});
  const Signatures inputs{{"x", {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 3, 6, 5}}}};
  const auto block =
      fittedBlock("preprocessor/image_scale", {{"normalize", "fitted"}}, inputs, {{"x", Packet(image)}}, 3);
  const at::Tensor out = predicted(*block, {{"x", Packet(image)}})["y"];
  QVERIFY(at::allclose(out.mean({0, 2, 3}), at::zeros({3}), 0, 1e-5));
  QVERIFY(at::allclose(out.var({0, 2, 3}, false), at::ones({3}), 0, 1e-5));
}

void TestPreprocessors::augmentationBelongsToTheRow() {
  const at::Tensor bytes = at::arange(40 * 3 * 8 * 8).remainder(256).to(at::kByte).reshape({40, 3, 8, 8});
  for (const auto type : {at::kByte, at::kFloat}) {
    const at::Tensor image = bytes.to(type);
    const Signatures inputs{
        {"x", {.element = type == at::kByte ? Element::UInt8 : Element::Float32, .shape = {"N", 3, 8, 8}}}};
    const auto block = madeBlock("preprocessor/augment", {{"noise", 5.0}}, inputs);
    const auto changed = [&](const at::Tensor& ids, int64_t epoch, at::MemoryFormat layout) {
      Step step(true, KeyedRandom(static_cast<uint64_t>(epoch)), ids, epoch);
      return block->forward({{"x", Packet(image.index_select(0, ids).contiguous(layout))}}, step)["y"];
    };
    const at::Tensor all = at::arange(40), some = at::tensor({7, 3, 39}, at::kLong);
    const at::Tensor whole = changed(all, 2, at::MemoryFormat::Contiguous);
    QVERIFY(at::equal(whole.index_select(0, some), changed(some, 2, at::MemoryFormat::ChannelsLast)));
    QVERIFY(!at::equal(whole, changed(all, 3, at::MemoryFormat::Contiguous)));
    QVERIFY(!at::equal(whole, image));
    QVERIFY(at::equal(predicted(*block, {{"x", Packet(image)}})["y"], image));
  }
}

void TestPreprocessors::augmentationMovesAndMirrors() {
  const at::Tensor image = at::arange(1, 10, at::kFloat).reshape({1, 1, 3, 3}).repeat({200, 1, 1, 1});
  const Signatures inputs{{"x", {.shape = {"N", 1, 3, 3}}}};
  const auto changed = [&](const Values& params) {
    Step step(true, KeyedRandom(1), at::arange(200), 0);
    return madeBlock("preprocessor/augment", params, inputs)->forward({{"x", Packet(image)}}, step)["y"];
  };
  QVERIFY(at::equal(changed({{"flip", 1.0}, {"shift", 0}}), image.flip(3)));
  const at::Tensor mirrored = changed({{"flip", 0.5}, {"shift", 0}}).ne(image).any(3).any(2).sum();
  QVERIFY(mirrored.item<int64_t>() > 70 && mirrored.item<int64_t>() < 130);
  // Moved by at most one: the middle of the picture is one of the nine pixels, and all of them occur.
  const at::Tensor moved = changed({{"flip", 0.0}, {"shift", 1}, {"padding", "edge"}});
  QCOMPARE(std::get<0>(at::_unique(moved.select(3, 1).select(2, 1))).numel(), 9);
  QVERIFY(moved.min().item<float>() == 1 && moved.max().item<float>() == 9);
  QVERIFY(changed({{"flip", 0.0}, {"shift", 1}}).min().item<float>() == 0);
  const at::Tensor noise = changed({{"flip", 0.0}, {"shift", 0}, {"noise", 2.0}}) - image;
  QVERIFY(std::abs(noise.mean().item<double>()) < 0.2 && std::abs(noise.std().item<double>() - 2) < 0.15);
}

QTEST_GUILESS_MAIN(TestPreprocessors)
#include "preprocessors.moc"
