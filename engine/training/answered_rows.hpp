// RowAnswers: what a head says about rows whose truth is known, as plain numbers. Torch-free.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace blockyard {

class Batch;
struct PipelineNode;

// Of one head. N rows.
struct RowAnswers {
  enum class Task { Classes, Labels, Numbers };
  Task task = Task::Classes;
  std::vector<std::string> names{};  // classes, labels, or the columns of numbers
  int64_t width = 1;                 // numbers per row; 1 for Classes
  std::vector<int64_t> rows{};       // [N] number in the source, from 0; filled by whoever knows it
  std::vector<double> truth{};       // [N, width] index of the class; 0 or 1 per label; numbers in their own units
  std::vector<double> said{};        // [N, width] likewise
  std::vector<float> probability{};  // [N] of the class said; of the least certain label; empty for Numbers
  std::vector<float> truth_probability{};  // [N] of the class that is true; of all labels that are true together

  size_t size() const { return rows.size(); }
  std::string truthText(size_t i) const { return text(truth, i); }
  std::string saidText(size_t i) const { return text(said, i); }
  bool right(size_t i) const { return error(i) == 0; }
  // Mean of the absolute differences of what was said to the truth; for classes 0 or 1.
  double error(size_t i) const;

 private:
  std::string text(const std::vector<double>& values, size_t i) const;
};

// Appends what `head` made of one batch: its inputs, with the target, and its outputs. Everything but `rows`.
void addAnswers(const PipelineNode& head, const Batch& in, const Batch& out, RowAnswers& to);

}  // namespace blockyard
