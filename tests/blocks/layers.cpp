// Every layer and loss against PyTorch: outputs, gradients and running values of tests/reference/layers.py, to 1e-6
// (1e-5 where many layers add up in one block; relative for larger values), and how initial weights are spread.
#include <ATen/ATen.h>

#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "try_block.hpp"

using namespace blockyard;
using Json = nlohmann::json;

namespace {

constexpr double kTolerance = 1e-6;

const Json& reference() {
  static const Json kAll = Json::parse(std::ifstream(BLOCKYARD_TEST_DIR "/blocks/layers_reference.json"));
  return kAll;
}

at::Tensor tensorFrom(const Json& json) {
  return at::tensor(json.at("data").get<Numbers>(), at::kDouble).view(json.at("shape").get<Integers>());
}

std::string farFrom(const std::string& name, const Json& expected, const at::Tensor& got,
                    double tolerance = kTolerance) {
  const at::Tensor want = tensorFrom(expected), have = got.detach().to(at::kDouble);
  if (want.sizes() != have.sizes()) return c10::str(name, ": expected shape ", want.sizes(), ", got ", have.sizes());
  const double worst = ((want - have).abs() / want.abs().clamp_min(1)).max().item<double>();
  return worst <= tolerance ? "" : c10::str(name, ": off by ", worst);
}

// What gradients are taken of where there is no loss: the output with fixed weights.
at::Tensor scalarOf(const at::Tensor& y) {
  return (y.reshape(-1) * at::arange(y.numel(), at::kDouble).mul(0.7).sin().to(at::kFloat)).sum();
}

Signature signatureFor(const at::Tensor& x) {
  Signature out;
  if (x.scalar_type() == at::kLong) out.element = Element::Int64;
  out.shape.assign(x.sizes().begin(), x.sizes().end());
  out.shape[0] = Dim("N");
  return out;
}

// The wires of a case, with what they carry.
struct Wired {
  Batch in{};
  Signatures signatures{};
};

Wired wired(const Json& one) {
  Wired out;
  const auto put = [&](const std::string& slot, const at::Tensor& tensor) {
    out.in.set(slot, tensor);
    out.signatures[slot] = signatureFor(tensor);
  };
  for (size_t i = 0; i < one.at("inputs").size(); ++i) {
    const at::Tensor x = tensorFrom(one.at("inputs")[i]);
    put(portSlot("x", static_cast<int64_t>(i)),
        one.at("integer").get<bool>() ? x.to(at::kLong) : x.to(at::kFloat).requires_grad_());
  }
  if (one.contains("tokens")) put("tokens", tensorFrom(one.at("tokens")).to(at::kLong));
  if (!one.contains("target")) return out;
  const auto classes = one.at("classes").get<int>();
  put("target", tensorFrom(one.at("target")).to(classes > 0 ? at::kLong : at::kFloat));
  out.signatures["target"].kind = classes > 0 ? Wire::Label : Wire::Target;
  for (int i = 0; i < classes; ++i) out.signatures["target"].classes.push_back(std::to_string(i));
  return out;
}

std::string giveWeights(Block& block, const Json& one) {
  if (!one.contains("weights")) return {};
  const at::NoGradGuard no_grad;
  const auto parameters = block.parameters();
  if (parameters.size() != one.at("weights").size()) return "another number of weights";
  for (const auto& [name, tensor] : parameters) {
    if (!one.at("weights").contains(name)) return "PyTorch has no weight " + name;
    at::Tensor(tensor).copy_(tensorFrom(one.at("weights").at(name)));
  }
  State state = block.state();
  for (const auto& [name, buffer] : one.at("buffers").items()) state.tensors[name] = tensorFrom(buffer).to(at::kFloat);
  if (!one.at("buffers").empty()) block.loadState(state);
  return {};
}

std::string compared(const Json& one) {
  const double tolerance = one.value("tolerance", kTolerance);
  const auto far = [&](const std::string& name, const Json& expected, const at::Tensor& got) {
    return farFrom(name, expected, got, tolerance);
  };
  Wired wires = wired(one);
  const std::string id = one.at("block");
  const auto block = madeBlock(id, valuesFromJson(one.at("params")), wires.signatures);
  const bool head = wires.in.has("target"), training = one.at("training");
  RowsOf rows(head ? Batch{{"target", wires.in.packet("target")}} : wires.in);
  if (blockType(id).schema.fitted) block->fit(rows);
  if (auto wrong = giveWeights(*block, one); !wrong.empty()) return wrong;

  Step step(training && !head, KeyedRandom(1));  // heads tell probabilities only when they do not train
  const Batch out = block->forward(wires.in, step);
  (head ? out["loss"] : scalarOf(out["y"])).backward();
  const std::string port = head ? blockType(id).schema.outputs.front().name : "y";
  if (auto wrong = far(port, one.at("y"), out[port]); !wrong.empty()) return wrong;
  if (head)
    if (auto wrong = far("loss", {{"shape", Json::array()}, {"data", {one.at("loss")}}}, out["loss"]); !wrong.empty())
      return wrong;
  if (one.contains("also"))
    for (const auto& [name, expected] : one.at("also").items())
      if (auto wrong = far(name, expected, out[name]); !wrong.empty()) return wrong;
  for (const auto& [name, tensor] : block->parameters())
    if (auto wrong = far("gradient of " + name, one.at("grads").at(name), tensor.grad()); !wrong.empty()) return wrong;
  for (size_t i = 0; i < one.at("x_grads").size(); ++i) {
    const std::string slot = portSlot("x", static_cast<int64_t>(i));
    if (auto wrong = far("gradient of " + slot, one.at("x_grads")[i], wires.in[slot].grad()); !wrong.empty())
      return wrong;
  }
  const State state = block->state();
  if (one.contains("buffers_after"))
    for (const auto& [name, buffer] : one.at("buffers_after").items())
      if (auto wrong = far(name, buffer, state.tensors.at(name)); !wrong.empty()) return wrong;
  return {};
}

}  // namespace

class Layers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void equalPyTorch_data() {
    QTest::addColumn<int>("number");
    int number = 0;
    for (const auto& one : reference().at("cases")) {
      const std::string name =
          std::to_string(number) + " " + one.at("block").get<std::string>() + " " + one.at("params").dump();
      QTest::newRow(name.c_str()) << number++;
    }
  }

  void equalPyTorch() {
    QFETCH(const int, number);
    const std::string wrong = compared(reference().at("cases")[static_cast<size_t>(number)]);
    QVERIFY2(wrong.empty(), wrong.c_str());
  }

  void startUniformAsPyTorch() {
    for (const auto& one : reference().at("distributions")) {
      Shape shape{Dim("N")};
      for (const int64_t size : one.at("shape").get<Integers>()) shape.emplace_back(size);
      const auto block = madeBlock(one.at("block"), valuesFromJson(one.at("params")), {{"x", {.shape = shape}}});
      const at::Tensor weight = block->parameters().at(0).tensor.detach();
      const double bound = one.at("bound");
      QVERIFY(weight.abs().max().item<double>() <= bound);
      QVERIFY(weight.abs().max().item<double>() > 0.99 * bound);
      QVERIFY(std::abs(weight.mean().item<double>()) < 0.02 * bound);
      QVERIFY(std::abs(weight.std().item<double>() / bound * std::sqrt(3.0) - 1) < 0.02);
    }
  }

  void embeddingStartsNormal() {
    Signature codes{.element = Element::Int64, .shape = {Dim("N")}};
    const auto block = madeBlock("extractor/embedding", {{"vocabulary", 500}, {"features", 40}}, {{"x", codes}});
    const at::Tensor weight = block->parameters().at(0).tensor.detach();
    QVERIFY(std::abs(weight.mean().item<double>()) < 0.02);
    QVERIFY(std::abs(weight.std().item<double>() - 1) < 0.02);
  }
};

QTEST_GUILESS_MAIN(Layers)
#include "layers.moc"
