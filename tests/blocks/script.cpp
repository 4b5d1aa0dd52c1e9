// Scripts: what they compute, what is inferred, what is refused and where.
#include <QTest>

#include "blocks/script.hpp"
#include "checks.hpp"
#include "try_block.hpp"

using namespace blockyard;

namespace {

std::string script(const std::string& body) {
  return "def forward(x: Tensor) -> Tensor:\n" + body;
}

Signature tensorLike(Shape shape, Element element = Element::Float32) {
  return {.kind = Wire::Tensor, .element = element, .shape = std::move(shape)};
}

std::string compileRefusal(const std::string& code) {
  return errorText([&] { ScriptFunction(code, 1); });
}

std::string inferredText(const std::string& body, const Signature& x) {
  return ScriptFunction(script(body), 1).infer({x}).text();
}

}  // namespace

class TestScript : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void computes();
  void callsItsOwnFunctions();
  void infersShapes();
  void namesTheLineOfAMistake_data();
  void namesTheLineOfAMistake();
  void refusesWhatIsNotPure_data();
  void refusesWhatIsNotPure();
  void explainsFailuresWhileRunning();
  void survivesHostileTexts_data();
  void survivesHostileTexts();
  void hasLearnedWeights();
  void worksInEveryKind();
  void lossesAreNumbers();
  void headsCheckTheirScripts();
};

void TestScript::computes() {
  const at::Tensor x = at::tensor({-1.0F, 0.0F, 2.0F}).reshape({3, 1}).requires_grad_();
  const ScriptFunction function(script("    y = torch.relu(x) * 3 + torch.ones_like(x)\n    return F.relu(y)\n"), 1);
  const at::Tensor y = function.call({x});
  QVERIFY(at::equal(y, at::tensor({1.0F, 1.0F, 7.0F}).reshape({3, 1})));
  y.sum().backward();
  QVERIFY(at::equal(x.grad(), at::tensor({0.0F, 0.0F, 3.0F}).reshape({3, 1})));
  const ScriptFunction types(script("    return x.float().to(dtype=torch.float64).to(torch.float32) / 2\n"), 1);
  QVERIFY(at::equal(types.call({at::ones({2}, at::kByte)}), at::full({2}, 0.5)));
}

void TestScript::callsItsOwnFunctions() {
  const std::string code =
      "def twice(x: Tensor) -> Tensor:\n    return x * 2\n\n"
      "def forward(x: Tensor) -> Tensor:\n    y = x\n    for i in range(3):\n        y = twice(y) + i\n"
      "    parts = [y, y]\n    parts.append(x)\n    a, b = torch.cat(parts, dim=1)[:, 0:2].chunk(2, 1)\n"
      "    if y.dim() == 2 and y.size(1) > 0:\n        a = a + b\n    return a\n";
  QVERIFY(at::equal(ScriptFunction(code, 1).call({at::ones({2, 1})}), at::full({2, 1}, 24.0)));
}

void TestScript::infersShapes() {
  const Signature rows = tensorLike({"N", 6});
  COMPARE_TEXT(inferredText("    return x.reshape(x.size(0), 2, 3)\n", rows), "float32 [N, 2, 3]");
  COMPARE_TEXT(inferredText("    return x.argmax(1)\n", rows), "int64 [N]");
  COMPARE_TEXT(inferredText("    return x.sum()\n", rows), "float32 []");
  COMPARE_TEXT(inferredText("    return torch.cat([x, x], 1)\n", tensorLike({"N", "F"})), "float32 [N, d1]");
  COMPARE_TEXT(inferredText("    return x > 0\n", tensorLike({"N", "F"})), "bool [N, F]");
  // A look at a value works on real data only.
  COMPARE_TEXT(inferredText("    if bool(x.sum() > 1):\n        return x\n    return x * 2\n", rows), "float32 [N, 6]");
}

void TestScript::namesTheLineOfAMistake_data() {
  QTest::addColumn<QString>("body");
  QTest::addColumn<QString>("message");
  QTest::newRow("syntax") << "    return x +\n"
                          << "parameter code, line 2: expected";
  QTest::newRow("unknown name") << "    y = x\n    return z\n"
                                << "parameter code, line 3: undefined value z";
  QTest::newRow("unknown operator")
      << "    y = x + 1\n    return torch.rleu(y)\n"
      << "parameter code, line 3: there is no operator torch.rleu (did you mean torch.relu?)";
  QTest::newRow("wrong type") << "    return 3\n"
                              << "parameter code, line 2: ";
  QTest::newRow("module") << "    return os.system('ls')\n"
                          << "parameter code, line 2: undefined value os";
}

void TestScript::namesTheLineOfAMistake() {
  QFETCH(QString, body);
  QFETCH(QString, message);
  VERIFY_CONTAINS(compileRefusal(script(body.toStdString())), message.toStdString());
}

void TestScript::refusesWhatIsNotPure_data() {
  QTest::addColumn<QString>("body");
  QTest::addColumn<QString>("message");
  const auto row = [](const char* name, const char* body, const char* message) {
    QTest::newRow(name) << body << message;
  };
  row("save", "    torch.save(x, 'a')\n    return x\n", "line 2: expected a pure tensor operator, got aten::save");
  row("from_file", "    return torch.from_file('/etc/passwd', False, 10)\n", "got aten::from_file");
  row("print", "    print(x)\n    return x\n", "a script cannot print");
  row("rand", "    return x + torch.rand([3])\n", "the run's seed");
  row("randn_like", "    return torch.randn_like(x)\n", "the run's seed");
  row("dropout", "    return torch.dropout(x, 0.5, True)\n", "the run's seed");
  row("seed", "    torch.manual_seed(3)\n    return x\n", "expected a pure tensor operator, got aten::manual_seed");
  row("in place", "    x += 1\n    return x\n", "line 2: expected a pure tensor operator, got aten::add_");
  row("in place method", "    x.relu_()\n    return x\n", "x = x + 1");
  row("assignment", "    x[0] = 1\n    return x\n", "x = x + 1");
  row("out", "    torch.add(x, x, out=x)\n    return x\n", "x = x + 1");
  row("uninitialized", "    return torch.empty([3])\n", "got aten::empty");
  row("running statistics", "    return torch.batch_norm(x, None, None, x, x, True, 0.1, 1e-5, False)\n",
      "got aten::batch_norm");
  row("endless", "    while True:\n        x = x + 1\n    return x\n", "range(n)");
  row("nested", "    for i in range(2):\n        if i == 1:\n            print(i)\n    return x\n", "line 4");
}

void TestScript::refusesWhatIsNotPure() {
  QFETCH(QString, body);
  QFETCH(QString, message);
  VERIFY_CONTAINS(compileRefusal(script(body.toStdString())), message.toStdString());
  // The same inside a function that is called.
  const std::string hidden = "def hidden(x: Tensor) -> Tensor:\n" + body.toStdString() +
                             "def forward(x: Tensor) -> Tensor:\n    return hidden(x)\n";
  QVERIFY(!compileRefusal(hidden).empty());
}

void TestScript::explainsFailuresWhileRunning() {
  const ScriptFunction function(script("    y = x + 1\n    return torch.matmul(y, y)\n"), 1);
  VERIFY_CONTAINS(errorText([&] {
                    function.call({at::ones({2, 3})});
                  }),
                  "parameter code, line 3: mat1 and mat2 shapes");
  VERIFY_CONTAINS(errorText([&] { function.infer({tensorLike({"N", 5})}); }), "parameter code, line 3: ");
  const ScriptFunction picky(script("    assert x.size(0) > 100, 'too few rows'\n    return x\n"), 1);
  VERIFY_CONTAINS(errorText([&] { picky.call({at::ones({2, 3})}); }), "too few rows");
  COMPARE_TEXT(compileRefusal("def other(x: Tensor) -> Tensor:\n    return x\n"),
               "parameter code: expected a function called forward, got none (def forward(x: Tensor) -> Tensor:)");
  VERIFY_CONTAINS(compileRefusal("def forward(x: Tensor, y: Tensor) -> Tensor:\n    return x\n"),
                  "1 Tensor as arguments, got 2");
  VERIFY_CONTAINS(compileRefusal("def forward(x: int) -> Tensor:\n    return torch.ones([x])\n"), "of other types");
  VERIFY_CONTAINS(compileRefusal(""), "expected a function called forward");
}

void TestScript::survivesHostileTexts_data() {
  QTest::addColumn<QString>("code");
  const auto repeated = [](const std::string& text, size_t count) {
    std::string out;
    for (size_t i = 0; i < count; ++i) out += text;
    return out;
  };
  const auto row = [](const char* name, const std::string& code) {
    QTest::newRow(name) << QString::fromStdString(code);
  };
  row("brackets", script("    return " + repeated("(", 30000)));
  row("matched", script("    return " + repeated("(", 30000) + "x" + repeated(")", 30000) + "\n"));
  row("signs", script("    return " + repeated("-", 60000) + "x\n"));
  row("nots", script("    return " + repeated("not ", 15000) + "x\n"));
  row("sum", script("    return x" + repeated("+x", 30000) + "\n"));
  row("powers", script("    return x" + repeated("**x", 20000) + "\n"));
  row("methods", script("    return x" + repeated(".t()", 15000) + "\n"));
  row("elif", script("    if x.dim() == 1:\n        return x\n" +
                     repeated("    elif x.dim() == 1:\n        return x\n", 1500) + "    return x\n"));
  row("too long", script("    return x\n" + repeated("#", 70000)));
  row("bytes", std::string("\xff\xfe def \x01", 8));
}

void TestScript::survivesHostileTexts() {
  QFETCH(QString, code);
  errorText([&] { ScriptFunction(code.toStdString(), 1); });  // an answer or an Error, but not the end of the program
}

void TestScript::hasLearnedWeights() {
  const Values params{{"code", "def forward(x: Tensor, w: Tensor, b: Tensor) -> Tensor:\n    return x @ w.t() + b\n"},
                      {"weights", Texts{"w=[4, 3]", "b=4"}}};
  const Signatures inputs{{"x", tensorLike({"N", 3})}};
  COMPARE_TEXT(inferred("extractor/script", params, inputs).at("y").text(), "float32 [N, 4]");
  const auto block = madeBlock("extractor/script", params, inputs);
  const auto weights = block->parameters();
  QCOMPARE(weights.size(), size_t{2});
  COMPARE_TEXT(weights[0].name, "w");
  QVERIFY(weights[0].tensor.abs().max().item<double>() <= 1 / std::sqrt(3.0));
  const at::Tensor x = at::ones({5, 3});
  const at::Tensor y = predicted(*block, {{"x", Packet(x)}})["y"];
  QVERIFY(at::allclose(y, at::linear(x, weights[0].tensor, weights[1].tensor)));
  y.sum().backward();
  QVERIFY(at::equal(weights[1].tensor.grad(), at::full({4}, 5.0)));
  for (const std::string bad : {"w", "=3", "w=a", "w=0", "w=3y"})
    VERIFY_CONTAINS(errorText([&] {
                      inferred("extractor/script", {{"weights", Texts{bad}}}, inputs);
                    }),
                    "parameter weights");
  VERIFY_CONTAINS(errorText([&] {
                    inferred("extractor/script", {{"weights", Texts{"w=3", "w=4"}}}, inputs);
                  }),
                  "two weights");
}

void TestScript::worksInEveryKind() {
  const Values params{{"code", script("    return x.float() / 4\n")}};
  const Signatures image{{"x", {.kind = Wire::Image, .element = Element::UInt8, .shape = {"N", 1, 2, 2}}}};
  COMPARE_TEXT(inferred("preprocessor/script", params, image).at("y").text(), "float32 [N, 1, 2, 2]");
  const Signatures scores{{"x", {.shape = {"N", 2}, .classes = {"a", "b"}}}};
  QCOMPARE(inferred("postprocessor/script", params, scores).at("y").classes.size(), size_t{2});
  const auto meaning = std::make_shared<const Meaning>(Meaning{.classes = {"a", "b"}});
  const auto block = madeBlock("postprocessor/script", params, scores);
  const Packet out = predicted(*block, {{"x", Packet(at::ones({3, 2}), meaning)}}).packet("y");
  QVERIFY(at::equal(out.tensor(), at::full({3, 2}, 0.25)));
  QCOMPARE(out.meaning().classes.size(), size_t{2});
  VERIFY_CONTAINS(errorText([&] {
                    inferred("postprocessor/script", {{"code", script("    return x.sum(0)\n")}}, scores);
                  }),
                  "one row for each row of x");
}

void TestScript::lossesAreNumbers() {
  const std::string code =
      "def forward(values: Tensor, target: Tensor) -> Tensor:\n    return ((values - target) ** 2).mean()\n";
  const std::vector<Signature> arguments{tensorLike({"N", 1}), tensorLike({"N", 1})};
  ScriptFunction(code, 2, "loss_code").requireNumber(arguments);
  const ScriptFunction rows(script("    return x\n"), 1, "loss_code");
  VERIFY_CONTAINS(errorText([&] { rows.requireNumber({arguments[0]}); }),
                  "parameter loss_code: expected a single number");
}

void TestScript::headsCheckTheirScripts() {
  const Signatures rows{
      {"x", tensorLike({"N", 4})},
      {"target", {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = {"a", "b"}}}};
  const std::string head = "def forward(outputs: Tensor, target: Tensor) -> Tensor:\n";
  for (const char* id : {"classifier/softmax", "classifier/logistic"}) {
    inferred(id, {{"loss_code", head + "    return outputs.sum() + target.sum()\n"}}, rows);
    VERIFY_CONTAINS(errorText([&] {
                      inferred(id, {{"loss_code", head + "    return outputs\n"}}, rows);
                    }),
                    "parameter loss_code: expected a single number");
    VERIFY_CONTAINS(errorText([&] {
                      inferred(id, {{"metric_code", head + "    return torch.sun(outputs)\n"}}, rows);
                    }),
                    "parameter metric_code, line 2: there is no operator torch.sun");
  }
  VERIFY_CONTAINS(errorText([&] {
                    inferred("classifier/softmax", {{"loss_code", head + "    return torch.ones([])"}}, rows);
                  }),
                  "parameter loss_code: expected a loss that depends on its first argument");
  const Signatures numbers{{"x", tensorLike({"N", 4})}, {"target", {.kind = Wire::Target, .shape = {"N"}}}};
  inferred("regressor/linear", {{"loss_code", head + "    return (outputs - target).abs().mean()\n"}}, numbers);
  VERIFY_CONTAINS(errorText([&] {
                    inferred("regressor/linear", {{"metric_code", head + "    return outputs @ target\n"}}, numbers);
                  }),
                  "parameter metric_code, line 2");
}

QTEST_GUILESS_MAIN(TestScript)
#include "script.moc"
