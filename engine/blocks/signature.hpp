// Signature: what a wire carries, known before any data flows. Inferred at once while wiring, so that a wrong wire is
// refused then and not in the middle of training. Torch-free.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/table.hpp"

namespace blockyard {

enum class Wire { Table, Image, Text, Tensor, Label, Target, Environment };
enum class Element { Float32, Float64, Int64, UInt8, Bool };
const char* nameOf(Wire kind);
const char* nameOf(Element element);

// One size of a shape: a number, or a free size that is known only by name ("N", "F").
struct Dim {
  int64_t size = -1;  // -1: free
  std::string name{};

  Dim(int64_t s) : size(s) {}
  Dim(const char* free_name) : name(free_name) {}
  Dim(std::string free_name) : name(std::move(free_name)) {}
  bool known() const { return size >= 0; }
  std::string text() const { return known() ? std::to_string(size) : name; }
  bool operator==(const Dim&) const = default;
};
using Shape = std::vector<Dim>;
std::string textOf(const Shape& shape);  // "[N, 1, 28, 28]"

struct ColumnInfo {
  std::string name{};
  ColumnType type = ColumnType::Number;
  std::vector<std::string> classes{};  // Category: the names seen
  bool operator==(const ColumnInfo&) const = default;
};

struct Signature {
  Wire kind = Wire::Tensor;
  Element element = Element::Float32;
  Shape shape{};                       // first is "N", the rows; of a table only that one
  std::vector<ColumnInfo> columns{};   // Table
  std::vector<std::string> classes{};  // Label, and tensors of scores per class
  std::string unit{};                  // Target
  bool open = false;                   // columns, classes or sizes are known only once data has flowed

  // "table (8 columns)", "float32 [N, 28, 28]", "label (3 classes)".
  std::string text() const;
  bool operator==(const Signature&) const = default;
};

// Signatures by port name; a port that takes many holds them as "x", "x:1", ... (see portSlot).
using Signatures = std::map<std::string, Signature>;

// The little language of ports, e.g. "table", "label", "image[N, C, H, W]", "float[N, ..., F]", "any", "like x".
//   kinds     table image text label target any; float (float32), int (int64), uint8, bool, tensor (any element)
//   sizes     a number, a free name (bound by the inputs; the same name is the same size everywhere in the block),
//             an integer parameter's name (outputs), or "..." for any number of sizes
//   like x    the signature of input x
//   a|b       either
// Sizes bound while matching; "..." binds under its own name.
struct Bindings {
  std::map<std::string, Dim> sizes{};
  Shape rest{};
};
// nullopt if `given` fits `pattern` (and binds sizes), else what was expected, e.g. "float [N, C, H, W]".
std::optional<std::string> match(const std::string& pattern, const Signature& given, Bindings& bindings);
// The signature that an output pattern stands for once the inputs have bound its sizes.
Signature resolve(const std::string& pattern, const Bindings& bindings, const Signatures& inputs,
                  const std::map<std::string, int64_t>& parameters);

}  // namespace blockyard
