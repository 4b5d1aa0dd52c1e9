#include "export/onnx/onnx_file.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <set>

#include "base/error.hpp"

namespace blockyard {
namespace {

constexpr size_t kMostBytes =
    (size_t{1} << 31) - (size_t{1} << 20);  // what a protobuf message can hold, less the names

struct TypeName {
  int number;
  const char* name;
};
TypeName typeNamed(OnnxType type) {
  switch (type) {
    case OnnxType::Float:
      return {1, "float"};
    case OnnxType::UInt8:
      return {2, "uint8"};
    case OnnxType::Int8:
      return {3, "int8"};
    case OnnxType::Int32:
      return {6, "int32"};
    case OnnxType::Int64:
      return {7, "int64"};
    case OnnxType::Text:
      return {8, "string"};
    case OnnxType::Bool:
      return {9, "bool"};
    case OnnxType::Double:
      return {11, "double"};
  }
  return {};
}

struct FoundWriter {
  WriteOnnx write = nullptr;
  std::string problem{};
};

FoundWriter findWriter() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return {nullptr, "a sanitizer cannot be with it in one process"};
#else
  namespace fs = std::filesystem;
  std::error_code none;
  const fs::path home = fs::read_symlink("/proc/self/exe", none).parent_path();
  for (const fs::path& folder : {home / ".." / "lib", home, home / ".." / "lib" / "blockyard"}) {
    const fs::path file = folder / "libblockyard-onnx.so";
    if (!fs::exists(file, none)) continue;
    // Its protobuf must not meet the one inside of SentencePiece's library, whose names are the same.
    void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == nullptr) return {nullptr, dlerror()};
    const auto write = reinterpret_cast<WriteOnnx>(dlsym(library, kOnnxEntry));
    if (write == nullptr) return {nullptr, fs::weakly_canonical(file, none).string() + " belongs to another build"};
    return {write, {}};
  }
  return {nullptr, "it is not in this build"};
#endif
}

}  // namespace

const char* nameOf(OnnxType type) {
  return typeNamed(type).name;
}

int onnxNumber(OnnxType type) {
  return typeNamed(type).number;
}

OnnxType onnxTypeNumbered(int64_t number) {
  for (const OnnxType type : {OnnxType::Float, OnnxType::Double, OnnxType::Int64, OnnxType::Int32, OnnxType::UInt8,
                              OnnxType::Int8, OnnxType::Bool, OnnxType::Text})
    if (onnxNumber(type) == number) return type;
  throw Error({}, "there is no type of tensors with the number " + std::to_string(number), {}, Fault::Failed);
}

void leaveOutUnused(OnnxFile& file) {
  std::set<std::string> needed;
  for (const auto& output : file.outputs) needed.insert(output.name);
  std::vector<OnnxNode> used;
  for (auto node = file.nodes.rbegin(); node != file.nodes.rend(); ++node) {
    bool any = false;
    for (const auto& output : node->outputs) any = any || needed.count(output) > 0;
    if (!any) continue;
    needed.insert(node->inputs.begin(), node->inputs.end());
    used.push_back(std::move(*node));
  }
  file.nodes.assign(std::make_move_iterator(used.rbegin()), std::make_move_iterator(used.rend()));
  const auto is_idle = [&](const auto& each) { return needed.count(each.name) == 0; };
  std::erase_if(file.constants, is_idle);
  std::erase_if(file.inputs, is_idle);
}

std::string onnxBytes(OnnxFile file) {
  static const FoundWriter kFound = findWriter();
  if (kFound.write == nullptr)
    throw Error({}, "what writes ONNX models cannot be loaded: " + kFound.problem, "take the bundle", Fault::Failed);
  size_t size = 0;
  for (const auto& constant : file.constants) size += constant.bytes.size();
  if (size > kMostBytes)
    throw Error({}, "the weights have " + std::to_string(size >> 20) + " MiB, and an ONNX file holds 2047",
                "take the bundle, which has no such limit");
  std::string bytes, fault;
  if (!kFound.write(file, bytes, fault))
    throw Error({}, "ONNX's checker refuses the model that was written: " + fault, "this is a fault of Blockyard's",
                Fault::Failed);
  return bytes;
}

}  // namespace blockyard
