// A trained pipeline as an ONNX model: preprocessing, model and postprocessing in one file that ONNX Runtime and others
// work out without Blockyard. Operator set 17, ai.onnx.ml 3, IR 8; any number of rows at a time.
//
//   inputs    of a table: one for each column that is used, [N, 1]; numbers float (missing: NaN), times double (seconds
//             since 1970), categories and texts string (missing: "")
//             else: what the source gives, such as uint8 [N, 3, 64, 64] or int64 [N, 128]
//   outputs   the columns of a prediction, [N], under the same names; "probabilities" [N, classes] of every classifier
//   metadata  run, classes of each classifier, signature
#pragma once
#include <map>
#include <string>
#include <vector>

#include "export/onnx/onnx_file.hpp"

namespace blockyard {

class Bundle;
class Pipeline;
struct WireStart;

struct OnnxModel {
  std::string bytes{};  // of the file
  std::vector<OnnxPort> inputs{}, outputs{};
  std::map<std::string, std::vector<std::string>> classes{};  // of the outputs that are probabilities
};

// Weights of products and convolutions as they are, or in 8 bits (eight_bit_graph.hpp): then the model rounds, and the
// answer to a row depends a little on the rows that it is asked together with.
enum class Weights { AsTrained, EightBits };

// Throws Error that names the block which can't be written, why, and what to do. Nothing is changed in the bundle.
OnnxModel onnxOf(Bundle& bundle, Weights weights = Weights::AsTrained);
// The same of any pipeline whose blocks are made: what it answers are these wires.
OnnxModel onnxOf(const Pipeline& pipeline, const std::vector<WireStart>& answers, const std::string& run,
                 Weights weights = Weights::AsTrained);

}  // namespace blockyard
