#include "blocks/row_pieces.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "base/sha256.hpp"
#include "data/path_guard.hpp"

namespace blockyard {
namespace {

// Every class up to the largest has a name and an output: more is no class number but something else.
constexpr int64_t kMostClasses = 1'000'000;

// The rows [first, first + count) of all pieces, taken with take(piece, from, count).
template <class Take>
at::Tensor gather(const std::vector<RowPiece>& pieces, int64_t first, int64_t count, Take take) {
  std::vector<at::Tensor> parts;
  int64_t start = 0;
  for (const RowPiece& piece : pieces) {
    const int64_t from = std::max(first - start, int64_t{0}), to = std::min(first + count - start, piece.rows);
    if (from < to) parts.push_back(take(piece, from, to - from));
    start += piece.rows;
  }
  if (parts.empty()) return take(pieces.front(), 0, 0);
  return parts.size() == 1 ? parts.front() : at::cat(parts);
}

}  // namespace

void RowPieces::add(RowPiece piece, std::vector<std::string> digests) {
  rows_ += piece.rows;
  pieces_.push_back(std::move(piece));
  digests_.insert(digests_.end(), digests.begin(), digests.end());
}

at::Tensor RowPieces::values(int64_t first, int64_t count) const {
  return gather(pieces_, first, count,
                [](const RowPiece& piece, int64_t from, int64_t n) { return piece.values(from, n); });
}

at::Tensor RowPieces::target(int64_t first, int64_t count) const {
  return gather(pieces_, first, count,
                [](const RowPiece& piece, int64_t from, int64_t n) { return piece.target.narrow(0, from, n); });
}

std::vector<Part> RowPieces::parts() const {
  if (pieces_.size() < 2) return {};
  std::vector<Part> parts;
  for (const RowPiece& piece : pieces_) parts.insert(parts.end(), static_cast<size_t>(piece.rows), piece.part);
  return parts;
}

std::string RowPieces::fingerprint() const {
  if (digests_.size() == 1) return digests_.front();
  std::string all;
  for (const std::string& digest : digests_) all += digest + "\n";
  return sha256Hex(all);
}

std::vector<std::string> RowPieces::classNames(const SourceSetup& setup) const {
  int64_t most = 0;
  for (const RowPiece& piece : pieces_) {
    const int64_t highest = piece.target.max().item<int64_t>();
    if (highest >= kMostClasses)
      throw Error({.parameter = "target", .file = piece.target_file},
                  "expected classes 0, 1, 2, ... below " + std::to_string(kMostClasses) + ", got " +
                      std::to_string(highest) + " in row " + std::to_string(piece.target.argmax().item<int64_t>() + 1),
                  "number the classes one after the other, or set `target_kind` to target if these are numbers to "
                  "predict");
    most = std::max(most, highest);
  }
  std::vector<std::string> names = labelNames(setup, most + 1);
  const auto count = static_cast<int64_t>(names.size());
  for (const RowPiece& piece : pieces_) {
    const int64_t* const labels = piece.target.const_data_ptr<int64_t>();
    const int64_t* const bad = std::find_if(labels, labels + piece.rows, [&](int64_t label) { return label >= count; });
    if (bad == labels + piece.rows) continue;
    throw Error({.parameter = "class_names", .file = piece.target_file},
                "the label " + std::to_string(*bad) + " of row " + std::to_string(bad - labels + 1) +
                    " has no name: there are " + std::to_string(count) + " class names",
                "name every class, from label 0 on");
  }
  return names;
}

std::vector<std::string> labelNames(const SourceSetup& setup, int64_t count) {
  std::vector<std::string> names = setup.values.texts("class_names");
  if (names.empty() && setup.expected && setup.expected->count("target")) names = setup.expected->at("target").classes;
  if (names.empty())
    for (int64_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

void checkExpected(const SourceSetup& setup, const std::string& port, const Signature& rows, const std::string& file) {
  if (!setup.expected || setup.expected->count(port) == 0) return;
  const Signature& wanted = setup.expected->at(port);
  if (rows.element == wanted.element && rows.shape == wanted.shape) return;
  throw Error({.file = file}, "expected " + wanted.text() + ", as it was trained on, got " + rows.text(),
              "give rows of that size and type");
}

std::string pathOf(const SourceSetup& setup, const std::string& role) {
  const std::string& path = setup.values.text(role);
  if (path.empty()) throw Error({.parameter = role}, "no file is named");
  return dataPath(setup.folder, path);
}

}  // namespace blockyard
