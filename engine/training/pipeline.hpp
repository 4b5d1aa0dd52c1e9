// Pipeline: the blocks of a plan, made and alive. It knows which part of the way each block stands on and passes
// batches through; it knows no file, thread or run. The trainer fits and trains one, a bundle predicts with one.
//
//   Source   reads rows                       opened by whoever has the files
//   Prepare  preprocessors, Phase::Once       computed once for every row, before training
//   Live     EachBatch preprocessors, model   computed for every batch
//   Answer   postprocessors                   computed on what the heads say
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "blocks/block.hpp"
#include "blocks/source.hpp"
#include "graph/plan.hpp"

namespace blockyard {

class BatchMix;

enum class Stage { Source, Prepare, Live, Answer };

// What flows between the blocks for one set of rows: the outputs of every block so far, by block number.
using Flow = std::vector<Batch>;

struct PipelineNode {
  PlanNode plan{};
  const BlockType* type = nullptr;
  Stage stage = Stage::Live;
  std::unique_ptr<Block> block{};  // null for sources, and before made
  Signatures inputs{};             // with all sizes known, once made
  Signatures outputs{};

  bool isHead() const { return type->schema.kind == Kind::Classifier || type->schema.kind == Kind::Regressor; }
};

// A wire by its beginning: output `port` of block number `node`.
struct WireStart {
  size_t node = 0;
  std::string port{};
};

// Whether a pipeline can do without a head: one that is only looked at can.
enum class Heads { Needed, Optional };

class Pipeline {
 public:
  // Sorts the blocks into stages. Throws Error if there is not one source and, where they are needed, at least one
  // head.
  explicit Pipeline(const Plan& plan, Heads heads = Heads::Needed);

  std::vector<PipelineNode>& nodes() { return nodes_; }
  const std::vector<PipelineNode>& nodes() const { return nodes_; }
  size_t source() const { return source_; }
  const std::vector<size_t>& heads() const { return heads_; }
  // The wires that cross from what is kept per row (Source, Prepare) into what is computed per batch (Live, Answer).
  const std::vector<WireStart>& cuts() const { return cuts_; }
  // The wires that nothing takes: what the pipeline answers.
  std::vector<WireStart> answers() const;

  // Makes block `index` from what arrives at it; the blocks before it have been made. `random` keys initial weights.
  void makeBlock(size_t index, const KeyedRandom& random);
  // Sets what the outputs of block `index` carry: sizes, columns and classes of a real result.
  void learnOutputs(size_t index, const Batch& result);

  // The packets that block `index` takes, by slot. What nothing has reached (the target when predicting) is left out.
  Batch inputsOf(size_t index, const Flow& flow) const;
  // Runs one block on what has flowed so far and keeps its outputs in `flow`. Failures of LibTorch and others come out
  // as Error with the block's id. A block that nothing reaches is left out.
  // With `mix` the model reads mixed rows, and the loss of a head is that of both targets.
  void run(size_t index, Flow& flow, bool training, const KeyedRandom& random, const at::Tensor& row_ids = {},
           int64_t epoch = 0, BatchMix* mix = nullptr) const;
  // Runs all blocks of a stage, in order.
  void runStage(Stage stage, Flow& flow, bool training, const KeyedRandom& random, const at::Tensor& row_ids = {},
                int64_t epoch = 0, BatchMix* mix = nullptr) const;

  // All trainable tensors, named "block.parameter".
  std::vector<NamedTensor> parameters() const;
  // Everything that was learned: tensors and values named "block.name". The tensors are the live ones.
  State state() const;
  // Puts learned state into made blocks. Throws Error with the block's id.
  void loadState(const State& state);
  // Moves the model's tensors. Preprocessors and postprocessors on tables stay on the CPU.
  void moveTo(at::Device device);

 private:
  void sortIntoStages(Heads heads);
  Stage stageOf(const PipelineNode& node) const;
  void mixInputs(const PipelineNode& node, BatchMix& mix, Batch& in) const;

  std::vector<PipelineNode> nodes_;
  size_t source_ = 0;
  std::string folder_;
  std::vector<size_t> heads_;
  std::vector<WireStart> cuts_;
};

// Runs `work` and turns whatever it throws that is not an Error into one at `where`: out of memory to
// Fault::OutOfMemory, the rest with LibTorch's message without its backtrace.
void guarded(const Where& where, const std::function<void()>& work);

}  // namespace blockyard
