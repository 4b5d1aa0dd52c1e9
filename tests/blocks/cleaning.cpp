// Blocks that clean tables and make features of them, against scikit-learn (tests/reference/preprocessors.py).
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

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

Table numbersOf(const Json& rows) {
  std::vector<Table::Shared> columns;
  for (size_t c = 0; c < rows.at(0).size(); ++c) {
    Column column{.name = std::to_string(c)};
    for (const auto& row : rows) column.numbers.push_back(row[c].is_null() ? kMissingNumber : row[c].get<double>());
    columns.push_back(std::make_shared<const Column>(std::move(column)));
  }
  return Table(std::move(columns));
}

Table wordsOf(const Json& words, const Texts& classes) {
  Column column{.name = "w", .type = ColumnType::Category, .classes = std::make_shared<const Texts>(classes)};
  for (const auto& word : words) {
    const auto at = std::find(classes.begin(), classes.end(), word.is_null() ? "" : word.get<std::string>());
    column.codes.push_back(at == classes.end() ? kMissingCode : static_cast<int32_t>(at - classes.begin()));
  }
  return Table({std::make_shared<const Column>(std::move(column))});
}

Table applied(const std::string& id, const Values& params, const Table& train, const Table& later) {
  const auto block = fittedBlock(id, params, {{"x", signatureOf(train)}}, {{"x", train}});
  return predicted(*block, {{"x", later}}).table("y");
}

std::string refusal(const std::string& id, const Values& params, const std::string& csv) {
  const Table table = tableFromText(csv);
  return errorText([&] { applied(id, params, table, table); });
}

at::Tensor tensorOfRows(const Json& rows) {
  std::vector<double> flat;
  for (const auto& row : rows)
    for (const auto& value : row) flat.push_back(value.get<double>());
  return at::tensor(flat, at::kDouble).view({static_cast<int64_t>(rows.size()), -1}).to(at::kFloat);
}

// Three clouds that overlap, more rows than the sample for the starts has: Knuth's generator, as in the reference.
at::Tensor manyRows(int64_t rows) {
  at::Tensor out = at::empty({rows, 2});
  float* to = out.mutable_data_ptr<float>();
  uint64_t state = 1;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t f = 0; f < 2; ++f) {
      double sum = 0;
      for (int n = 0; n < 3; ++n) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        sum += static_cast<double>(state >> 11U) * 0x1p-53;
      }
      *to++ = static_cast<float>(sum + 0.75 * static_cast<double>(f == 0 ? i % 3 : i % 3 == 1));
    }
  return out;
}

// The words and their target as a batch; `classes` is 0 for a number.
struct Encoded {
  Signatures signatures{};
  Batch batch{};
};
Encoded trainingWords(const std::string& target, int classes) {
  const Table words = wordsOf(reference().at("words"), {"ant", "bee", "cat", "dog"});
  Encoded out{{{"x", signatureOf(words)}}, {{"x", words}}};
  Signature& signature = out.signatures["target"];
  signature = {.kind = classes > 0 ? Wire::Label : Wire::Target, .shape = {"N"}};
  auto meaning = std::make_shared<Meaning>();
  for (int k = 0; k < classes; ++k) meaning->classes.push_back(std::to_string(k));
  signature.classes = meaning->classes;
  const auto values = reference().at(target).get<std::vector<double>>();
  const at::Tensor y = at::tensor(values, at::kDouble);
  out.batch.set("target", Packet(classes > 0 ? y.to(at::kLong) : y, meaning));
  return out;
}

}  // namespace

class TestCleaning : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void numbersAsScikitLearn_data();
  void numbersAsScikitLearn();
  void encodedAsScikitLearn_data();
  void encodedAsScikitLearn();
  void trainingRowsAreEncodedByOtherFolds();
  void anyChunkSizeGivesTheSameBits();
  void componentsAsScikitLearn();
  void clustersAsScikitLearn();
  void clustersAllRowsWhateverTheThreads();
  void noiseIsOfTheRowAndTheEpoch();
  void constantColumnsStayAtNothing();
  void joinLooksRowsUp();
  void badInputIsExplained();
};

void TestCleaning::numbersAsScikitLearn_data() {
  QTest::addColumn<QString>("id");
  QTest::addColumn<QString>("settings");
  QTest::addColumn<QString>("columns");
  QTest::addColumn<double>("tolerance");
  const auto row = [](const char* name, const char* id, const char* settings, const char* columns, double tolerance) {
    QTest::newRow(name) << id << settings << columns << tolerance;
  };
  // The best power lies in a flat place of the likelihood: two optimizers agree in some digits of it.
  row("yeo_johnson", "preprocessor/power", "{}", "few", 1e-6);
  row("yeo_johnson_raw", "preprocessor/power", R"({"standardize": false})", "few", 1e-4);
  row("box_cox", "preprocessor/power", R"({"method": "box_cox"})", "positive", 1e-6);
  row("bins_uniform", "preprocessor/bins", R"({"strategy": "uniform", "bins": 4})", "few", 0);
  row("bins_quantile", "preprocessor/bins", R"({"strategy": "quantile", "bins": 4})", "few", 0);
}

void TestCleaning::numbersAsScikitLearn() {
  QFETCH(QString, id);
  QFETCH(QString, settings);
  QFETCH(QString, columns);
  QFETCH(double, tolerance);
  const Values params = valuesFromJson(Json::parse(settings.toStdString()));
  const Table got = applied(id.toStdString(), params, numbersOf(reference().at(columns.toStdString())),
                            numbersOf(reference().at(columns.toStdString() + "_later")));
  COMPARE_TEXT(difference(numbersOf(reference().at(QTest::currentDataTag())), got, tolerance).value_or(""), "");
}

void TestCleaning::encodedAsScikitLearn_data() {
  QTest::addColumn<QString>("target");
  QTest::addColumn<int>("classes");
  QTest::addColumn<double>("smooth");
  QTest::newRow("encoded_number") << "target_number" << 0 << 0.0;
  QTest::newRow("encoded_number_smooth") << "target_number" << 0 << 7.5;
  QTest::newRow("encoded_two") << "target_two" << 2 << 0.0;
  QTest::newRow("encoded_three") << "target_three" << 3 << 2.0;
}

void TestCleaning::encodedAsScikitLearn() {
  QFETCH(QString, target);
  QFETCH(int, classes);
  QFETCH(double, smooth);
  const Encoded train = trainingWords(target.toStdString(), classes);
  const auto block = fittedBlock("preprocessor/target_encode", {{"smooth", smooth}}, train.signatures, train.batch);
  // Other codes for the same names; emu was not seen.
  const Table later = wordsOf(reference().at("later_words"), {"emu", "dog", "cat", "bee", "ant"});
  const Table got = predicted(*block, {{"x", later}}).table("y");
  const Json& expected = reference().at(QTest::currentDataTag());
  QCOMPARE(got.columns().size(), expected[0].size());
  COMPARE_TEXT(got.columns().front()->name, classes == 3 ? "w_0" : "w");
  for (size_t r = 0; r < expected.size(); ++r)
    for (size_t c = 0; c < expected[r].size(); ++c)
      QVERIFY2(std::abs(got.columns()[c]->numbers[r] - expected[r][c].get<double>()) < 1e-12,
               qPrintable(QString("row %1").arg(r)));
}

// Each fold's values are those of a block that has seen the other folds alone.
void TestCleaning::trainingRowsAreEncodedByOtherFolds() {
  const Encoded train = trainingWords("target_number", 0);
  const auto block = madeBlock("preprocessor/target_encode", {{"folds", 3}}, train.signatures);
  RowsOf rows(train.batch);
  block->fit(rows);
  const int64_t n = train.batch.rows();
  Step step(false, KeyedRandom(1), at::arange(n, at::kLong));
  const Column coded = block->forward(train.batch, step).table("y").column("w");
  const KeyedRandom folds = KeyedRandom(1).key("folds");
  int different = 0;
  for (uint64_t fold = 0; fold < 3; ++fold) {
    std::vector<int64_t> in, out;
    for (int64_t i = 0; i < n; ++i) (folds.below(static_cast<uint64_t>(i), 3) == fold ? in : out).push_back(i);
    QVERIFY(in.size() > 40);
    const auto other = fittedBlock("preprocessor/target_encode", {}, train.signatures, train.batch.take(out));
    const Column expected = predicted(*other, {{"x", train.batch.table("x").take(in)}}).table("y").column("w");
    for (size_t k = 0; k < in.size(); ++k)
      QVERIFY(std::abs(expected.numbers[k] - coded.numbers[static_cast<size_t>(in[k])]) < 1e-12);
  }
  // Rows that are not trained on, and predictions, by all rows.
  Step others(false, KeyedRandom(1), at::full({n}, -1, at::kLong));
  const Column plain = predicted(*block, train.batch).table("y").column("w");
  const Column judged = block->forward(train.batch, others).table("y").column("w");
  QCOMPARE(judged.numbers, plain.numbers);
  for (size_t i = 0; i < plain.numbers.size(); ++i) different += plain.numbers[i] != coded.numbers[i];
  QVERIFY(different > 150);
}

void TestCleaning::anyChunkSizeGivesTheSameBits() {
  Column column{.name = "a"};
  const KeyedRandom random(3);
  for (uint64_t i = 0; i < 100; ++i) column.numbers.push_back(std::exp(random.normal(i)));
  const Table table({std::make_shared<const Column>(std::move(column))});
  const Signatures inputs{{"x", signatureOf(table)}};
  for (const std::string id : {"power", "bins", "cast"}) {
    const Values params = id == "cast" ? Values{{"columns", Texts{"a"}}} : Values{};
    const State whole = fittedBlock("preprocessor/" + id, params, inputs, {{"x", table}}, 1000)->state();
    const State parts = fittedBlock("preprocessor/" + id, params, inputs, {{"x", table}}, 7)->state();
    for (const auto& [name, tensor] : whole.tensors) QVERIFY2(at::equal(tensor, parts.tensors.at(name)), name.c_str());
    QVERIFY(whole.values == parts.values);
  }
}

void TestCleaning::componentsAsScikitLearn() {
  const at::Tensor all = tensorOfRows(reference().at("mixed"));
  const Signatures inputs{{"x", {.shape = {"N", all.size(1)}}}};
  for (const bool whiten : {false, true})
    for (const int64_t at_once : {250, 60}) {
      const auto block = fittedBlock("preprocessor/pca", {{"components", 3}, {"whiten", whiten}}, inputs,
                                     {{"x", all.narrow(0, 0, 250)}}, at_once);
      const at::Tensor got = predicted(*block, {{"x", all.narrow(0, 250, 50)}})["y"];
      const at::Tensor expected = tensorOfRows(reference().at(whiten ? "pca_white" : "pca"));
      QVERIFY2((got - expected).abs().max().item<double>() < 2e-6, whiten ? "whitened" : "plain");
    }
}

void TestCleaning::clustersAsScikitLearn() {
  const at::Tensor all = tensorOfRows(reference().at("clouds")), train = all.narrow(0, 0, 350),
                   later = all.narrow(0, 350, 50);
  const Signatures inputs{{"x", {.shape = {"N", 2}}}};
  const Values params{{"clusters", 4}, {"tries", 10}};
  const auto block = fittedBlock("preprocessor/k_means", params, inputs, {{"x", train}});
  const at::Tensor order = block->state().tensors.at("centers").select(1, 0).argsort();
  const at::Tensor got = predicted(*block, {{"x", later}})["y"].index_select(1, order);
  QVERIFY((got - tensorOfRows(reference().at("k_means"))).abs().max().item<double>() < 1e-5);
  const auto chunked = fittedBlock("preprocessor/k_means", params, inputs, {{"x", train}}, 33);
  QVERIFY(chunked->state().tensors.at("centers").equal(block->state().tensors.at("centers")));
  COMPARE_TEXT(errorText([&] {
                 fittedBlock("preprocessor/k_means", params, inputs, {{"x", train.narrow(0, 0, 3)}});
               }),
               "parameter clusters: expected at most as many clusters as there are training rows, 3, got 4");
}

void TestCleaning::clustersAllRowsWhateverTheThreads() {
  const at::Tensor rows = manyRows(100'000);
  const Signatures inputs{{"x", {.shape = {"N", 2}}}};
  const auto centers = [&](const Values& params, int64_t at_once) {
    return fittedBlock("preprocessor/k_means", params, inputs, {{"x", rows}}, at_once)->state().tensors.at("centers");
  };
  const Values exact{{"clusters", 3}, {"tries", 2}, {"tolerance", 0.0}};
  const at::Tensor got = centers(exact, kFitRows), order = got.select(1, 0).argsort();
  const at::Tensor wanted = tensorOfRows(reference().at("many_centers")).to(at::kDouble);
  // Other starts end 2e-5 from there, in scikit-learn too; the sample alone would end 4e-3 away.
  QVERIFY((got.index_select(0, order) - wanted).abs().max().item<double>() < 1e-4);
  // Soon enough by the usual rule, and near what more passes would find.
  const at::Tensor usual = centers({{"clusters", 3}, {"tries", 2}}, kFitRows);
  QVERIFY(!usual.equal(got) &&
          (usual.index_select(0, usual.select(1, 0).argsort()) - wanted).abs().max().item<double>() < 0.05);
  QVERIFY(!centers({{"clusters", 3}, {"tries", 2}, {"passes", 2}}, kFitRows).equal(usual));
  const int threads = at::get_num_threads();
  at::set_num_threads(3);
  const at::Tensor again = centers(exact, 777);
  at::set_num_threads(threads);
  QVERIFY(again.equal(got));
}

void TestCleaning::noiseIsOfTheRowAndTheEpoch() {
  const auto block = madeBlock("preprocessor/noise", {{"deviation", 0.5}}, {{"x", {.shape = {"N", 4}}}});
  const at::Tensor x = at::zeros({1000, 4}), ids = at::arange(1000, at::kLong);
  const auto at_epoch = [&](const at::Tensor& rows, const at::Tensor& numbers, int64_t epoch) {
    Step step(true, KeyedRandom(9), numbers, epoch);
    return block->forward({{"x", rows}}, step)["y"];
  };
  const at::Tensor first = at_epoch(x, ids, 0);
  QVERIFY(std::abs(first.std().item<double>() - 0.5) < 0.02 && std::abs(first.mean().item<double>()) < 0.03);
  QVERIFY(at_epoch(x.narrow(0, 0, 10), ids.narrow(0, 90, 10), 0).equal(first.narrow(0, 90, 10)));
  QVERIFY(!at_epoch(x, ids, 1).equal(first));
  QVERIFY(predicted(*block, {{"x", x}})["y"].equal(x));
}

// What rounding leaves of a deviation of nothing is none.
void TestCleaning::constantColumnsStayAtNothing() {
  for (const double value : {0.1, 7.0}) {
    const Table rows({std::make_shared<const Column>(
        Column{.name = "a", .type = ColumnType::Number, .numbers = std::vector<double>(400, value)})});
    const auto block = fittedBlock("preprocessor/power", {}, {{"x", signatureOf(rows)}}, {{"x", rows}});
    for (const double got : predicted(*block, {{"x", rows}}).table("y").columns()[0]->numbers) QCOMPARE(got, 0.0);
  }
}

void TestCleaning::joinLooksRowsUp() {
  TestFolder folder;
  std::ofstream(folder / "airlines.csv")
      << "code,name,size,since\nAA,American,3,2001-01-31\nBB,British,,\n7,Seven,1,2020-02-29\n";
  const Table left = tableFromText("carrier,delay\nBB,1\nZZ,2\n,3\nAA,4\nAA,5\n");
  const Values params{{"file", folder / "airlines.csv"}, {"key", "carrier"}, {"file_key", "code"}, {"prefix", "air_"}};
  const Table got = applied("preprocessor/join", params, left, left);
  COMPARE_TEXT(
      difference(tableFromText("carrier,delay,air_name,air_size,air_since:time\nBB,1,British,,\nZZ,2,,,\n,3,,,\n"
                               "AA,4,American,3,2001-01-31\nAA,5,American,3,2001-01-31\n"),
                 got, 0)
          .value_or(""),
      "");
  // A number finds the text that is written like it.
  const Table numbers = tableFromText("carrier\n7\n8\n");
  Values some = params;
  some.set("columns", Texts{"size"});
  COMPARE_TEXT(
      difference(tableFromText("carrier,air_size\n7,1\n8,\n"), applied("preprocessor/join", some, numbers, numbers), 0)
          .value_or(""),
      "");
  const auto refused = [&](const Values& more) {
    Values all = params;
    for (const auto& [name, value] : more.items()) all.set(name, value);
    return errorText([&] { applied("preprocessor/join", all, left, left); });
  };
  COMPARE_TEXT(refused({{"file_key", "cod"}}),
               "parameter file_key: there is no column \"cod\" (did you mean \"code\"?)");
  COMPARE_TEXT(refused({{"key", "carrie"}}),
               "parameter key: there is no column \"carrie\" (did you mean \"carrier\"?)");
  std::ofstream(folder / "twice.csv") << "carrier,delay\nAA,1\nBB,2\nAA,3\n";
  COMPARE_TEXT(
      refused({{"file", folder / "twice.csv"}, {"file_key", ""}}),
      "parameter file: the key \"AA\" stands in row 1 and again in row 3 of the second table (each key may stand "
      "there once, or a row would become two)");
  std::ofstream(folder / "once.csv") << "carrier,delay\nAA,1\nBB,2\n";
  COMPARE_TEXT(
      refused({{"file", folder / "once.csv"}, {"file_key", ""}, {"prefix", ""}}),
      "parameter prefix: both tables have a column \"delay\" (give the columns of the second one a prefix, or list "
      "the wanted ones in `columns`)");
  QVERIFY(refused({{"file", folder / "nowhere.csv"}}).find("nowhere.csv") != std::string::npos);
}

void TestCleaning::badInputIsExplained() {
  COMPARE_TEXT(
      refusal("preprocessor/power", {{"method", "box_cox"}}, "a\n1\n-2\n"),
      "parameter method: box_cox takes numbers above 0, and column \"a\" holds -2 (use yeo_johnson, which takes any "
      "number)");
  COMPARE_TEXT(refusal("preprocessor/bins", {{"strategy", "edges"}, {"edges", Numbers{3, 1}}}, "a\n1\n"),
               "parameter edges: expected edges that go up, got 1 behind 3");
  COMPARE_TEXT(refusal("preprocessor/rename", {{"columns", Texts{"a"}}, {"names", Texts{"b"}}}, "a,b\n1,2\n"),
               "parameter names: two columns would be called \"b\"");
  COMPARE_TEXT(refusal("preprocessor/rename", {{"columns", Texts{"a"}}}, "a,b\n1,2\n"),
               "parameter names: expected a new name for each of the 1 columns, got 0");
  COMPARE_TEXT(
      refusal("preprocessor/cast", {{"columns", Texts{"a"}}, {"type", "number"}, {"unreadable", "error"}}, "a\nx\n"),
      "port x: column \"a\": expected a number, got \"x\" (set `unreadable` to missing to make such cells missing)");
  COMPARE_TEXT(refusal("preprocessor/date_parts", {{"parts", Texts{"weekdy"}}}, "t:time\n2024-01-01\n"),
               "parameter parts: there is no part \"weekdy\" of a date (did you mean \"weekday\"?)");
  COMPARE_TEXT(refusal("preprocessor/clip", {{"low", 2.0}}, "a\n1\n"),
               "parameter high: expected a number above low = 2, got 1");
  COMPARE_TEXT(
      refusal("preprocessor/target_encode", {}, "a\nx\n"),
      "port target: expected a wire with the target, got none (the source gives the target on a port of its own)");
}

QTEST_GUILESS_MAIN(TestCleaning)
#include "cleaning.moc"
