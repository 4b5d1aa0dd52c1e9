// A pipeline as a TorchScript module answers as the bundle does; names of any kind survive. Single blocks are tried in
// onnx.cpp. Whether PyTorch agrees is judged by tests/oracles/exported_models.py.
#include <ATen/ATen.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <QtTest/QtTest>
#include <sstream>

#include "base/file.hpp"
#include "export/bundle.hpp"
#include "export/torchscript/script_text.hpp"
#include "export/torchscript/write_torchscript.hpp"
#include "export/trained_runs.hpp"
#include "training/small_plan.hpp"
#include "training/trainer.hpp"

using namespace blockyard;
using namespace blockyard::testing;

namespace {

namespace jit = torch::jit;

using TextColumns = c10::Dict<std::string, c10::List<std::string>>;

struct Said {
  c10::Dict<std::string, at::Tensor> numbers;
  TextColumns texts;
};

jit::Module loaded(const std::string& bytes) {
  std::istringstream in(bytes);
  return jit::load(in);
}

Said ask(jit::Module module, const std::vector<double>& x, const std::vector<double>& y,
         const std::vector<std::string>& side) {
  c10::Dict<std::string, at::Tensor> numbers;
  numbers.insert("größe \"x\"\n", at::tensor(x, at::kDouble));
  numbers.insert("in", at::tensor(y, at::kDouble));
  TextColumns texts;
  texts.insert("side", c10::List<std::string>(c10::ArrayRef<std::string>(side)));
  // Not by Module::forward: see write_torchscript.cpp.
  jit::Stack stack{module._ivalue(), numbers, texts};
  jit::toGraphFunction(module.get_method("forward").function()).get_executor().run(stack);
  const c10::IValue& said = stack.back();
  const auto& parts = said.toTupleRef().elements();
  return {c10::impl::toTypedDict<std::string, at::Tensor>(parts[0].toGenericDict()),
          c10::impl::toTypedDict<std::string, c10::List<std::string>>(parts[1].toGenericDict())};
}

}  // namespace

class TestTorchScript : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir folder_;
  std::string bundle_;

  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }

 private Q_SLOTS:
  void initTestCase() {
    // Names that no identifier could be, and a word of the language.
    std::string rows = readFile(writeClouds(folder_, 300));
    rows.replace(0, rows.find('\n'), "\"größe \"\"x\"\"\n\",in,side,kind");
    writeDurably(path("clouds.csv"), rows);
    Plan plan = cloudsPlan(path("clouds.csv"));
    plan.nodes[5].id = "inner/class";
    Trainer trainer(plan, {});
    trainer.prepareData();
    trainer.train();
    bundle_ = path("model.safetensors");
    saveBundle(trainer, "some-run", bundle_);
  }

  void aWholePipelineAnswersTheSame() {
    Bundle bundle(bundle_);
    const TorchScriptModel model = torchScriptOf(bundle);
    const jit::Module module = loaded(model.bytes);
    const std::vector<double> x{-4.5, 0.25, std::nan(""), 4}, y{0.5, 3.75, -4, std::nan("")};
    const std::vector<std::string> side{"left", "", "right", "nobody has seen this"};
    const Said said = ask(module, x, y, side);
    nlohmann::json rows = nlohmann::json::array();
    for (size_t i = 0; i < x.size(); ++i) {
      nlohmann::json row{{"side", side[i].empty() ? nlohmann::json() : nlohmann::json(side[i])}};
      row["größe \"x\"\n"] = std::isnan(x[i]) ? nlohmann::json() : nlohmann::json(x[i]);
      row["in"] = std::isnan(y[i]) ? nlohmann::json() : nlohmann::json(y[i]);
      rows.push_back(row);
    }
    const auto source = bundle.openRows(rows, "rows");
    bundle.answer(*source, [&](const Answers& wanted) {
      const Column &label = wanted.table.column("label"), &probability = wanted.table.column("probability");
      for (int64_t row = 0; row < label.rows(); ++row) {
        QCOMPARE(said.texts.at("label").get(static_cast<size_t>(row)), label.cell(row));
        QVERIFY(std::abs(said.numbers.at("probability")[row].item<double>() -
                         probability.numbers[static_cast<size_t>(row)]) < 1e-5);
      }
      QCOMPARE(said.numbers.at("probabilities").sizes().vec(), (std::vector<int64_t>{4, 3}));
    });
    QCOMPARE(model.outputs, (std::vector<std::string>{"label", "probability", "probabilities"}));
  }

  void theModuleTellsWhatItIs() {
    Bundle bundle(bundle_);
    const jit::Module module = loaded(torchScriptOf(bundle).bytes);
    QCOMPARE(module.attr("run").toStringRef(), std::string("some-run"));
    const auto classes = module.attr("classes").toGenericDict().at("probabilities").toList();
    QCOMPARE(classes.size(), size_t{3});
    QCOMPARE(classes.get(2).toStringRef(), std::string("c"));
    std::set<std::string> weights;
    for (const auto& each : module.named_parameters()) weights.insert(each.name);
    QVERIFY(weights.count("inner_class.linear1_weight") > 0);
  }

  void attributesHaveNamesOfTheirOwn() {
    std::set<std::string> taken{"run"};
    QCOMPARE(scriptName("conv1", taken), std::string("conv1"));
    QCOMPARE(scriptName("conv1", taken), std::string("conv1_2"));
    QCOMPARE(scriptName("run", taken), std::string("run_2"));
    QCOMPARE(scriptName("in", taken), std::string("_in"));
    QCOMPARE(scriptName("3/größe", taken), std::string("_3_gr____e"));
  }

  void aFileIsWritten() {
    QCOMPARE(formatOfFile("a.pt").name, std::string("torchscript"));
    exportTrained(bundle_, path("model.pt"), "", Existing::Keep);
    const Said said = ask(loaded(readFile(path("model.pt"))), {1.5}, {2}, {"left"});
    QCOMPARE(said.texts.at("label").size(), size_t{1});
  }
};

QTEST_GUILESS_MAIN(TestTorchScript)
#include "torchscript.moc"
