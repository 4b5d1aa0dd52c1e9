// Every block becomes an ONNX model and a TorchScript module, or is refused with what to do; ONNX's checker and shape
// inference accept the models, and what is recorded of a block holds for any number of rows. Whether they answer right
// is judged by tests/oracles/exported_models.py, with ONNX Runtime and PyTorch.
#include <ATen/ATen.h>

#include <QtTest/QtTest>

#include "blocks/eight_bits.hpp"
#include "checks.hpp"
#include "export/bundle.hpp"
#include "export/onnx/write_onnx.hpp"
#include "export/traced_block.hpp"
#include "export/trained_runs.hpp"
#include "export_trial.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace {

using Work = at::Tensor (*)(const at::Tensor& x);

class Works final : public Block {
 public:
  explicit Works(Work work) : work_(work) {}
  Batch forward(const Batch& in, Step&) override { return {{"y", work_(in["x"])}}; }

 private:
  Work work_;
};

PipelineNode nodeOf(Work work) {
  PipelineNode out;
  out.plan.id = "works";
  out.type = &blockType("extractor/linear");
  out.block = std::make_unique<Works>(work);
  return out;
}

ExampleRows rowsOf4() {
  const auto some = [](int64_t rows) {
    return Batch{{"x", at::arange(rows * 4, at::kFloat).reshape({rows, 4}).sin()}};
  };
  return {some(5), some(7), some(3)};
}

// Blocks that have no rule yet, or can have none.
const std::set<std::string> kRefused{"preprocessor/join", "preprocessor/text_normalize", "preprocessor/tokenize",
                                     "preprocessor/tf_idf", "preprocessor/hash_features"};
// Blocks that can be written with some settings only.
const std::set<std::string> kPartly{"preprocessor/cast", "preprocessor/filter_rows", "preprocessor/formula"};

}  // namespace

class TestOnnx : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string bundle_;

  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }

 private Q_SLOTS:
  void initTestCase() {
    SKIP_WITHOUT_ONNX();
    const std::string rows = writeClouds(folder_, 300);
    Trainer trainer(cloudsPlan(rows), {});
    trainer.prepareData();
    trainer.train();
    bundle_ = path("model.safetensors");
    saveBundle(trainer, "some-run", bundle_);
  }

  void everyBlock_data() {
    QTest::addColumn<QString>("id");
    for (const auto& type : catalog())
      if (type.schema.kind != Kind::Source)
        QTest::newRow(type.schema.id.c_str()) << QString::fromStdString(type.schema.id);
  }

  void everyBlock() {
    QFETCH(const QString, id);
    const std::string name = id.toStdString();
    for (uint64_t seed = 1; seed <= 2; ++seed) {
      const Trial trial = makeTrial(blockType(name), seed);
      for (const Written as : {Written::Onnx, Written::OnnxInt8, Written::TorchScript}) {
        const auto refused = errorOf([&] { exportTrial(trial, as); });
        if (kRefused.count(name) == 0 && kPartly.count(name) == 0)
          QVERIFY2(!refused, refused ? refused->what() : "");
        else if (kPartly.count(name) == 0)
          QVERIFY2(refused, "it is written now: take it off the list of this test");
        if (!refused) continue;
        QCOMPARE(refused->where().block, std::string("block"));
        QVERIFY2(!refused->hint().empty(), refused->what());
      }
    }
  }

  // Sizes are plain numbers to a block; those that follow from the rows must not stay in the graph.
  void sizesFollowTheRows() {
    const auto node = nodeOf([](const at::Tensor& x) {
      const int64_t rows = x.size(0);
      return x.reshape({rows * 2, 2}).sum(1).reshape({rows, 2}) + at::zeros({rows + 3, 2}).narrow(0, 1, rows);
    });
    const TracedBlock trace = traced(node, rowsOf4());  // runs it on 3 rows, other than it was recorded with
    int sizes = 0;
    for (const auto* one : trace.graph->nodes()) sizes += one->kind() == torch::jit::aten::size;
    QVERIFY(sizes >= 3);
  }

  void valuesCannotBeRecorded() {
    const auto node = nodeOf([](const at::Tensor& x) { return x * x.sum().item<double>(); });
    const std::string refused = errorText([&] { traced(node, rowsOf4()); });
    QVERIFY2(refused.find("follows from the number of rows") != std::string::npos ||
                 refused.find("looks at values") != std::string::npos,
             refused.c_str());
  }

  void numbersPastTheOperatorsCannotBeRecorded() {
    const auto node = nodeOf([](const at::Tensor& x) {
      at::Tensor y = at::zeros({x.size(0), 1});
      for (int64_t i = 0; i < x.size(0); ++i)
        y.mutable_data_ptr<float>()[i] = x.contiguous().const_data_ptr<float>()[4 * i];
      return y + x;
    });
    const std::string refused = errorText([&] { traced(node, rowsOf4()); });
    QVERIFY2(refused.find("past LibTorch's operators") != std::string::npos, refused.c_str());
  }

  void weightsAndActivationsIn8Bits() {
    const at::Tensor weight = at::arange(24, at::kFloat).sub(11.3).reshape({4, 3, 2}),
                     x = at::arange(30, at::kFloat).cos();
    const EightBitWeight small = eightBitWeight(weight);
    QCOMPARE(small.values.scalar_type(), at::kByte);
    const at::Tensor scale = small.scale.reshape({4, 1, 1});
    const at::Tensor off = ((small.values.to(at::kFloat) - kEightBitZero) * scale - weight).abs();
    QVERIFY((off <= scale * 0.501).all().item<bool>());
    QVERIFY(asWeight(weight).is_same(weight) && asActivation(x).is_same(x));
    {
      const EightBits rounded;
      QVERIFY(at::allclose(asWeight(weight), weight + (asWeight(weight) - weight).clamp(-0.1, 0.1)));
      const at::Tensor said = asActivation(x);
      QVERIFY(!at::equal(said, x) && (said - x).abs().max().item<double>() < 2.0 / 255);
      QCOMPARE(std::get<0>(at::_unique(said)).numel() <= 256, true);
    }
    QVERIFY(asActivation(x).is_same(x));
  }

  void aModelIn8BitsCostsLittle() {
    Bundle bundle(bundle_);
    const OnnxModel small = onnxOf(bundle, Weights::EightBits);
    QVERIFY(small.bytes.find("MatMulInteger") != std::string::npos);
    QVERIFY(onnxOf(bundle).bytes.find("MatMulInteger") == std::string::npos);
    const std::map<std::string, double> before = bundle.evaluatePart({}, Part::Test);
    std::map<std::string, double> after;
    {
      const EightBits rounded;
      after = bundle.evaluatePart({}, Part::Test);
    }
    QVERIFY(before.at("loss") != after.at("loss"));
    QVERIFY2(std::abs(before.at("loss") - after.at("loss")) < 0.05, qPrintable(QString::number(after.at("loss"))));
    QCOMPARE(bundle.evaluatePart({}, Part::Test), before);
  }

  void aWholePipelineIsWritten() {
    Bundle bundle(bundle_);
    const OnnxModel model = onnxOf(bundle);
    QVERIFY(model.bytes.find("some-run") != std::string::npos);
    QCOMPARE(model.outputs.back().name, std::string("probabilities"));
    QCOMPARE(model.bytes, onnxOf(bundle).bytes);  // the same again
    const int64_t size = exportTrained(bundle_, path("model.onnx"), "", Existing::Keep);
    QCOMPARE(size, static_cast<int64_t>(model.bytes.size()));
  }

  void theEndingTellsTheFormat() {
    QCOMPARE(formatOfFile("a.onnx").name, std::string("onnx"));
    QCOMPARE(formatOfFile("a.safetensors").name, std::string("bundle"));
    QCOMPARE(formatOfFile("a").name, std::string("bundle"));
    const auto wrong = errorOf([&] { exportTrained(bundle_, path("a.onnx"), "bundle", Existing::Keep); });
    QVERIFY(wrong && wrong->fault() == Fault::Usage);
    const auto other = errorOf([&] { exportTrained(bundle_, path("a.safetensors"), "onnx", Existing::Keep); });
    QVERIFY(other && other->fault() == Fault::Usage);
  }

  void readinessNamesEveryFormat() {
    const std::vector<Readiness> ready = exportReadiness(bundle_);
    QCOMPARE(ready.size(), exportFormats().size());
    for (const Readiness& one : ready) QVERIFY2(!one.refused, one.format.name.c_str());
  }
};

QTEST_GUILESS_MAIN(TestOnnx)
#include "onnx.moc"
