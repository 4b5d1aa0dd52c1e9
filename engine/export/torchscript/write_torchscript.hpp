// A trained pipeline as a TorchScript module: preprocessing, model and postprocessing in one file that PyTorch loads
// without Blockyard, torch.jit.load(FILE). On the CPU; any number of rows at a time.
//
//   forward     of a table: forward(numbers: Dict[str, Tensor], texts: Dict[str, List[str]]), a column under its name;
//               numbers [N] (missing: NaN; times: seconds since 1970), categories and texts as lists (missing: "")
//               else: forward(Tensor), what the source gives, such as uint8 [N, 3, 64, 64] or int64 [N, 128]
//   returns     (Dict[str, Tensor], Dict[str, List[str]]): the columns of a prediction, numbers and texts, [N];
//               "probabilities" [N, classes] of every classifier
//   attributes  input_names (columns), output_names: List[str]; classes: Dict[str, List[str]] of the probabilities;
//               signature, run: str
//   children    the blocks of the model under their names, their weights as parameters and buffers
#pragma once
#include <string>
#include <vector>

namespace blockyard {

class Bundle;
class Pipeline;
struct WireStart;

struct TorchScriptModel {
  std::string bytes{};  // of the file
  std::vector<std::string> outputs{};
};

// The module is loaded again and has answered made-up rows as the pipeline does. Throws Error that names the block
// which can't be written, why, and what to do. Nothing is changed in the bundle.
TorchScriptModel torchScriptOf(Bundle& bundle);
TorchScriptModel torchScriptOf(const Pipeline& pipeline, const std::vector<WireStart>& answers, const std::string& run);

}  // namespace blockyard
