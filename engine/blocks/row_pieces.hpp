// RowPieces: rows of several files one after the other, each of which may say what its rows are for. What the sources
// of pictures and of arrays share.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "blocks/source.hpp"

namespace blockyard {

// One file of values, and its targets.
struct RowPiece {
  int64_t rows = 0;
  Part part = Part::Train;
  std::function<at::Tensor(int64_t first, int64_t count)> values{};
  at::Tensor target{};  // [N, ...]; undefined if there is none
  std::string target_file{};
};

class RowPieces {
 public:
  void add(RowPiece piece, std::vector<std::string> digests);

  const std::vector<RowPiece>& pieces() const { return pieces_; }
  int64_t rows() const { return rows_; }
  // Rows [first, first + count), cut at the end; views where one piece has them all.
  at::Tensor values(int64_t first, int64_t count) const;
  at::Tensor target(int64_t first, int64_t count) const;
  // Of each row, its piece's; empty if there is only one piece.
  std::vector<Part> parts() const;
  std::string fingerprint() const;
  // Names of the labels 0, 1, ...: those of the setting `class_names`, else those that are expected, else the numbers.
  // Throws Error if a label has no name.
  std::vector<std::string> classNames(const SourceSetup& setup) const;

 private:
  std::vector<RowPiece> pieces_;
  std::vector<std::string> digests_;
  int64_t rows_ = 0;
};

// The names of `count` labels, as above.
std::vector<std::string> labelNames(const SourceSetup& setup, int64_t count);
// The path that the parameter `role` names, seen from the project's folder. Throws Error if it is empty.
std::string pathOf(const SourceSetup& setup, const std::string& role);
// Predicting: throws Error if the rows differ in size or type from those that were trained on.
void checkExpected(const SourceSetup& setup, const std::string& port, const Signature& rows, const std::string& file);

}  // namespace blockyard
