// BlockSchema: what a block is, as plain data. Inspector, palette, project file, command-line help, block reference and
// tests all read it; nobody writes a form or a parser. Torch-free; never changes after start.
#pragma once
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "blocks/signature.hpp"

namespace blockyard {

// The eight kinds are the eight folders, the palette sections and the first half of every block's id.
enum class Kind { Source, Preprocessor, Extractor, Classifier, Regressor, Generator, Agent, Postprocessor };
const char* nameOf(Kind kind);  // "source", ...

// Smallest and largest allowed number; for lists, of each item.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};
using Choices = std::vector<std::string>;

// What a text parameter holds, so that the window can offer the right editor.
enum class Role { Plain, File, Column, Columns, Code };

struct Param {
  std::string name{};
  Value fallback{};  // the default; its type is the type of the parameter
  std::variant<std::monostate, Range, Choices> limit{};
  std::string doc{};
  std::string unit{};
  Role role = Role::Plain;
};

enum class Wires { One, Optional, Many };  // how many wires an input takes: exactly one, none or one, one or more

struct Port {
  std::string name{};
  std::string pattern{};  // see signature.hpp
  std::string doc{};
  Wires wires = Wires::One;
};

// Numbers of a worked example: data row-major with its shape. Rows are the first size.
struct ExampleTensor {
  std::vector<int64_t> shape{};
  std::vector<double> data{};
  Element element = Element::Float32;
};
// A worked example: shown on the block's help page and run by the tests. Tables are given as CSV text with a header.
struct Example {
  Values params{};
  std::map<std::string, ExampleTensor> in{};
  std::map<std::string, std::string> in_tables{};
  std::map<std::string, ExampleTensor> out{};
  std::map<std::string, std::string> out_tables{};
  double tolerance = 1e-6;
};

// When a preprocessor works. Once: its result for every row is computed before training and kept. EachBatch: again for
// every batch (cheap or random work, such as scaling uint8 pictures and augmentation), so only its input is kept.
enum class Phase { Once, EachBatch };

struct BlockSchema {
  std::string title{};
  std::string doc{};
  std::vector<Port> inputs{};
  std::vector<Port> outputs{};
  std::vector<Param> params{};
  std::vector<Example> examples{};
  Phase phase = Phase::Once;  // preprocessors only
  bool train_only = false;    // passes its input on unchanged when it is not training (augmentation)
  bool fitted = false;        // learns from data before it works: fit() is called
  bool decides = false;       // postprocessors: leaves what it has decided in the batch to be judged (answers.hpp)
  bool leaves_out = false;    // preprocessors: says of rows that they are not to be used, see Block::chooseRows
  int version = 1;            // raised when the meaning of a parameter changes

  Kind kind = Kind::Extractor;  // from the list of blocks
  std::string id{};             // "extractor/dropout", from the list of blocks

  const Param* findParam(const std::string& name) const;
  const Port* findInput(const std::string& name) const;
  const Port* findOutput(const std::string& name) const;
  std::vector<std::string> paramNames() const;
};

// What is wrong with one setting, or empty: "expected a number from 0 to 0.95, got 2".
std::string complaint(const Param& param, const Value& value);
// The settings with every default filled in and every value in the type of its parameter (3 stands for 3.0, [3] and
// "3"). Throws Error at the parameter for an unknown name (nearest one offered), a wrong type or a value out of range.
Values completeValues(const std::vector<Param>& params, const Values& given);

}  // namespace blockyard
