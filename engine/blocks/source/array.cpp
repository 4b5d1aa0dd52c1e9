// Array: numbers or pictures from NPY files and NPZ archives, with the target from an array of its own.
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

Signature valuesSignature(const NpyFile& file) {
  Signature values{.kind = Wire::Tensor, .shape = {"N"}};
  values.element = file.element() == NpyElement::Float32 ? Element::Float32
                   : file.element() == NpyElement::Int64 ? Element::Int64
                                                         : Element::UInt8;
  for (size_t d = 1; d < file.shape().size(); ++d) values.shape.push_back(file.shape()[d]);
  return values;
}

bool arePictures(const SourceSetup& setup) {
  return setup.values.text("values_kind") == "pictures";
}

// Where height, width and channels of pictures stand in their array; channels 0: they are grey and have none.
struct PictureAxes {
  size_t height = 1, width = 2, channels = 0;
};

bool countsChannels(int64_t size) {
  return size == 1 || size == 3;
}

PictureAxes pictureAxes(const NpyFile& file, const char* role) {
  const std::vector<int64_t>& shape = file.shape();
  const bool bytes = file.element() == NpyElement::UInt8;
  if (bytes && shape.size() == 3) return {};
  if (bytes && shape.size() == 4 && countsChannels(shape[3])) return {.channels = 3};
  if (bytes && shape.size() == 4 && countsChannels(shape[1])) return {.height = 2, .width = 3, .channels = 1};
  throw Error({.parameter = role, .file = file.path()},
              "expected pictures of bytes, [N, height, width] or with 1 or 3 channels at either end of a row, got " +
                  valuesSignature(file).text(),
              "set `values_kind` to tensor if these are no pictures");
}

Signature pictureSignature(const NpyFile& file, const char* role) {
  const PictureAxes axes = pictureAxes(file, role);
  const std::vector<int64_t>& shape = file.shape();
  return {.kind = Wire::Image,
          .element = Element::UInt8,
          .shape = {"N", axes.channels == 0 ? 1 : shape[axes.channels], shape[axes.height], shape[axes.width]}};
}

Signature signatureOf(const SourceSetup& setup, const NpyFile& file, const char* role) {
  return arePictures(setup) ? pictureSignature(file, role) : valuesSignature(file);
}

// Rows of the array as the port carries them.
at::Tensor valuesOf(const Shared& file, bool pictures, int64_t first, int64_t count) {
  at::Tensor rows = rowsOf(file, first, count);
  if (!pictures) return rows;
  const size_t channels = pictureAxes(*file, "values").channels;
  if (channels == 0) return rows.unsqueeze(1);
  return channels == 1 ? rows : rows.permute({0, 3, 1, 2}).contiguous();
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

void checkTarget(const NpyFile& values, const NpyFile& target, const char* role) {
  if (values.rows() != target.rows())
    throw Error({.parameter = role, .file = target.path()},
                "expected " + std::to_string(values.rows()) + " targets, one for each row of the values, got " +
                    std::to_string(target.rows()),
                "the two files do not belong together");
  if (target.shape().size() > 2)
    throw Error({.parameter = role, .file = target.path()},
                "expected a target [N] or [N, K], got " + std::to_string(target.shape().size()) + " sizes");
}

// Class numbers as int64. Throws Error at the first that is none.
at::Tensor labelsOf(const at::Tensor& numbers, const NpyFile& file, const char* role) {
  const at::Tensor whole = numbers.to(at::kLong);
  const at::Tensor bad = (whole < 0).logical_or(whole.to(numbers.scalar_type()) != numbers).nonzero();
  if (bad.size(0) == 0) return whole;
  const int64_t row = bad[0].item<int64_t>();
  throw Error({.parameter = role, .file = file.path()},
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
  explicit ArraySource(const SourceSetup& setup) : pictures_(arePictures(setup)) {
    const Shared values = openFile(setup, "values");
    const Shared target = wantsTarget(setup) ? openFile(setup, "target") : nullptr;
    outputs_["values"] = signatureOf(setup, *values, "values");
    checkExpected(setup, "values", outputs_["values"], values->path());
    add(setup, values, target, {"values", "target", Part::Train});
    partial_ = setup.all_files && setup.most_rows > 0 &&
               !(setup.values.text("validation_values") + setup.values.text("test_values")).empty();
    if (setup.all_files && setup.most_rows == 0) {
      addFurther(setup, target, {"validation_values", "validation_target", Part::Validation});
      addFurther(setup, target, {"test_values", "test_target", Part::Test});
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
  bool partial() const override { return partial_; }
  std::string fingerprint() const override { return rows_.fingerprint(); }
  std::vector<Part> givenParts() const override { return rows_.parts(); }

  Packet readPort(const std::string& port, int64_t first, int64_t count) override {
    if (port == "values") return rows_.values(first, count);
    return {rows_.target(first, count), meaning_};
  }

 private:
  // The parameters that name the two arrays, and what their rows are for.
  struct Roles {
    const char *values, *target;
    Part part;
  };

  void addFurther(const SourceSetup& setup, const Shared& first_target, const Roles& roles) {
    if (setup.values.text(roles.values).empty()) return;
    const Shared values = openFile(setup, roles.values);
    const Signature found = signatureOf(setup, *values, roles.values);
    if (found != outputs_["values"])
      throw Error({.parameter = roles.values, .file = values->path()},
                  "expected " + outputs_["values"].text() + " as in `values`, got " + found.text());
    add(setup, values, first_target ? openFile(setup, roles.target) : nullptr, roles);
  }

  void add(const SourceSetup& setup, const Shared& values, const Shared& target, const Roles& roles) {
    const bool whole = setup.most_rows == 0;
    if (whole) checkFinite(values, roles.values);
    RowPiece piece{.rows = whole ? values->rows() : std::min(values->rows(), setup.most_rows), .part = roles.part};
    piece.values = [values, pictures = pictures_](int64_t first, int64_t count) {
      return valuesOf(values, pictures, first, count);
    };
    std::vector<std::string> digests = {whole ? sha256Hex(values->fileBytes()) : std::string()};
    if (target) {
      checkTarget(*values, *target, roles.target);
      if (whole && !isLabel(setup, *target)) checkFinite(target, roles.target);
      at::Tensor numbers = rowsOf(target, 0, target->rows());
      if (target->rowSize() == 1) numbers = numbers.reshape({target->rows()});
      piece.target = isLabel(setup, *target) ? labelsOf(numbers, *target, roles.target) : numbers.to(at::kFloat);
      piece.target_file = target->path();
      if (whole) digests.push_back(sha256Hex(target->fileBytes()));
    }
    rows_.add(std::move(piece), std::move(digests));
  }

  bool pictures_, partial_ = false;
  RowPieces rows_;
  Signatures outputs_;
  std::shared_ptr<const Meaning> meaning_;  // null if there is no target
};

std::unique_ptr<Source> openArray(const SourceSetup& setup) {
  return std::make_unique<ArraySource>(setup);
}

Signatures peekArray(const SourceSetup& setup) {
  const Shared values = openFile(setup, "values");
  Signatures outputs{{"values", signatureOf(setup, *values, "values")}};
  if (!wantsTarget(setup)) return outputs;
  const Shared target = openFile(setup, "target");
  checkTarget(*values, *target, "target");
  std::vector<std::string> classes;
  if (isLabel(setup, *target)) {
    const at::Tensor numbers = rowsOf(target, 0, target->rows());
    classes =
        labelNames(setup, labelsOf(numbers.reshape({target->rows()}), *target, "target").max().item<int64_t>() + 1);
  }
  outputs["target"] = targetSignature(setup, *target, std::move(classes));
  return outputs;
}

}  // namespace

BlockType array() {
  return {
      .schema =
          {.title = "Array",
           .doc = "Numbers or pictures from NPY files (numpy.save) and from the arrays of NPZ archives (numpy.savez), "
                  "which are named behind the archive: cells.npz/train_images. Values are [N, ...], a target [N] or "
                  "[N, K]. Floats become float32, bytes stay bytes, other integers int64.",
           .outputs = {{"values", "tensor[N, ...]|image", "the rows"},
                       {"target", "label|target", "class index, or number(s) to predict"}},
           .params =
               {{"values", "", {}, "the rows: a .npy file, or an array of an archive: FILE.npz/NAME", "", Role::File},
                {"target", "", {}, "the target of each row, likewise", "", Role::File},
                {"values_kind", "tensor", Choices{"tensor", "pictures"},
                 "pictures: bytes [N, height, width], or with 1 or 3 channels: [N, height, width, channels] or "
                 "[N, channels, height, width]; tensor: any numbers, as they are"},
                {"target_kind", "auto", Choices{"auto", "label", "target"},
                 "label: classes 0, 1, 2, ...; target: numbers. auto: label if it holds whole numbers"},
                {"validation_values", "", {}, "rows for the validation (split: given)", "", Role::File},
                {"validation_target", "", {}, "the target of those", "", Role::File},
                {"test_values", "", {}, "rows for the test (split: given)", "", Role::File},
                {"test_target", "", {}, "the target of those", "", Role::File},
                {"class_names", Texts{}, {}, "name of each label, from 0 on; empty: the numbers"},
                {"unit", "", {}, "unit of the target, shown beside it"}}},
      .open = openArray,
      .peek = peekArray};
}

}  // namespace blockyard::source
