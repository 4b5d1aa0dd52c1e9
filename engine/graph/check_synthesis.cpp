// Whether the data is such that training rows can be drawn more often (training.balance) or mixed (training.mix).
#include "graph/checker.hpp"

namespace blockyard {
namespace {

bool isModel(Kind kind) {
  return kind != Kind::Source && kind != Kind::Preprocessor && kind != Kind::Postprocessor;
}

bool isNumbers(const Signature& signature) {
  return signature.element == Element::Float32 || signature.element == Element::Float64;
}

}  // namespace

void Checker::checkSynthesis() {
  if (!out_.training.has("balance")) return;  // the settings are wrong
  if (out_.training.text("balance") != "none") checkBalance(), checkWeights();
  const bool smote = out_.training.text("balance") == "smote";
  const std::string& mix = out_.training.text("mix");
  for (const Wire& wire : wires_) {
    const Entry &from = entries_[wire.from], &to = entries_[wire.to];
    if (from.type == nullptr || to.type == nullptr || to.node->bypassed || !to.used) continue;
    const Kind maker = from.type->schema.kind, taker = to.type->schema.kind;
    if ((maker != Kind::Source && maker != Kind::Preprocessor) || (isHead(to) && wire.link->to.port == "target"))
      continue;
    const auto outputs = out_.outputs.find(from.node->id);
    if (outputs == out_.outputs.end()) continue;
    const auto given = outputs->second.find(wire.link->from.port);
    if (given == outputs->second.end()) continue;
    const auto each_batch = [](const BlockType& type) {
      return type.schema.kind == Kind::Preprocessor && type.schema.phase == Phase::EachBatch;
    };
    const bool kept = !each_batch(*from.type) && (isModel(taker) || each_batch(*to.type));
    const std::string what = wire.link->from.text() + " carries " + given->second.text();
    const auto complain = [&](const char* setting, const std::string& problem, const char* other) {
      report(Severity::Error, {.block = "training", .parameter = setting}, problem + what,
             std::string("set ") + setting + " to " + other)
          .fixes.push_back({std::string("set training.") + setting + " = " + other, SetTraining{setting, other}});
    };
    if (smote && kept && !isNumbers(given->second))
      complain("balance", "SMOTE mixes rows of float32 numbers, but ", "oversample");
    if (mix != "none" && isModel(taker) && !isNumbers(given->second))
      complain("mix", "rows can be mixed where they are float32 numbers, but ", "none");
    else if (mix == "cutmix" && isModel(taker) && given->second.shape.size() != 4)
      complain("mix", "CutMix cuts boxes out of pictures [N, C, H, W], but ", "mixup");
  }
}

// At least one head learns classes; where nothing is known yet, nothing is said.
void Checker::checkBalance() {
  std::string other;
  for (const Entry& entry : entries_) {
    if (!isHead(entry)) continue;
    const auto inputs = out_.inputs.find(entry.node->id);
    if (inputs == out_.inputs.end()) return;
    const auto target = inputs->second.find("target");
    if (target == inputs->second.end() || target->second.kind == blockyard::Wire::Label) return;
    other = entry.node->id.name + " learns a " + target->second.text();
  }
  if (other.empty()) return;
  report(Severity::Error, {.block = "training", .parameter = "balance"},
         "expected a head that learns classes (a label), but " + other,
         "set balance to none, or the source's target_kind to label")
      .fixes.push_back({"set training.balance = none", SetTraining{"balance", "none"}});
}

// Rare classes that are drawn more often and weigh more count twice.
void Checker::checkWeights() {
  for (const Entry& entry : entries_) {
    const auto values = out_.values.find(entry.node->id);
    if (!isHead(entry) || values == out_.values.end()) continue;
    const auto is = [&](const char* name, const Value& wanted) {
      const Value* found = values->second.find(name);
      return found != nullptr && *found == wanted;
    };
    const char* setting = is("class_weights", "balanced") ? "class_weights"
                          : is("balanced", true)          ? "balanced"
                                                          : nullptr;
    if (setting == nullptr) continue;
    report(Severity::Warning, {.block = "training", .parameter = "balance"},
           "rare classes count twice: they are drawn more often here, and weigh more by " + entry.node->id.name + "." +
               setting,
           "keep one of the two")
        .fixes.push_back({"set training.balance = none", SetTraining{"balance", "none"}});
  }
}

}  // namespace blockyard
