// OnnxFile: an ONNX model (operator set 17, ai.onnx.ml 3, IR 8) as plain data. Its messages are made and checked by a
// plug-in that only the first model loads (plugin/plugin.cpp): it holds protobuf, of which LibTorch's headers and
// SentencePiece's library bring others. Torch-free.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace blockyard {

enum class OnnxType { Float, Double, Int64, Int32, UInt8, Int8, Bool, Text };
const char* nameOf(OnnxType type);  // "float", as ONNX names it
int onnxNumber(OnnxType type);      // as in TensorProto.DataType
OnnxType onnxTypeNumbered(int64_t number);

// Whole numbers and texts as they are; numbers as float.
using OnnxAttribute =
    std::variant<int64_t, double, std::string, std::vector<int64_t>, std::vector<double>, std::vector<std::string>>;
using OnnxAttributes = std::map<std::string, OnnxAttribute>;

struct OnnxNode {
  std::string op{}, domain{}, name{};
  std::vector<std::string> inputs{}, outputs{};  // an empty name: an optional input that is not there
  OnnxAttributes attributes{};
};
// An input or output: [N, sizes...], where N is the free number of rows; a size of -1 is free, too.
struct OnnxPort {
  std::string name{};
  OnnxType type = OnnxType::Float;
  std::vector<int64_t> sizes{};
  std::string doc{};
};
struct OnnxConstant {
  std::string name{};
  OnnxType type = OnnxType::Float;
  std::vector<int64_t> sizes{};
  std::string_view bytes{};  // must live until the file is written
};

struct OnnxFile {
  std::vector<OnnxPort> inputs{}, outputs{};
  std::vector<OnnxConstant> constants{};
  std::vector<OnnxNode> nodes{};                             // in the order in which they are worked out
  std::vector<std::pair<std::string, std::string>> notes{};  // metadata
  std::string doc{};
};

// Takes nodes, constants and inputs away that no output needs.
void leaveOutUnused(OnnxFile& file);

// The bytes of the file, once ONNX's checker and shape inference have found no fault.
// Throws Error if they do, if the model is larger than the format allows (2 GiB), or if the plug-in can't be loaded.
std::string onnxBytes(OnnxFile file);

// The plug-in: false with the fault in `fault`.
using WriteOnnx = bool (*)(const OnnxFile& file, std::string& bytes, std::string& fault);
constexpr const char* kOnnxEntry = "blockyard_write_onnx_1";

}  // namespace blockyard
