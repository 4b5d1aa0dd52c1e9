// Trainer: what it tells besides the steps.
#include "training/recorder.hpp"
#include "training/split_look.hpp"
#include "training/trainer.hpp"
#include "training/worst_rows.hpp"

namespace blockyard {

void Trainer::describeBlocks(Started& message) const {
  for (const auto& node : pipeline_.nodes()) {
    if (!node.block) continue;
    const auto parameters = node.block->parameters();
    for (const auto& parameter : parameters) message.block_parameters[node.plan.id] += parameter.tensor.numel();
    if (node.stage != Stage::Answer && node.type->schema.fitted && parameters.empty())
      message.fitted.push_back(node.plan.id);
  }
  for (const auto& [_, count] : message.block_parameters) message.parameters += count;
}

// What a glance at the row counts may miss.
void Trainer::tellSplit() {
  const Values& training = plan_.training;
  if (const int64_t folds = training.integer("folds"); folds > 0)
    hooks_.emit(Notice{"cross-validation: part " + std::to_string(training.integer("fold") + 1) + " of " +
                       std::to_string(folds) + " is the validation set; training.fold names another one"});
  const bool given = training.text("split") == "given";
  const auto missing = [&](Part part, const char* share, const char* loss) {
    if (data_.rows(part).size() == 0 && training.number(share) > 0 && !given)
      hooks_.emit(Notice{std::string("the split leaves no ") + nameOf(part) + " rows: " + loss});
  };
  if (training.integer("folds") == 0) missing(Part::Validation, "validation_share", "nothing chooses the best state");
  const SplitLook split = splitOf(
      {data_.rows(Part::Train).size(), data_.rows(Part::Validation).size(), data_.rows(Part::Test).size()}, training);
  for (const NamedProblem& found : splitProblems(split, training.text("split")))
    if (data_.left_out.empty() && !found.leaves_none) hooks_.emit(Notice{found.problem.problem});
  for (const auto& [block, rows] : data_.left_out)
    hooks_.emit(Notice{block + " leaves out " + std::to_string(rows[0]) + " training, " + std::to_string(rows[1]) +
                       " validation and " + std::to_string(rows[2]) + " test rows"});
  if (!data_.cache_notice.empty()) hooks_.emit(Notice{data_.cache_notice});
  if (!balanced_.notice.empty()) hooks_.emit(Notice{balanced_.notice});
  if (training.text("mix") != "none")
    hooks_.emit(
        Notice{training.text("mix") + ": the training loss is that of mixed rows; what is judged is not mixed"});
  missing(Part::Test, "test_share", "nothing says how good it is on rows it has not seen");
}

// For the report. What a run has reached does not hang on it.
void Trainer::keepErrors(const WorstRows& worst) {
  try {
    if (const auto examples = worst.describe(data_.rows(Part::Test), *data_.source)) hooks_.recorder->errors(*examples);
  } catch (const Error& error) {
    hooks_.emit(Notice{std::string("the rows that it was most wrong about are not kept: ") + error.what()});
  }
}

void Trainer::watchWeights(bool epoch_ends) {
  if (!weights_->due(epoch_ends)) return;
  Histograms histograms = weights_->take(step_);
  if (hooks_.recorder != nullptr) hooks_.recorder->histograms(histograms);
  hooks_.emit(std::move(histograms));
}

}  // namespace blockyard
