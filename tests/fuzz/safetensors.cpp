// Safetensors files, also those of bundles and checkpoints: every byte of a tensor can be read, and what is written of
// it reads the same again.
#include "base/safetensors.hpp"

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  fuzz::refusal([&] {
    const SafetensorsFile file(fuzz::Input(data, size).rest(), "input");
    unsigned sum = 0;
    for (const TensorView& tensor : file.tensors()) {
      fuzz::require(static_cast<size_t>(tensor.numel()) * sizeOf(tensor.dtype) == tensor.bytes.size(),
                    "shape and bytes disagree");
      for (const char byte : tensor.bytes) sum += static_cast<unsigned char>(byte);
      fuzz::require(file.find(tensor.name) == &tensor, "another tensor of that name");
    }
    const std::string bytes = safetensorsBytes(file.tensors(), file.metadata());
    const SafetensorsFile again(bytes, "again");
    fuzz::require(again.tensors().size() == file.tensors().size() && again.metadata() == file.metadata(),
                  "written and read again, it is another file");
    for (const TensorView& tensor : again.tensors())
      for (const char byte : tensor.bytes) sum -= static_cast<unsigned char>(byte);
    fuzz::require(sum == 0, "written and read again, it holds other bytes");
    file.verify();
  });
  return 0;
}
