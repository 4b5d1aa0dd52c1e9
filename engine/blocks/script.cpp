#include "blocks/script.hpp"

#include <ATen/ATen.h>
#include <pthread.h>
#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/frontend/resolver.h>
#include <torch/csrc/jit/frontend/sugared_value.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/interpreter.h>

#include <charconv>
#include <exception>
#include <limits>
#include <set>

namespace blockyard {

struct ScriptFunction::Compiled {
  torch::jit::Code code;
};

namespace {

namespace jit = torch::jit;

constexpr size_t kLongestCode = 1 << 16;
constexpr size_t kCompilerStack = size_t{1} << 29;

// The compiler descends into expressions by recursion, so a long enough text would end the program. On a stack of its
// own, which takes no memory until it is used, the longest text allowed is far from the end.
void onLargeStack(const std::function<void()>& work) {
  struct Job {
    const std::function<void()>& work;
    std::exception_ptr failure{};
  } job{work};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kCompilerStack);
  pthread_t thread{};
  const auto run = [](void* given) -> void* {
    auto& mine = *static_cast<Job*>(given);
    try {
      mine.work();
    } catch (...) {
      mine.failure = std::current_exception();
    }
    return nullptr;
  };
  const int failed = pthread_create(&thread, &attributes, run, &job);
  pthread_attr_destroy(&attributes);
  if (failed != 0) throw Error({}, "there is no memory left to compile a script", "", Fault::OutOfMemory);
  pthread_join(thread, nullptr);
  if (job.failure) std::rethrow_exception(job.failure);
}

// The name `torch` inside a script: operators, and the names of the types of numbers. `torch.nn.functional` is the same
// again, with the one loss whose operator is called differently.
struct TorchName final : jit::BuiltinModule {
  TorchName() : BuiltinModule("aten", 1) {}

  std::shared_ptr<jit::SugaredValue> attr(const jit::SourceRange& place, jit::GraphFunction& function,
                                          const std::string& field) override {
    static const std::map<std::string, at::ScalarType> kTypes = {
        {"float32", at::kFloat}, {"float", at::kFloat}, {"float64", at::kDouble}, {"double", at::kDouble},
        {"int64", at::kLong},    {"long", at::kLong},   {"uint8", at::kByte},     {"bool", at::kBool}};
    if (field == "cross_entropy") return BuiltinModule::attr(place, function, "cross_entropy_loss");
    if (field == "nn" || field == "functional") return std::make_shared<TorchName>();
    if (const auto it = kTypes.find(field); it != kTypes.end())
      return std::make_shared<jit::SimpleValue>(
          jit::insertConstant(*function.graph(), static_cast<int64_t>(it->second), place));
    return BuiltinModule::attr(place, function, field);
  }
};

struct Names final : jit::Resolver {
  std::shared_ptr<jit::SugaredValue> resolveValue(const std::string& name, jit::GraphFunction&,
                                                  const jit::SourceRange&) override {
    if (name == "torch" || name == "F") return std::make_shared<TorchName>();
    return nullptr;
  }
};

// The line of the script that a message of the compiler (its first mention) or of the interpreter (its last) speaks of.
int64_t lineIn(const std::string& message, bool last) {
  constexpr std::string_view kMark = "File \"<string>\", line ";
  const size_t at = last ? message.rfind(kMark) : message.find(kMark);
  int64_t line = 0;
  if (at != std::string::npos)
    std::from_chars(message.data() + at + kMark.size(), message.data() + message.size(), line);
  return line;
}

std::string firstLine(std::string text) {
  text.erase(0, std::min(text.find_first_not_of(" \n"), text.size()));
  text = text.substr(0, text.find('\n'));
  while (!text.empty() && (text.back() == ':' || text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

Error compileError(const std::string& parameter, const std::string& message) {
  std::string problem = firstLine(message), hint;
  if (problem.ends_with(" here")) problem.resize(problem.size() - 5);
  constexpr std::string_view kUnknown = "Unknown builtin op: aten::";
  if (problem.starts_with(kUnknown)) {
    const std::string name = problem.substr(kUnknown.size());
    const std::string near = nearestOperator(name);
    problem = "there is no operator torch." + name;
    if (!near.empty()) hint = "did you mean torch." + near + "?";
  }
  // The end of a line counts as the start of the next one there.
  const bool at_end = problem.ends_with("found 'newline'");
  return {{.parameter = parameter, .line = lineIn(message, false) - (at_end ? 1 : 0)}, problem, hint};
}

Error runError(const std::string& parameter, const std::string& message) {
  constexpr std::string_view kWhat = "RuntimeError: ";
  const size_t at = message.rfind(kWhat);
  const std::string problem = firstLine(at == std::string::npos ? message : message.substr(at + kWhat.size()));
  return {{.parameter = parameter, .line = lineIn(message, true)}, problem};
}

// Where a node stands in the text: the line of the statement, also inside functions that it calls.
int64_t lineOf(const jit::Node& node) {
  const auto place = node.sourceRange().file_line_col();
  return place ? static_cast<int64_t>(std::get<1>(*place)) : 0;
}

bool writesTensor(const jit::Node& node) {
  const auto* schema = node.maybeSchema();
  if (schema == nullptr) return false;
  for (const auto& argument : schema->arguments())
    if (argument.alias_info() && argument.alias_info()->isWrite() &&
        argument.type()->isSubtypeOf(*c10::TensorType::get()))
      return true;
  return false;
}

// A while loop is a loop without a largest number of rounds.
bool isEndless(const jit::Node& node) {
  if (node.kind() != jit::prim::Loop) return false;
  const auto most = jit::toIValue(node.input(0));
  return most && most->isInt() && most->toInt() == std::numeric_limits<int64_t>::max();
}

void requirePure(at::ArrayRef<const jit::Block*> blocks, const std::string& parameter) {
  for (const jit::Block* block : blocks) {
    for (const jit::Node* node : block->nodes()) {
      const std::string name = node->kind().toQualString();
      const char* refused = operatorRefused(name);
      if (refused == nullptr && writesTensor(*node)) refused = operatorRefused("aten::add_");
      if (refused == nullptr && isEndless(*node)) refused = "a while loop may never end; write for i in range(n)";
      if (refused != nullptr)
        throw Error({.parameter = parameter, .line = lineOf(*node)}, "expected a pure tensor operator, got " + name,
                    refused);
      requirePure(node->blocks(), parameter);
    }
  }
}

void requireForm(const c10::FunctionSchema& schema, size_t arguments, const std::string& parameter) {
  const auto is_tensor = [](const c10::Argument& argument) {
    return argument.type()->kind() == c10::TypeKind::TensorType;
  };
  const auto& given = schema.arguments();
  if (given.size() != arguments || !std::all_of(given.begin(), given.end(), is_tensor))
    throw Error({.parameter = parameter, .line = 1}, "expected forward with " + std::to_string(arguments) +
                                                         (arguments == 1 ? " Tensor" : " Tensors") +
                                                         " as arguments, got " + std::to_string(given.size()) +
                                                         (given.size() == arguments ? " of other types" : ""));
  if (schema.returns().size() != 1 || !is_tensor(schema.returns().front()))
    throw Error({.parameter = parameter, .line = 1}, "expected forward to return one Tensor");
}

jit::Code compiled(const std::string& code, size_t arguments, const std::string& parameter) {
  jit::CompilationUnit unit;
  unit.define(std::nullopt, code, std::make_shared<Names>(), nullptr);
  jit::Function* forward = unit.find_function(c10::QualifiedName("forward"));
  if (forward == nullptr)
    throw Error({.parameter = parameter}, "expected a function called forward, got none",
                "def forward(x: Tensor) -> Tensor:");
  const auto graph = jit::toGraphFunction(*forward).graph()->copy();
  requireForm(forward->getSchema(), arguments, parameter);
  jit::Inline(*graph);
  requirePure({graph->block()}, parameter);
  return jit::Code(graph, "forward");
}

}  // namespace

ScriptFunction::ScriptFunction(const std::string& code, size_t arguments, std::string parameter)
    : parameter_(std::move(parameter)) {
  if (code.size() > kLongestCode)
    throw Error({.parameter = parameter_},
                "expected a script of at most 64 KiB, got " + std::to_string(code.size()) + " bytes");
  try {
    // The compiler wants the last line ended, and people leave it open.
    onLargeStack([&] {
      compiled_ = std::make_shared<const Compiled>(
          Compiled{compiled(code.ends_with('\n') ? code : code + '\n', arguments, parameter_)});
    });
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw compileError(parameter_, error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw compileError(parameter_, error.what());
  }
}

at::Tensor ScriptFunction::call(std::vector<at::Tensor> arguments) const {
  try {
    jit::Stack stack(std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end()));
    jit::InterpreterState(compiled_->code).run(stack);
    return std::move(stack.back()).toTensor();
  } catch (const c10::OutOfMemoryError&) {
    throw;  // the trainer has an answer to that
  } catch (const c10::Error& error) {
    throw runError(parameter_, error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw runError(parameter_, error.what());
  }
}

}  // namespace blockyard
