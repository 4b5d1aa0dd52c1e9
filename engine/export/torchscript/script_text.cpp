#include "export/torchscript/script_text.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <functional>

#include "base/error.hpp"

namespace blockyard {
namespace {

// Names of classes become places among them, and back. -1 is missing, what is unknown has no name either.
constexpr const char* kHelpers = R"(
def places_of(self, texts: List[str], places: Dict[str, int], unknown: int) -> Tensor:
  out: List[int] = []
  for text in texts:
    out.append(places[text] if text in places else unknown)
  return torch.tensor(out, dtype=4).reshape([-1, 1])

def names_of(self, places: Tensor, names: List[str]) -> List[str]:
  flat: List[int] = places.reshape([-1]).tolist()
  out: List[str] = []
  for place in flat:
    out.append(names[place] if place >= 0 and place < len(names) else "")
  return out
)";

// $0, $1, ... stand for what goes in.
const std::map<std::string, const char*> kLines{{"Identity", "$0"},
                                                {"Add", "$0 + $1"},
                                                {"Sub", "$0 - $1"},
                                                {"Mul", "$0 * $1"},
                                                {"Div", "$0 / $1"},
                                                {"Neg", "-$0"},
                                                {"Abs", "torch.abs($0)"},
                                                {"Exp", "torch.exp($0)"},
                                                {"Log", "torch.log($0)"},
                                                {"Sqrt", "torch.sqrt($0)"},
                                                {"Sin", "torch.sin($0)"},
                                                {"Floor", "torch.floor($0)"},
                                                {"Ceil", "torch.ceil($0)"},
                                                {"Round", "torch.round($0)"},
                                                {"Pow", "torch.pow($0, $1)"},
                                                {"Max", "torch.maximum($0, $1)"},
                                                {"MatMul", "torch.matmul($0, $1)"},
                                                {"Equal", "torch.eq($0, $1)"},
                                                {"Less", "torch.lt($0, $1)"},
                                                {"LessOrEqual", "torch.le($0, $1)"},
                                                {"Greater", "torch.gt($0, $1)"},
                                                {"GreaterOrEqual", "torch.ge($0, $1)"},
                                                {"And", "torch.logical_and($0, $1)"},
                                                {"Or", "torch.logical_or($0, $1)"},
                                                {"IsNaN", "torch.isnan($0)"},
                                                {"IsInf", "torch.isinf($0)"},
                                                {"Where", "torch.where($0, $1, $2)"},
                                                {"Shape", "$0.size()"},
                                                {"Expand", "$0.expand($1)"}};

std::string listOf(const std::vector<int64_t>& values) {
  std::string out;
  for (const int64_t value : values) out += (out.empty() ? "" : ", ") + std::to_string(value);
  return "[" + out + "]";
}

std::string numberOf(at::ScalarType type) {
  return std::to_string(static_cast<int>(type));
}

class TextWriter {
 public:
  TextWriter(const OnnxGraph& graph, const std::set<std::string>& columns, const std::vector<std::string>& blocks,
             std::set<std::string> taken)
      : graph_(graph), columns_(columns), blocks_(blocks), taken_(std::move(taken)) {
    taken_.insert({"forward", "places_of", "names_of", kInputNames, kOutputNames});
  }

  ScriptText write() {
    out_.names = {{kInputNames, {}}, {kOutputNames, {}}};
    const std::string head = inputs();
    for (const OnnxNode& node : graph_.file().nodes) line(node);
    out_.code = std::string(kHelpers) + "\ndef forward(self" + head +
                ") -> Tuple[Dict[str, Tensor], Dict[str, List[str]]]:\n" + body_ + outputs();
    return std::move(out_);
  }

 private:
  // The arguments of forward: tensors by name; of a table, numbers and texts.
  std::string inputs() {
    std::string head;
    bool table = false;
    for (const OnnxPort& input : graph_.file().inputs) {
      if (columns_.count(input.name) == 0) {
        const std::string own = scriptName(input.name, arguments_);
        head += ", " + own + ": Tensor";
        values_[input.name] = own;
        continue;
      }
      table = true;
      const std::string name = named(kInputNames, input.name);
      if (input.type == OnnxType::Text) {
        texts_.insert(input.name);
        assign(input.name, "texts[" + name + "]");
      } else {
        assign(input.name, "numbers[" + name + "].to(" + numberOf(at::kDouble) + ").reshape([-1, 1])");
      }
    }
    return table ? head + ", numbers: Dict[str, Tensor], texts: Dict[str, List[str]]" : head;
  }

  std::string outputs() {
    std::string out = "  said_numbers: Dict[str, Tensor] = {}\n  said_texts: Dict[str, List[str]] = {}\n";
    for (const OnnxPort& output : graph_.file().outputs)
      out += std::string(texts_.count(output.name) > 0 ? "  said_texts[" : "  said_numbers[") +
             named(kOutputNames, output.name) + "] = " + value(output.name) + "\n";
    return out + "  return (said_numbers, said_texts)\n";
  }

  // A name stands in a list of the module: LibTorch damages texts in the code that are not plain ASCII.
  std::string named(const char* list, const std::string& name) {
    auto& names = out_.names[list];
    names.push_back(name);
    return std::string("self.") + list + "[" + std::to_string(names.size() - 1) + "]";
  }

  std::string next() { return scriptName("v" + std::to_string(++lines_), arguments_); }

  void assign(const std::string& name, const std::string& expression) {
    const std::string own = next();
    values_[name] = own;
    body_ += "  " + own + " = " + expression + "\n";
  }

  std::string value(const std::string& name) {
    if (const auto it = values_.find(name); it != values_.end()) return it->second;
    const auto constant = graph_.known({name});
    if (!constant) throw Error({}, "a value of the graph is not known: " + name, {}, Fault::Failed);
    const std::string own = scriptName(name, taken_);
    out_.constants.emplace(own, *constant);
    return values_[name] = "self." + own;
  }

  std::string in(const OnnxNode& node, size_t i) { return value(node.inputs.at(i)); }

  // Whole numbers that stand in an attribute, or in a constant that goes in.
  std::vector<int64_t> integers(const OnnxNode& node, const char* attribute, size_t input) const {
    if (const auto it = node.attributes.find(attribute); it != node.attributes.end())
      return std::get<std::vector<int64_t>>(it->second);
    const auto constant = graph_.known({node.inputs.at(input)});
    if (!constant) throw Error({}, node.op + " of sizes that are calculated has no line", {}, Fault::Failed);
    const at::Tensor flat = constant->to(at::kLong).contiguous();
    return {flat.const_data_ptr<int64_t>(), flat.const_data_ptr<int64_t>() + flat.numel()};
  }

  static int64_t integer(const OnnxNode& node, const char* attribute, int64_t otherwise) {
    const auto it = node.attributes.find(attribute);
    return it == node.attributes.end() ? otherwise : std::get<int64_t>(it->second);
  }

  std::string reduced(const OnnxNode& node, const std::string& op, const std::string& x) const {
    const char* const keep = integer(node, "keepdims", 1) != 0 ? "True" : "False";
    return op + "(" + x + ", " + listOf(integers(node, "axes", 1)) + ", " + keep + ")";
  }

  // The classes of a column: to places if texts come in, to texts else.
  void look(const OnnxNode& node) {
    if (node.attributes.count("keys_strings") > 0) {
      const auto& keys = std::get<std::vector<std::string>>(node.attributes.at("keys_strings"));
      const auto& codes = std::get<std::vector<int64_t>>(node.attributes.at("values_int64s"));
      const std::string own = scriptName("places_" + node.inputs.front(), taken_);
      for (size_t i = 0; i < keys.size(); ++i) out_.places[own].emplace(keys[i], codes[i]);
      const int64_t unknown = integer(node, "default_int64", -1);
      return assign(node.outputs.front(),
                    "self.places_of(" + in(node, 0) + ", self." + own + ", " + std::to_string(unknown) + ")");
    }
    // Keys are 0, 1, 2, ...
    const auto& names = std::get<std::vector<std::string>>(node.attributes.at("values_strings"));
    const std::string own = scriptName("names_" + node.outputs.front(), taken_);
    out_.names[own] = names;
    texts_.insert(node.outputs.front());
    assign(node.outputs.front(), "self.names_of(" + in(node, 0) + ", self." + own + ")");
  }

  void call(const OnnxNode& node) {
    std::string arguments, results;
    for (size_t i = 0; i < node.inputs.size(); ++i) arguments += (i > 0 ? ", " : "") + in(node, i);
    for (const auto& output : node.outputs) {
      values_[output] = next();
      results += (results.empty() ? "" : ", ") + values_[output];
    }
    const auto block = static_cast<size_t>(integer(node, kBlockAttribute, 0));
    body_ += "  " + results + " = self." + blocks_.at(block) + ".forward(" + arguments + ")\n";
  }

  void line(const OnnxNode& node) {
    if (node.domain == kOwnDomain) return call(node);
    if (node.op == "LabelEncoder") return look(node);
    if (node.op == "TopK") {
      const std::string count = std::to_string(integers(node, "k", 1).front());
      // Of equal ones the first comes first.
      const std::string both = next();
      body_ += "  " + both + " = torch.sort(" + in(node, 0) + ", stable=True, dim=1, descending=True)\n";
      assign(node.outputs[0], both + "[0].narrow(1, 0, " + count + ")");
      return assign(node.outputs[1], both + "[1].narrow(1, 0, " + count + ")");
    }
    const bool texts = !node.inputs.empty() && texts_.count(node.inputs.front()) > 0;
    if (texts && node.op != "Reshape" && node.op != "Identity")
      throw Error({}, node.op + " on texts has no line of TorchScript", "export the bundle, which holds any block");
    if (texts) texts_.insert(node.outputs.front());
    assign(node.outputs.front(), texts ? in(node, 0) : expression(node));
  }

  std::string expression(const OnnxNode& node) {
    if (const auto plain = kLines.find(node.op); plain != kLines.end()) {
      std::string out;
      for (const char* c = plain->second; *c != '\0'; ++c)
        out += *c == '$' ? in(node, static_cast<size_t>(*++c - '0')) : std::string(1, *c);
      return out;
    }
    const auto it = shaped().find(node.op);
    if (it == shaped().end())
      throw Error({}, "there is no line of TorchScript for the operator " + node.op,
                  "export the bundle, which holds any block");
    return it->second(*this, node);
  }

  // Operators whose line hangs on axes and sizes.
  using Line = std::function<std::string(TextWriter& writer, const OnnxNode& node)>;
  static const std::map<std::string, Line>& shaped() {
    static const std::map<std::string, Line> kShaped{
        {"Cast",
         [](TextWriter& w, const OnnxNode& n) {
           return w.in(n, 0) + ".to(" + numberOf(scalarTypeOf(onnxTypeNumbered(integer(n, "to", 1)))) + ")";
         }},
        {"Gather",
         [](TextWriter& w, const OnnxNode& n) {
           return integer(n, "axis", 0) == 0 ? w.in(n, 0) + "[" + w.in(n, 1) + "]"
                                             : "torch.index_select(" + w.in(n, 0) + ", " +
                                                   std::to_string(integer(n, "axis", 0)) + ", " + w.in(n, 1) + ")";
         }},
        {"Concat",
         [](TextWriter& w, const OnnxNode& n) {
           std::string parts;
           for (size_t i = 0; i < n.inputs.size(); ++i) parts += (i > 0 ? ", " : "") + w.in(n, i);
           return "torch.cat([" + parts + "], " + std::to_string(integer(n, "axis", 0)) + ")";
         }},
        {"Squeeze",
         [](TextWriter& w, const OnnxNode& n) {
           return w.in(n, 0) + ".squeeze(" + std::to_string(w.integers(n, "axes", 1).front()) + ")";
         }},
        {"Unsqueeze",
         [](TextWriter& w, const OnnxNode& n) {
           return w.in(n, 0) + ".unsqueeze(" + std::to_string(w.integers(n, "axes", 1).front()) + ")";
         }},
        {"Reshape",
         [](TextWriter& w, const OnnxNode& n) {
           return w.in(n, 0) + ".reshape(" + listOf(w.integers(n, "shape", 1)) + ")";
         }},
        {"ArgMax",
         [](TextWriter& w, const OnnxNode& n) {
           return "torch.argmax(" + w.in(n, 0) + ", " + std::to_string(integer(n, "axis", 0)) + ", True)";
         }},
        {"ReduceMax", [](TextWriter& w, const OnnxNode& n) { return w.reduced(n, "torch.amax", w.in(n, 0)); }},
        {"ReduceSum", [](TextWriter& w, const OnnxNode& n) { return w.reduced(n, "torch.sum", w.in(n, 0)); }},
        {"ReduceMean", [](TextWriter& w, const OnnxNode& n) { return w.reduced(n, "torch.mean", w.in(n, 0)); }},
        {"ReduceSumSquare",
         [](TextWriter& w, const OnnxNode& n) {
           return w.reduced(n, "torch.sum", "torch.square(" + w.in(n, 0) + ")");
         }},
        // Of a real signal [..., 1], as real and imaginary parts [..., 2].
        {"DFT", [](TextWriter& w, const OnnxNode& n) {
           return "torch.view_as_real(torch.fft_rfft(" + w.in(n, 0) + ".squeeze(-1)))";
         }}};
    return kShaped;
  }

  const OnnxGraph& graph_;
  const std::set<std::string>& columns_;
  const std::vector<std::string>& blocks_;
  std::map<std::string, std::string> values_;  // of the graph, as they are called in the text
  std::set<std::string> texts_, taken_;
  std::set<std::string> arguments_{"self", "numbers", "texts", "said_numbers", "said_texts"};
  int lines_ = 0;
  std::string body_;
  ScriptText out_;
};

}  // namespace

std::string scriptName(const std::string& wanted, std::set<std::string>& taken) {
  static const std::set<std::string> kWords{
      "",     "False", "None",   "True",    "and",    "as",   "assert", "break", "class",  "continue", "def", "del",
      "elif", "else",  "except", "finally", "for",    "from", "global", "if",    "import", "in",       "is",  "lambda",
      "not",  "or",    "pass",   "raise",   "return", "self", "try",    "while", "with",   "yield"};
  std::string name;
  for (const char c : wanted) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain ? c : '_';
  }
  if (kWords.count(name) > 0 || (name.front() >= '0' && name.front() <= '9')) name = "_" + name;
  std::string own = name;
  for (int i = 2; !taken.insert(own).second; ++i) own = name + "_" + std::to_string(i);
  return own;
}

ScriptText scriptText(const OnnxGraph& graph, const std::set<std::string>& columns,
                      const std::vector<std::string>& blocks, std::set<std::string> taken) {
  return TextWriter(graph, columns, blocks, std::move(taken)).write();
}

}  // namespace blockyard
