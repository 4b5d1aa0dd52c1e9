// Array: numbers from NPY files, with the target from a file of its own.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "base/sha256.hpp"
#include "blocks/block.hpp"
#include "blocks/row_pieces.hpp"
#include "data/npy.hpp"

namespace blockyard::source {
namespace {

using Shared = std::shared_ptr<const NpyFile>;

Shared openFile(const SourceSetup& setup, const char* role) {
  try {
    return std::make_shared<const NpyFile>(pathOf(setup, role));
  } catch (const Error& error) {
    throw error.at({.parameter = role});
  }
}

at::ScalarType typeOf(const NpyFile& file) {
  switch (file.element()) {
    case NpyElement::Float32:
      return at::kFloat;
    case NpyElement::Int64:
      return at::kLong;
    default:
      return at::kByte;
  }
}

// Rows of the array as a tensor: a view of the mapped file where it can be, else converted.
at::Tensor rowsOf(const Shared& file, int64_t first, int64_t count) {
  std::vector<int64_t> sizes = file->shape();
  sizes[0] = count;
  if (const void* const data = file->direct()) {
    const int64_t element = static_cast<int64_t>(at::elementSize(typeOf(*file)));
    // The tensor is only read: the file is mapped read-only.
    auto* const at = const_cast<char*>(static_cast<const char*>(data)) + first * file->rowSize() * element;
    return at::from_blob(
        at, sizes, [file](void*) {}, typeOf(*file));
  }
  at::Tensor rows = at::empty(sizes, typeOf(*file));
  file->copy(first, count, rows.mutable_data_ptr());
  return rows;
}

constexpr int64_t kCheckRows = 4096;  // at a time, so that a large file needs little memory

// Throws Error at the first row that holds NaN, infinity or a number beyond float32. They would only show as a training
// that diverges.
void checkFinite(const Shared& file, const char* role) {
  if (file->element() != NpyElement::Float32) return;
  for (int64_t first = 0; first < file->rows(); first += kCheckRows) {
    const int64_t count = std::min(kCheckRows, file->rows() - first);
    const at::Tensor rows = rowsOf(file, first, count).reshape({count, -1});
    // A sum is finite only if its terms are; the opposite is looked into.
    if (std::isfinite(rows.sum().item<float>())) continue;
    const at::Tensor bad = rows.isfinite().logical_not().any(1).nonzero();
    if (bad.size(0) == 0) continue;
    throw Error({.parameter = role, .file = file->path()},
                "expected finite numbers that float32 can hold, got NaN, infinity or a larger one in row " +
                    std::to_string(first + bad[0][0].item<int64_t>() + 1),
                "fill such values in, or leave such rows out");
  }
}

bool isLabel(const SourceSetup& setup, const NpyFile& file) {
  const std::string& kind = setup.values.text("target_kind");
  const bool one = file.rowSize() == 1;
  if (kind == "label" && !one)
    throw Error({.parameter = "target", .file = file.path()},
                "a label is one number for each row, got " + std::to_string(file.rowSize()),
                "set `target_kind` to target to predict several numbers");
  return kind == "label" || (kind == "auto" && one && file.element() != NpyElement::Float32);
}

void checkTarget(const NpyFile& values, const NpyFile& target) {
  if (values.rows() != target.rows())
    throw Error({.parameter = "target", .file = target.path()},
                "expected " + std::to_string(values.rows()) + " targets, one for each row of the values, got " +
                    std::to_string(target.rows()),
                "the two files do not belong together");
  if (target.shape().size() > 2)
    throw Error({.parameter = "target", .file = target.path()},
                "expected a target [N] or [N, K], got " + std::to_string(target.shape().size()) + " sizes");
}

Signature valuesSignature(const NpyFile& file) {
  Signature values{.kind = Wire::Tensor, .shape = {"N"}};
  values.element = file.element() == NpyElement::Float32 ? Element::Float32
                   : file.element() == NpyElement::Int64 ? Element::Int64
                                                         : Element::UInt8;
  for (size_t d = 1; d < file.shape().size(); ++d) values.shape.push_back(file.shape()[d]);
  return values;
}

// Class numbers as int64. Throws Error at the first that is none.
at::Tensor labelsOf(const at::Tensor& numbers, const NpyFile& file) {
  const at::Tensor whole = numbers.to(at::kLong);
  const at::Tensor bad = (whole < 0).logical_or(whole.to(numbers.scalar_type()) != numbers).nonzero();
  if (bad.size(0) == 0) return whole;
  const int64_t row = bad[0].item<int64_t>();
  throw Error({.parameter = "target", .file = file.path()},
              "expected classes 0, 1, 2, ... as labels, got " + numberText(numbers[row].item<double>()) + " in row " +
                  std::to_string(row + 1),
              "set `target_kind` to target if these are numbers to predict");
}

bool wantsTarget(const SourceSetup& setup) {
  return !setup.values.text("target").empty() && (!setup.expected || setup.expected->count("target"));
}

Signature targetSignature(const SourceSetup& setup, const NpyFile& file, std::vector<std::string> classes) {
  if (isLabel(setup, file))
    return {.kind = Wire::Label, .element = Element::Int64, .shape = {"N"}, .classes = std::move(classes)};
  Signature target{.kind = Wire::Target, .shape = {"N"}, .unit = setup.values.text("unit")};
  if (file.rowSize() > 1) target.shape.push_back(file.rowSize());
  return target;
}

class ArraySource final : public Source {
 public:
  explicit ArraySource(const SourceSetup& setup) {
    const Shared values = openFile(setup, "values");
    const Shared target = wantsTarget(setup) ? openFile(setup, "target") : nullptr;
    outputs_["values"] = valuesSignature(*values);
    checkExpected(setup, "values", outputs_["values"], values->path());
    add(setup, values, target, "values");
    if (setup.all_files && setup.most_rows == 0 && !setup.values.text("test_values").empty()) {
      const Shared test = openFile(setup, "test_values");
      if (valuesSignature(*test) != outputs_["values"])
        throw Error({.parameter = "test_values", .file = test->path()},
                    "expected " + outputs_["values"].text() + " as in `values`, got " + valuesSignature(*test).text());
      add(setup, test, target ? openFile(setup, "test_target") : nullptr, "test_values");
    }
    if (!target) return;
    auto meaning = std::make_shared<Meaning>();
    if (isLabel(setup, *target)) meaning->classes = rows_.classNames(setup);
    outputs_["target"] = targetSignature(setup, *target, meaning->classes);
    meaning->unit = outputs_["target"].unit;
    meaning_ = std::move(meaning);
  }

  const Signatures& outputs() const override { return outputs_; }
  int64_t rows() const override { return rows_.rows(); }
  std::string fingerprint() const override { return rows_.fingerprint(); }
  std::vector<Part> givenParts() const override { return rows_.parts(); }

  Chunk read(int64_t first, int64_t count) override {
    Chunk chunk{.first_row = first};
    chunk.batch.set("values", rows_.values(first, count));
    if (meaning_) chunk.batch.set("target", {rows_.target(first, count), meaning_});
    return chunk;
  }

 private:
  void add(const SourceSetup& setup, const Shared& values, const Shared& target, const char* role) {
    const bool whole = setup.most_rows == 0;
    if (whole) checkFinite(values, role);
    RowPiece piece{.rows = whole ? values->rows() : std::min(values->rows(), setup.most_rows)};
    piece.values = [values](int64_t first, int64_t count) { return rowsOf(values, first, count); };
    std::vector<std::string> digests = {whole ? sha256Hex(values->fileBytes()) : std::string()};
    if (target) {
      checkTarget(*values, *target);
      if (whole && !isLabel(setup, *target)) checkFinite(target, "target");
      at::Tensor numbers = rowsOf(target, 0, target->rows());
      if (target->rowSize() == 1) numbers = numbers.reshape({target->rows()});
      piece.target = isLabel(setup, *target) ? labelsOf(numbers, *target) : numbers.to(at::kFloat);
      piece.target_file = target->path();
      if (whole) digests.push_back(sha256Hex(target->fileBytes()));
    }
    rows_.add(std::move(piece), std::move(digests));
  }

  RowPieces rows_;
  Signatures outputs_;
  std::shared_ptr<const Meaning> meaning_;  // null if there is no target
};

std::unique_ptr<Source> openArray(const SourceSetup& setup) {
  return std::make_unique<ArraySource>(setup);
}

Signatures peekArray(const SourceSetup& setup) {
  const Shared values = openFile(setup, "values");
  Signatures outputs{{"values", valuesSignature(*values)}};
  if (!wantsTarget(setup)) return outputs;
  const Shared target = openFile(setup, "target");
  checkTarget(*values, *target);
  std::vector<std::string> classes;
  if (isLabel(setup, *target)) {
    const at::Tensor numbers = rowsOf(target, 0, target->rows());
    classes = labelNames(setup, labelsOf(numbers.reshape({target->rows()}), *target).max().item<int64_t>() + 1);
  }
  outputs["target"] = targetSignature(setup, *target, std::move(classes));
  return outputs;
}

}  // namespace

BlockType array() {
  return {
      .schema =
          {.title = "Array",
           .doc = "Numbers from NPY files (numpy.save): values [N, ...] and, if wanted, a target [N] or [N, K]. Floats "
                  "become float32, bytes stay bytes, other integers int64.",
           .outputs = {{"values", "tensor[N, ...]", "the rows"},
                       {"target", "label|target", "class index, or number(s) to predict"}},
           .params = {{"values", "", {}, "the .npy file with the rows", "", Role::File},
                      {"target", "", {}, "the .npy file with the target of each row", "", Role::File},
                      {"target_kind", "auto", Choices{"auto", "label", "target"},
                       "label: classes 0, 1, 2, ...; target: numbers. auto: label if it holds whole numbers"},
                      {"test_values", "", {}, "rows for the test (split: given)", "", Role::File},
                      {"test_target", "", {}, "the target of those", "", Role::File},
                      {"class_names", Texts{}, {}, "name of each label, from 0 on; empty: the numbers"},
                      {"unit", "", {}, "unit of the target, shown beside it"}}},
      .open = openArray,
      .peek = peekArray};
}

}  // namespace blockyard::source
