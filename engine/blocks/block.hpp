// Block: the working part of everything on the canvas but sources. It knows no file, thread, chart or graph.
// The engine thread makes it, calls fit at most once, then forward many times. See README.md in this folder for how to
// write one: a sentence, the class, its description, in one file, and one line in all_blocks.inc.
#pragma once
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "blocks/block_type.hpp"
#include "blocks/schema.hpp"
#include "data/chunk.hpp"

namespace blockyard {

// What a block is made from: its settings (complete), what its inputs carry (sizes known), and keyed random numbers for
// initial weights. Lives only during the constructor.
struct Setup {
  const Values& values;
  const Signatures& inputs;
  KeyedRandom random;
  std::string folder{};  // relative paths of files start here: the project's folder

  // Size `axis` of an input; negative counts from the end. Throws Error if it is still free.
  int64_t size(const std::string& port, int64_t axis) const;
  // Uniform in [-bound, bound] and normal numbers, float32, keyed by `name`: the same on any device and thread count.
  at::Tensor uniform(const std::string& name, at::IntArrayRef shape, double bound) const;
  at::Tensor normal(const std::string& name, at::IntArrayRef shape, double deviation) const;
};

// One call of forward: what for, which rows, and the random numbers that belong to it.
class Step {
 public:
  Step(bool training, KeyedRandom random, at::Tensor row_ids = {}, int64_t epoch = 0)
      : training_(training), random_(random), row_ids_(std::move(row_ids)), epoch_(epoch) {}

  bool training() const { return training_; }
  int64_t epoch() const { return epoch_; }
  // Number of each row in its source, int64 [N], on the CPU; undefined outside of a run. While rows are prepared, -1
  // for those that are not trained on.
  const at::Tensor& rowIds() const { return row_ids_; }
  // Random numbers of this block at this step; `purpose` tells several uses apart.
  KeyedRandom random(const std::string& purpose = {}) const { return random_.key(purpose); }
  // The same as a generator for ATen's random functions, on `device`.
  at::Generator generator(at::Device device, const std::string& purpose = {}) const;

 private:
  bool training_;
  KeyedRandom random_;
  at::Tensor row_ids_;
  int64_t epoch_;
};

// The training rows, in blocks of a fixed size (kFitRows) whatever the chunk size of the source, so that sums are
// always taken in the same order.
class FitRows {
 public:
  virtual ~FitRows() = default;
  // The next block of rows; an empty Batch at the end.
  virtual Batch next() = 0;
  // Back to the first row, for a second pass.
  virtual void rewind() = 0;
  // Number of each row of the last block in its source, int64 [N]; undefined where there is no source.
  virtual at::Tensor rowIds() const { return {}; }
};
constexpr int64_t kFitRows = 65536;

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

// What a block has learned outside of its parameters: fitted values and running statistics.
struct State {
  std::map<std::string, at::Tensor> tensors{};
  Values values{};
};

class Block {
 public:
  virtual ~Block() = default;
  // Engine thread, or several at once if not training; any number of rows > 0. Inputs and outputs by port name; an
  // optional port may be absent. Must not keep the batch, must not look at a tensor's value (extractors and heads: a
  // step may be captured as a graph).
  virtual Batch forward(const Batch& in, Step& step) = 0;
  // Engine thread; once per run, on the training rows only (postprocessors: validation rows), before the first forward.
  // Heads are given the port `target` alone: the features of the training rows do not exist yet.
  virtual void fit(FitRows& rows);
  // Blocks that leave rows out (`leaves_out`): engine thread; once per run, after fit and before the first forward, for
  // all rows of the source in order, some at a time. parts[i] says what row i of `in` is for; it is set to Part::Unused
  // for a row that is not to be used from here on. Predictions never ask: there, every row gets its answer.
  virtual void chooseRows(const Batch& in, Part* parts);
  // Trainable tensors, made in the constructor; the same tensors at each call.
  virtual std::vector<NamedTensor> parameters() const;
  // Everything else that a prediction needs. The tensors are the live ones, not copies.
  virtual State state() const;
  // The inverse of state; before saved parameters are put in place, because a head made without a target (to predict)
  // learns its sizes here. Throws Error if something is missing or of another shape.
  virtual void loadState(const State& state);
};

// Copies `state.tensors[name]` into `into` (same shape required). Throws Error naming `name`.
void restore(const State& state, const std::string& name, at::Tensor& into);
// Adds all of `part` to `into`, its names behind `prefix`; and the part of a state whose names begin with `prefix`,
// without it.
void addState(State& into, const std::string& prefix, const State& part);
State stateUnder(const State& state, const std::string& prefix);
// A value of the state. Throws Error naming `name` if it is missing.
const Value& stateValue(const State& state, const std::string& name);

// The factory of a block class: from Setup, from Values, or from nothing, whichever its constructor takes.
template <class T>
std::unique_ptr<Block> make(const Setup& setup) {
  if constexpr (std::constructible_from<T, const Setup&>) {
    return std::make_unique<T>(setup);
  } else if constexpr (std::constructible_from<T, const Values&>) {
    return std::make_unique<T>(setup.values);
  } else {
    return std::make_unique<T>();
  }
}

}  // namespace blockyard
