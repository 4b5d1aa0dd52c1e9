// RunFacts: everything that a run's folder tells about it, read once, for reports in any form. What cannot be read is
// named in `missing` and left out: a report of a failed or half-written run is still one. Torch-free plain data;
// reading blocks on the disk, any thread.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "runs/error_examples.hpp"
#include "runs/journal_reader.hpp"
#include "runs/run.hpp"

namespace blockyard {

struct ReportSetting {
  std::string name{}, value{};
  std::string fallback{};  // the default, if that is known
  bool changed = false;    // from its default
};
// The settings of a block, or those of the training.
struct ReportSettings {
  std::string place{};  // "conv1" or "training"
  std::string title{};  // of the block's type
  std::vector<ReportSetting> settings{};
};

// What the answers of one head on one part look like, class by class; see training/metrics.hpp.
struct ReportClass {
  std::string name{};
  std::optional<double> precision{}, recall{}, f1{}, roc_auc{};
  int64_t support = 0, predicted = 0;
};
struct ReportHead {
  std::string part{};  // "test"
  std::string head{};  // the block; may be empty
  std::vector<ReportClass> classes{};
  std::vector<std::vector<int64_t>> confusion{};  // [true class][answered class]; square, or empty
};

struct ReportEvent {
  int64_t step = 0;
  std::string text{};
};

struct RunFacts {
  RunRecord record{};
  RunNotes notes{};
  RunState shown = RunState::Interrupted;
  std::filesystem::path folder{};
  std::string project{}, pipeline{};
  std::optional<Graph> graph{};  // with places: laid out anew if all blocks lie at one
  std::vector<ReportSettings> settings{};
  std::string monitor{};  // "validation/accuracy": the curve that is looked at first; may be empty
  JournalSeries<float> curves{};
  std::vector<ReportEvent> events{};      // by step
  std::vector<ReportHead> heads{};        // test before validation before train
  std::optional<ErrorExamples> errors{};  // nothing: the run has kept none
  std::string command{};                  // that repeats the run, in the project's folder; may be empty
  Texts missing{};                        // "curves: why they could not be read"

  std::string title() const;  // the purpose, or what was trained
};

// `run_folder` is <project>/runs/<id>. Throws Error if there is no record that can be read.
RunFacts runFacts(const std::filesystem::path& run_folder);

// "tabular-classification", as the Hugging Face Hub calls tasks; empty if none fits.
std::string taskOf(const RunFacts& facts);
// Rows that were used as this part, if the record or a confusion matrix tells it.
std::optional<int64_t> rowsOf(const RunFacts& facts, const std::string& part);
// The parts in the order in which their scores count: test, validation, train, others.
std::vector<std::string> partsOf(const Results& results);

}  // namespace blockyard
