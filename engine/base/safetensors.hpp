// The safetensors format: named tensors as plain bytes behind a JSON header, with no code inside. The writer's bytes
// are a function of the tensors and the metadata alone, and equal to what the safetensors library writes. The reader
// takes nothing on trust: sizes, ranges, names and texts are checked before a tensor is handed out, and every refusal
// says what is wrong. Knows no LibTorch: whoever has tensors passes views of their bytes (row-major, packed,
// little-endian). An object belongs to one thread; a file that was read may be shared by readers.
#pragma once
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace blockyard {

class MappedFile;

// In the order in which the format lays tensors out, last first: large alignment comes first in the file.
enum class Dtype { Bool, U8, I8, F8E5M2, F8E4M3, I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64 };
const char* nameOf(Dtype dtype);  // as in the file: "F8_E5M2", "BF16"
size_t sizeOf(Dtype dtype);       // bytes of one element
std::optional<Dtype> dtypeNamed(std::string_view name);

struct TensorView {
  std::string name{};
  Dtype dtype = Dtype::F32;
  std::vector<int64_t> shape{};  // empty: a single number
  std::string_view bytes{};      // not owned

  int64_t numel() const;
};

using Metadata = std::map<std::string, std::string>;

// Metadata key under which a content hash stands; see contentHash().
constexpr const char* kHashKey = "sha256";

// SHA-256 over the header (names, types, shapes, metadata but for kHashKey) and all bytes, in the order of the file.
std::string contentHash(const std::vector<TensorView>& tensors, const Metadata& metadata);

// Throws Error: a name twice, or no UTF-8; bytes that do not fit the shape; and what DurableFile throws.
void writeSafetensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                      const Metadata& metadata = {});
// The same, with the content hash in the metadata: verify() can tell then whether a bit has changed.
void writeHashedSafetensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                            Metadata metadata);
std::string safetensorsBytes(const std::vector<TensorView>& tensors, const Metadata& metadata = {});

// A file whose tensors are filled in later, in place: what stands before the first tensor (a multiple of 64 bytes), and
// where each tensor begins, counted from the front of the file. Of the views' bytes only the sizes are looked at.
struct SafetensorsLayout {
  std::string head{};
  std::vector<uint64_t> offsets{};  // one per tensor, in the order given
  uint64_t size = 0;                // of the whole file
};
SafetensorsLayout safetensorsLayout(const std::vector<TensorView>& tensors, const Metadata& metadata);

class SafetensorsFile {
 public:
  // Maps the file. The views are valid as long as this object, and aligned for their type.
  explicit SafetensorsFile(const std::filesystem::path& path);
  // From memory, which must outlive this object; `file` is only named.
  SafetensorsFile(std::string_view bytes, std::string file);
  ~SafetensorsFile();
  SafetensorsFile(SafetensorsFile&&) noexcept;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept;

  const std::vector<TensorView>& tensors() const { return tensors_; }  // in the order of the file
  const TensorView* find(const std::string& name) const;
  // Throws Error with the nearest name.
  const TensorView& at(const std::string& name) const;
  const Metadata& metadata() const { return metadata_; }
  const std::string& file() const { return file_; }
  // Throws Error unless the content hash is there and right.
  void verify() const;

 private:
  void parse(std::string_view bytes);
  void align();

  std::unique_ptr<MappedFile> map_;
  std::string file_;
  std::vector<TensorView> tensors_;
  std::map<std::string, size_t> index_;
  Metadata metadata_;
  std::deque<std::vector<uint64_t>> copies_;  // of tensors that lie unaligned in the file
};

}  // namespace blockyard
