#include "training/prepare.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "training/cpu_allocator.hpp"
#include "training/data_files.hpp"
#include "training/kept_columns.hpp"
#include "training/read_ahead.hpp"
#include "training/row_parts.hpp"

namespace blockyard {
namespace {

constexpr int64_t kProbeRows = 2;
constexpr int64_t kFitChunks = kFitRows / kChunkRows;

int64_t budgetBytes(const Plan& plan) {
  return plan.training.integer("memory_budget") << 20;
}

void stopIfAsked(const PrepareOptions& options) {
  if (options.stop != nullptr && *options.stop)
    throw Error({}, "stopped while the data was being prepared", {}, Fault::TryAgain);
}

// The options of one who works on the rows of `source`.
PrepareOptions forRows(const Source& source, PrepareOptions options) {
  options.chunk_rows = rowsAtOnce(source.outputs(), options.chunk_rows);
  return options;
}

// The blocks that lead to `index`, itself left out.
std::vector<size_t> waysTo(const Pipeline& pipeline, size_t index) {
  std::set<size_t> found;
  std::vector<size_t> open = {index};
  while (!open.empty()) {
    const size_t at = open.back();
    open.pop_back();
    for (const auto& input : pipeline.nodes()[at].plan.inputs)
      if (found.insert(input.from).second) open.push_back(input.from);
  }
  return {found.begin(), found.end()};
}

// Step::rowIds of rows [first, first + count): -1 for those that are not trained on.
at::Tensor trainedIds(const std::vector<Part>& parts, int64_t first, int64_t count) {
  at::Tensor out = at::empty({count}, at::kLong);
  int64_t* ids = out.mutable_data_ptr<int64_t>();
  for (int64_t i = 0; i < count; ++i) ids[i] = parts[static_cast<size_t>(first + i)] == Part::Train ? first + i : -1;
  return out;
}

// The training rows as they arrive at one block, re-cut into blocks of a fixed size whatever the chunk size is:
// kFitRows, or fewer of large pictures.
class TrainingRows final : public FitRows {
 public:
  TrainingRows(const Pipeline& pipeline, size_t index, PreparedData& data, const KeyedRandom& random,
               const PrepareOptions& options)
      : pipeline_(pipeline),
        index_(index),
        data_(data),
        random_(random),
        options_(options),
        fit_rows_(rowsAtOnce(data.source->outputs(), kFitRows)) {
    // A head learns from the target alone: running the model just for that would cost an epoch.
    const bool head = pipeline.nodes()[index].isHead();
    for (const size_t way : waysTo(pipeline, index))
      if (!head || pipeline.nodes()[way].stage != Stage::Live) ways_.push_back(way);
  }

  at::Tensor rowIds() const override { return ids_; }

  Batch next() override {
    if (!ahead_) ahead_.emplace(*data_.source, [this] { return nextSpan(); });
    while (pending_rows_ < fit_rows_) {
      stopIfAsked(options_);
      std::optional<Batch> chunk = ahead_->next();
      if (!chunk) break;
      const at::Tensor ids = nextIds(chunk->rows());
      const Batch batch = atBlock(std::move(*chunk), ids);
      if (batch.rows() > 0) {
        pending_.push_back(batch), pending_rows_ += batch.rows();
        pending_ids_.push_back(ids);
      }
      if (options_.progress)
        options_.progress("fit " + pipeline_.nodes()[index_].plan.id,
                          static_cast<double>(position_) / static_cast<double>(data_.rows(Part::Train).size()));
    }
    return cut();
  }

  void rewind() override {
    ahead_.reset();
    position_ = worked_on_ = 0, pending_rows_ = 0;
    pending_.clear(), pending_ids_.clear();
  }

 private:
  // The training rows among the next chunk of the source; a whole block where they lie side by side, so that it need
  // not be put together.
  std::optional<Span> nextSpan() {
    const RowSet& rows = data_.rows(Part::Train);
    if (position_ >= rows.size()) return {};
    Span span{.first = rows[position_]};
    if (rows.isRange()) {
      span.count = std::min(kFitChunks * options_.chunk_rows, fit_rows_ - position_ % fit_rows_);
      span.count = std::min(span.count, rows.size() - position_);
      position_ += span.count;
      return span;
    }
    const int64_t end = std::min(span.first + options_.chunk_rows, data_.source->rows());
    while (position_ < rows.size() && rows[position_] < end) span.picks.push_back(rows[position_++] - span.first);
    span.count = span.picks.back() + 1;
    if (static_cast<int64_t>(span.picks.size()) == span.count) span.picks.clear();
    return span;
  }

  // The numbers of the next training rows to be worked on.
  at::Tensor nextIds(int64_t count) {
    const RowSet& rows = data_.rows(Part::Train);
    at::Tensor out = at::empty({count}, at::kLong);
    int64_t* ids = out.mutable_data_ptr<int64_t>();
    for (int64_t i = 0; i < count; ++i) ids[i] = rows[worked_on_++];
    return out;
  }

  // What comes out of the way to the block.
  Batch atBlock(Batch chunk, const at::Tensor& ids) {
    Flow flow(pipeline_.nodes().size());
    flow[pipeline_.source()] = std::move(chunk);
    const at::NoGradGuard no_grad;
    for (const size_t way : ways_)
      if (pipeline_.nodes()[way].block) pipeline_.run(way, flow, false, random_, ids);
    return pipeline_.inputsOf(index_, flow);
  }

  Batch cut() {
    if (pending_.empty()) return {};
    Batch whole;
    for (const auto& [slot, packet] : pending_.front().items()) {
      std::vector<Packet> parts;
      for (const auto& batch : pending_) parts.push_back(batch.packet(slot));
      whole.set(slot, parts.size() == 1 ? parts.front() : Packet::concat(parts));
    }
    ids_ = at::cat(pending_ids_);
    pending_.clear(), pending_ids_.clear();
    if (pending_rows_ <= fit_rows_) {
      pending_rows_ = 0;
      return whole;
    }
    pending_rows_ -= fit_rows_;
    pending_.push_back(whole.slice(fit_rows_, pending_rows_));
    pending_ids_.push_back(ids_.narrow(0, fit_rows_, pending_rows_));
    ids_ = ids_.narrow(0, 0, fit_rows_);
    return whole.slice(0, fit_rows_);
  }

  const Pipeline& pipeline_;
  size_t index_;
  PreparedData& data_;
  KeyedRandom random_;
  const PrepareOptions& options_;
  const int64_t fit_rows_;
  std::vector<size_t> ways_;
  int64_t position_ = 0;   // of the first training row that was not asked for
  int64_t worked_on_ = 0;  // training rows that have come to the block
  std::vector<Batch> pending_;
  std::vector<at::Tensor> pending_ids_;  // of each of them, the numbers of its rows
  at::Tensor ids_;                       // of the block given out last
  int64_t pending_rows_ = 0;
  std::optional<ReadAhead> ahead_{};
};

std::shared_ptr<Source> openSource(Pipeline& pipeline, const Plan& plan, const PrepareOptions& options) {
  PipelineNode& node = pipeline.nodes()[pipeline.source()];
  std::shared_ptr<Source> source;
  guarded({.block = node.plan.id}, [&] {
    SourceSetup setup{.values = node.plan.values, .folder = plan.folder, .memory_budget = budgetBytes(plan)};
    setup.threads = static_cast<int>(plan.training.integer("threads"));
    setup.stop = options.stop;
    // One more than wanted tells whether there are more.
    if (options.most_rows > 0) setup.most_rows = options.most_rows + 1;
    if (options.progress)
      setup.progress = [&](int64_t done, int64_t all) {
        options.progress("read", all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 0);
      };
    source = node.type->open(setup);
    node.outputs = source->outputs();
  });
  if (source->rows() == 0) throw Error({.block = node.plan.id}, "the source has no rows");
  return source;
}

void fitBlock(Pipeline& pipeline, size_t index, PreparedData& data, const KeyedRandom& random,
              const PrepareOptions& options) {
  PipelineNode& node = pipeline.nodes()[index];
  TrainingRows rows(pipeline, index, data, random, options);
  guarded({.block = node.plan.id}, [&] { node.block->fit(rows); });
}

void setParts(PreparedData& data, const std::vector<Part>& parts) {
  for (const Part part : {Part::Train, Part::Validation, Part::Test})
    data.parts[static_cast<size_t>(part)] = RowSet::of(parts, [part](Part p) { return p == part; });
}

// Asks block `index`, made and fitted, which of the first parts.size() rows are not to be used.
LeftOut leaveOutBy(const Pipeline& pipeline, size_t index, Source& source, std::vector<Part>& parts,
                   const PrepareOptions& options) {
  const PipelineNode& node = pipeline.nodes()[index];
  LeftOut out{.block = node.plan.id};
  const std::vector<size_t> ways = waysTo(pipeline, index);
  const at::NoGradGuard no_grad;
  const auto rows = static_cast<int64_t>(parts.size());
  for (int64_t first = 0; first < rows; first += options.chunk_rows) {
    stopIfAsked(options);
    const int64_t count = std::min(options.chunk_rows, rows - first);
    Flow flow(pipeline.nodes().size());
    flow[pipeline.source()] = source.read(first, count).batch;
    const at::Tensor ids = trainedIds(parts, first, count);
    for (const size_t way : ways)
      if (pipeline.nodes()[way].block) pipeline.run(way, flow, false, KeyedRandom(0), ids);
    Part* const chosen = parts.data() + first;
    const std::vector<Part> before(chosen, chosen + count);
    guarded({.block = node.plan.id}, [&] { node.block->chooseRows(pipeline.inputsOf(index, flow), chosen); });
    for (size_t i = 0; i < before.size(); ++i)
      if (before[i] != Part::Unused && chosen[i] == Part::Unused) ++out.rows[static_cast<size_t>(before[i])];
    if (options.progress)
      options.progress("choose rows by " + node.plan.id,
                       static_cast<double>(first + count) / static_cast<double>(rows));
  }
  return out;
}

// Makes and fits every block in order; each sees the real signatures of those before it, and the rows that they leave.
void makeBlocks(Pipeline& pipeline, PreparedData& data, std::vector<Part>& parts, const KeyedRandom& random,
                const PrepareOptions& options) {
  Flow probe(pipeline.nodes().size());
  const RowSet train = data.rows(Part::Train);
  probe[pipeline.source()] = data.source->read(train[0], std::min(kProbeRows, train.size())).batch;
  for (size_t i = 0; i < pipeline.nodes().size(); ++i) {
    PipelineNode& node = pipeline.nodes()[i];
    if (node.stage == Stage::Source) continue;
    pipeline.makeBlock(i, random.key("weights"));
    stopIfAsked(options);
    if (node.type->schema.fitted && node.stage != Stage::Answer) fitBlock(pipeline, i, data, random, options);
    if (node.type->schema.leaves_out && node.stage == Stage::Prepare) {
      data.left_out.push_back(leaveOutBy(pipeline, i, *data.source, parts, options));
      setParts(data, parts);
      if (data.rows(Part::Train).size() == 0)
        throw Error({.block = node.plan.id}, "every training row is left out, so there is nothing to learn from",
                    "check the settings of this block");
    }
    const at::NoGradGuard no_grad;
    pipeline.run(i, probe, false, random);
    pipeline.learnOutputs(i, probe[i]);
  }
}

// What crosses the cuts for one chunk of the source.
std::vector<Packet> atCuts(const Pipeline& pipeline, Batch chunk, const KeyedRandom& random, const at::Tensor& ids) {
  Flow flow(pipeline.nodes().size());
  flow[pipeline.source()] = std::move(chunk);
  pipeline.runStage(Stage::Prepare, flow, false, random, ids);
  std::vector<Packet> out;
  for (const WireStart& cut : pipeline.cuts()) {
    const Where where{.block = pipeline.nodes()[cut.node].plan.id, .port = cut.port};
    if (!flow[cut.node].has(cut.port)) throw Error(where, "nothing comes out here, although a block is wired to it");
    out.push_back(flow[cut.node].packet(cut.port));
    if (out.back().isTable())
      throw Error(where, "expected a tensor on a wire into the model, got a table", "insert preprocessor/to_features");
  }
  return out;
}

// Runs the Prepare blocks over all rows and keeps what crosses the cut. `check_files` throws if a file has changed.
void keepColumns(const Pipeline& pipeline, const Plan& plan, PreparedData& data, const std::vector<Part>& parts,
                 const KeyedRandom& random, const PrepareOptions& options, const std::function<void()>& check_files) {
  const int64_t rows = data.source->rows();
  const at::NoGradGuard no_grad;
  // A tensor straight from the source needs no copy if the source has it whole.
  bool all_direct = true;
  for (const auto& cut : pipeline.cuts()) all_direct &= cut.node == pipeline.source();
  const int64_t step = all_direct ? rows : std::min(options.chunk_rows, rows);
  const bool quick = step == rows && plan.training.text("row_cache") != "always";
  if (all_direct || quick) {
    for (const Packet& packet : atCuts(pipeline, data.source->read(0, rows).batch, random, trainedIds(parts, 0, rows)))
      data.columns.emplace_back(packet.tensor().contiguous(), packet.sharedMeaning());
    check_files();
    if (options.progress) options.progress("prepare", 1);
    return;
  }
  KeptColumns kept(pipeline, plan, data.fingerprint, parts);
  const int64_t few = std::min(kProbeRows, rows);
  if (kept.find(atCuts(pipeline, data.source->read(0, few).batch, random, trainedIds(parts, 0, few)))) {
    data.columns = kept.finish();
    return;
  }
  ReadAhead chunks(*data.source, [rows, step, first = int64_t{0}]() mutable -> std::optional<Span> {
    if (first >= rows) return {};
    return Span{std::exchange(first, first + step), step};
  });
  const auto started = std::chrono::steady_clock::now();
  for (int64_t first = 0; first < rows; first += step) {
    stopIfAsked(options);
    const at::Tensor ids = trainedIds(parts, first, std::min(step, rows - first));
    const std::vector<Packet> packets = atCuts(pipeline, chunks.next().value(), random, ids);
    if (first == 0) {
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
      kept.begin(packets, took.count() * static_cast<double>(rows) / static_cast<double>(step));
    }
    for (size_t c = 0; c < packets.size(); ++c) kept.put(c, first, packets[c].tensor());
    if (options.progress)
      options.progress("prepare", static_cast<double>(std::min(first + step, rows)) / static_cast<double>(rows));
  }
  data.cache_notice = kept.notice();
  check_files();  // before others take the rows from the cache
  data.columns = kept.finish();
}

}  // namespace

PreparedData prepare(Pipeline& pipeline, const Plan& plan, const KeyedRandom& random, const PrepareOptions& given) {
  PreparedData data;
  const PlanFiles files = filesOf(plan);
  const std::vector<DataFile> before = lookAtFiles(files, plan.folder);
  data.source = openSource(pipeline, plan, given);
  trimMalloc();  // what the reader worked in would add to what comes now
  const PrepareOptions options = forRows(*data.source, given);
  data.fingerprint = dataFingerprint(files, plan.folder, *data.source);
  std::vector<Part> parts = rowParts(*data.source, plan.training);
  setParts(data, parts);
  if (data.rows(Part::Train).size() == 0)
    throw Error({}, "the split leaves no rows to train on: " + std::to_string(data.source->rows()) + " rows in all",
                "lower training.validation_share and training.test_share");
  makeBlocks(pipeline, data, parts, random, options);
  keepColumns(pipeline, plan, data, parts, random, options,
              [&] { refuseChanges(before, lookAtFiles(files, plan.folder)); });
  return data;
}

PreparedData prepareHead(Pipeline& pipeline, const Plan& plan, const KeyedRandom& random,
                         const PrepareOptions& options) {
  PreparedData data;
  data.source = openSource(pipeline, plan, options);
  for (auto& [port, signature] : pipeline.nodes()[pipeline.source()].outputs) signature.open = false;
  std::vector<Part> parts(static_cast<size_t>(std::min(options.most_rows, data.source->rows())), Part::Train);
  setParts(data, parts);
  makeBlocks(pipeline, data, parts, random, options);
  for (size_t i = 0; i < pipeline.nodes().size(); ++i)
    if (pipeline.nodes()[i].stage == Stage::Answer && pipeline.nodes()[i].type->schema.fitted)
      fitBlock(pipeline, i, data, random, options);
  return data;
}

std::vector<LeftOut> leaveRowsOut(const Pipeline& pipeline, Source& source, std::vector<Part>& parts,
                                  const PrepareOptions& options) {
  std::vector<LeftOut> out;
  for (size_t i = 0; i < pipeline.nodes().size(); ++i)
    if (pipeline.nodes()[i].type->schema.leaves_out && pipeline.nodes()[i].stage == Stage::Prepare)
      out.push_back(leaveOutBy(pipeline, i, source, parts, options));
  return out;
}

}  // namespace blockyard
