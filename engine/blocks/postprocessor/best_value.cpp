// Best value: the class that is worth most on average, by what each right and wrong answer is worth.
#include <ATen/ATen.h>

#include <algorithm>
#include <charconv>

#include "blocks/answers.hpp"
#include "blocks/block.hpp"

namespace blockyard::postprocessor {
namespace {

constexpr const char* kAs = " as ";

// "sick as healthy=-500" for one pair of classes.
struct Line {
  size_t truth = 0, answer = 0;
  double value = 0;
};

size_t classNamed(const std::string& name, const std::vector<std::string>& classes, const std::string& line) {
  const auto found = std::find(classes.begin(), classes.end(), name);
  if (found != classes.end()) return static_cast<size_t>(found - classes.begin());
  const std::string near = nearestName(name, classes);
  throw Error({.parameter = "values"}, "there is no class \"" + name + "\" in \"" + line + "\"",
              near.empty() ? "" : "did you mean \"" + near + "\"?");
}

// A class may itself be called "as good as new": the first cut that gives two known classes is taken.
Line lineFrom(const std::string& text, const std::vector<std::string>& classes) {
  const size_t equals = text.rfind('=');
  Line out;
  const char* const end = text.data() + text.size();
  if (equals == std::string::npos || std::from_chars(text.data() + equals + 1, end, out.value).ptr != end ||
      equals + 1 == text.size())
    throw Error({.parameter = "values"}, "expected \"TRUE CLASS as ANSWER=VALUE\", got \"" + text + "\"");
  const std::string pair = text.substr(0, equals);
  const auto known = [&](const std::string& name) {
    return std::find(classes.begin(), classes.end(), name) != classes.end();
  };
  size_t cut = pair.find(kAs);
  const size_t first = cut;
  constexpr size_t kAsLength = 4;
  while (cut != std::string::npos && !(known(pair.substr(0, cut)) && known(pair.substr(cut + kAsLength))))
    cut = pair.find(kAs, cut + 1);
  if (cut == std::string::npos) cut = first;
  if (cut == std::string::npos)
    throw Error({.parameter = "values"}, "expected \"TRUE CLASS as ANSWER=VALUE\", got \"" + text + "\"");
  out.truth = classNamed(pair.substr(0, cut), classes, text);
  out.answer = classNamed(pair.substr(cut + kAsLength), classes, text);
  return out;
}

class BestValue final : public Block {
 public:
  explicit BestValue(const Values& values) : values_(values) {}

  // Elkan, "The foundations of cost-sensitive learning" (IJCAI 2001): argmax over answers j of sum over i of
  // p(i) * value(i, j). Of equally good answers the first.
  Batch forward(const Batch& in, Step&) override {
    const at::Tensor scores = in["scores"].detach().to(at::kCPU, at::kDouble);  // [N, K]
    const Classes classes = classNames(in.packet("scores"));
    const at::Tensor matrix = worthMatrix(values_, *classes);
    const at::Tensor expected = (scores.unsqueeze(2) * matrix).sum(1);  // [N, K]
    const at::Tensor label = expected.argmax(-1);
    const at::Tensor value = expected.gather(1, label.unsqueeze(1)).squeeze(1);
    Batch out{{"answer", Packet(Table({labelColumn("label", label, classes), numberColumn("value", value)}))},
              {kDecision, label}};
    if (in.has("target")) {
      const at::Tensor truth = in["target"].to(at::kCPU, at::kLong).clamp(0, matrix.size(0) - 1);
      out.set(kDecisionValue, matrix.flatten().index_select(0, truth * matrix.size(1) + label));
    }
    return out;
  }

 private:
  Values values_;
};

Signatures inferBestValue(const Values& values, const Signatures& inputs) {
  const Signature& scores = inputs.at("scores");
  if (!scores.classes.empty() && !scores.open) worthMatrix(values, scores.classes);
  return {
      {"answer", answerOf({{"label", ColumnType::Category, scores.classes}, {"value", ColumnType::Number}}, scores)}};
}

}  // namespace

BlockType best_value() {
  constexpr double kMany = 1e12;
  return {
      .schema =
          {.title = "Best value",
           .doc = "Answers the class that is worth most on average, by its probabilities and by what each right and "
                  "wrong answer is worth; the test rows are judged in that value, too. Probabilities should be honest: "
                  "put Calibrated probability before it.",
           .inputs = {{"scores", "float[N, K]", "probability of each class"},
                      {"target", "label", "the right class of each row, to judge by", Wires::Optional}},
           .outputs = {{"answer", "table", "columns label and value (that is expected of the answer)"}},
           .params = {{"values",
                       Texts{},
                       {},
                       "worth of single answers, as \"TRUE CLASS as ANSWER=VALUE\": \"sick as healthy=-500\""},
                      {"right", 0.0, Range{-kMany, kMany}, "worth of every other right answer"},
                      {"wrong", -1.0, Range{-kMany, kMany}, "worth of every other wrong answer; a cost is negative"},
                      {"unit", "", {}, "what the values are counted in, shown behind them: EUR, hours"}},
           .examples = {{.params = {{"values", Texts{"1 as 0=-10"}}},
                         .in = {{"scores", {{2, 2}, {0.75, 0.25, 0.9375, 0.0625}}}},
                         .out_tables = {{"answer", "label:category,value\n1,-0.75\n0,-0.625\n"}}}},
           .decides = true},
      .make = make<BestValue>,
      .infer = inferBestValue};
}

}  // namespace blockyard::postprocessor

namespace blockyard {

at::Tensor worthMatrix(const Values& settings, const std::vector<std::string>& classes) {
  const auto count = static_cast<int64_t>(classes.size());
  at::Tensor out = at::full({count, count}, settings.number("wrong"), at::kDouble);
  out.diagonal().fill_(settings.number("right"));
  for (const std::string& text : settings.texts("values")) {
    const postprocessor::Line line = postprocessor::lineFrom(text, classes);
    out.mutable_data_ptr<double>()[line.truth * classes.size() + line.answer] = line.value;
  }
  return out;
}

}  // namespace blockyard
