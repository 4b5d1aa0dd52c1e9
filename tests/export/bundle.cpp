// A bundle answers as the trainer did, and a damaged one is refused.
#include "export/bundle.hpp"

#include <QtTest/QtTest>

#include "blocks/source.hpp"
#include "export/certificate.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

class TestBundle : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string rows_, bundle_;
  Finished finished_;

  // Another source that counts how many rows are asked for at once.
  struct Watched final : Source {
    explicit Watched(std::shared_ptr<Source> of) : source(std::move(of)) {}
    const Signatures& outputs() const override { return source->outputs(); }
    int64_t rows() const override { return source->rows(); }
    Chunk read(int64_t first, int64_t count) override {
      most_rows = std::max(most_rows, count);
      return source->read(first, count);
    }
    std::string fingerprint() const override { return source->fingerprint(); }

    std::shared_ptr<Source> source;
    int64_t most_rows = 0;
  };
  static Table answers(Bundle& bundle, Source& source) {
    std::vector<Table> parts;
    bundle.predict(source, [&](const Table& part) { parts.push_back(part); });
    return Table::concat(parts);
  }
  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }
  static void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private Q_SLOTS:
  void initTestCase() {
    rows_ = writeClouds(folder_, 600);
    Trainer trainer(cloudsPlan(rows_), {});
    trainer.prepareData();
    finished_ = trainer.train();
    bundle_ = path("model.safetensors");
    saveBundle(trainer, "some-run", bundle_);
  }

  void answersForEveryRow() {
    Bundle bundle(bundle_);
    QCOMPARE(bundle.run(), std::string("some-run"));
    const auto source = bundle.open(rows_);
    const Table said = answers(bundle, *source);
    QCOMPARE(said.rows(), int64_t{600});
    const auto wanted = bundle.open(rows_);
    QVERIFY(bundle.evaluate(*wanted).at("accuracy") > 0.93);
  }

  // The probability of every class, although a block takes the scores further; beside them what was asked.
  void probabilitiesOfEveryClass() {
    Bundle bundle(bundle_, {.batch_size = 100});
    const auto source = bundle.open(rows_);
    Answers all;
    bundle.answer(*source, [&](const Answers& part) { all = part; });
    QCOMPARE(all.scores.size(), size_t{1});
    QCOMPARE(all.scores[0].block, std::string("softmax"));
    QCOMPARE(all.scores[0].classes, (std::vector<std::string>{"a", "b", "c"}));
    QCOMPARE(all.scores[0].values.size(), size_t{600 * 3});
    QCOMPARE(all.rows.names(), (std::vector<std::string>{"x", "y", "side"}));
    for (size_t row = 0; row < 600; ++row) {
      const auto first = all.scores[0].values.begin() + static_cast<int64_t>(row) * 3;
      const double most = *std::max_element(first, first + 3);
      QVERIFY(std::abs(most - all.table.column("probability").numbers[row]) < 1e-6);
    }
  }

  void theBatchSizeChangesNothingThatCounts() {
    Bundle small(bundle_, {.batch_size = 7}), large(bundle_, {.batch_size = 512});
    const auto a = small.open(rows_), b = large.open(rows_);
    const Table x = answers(small, *a), y = answers(large, *b);
    const Column &p = x.column("probability"), &q = y.column("probability");
    for (int64_t i = 0; i < x.rows(); ++i)
      QVERIFY(std::abs(p.numbers[static_cast<size_t>(i)] - q.numbers[static_cast<size_t>(i)]) < 1e-5);
  }

  // Convolutions and large dense layers with packed weights and the ReLU in the same pass, with a pooling between and
  // without; one whose result two blocks read keeps its own.
  void settledPicturesAreAnsweredAlike() {
    const KeyedRandom random(5);
    std::string pixels("\0\0\10\3\0\0\0\50\0\0\0\10\0\0\0\10", 16), labels("\0\0\10\1\0\0\0\50", 8);
    for (uint64_t i = 0; i < 40; ++i) labels += static_cast<char>(i % 2);
    for (uint64_t i = 0; i < 40 * 64; ++i) pixels += static_cast<char>(random.below(i, 128) + i / 64 % 2 * 100);
    write(path("x.idx"), pixels), write(path("y.idx"), labels);
    Plan plan{.project = "pictures", .pipeline = "main"};
    plan.nodes = {node("images", "source/images", {{"images", path("x.idx")}, {"labels", path("y.idx")}}, {}),
                  node("scale", "preprocessor/image_scale", {}, {{"x", 0, "image"}}),
                  node("conv1", "extractor/conv2d", {{"out_channels", 16}, {"padding", "same"}}, {{"x", 1, "y"}}),
                  node("relu1", "extractor/activation", {}, {{"x", 2, "y"}}),
                  node("pool", "extractor/max_pool", {{"kernel", Integers{2}}}, {{"x", 3, "y"}}),
                  node("conv2", "extractor/conv2d",
                       {{"out_channels", 16}, {"groups", 2}, {"bias", false}, {"padding", "1"}}, {{"x", 4, "y"}}),
                  node("relu2", "extractor/activation", {}, {{"x", 5, "y"}}),
                  node("both", "extractor/add", {}, {{"x", 5, "y"}, {"x:1", 6, "y"}}),
                  node("conv3", "extractor/conv2d", {{"out_channels", 8}}, {{"x", 7, "y"}}),
                  node("flatten", "extractor/flatten", {}, {{"x", 8, "y"}}),
                  node("dense", "extractor/linear", {{"out_features", 8192}}, {{"x", 9, "y"}}),
                  node("relu3", "extractor/activation", {}, {{"x", 10, "y"}}),
                  node("mlp", "extractor/mlp", {{"hidden", Integers{32, 8}}}, {{"x", 11, "y"}}),
                  node("softmax", "classifier/softmax", {}, {{"x", 12, "y"}, {"target", 0, "target"}}),
                  node("label", "postprocessor/class_label", {}, {{"scores", 13, "scores"}})};
    plan.training = completeValues(trainingParams(), {{"epochs", 2}, {"learning_rate", 0.005}});
    Trainer trainer(plan, {});
    trainer.prepareData();
    trainer.train();
    const std::string file = path("pictures.safetensors");
    saveBundle(trainer, "", file);
    Bundle plain(file), settled(file);
    settled.settle();
    settled.settle();  // once is enough
    std::vector<Table> tables;
    for (Bundle* bundle : {&plain, &settled}) tables.push_back(answers(*bundle, *bundle->openProject("")));
    double largest = 0;
    for (size_t i = 0; i < 40; ++i)
      largest = std::max(
          largest, std::abs(tables[0].column("probability").numbers[i] - tables[1].column("probability").numbers[i]));
    QVERIFY2(largest < 1e-5, std::to_string(largest).c_str());
    QVERIFY(replay(settled, plain.certificate()).largest <= kMostDeviation);
  }

  // Chunks that are no multiple of the batch, smaller than one, and larger than the file.
  void theChunkSizeChangesNoScore() {
    const auto judged = [&](int64_t chunk_rows) {
      Bundle bundle(bundle_, {.batch_size = 64, .chunk_rows = chunk_rows});
      Watched source(bundle.open(rows_));
      const auto scores = bundle.evaluate(source);
      if (source.most_rows > chunk_rows) throw Error({}, "a chunk of " + std::to_string(source.most_rows) + " rows");
      return scores;
    };
    const auto whole = judged(8192);
    QVERIFY(whole.at("accuracy") > 0.93);
    for (const int64_t rows : {1, 7, 64, 100, 599}) QVERIFY(judged(rows) == whole);
    // A part of the rows, which are scattered over the chunks.
    const auto test = Bundle(bundle_, {.chunk_rows = 11}).evaluatePart("", Part::Test);
    QVERIFY(test == Bundle(bundle_).evaluatePart("", Part::Test));
    for (const auto& [name, value] : finished_.metrics.at("test"))
      if (std::isfinite(value)) QVERIFY2(std::abs(test.at(name) - value) < 1e-6, name.c_str());
  }

  void jsonRowsAndFilesAgree() {
    write(path("one.csv"),
          "side,y,x\nleft,0.5,3.5\nnowhere,3.1,\n");  // other order, unknown class, missing value, no target
    Bundle bundle(bundle_);
    const auto from_file = bundle.open(path("one.csv"));
    const auto from_json =
        bundle.openJson(R"([{"x": 3.5, "y": 0.5, "side": "left"}, {"x": null, "y": 3.1, "side": "nowhere"}])", "rows");
    const Table a = answers(bundle, *from_file), b = answers(bundle, *from_json);
    for (int64_t row = 0; row < 2; ++row)
      for (const auto& column : a.columns()) QCOMPARE(b.column(column->name).cell(row), column->cell(row));
  }

  void missingColumnIsNamed() {
    write(path("lacks.csv"), "x,sidde\n1,left\n");
    Bundle bundle(bundle_);
    try {
      answers(bundle, *bundle.open(path("lacks.csv")));
      QFAIL("expected an error");
    } catch (const Error& error) {
      QVERIFY2(std::string(error.what()).find("\"y\"") != std::string::npos ||
                   std::string(error.what()).find("side") != std::string::npos,
               error.what());
    }
    QVERIFY_EXCEPTION_THROWN(bundle.openJson(R"([{"x": 1}])", "rows"), Error);
    QVERIFY_EXCEPTION_THROWN(bundle.openJson(R"([{"x": "a", "y": 1, "side": "left"}])", "rows"), Error);
  }

  // What the first block drops is asked of nobody who wants an answer.
  void columnsThatAreDroppedMayLack() {
    Plan plan = cloudsPlan(rows_);
    plan.nodes.insert(plan.nodes.begin() + 1,
                      node("drop", "preprocessor/select", {{"columns", Texts{"side"}}, {"mode", "drop"}}, {}));
    for (size_t i = 2; i < plan.nodes.size(); ++i)
      for (auto& input : plan.nodes[i].inputs)
        if (input.port != "target") ++input.from;
    plan.nodes[1].inputs = {{"x", 0, "features"}};
    plan.nodes[2].inputs = {{"x", 1, "y"}};
    Trainer trainer(plan, {});
    trainer.prepareData();
    trainer.train();
    saveBundle(trainer, "", path("drops.safetensors"));
    Bundle bundle(path("drops.safetensors"));
    write(path("all.csv"), "x,y,side\n3.5,0.5,left\n-1,2,right\n");
    write(path("lacks.csv"), "y,x\n0.5,3.5\n2,-1\n");
    const Table all = answers(bundle, *bundle.open(path("all.csv")));
    const auto same = [&](Source& source) {
      const Table some = answers(bundle, source);
      for (int64_t row = 0; row < 2; ++row)
        for (const auto& column : all.columns()) QCOMPARE(some.column(column->name).cell(row), column->cell(row));
    };
    same(*bundle.open(path("lacks.csv")));
    same(*bundle.openJson(R"([{"x": 3.5, "y": 0.5}, {"x": -1, "y": 2}])", "rows"));
    same(*bundle.openJson(R"({"x": [3.5, -1], "y": [0.5, 2]})", "rows"));
    write(path("lacks.csv"), "side,x\nleft,3.5\n");
    QVERIFY_EXCEPTION_THROWN(bundle.open(path("lacks.csv")), Error);
    QVERIFY_EXCEPTION_THROWN(bundle.openJson(R"([{"x": 1}])", "rows"), Error);
    QCOMPARE(bundle.evaluate(*bundle.open(rows_)).count("accuracy"), size_t{1});
  }

  void damageIsRefused() {
    const std::string whole = read(bundle_);
    for (const size_t size : {size_t{0}, size_t{4}, size_t{100}, whole.size() / 2, whole.size() - 1}) {
      write(path("cut.safetensors"), whole.substr(0, size));
      QVERIFY_EXCEPTION_THROWN(Bundle(path("cut.safetensors")), Error);
    }
    for (size_t at = 9; at < whole.size(); at += whole.size() / 97) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ 1);
      write(path("flipped.safetensors"), flipped);
      QVERIFY_EXCEPTION_THROWN(Bundle(path("flipped.safetensors")), Error);
    }
  }
};

QTEST_GUILESS_MAIN(TestBundle)
#include "bundle.moc"
