// Bundle: what leaves the yard - preprocessing, model and postprocessing with everything they have learned, in one
// safetensors file. A loaded bundle predicts; it needs no project, no run and no training code. Nothing in it is run:
// the blocks are those of this program, made from the settings in the file.
#pragma once
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "data/part.hpp"
#include "data/table.hpp"
#include "graph/plan.hpp"

namespace blockyard {

class Batch;
class Pipeline;
class RowSet;
class SafetensorsFile;
class Source;
class Trainer;
struct Certificate;
struct RowAnswers;

// Writes what `trainer` has trained, with some rows and what the pipeline says of them (export/certificate.hpp), once
// these have been answered by what is to be written. Throws Error, at the block whose answers deviate if one does; an
// older file at the place is whole then.
void saveBundle(const Trainer& trainer, const std::string& run, const std::string& path);

struct PredictOptions {
  std::string device = "cpu";
  int threads = 0;            // 0: one per core
  int64_t batch_size = 256;   // rows that go through the model at a time; never changes an answer beyond rounding
  int64_t chunk_rows = 8192;  // of the source that are prepared at a time, fewer of large ones; changes no answer
  std::string head{};         // the block whose answers RowAnswers are about; empty: the first one
  const std::atomic<bool>* stop = nullptr;
};

// What a classifier says of some rows: the probability of each class, after calibration if there is one.
struct ClassScores {
  std::string block{};
  std::vector<std::string> classes{};
  std::vector<float> values{};  // [N, K], row by row
};

// What a pipeline says of some rows.
struct Answers {
  // What no block takes any further; scores that nothing takes become a column per class. Before that come the names
  // that the source has for the rows: the file of a picture, the time that is predicted.
  Table table{};
  std::vector<ClassScores> scores{};  // of every classifier, whether or not a block takes them further
  Table rows{};                       // what was asked, where it is a table; without columns else
};

// What is known of the rows that a bundle holds with their answers.
struct Certified {
  int64_t rows = 0;  // 0: it holds none
  Part part = Part::Test;
  double deviation = 0;  // the largest from what was trained, as it was measured then
};

class Bundle {
 public:
  // Throws Error for a file that is cut, damaged, of a newer version or not a bundle.
  explicit Bundle(const std::string& path, PredictOptions options = {});
  explicit Bundle(const SafetensorsFile& file, PredictOptions options = {});
  ~Bundle();

  const Plan& plan() const { return plan_; }
  const std::string& run() const { return run_; }
  // What the source's ports must carry: the columns with their types, or the size of the pictures.
  const Signatures& inputs() const;
  // Columns of them that no block looks at, so that they may lack: nothing takes their port, or all that do drop them.
  std::vector<std::string> unusedColumns() const;
  Pipeline& pipeline() { return *pipeline_; }
  // Without rows if it holds none.
  const Certificate& certificate() const { return *certificate_; }
  Certified certified() const;

  // Opens a file of rows as the pipeline's source reads it, with the columns and classes that were trained on. The
  // target may be missing, and columns that no block looks at. Throws Error if another column is missing or of another
  // type.
  std::shared_ptr<Source> open(const std::string& file) const;
  // Opens rows given as JSON text: for a pipeline that starts with a table, a list of objects or an object of lists;
  // for others, the numbers of the rows as nested lists. `name` is only named.
  std::shared_ptr<Source> openJson(const std::string& text, const std::string& name) const;
  std::shared_ptr<Source> openRows(const nlohmann::json& json, const std::string& name) const;
  // Opens pictures, brought to the size and channels that were trained on as the source does it; where the source takes
  // one size only (IDX), they must have it. Only for pipelines that start with pictures.
  std::shared_ptr<Source> openPictures(const std::vector<std::string>& files) const;
  // The same of one picture whose file is in memory; `name` is only named.
  std::shared_ptr<Source> openPicture(std::string_view bytes, const std::string& name) const;

  // Brings weights into the form that answers fastest, for whoever asks more than once; numbers may change in their
  // last digits. Afterwards the blocks of pipeline() do nothing but answer. Nothing happens on a GPU.
  void settle();
  // The answers for every row, in order, some thousands per call. Any number of threads at once, of sources of their
  // own.
  void answer(Source& source, const std::function<void(const Answers&)>& each);
  // The same without what leads to them: the table of Answers.
  void predict(Source& source, const std::function<void(const Table&)>& each);
  // Metrics by name over all rows; the source must carry the target.
  std::map<std::string, double> evaluate(Source& source);
  // The same over one part of the rows that it was trained from, told apart as they were then. `folder` is the
  // project's: relative paths start there.
  std::map<std::string, double> evaluatePart(const std::string& folder, Part part);

  // The files that it was trained from, and the rows of them that were this part then. Throws Error if there are none.
  std::unique_ptr<Source> openProject(const std::string& folder) const;
  RowSet rowsOf(Source& source, Part part) const;
  // What a head says about each of these rows, which must carry the target (export/row_answers.hpp).
  RowAnswers answer(Source& source, const RowSet& rows);

 private:
  [[noreturn]] void throwNoPictures(const std::string& name) const;
  // Prepares these rows, chunk by chunk, and calls `each` with the flow of every batch of them, in order; a batch has
  // passed the postprocessors too if `answers`.
  void forEachBatch(Source& source, const RowSet& rows, bool answers,
                    const std::function<void(const std::vector<Batch>&)>& each);
  std::map<std::string, double> evaluateRows(Source& source, const RowSet& rows);
  int64_t memoryBudget() const;  // bytes

  PredictOptions options_;
  Plan plan_;
  std::string run_;
  bool settled_ = false;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<const Certificate> certificate_;
};

}  // namespace blockyard
