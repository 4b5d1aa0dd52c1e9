// Trainer: the postprocessors that learn, after the last epoch.
#include "training/trainer.hpp"

namespace blockyard {
namespace {

// The validation rows as they arrive at one postprocessor.
class AnswerRows final : public FitRows {
 public:
  AnswerRows(const Pipeline& pipeline, size_t index, const PreparedData& data, EvaluateOptions options) {
    options.answers = true;
    forEachBatch(pipeline, data, data.rows(Part::Validation), options, [&](Flow& flow, int64_t) {
      Batch in;
      const Batch arrived = pipeline.inputsOf(index, flow);
      for (const auto& [slot, packet] : arrived.items())
        in.set(slot, packet.isTable() ? packet : Packet(packet.tensor().cpu(), packet.sharedMeaning()));
      batches_.push_back(std::move(in));
    });
  }
  Batch next() override { return at_ < batches_.size() ? batches_[at_++] : Batch(); }
  void rewind() override { at_ = 0; }

 private:
  std::vector<Batch> batches_;
  size_t at_ = 0;
};

}  // namespace

void Trainer::fitAnswers() {
  for (size_t i = 0; i < pipeline_.nodes().size(); ++i) {
    PipelineNode& node = pipeline_.nodes()[i];
    if (node.stage != Stage::Answer || !node.type->schema.fitted) continue;
    if (data_.rows(Part::Validation).size() == 0)
      throw Error({.block = node.plan.id}, "it is fitted on validation rows, and there are none",
                  "raise training.validation_share");
    AnswerRows rows(pipeline_, i, data_, evaluateOptions());
    guarded({.block = node.plan.id}, [&] { node.block->fit(rows); });
  }
}

}  // namespace blockyard
