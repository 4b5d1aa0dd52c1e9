// All runs as one table, for a spreadsheet or another program: a row per run, with every setting that differs among
// them and every score of every part. Pure.
#pragma once
#include <vector>

#include "data/arrow_file.hpp"
#include "data/table.hpp"
#include "runs/run.hpp"

namespace blockyard {

struct RunsTable {
  Table table{};
  ParquetTypes types{};  // what the table does not tell of its columns
};
// Columns: run, state, started, seconds, epochs, steps, parameters, seed, purpose, tags, study, trial, fold,
// train_rows, validation_rows, test_rows, data; then "conv1.channels" or "training.batch_size"; then "test/accuracy".
// Runs whose record cannot be read are left out.
RunsTable runsTable(const std::vector<RunEntry>& runs);

}  // namespace blockyard
