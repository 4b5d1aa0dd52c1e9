#include "base/safetensors.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <tuple>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "base/value.hpp"

namespace blockyard {
namespace {

constexpr uint64_t kMaxHeader = 100'000'000;
constexpr const char* kMetadataName = "__metadata__";

struct DtypeFacts {
  const char* name;
  size_t size;
};
constexpr std::array<DtypeFacts, 16> kDtypes = {{{"BOOL", 1},
                                                 {"U8", 1},
                                                 {"I8", 1},
                                                 {"F8_E5M2", 1},
                                                 {"F8_E4M3", 1},
                                                 {"I16", 2},
                                                 {"U16", 2},
                                                 {"F16", 2},
                                                 {"BF16", 2},
                                                 {"I32", 4},
                                                 {"U32", 4},
                                                 {"F32", 4},
                                                 {"C64", 8},
                                                 {"F64", 8},
                                                 {"I64", 8},
                                                 {"U64", 8}}};

[[noreturn]] void refuse(const std::string& file, const std::string& problem, const std::string& hint = {}) {
  throw Error({.file = file}, problem, hint);
}

// Bytes of a tensor of this shape; nothing if that number does not fit 64 bits.
std::optional<uint64_t> bytesOf(Dtype dtype, const std::vector<int64_t>& shape) {
  uint64_t out = sizeOf(dtype);
  for (const int64_t size : shape)
    if (size < 0 || __builtin_mul_overflow(out, static_cast<uint64_t>(size), &out)) return std::nullopt;
  return out;
}

std::string shapeText(const std::vector<int64_t>& shape) {
  return Value(shape).text();
}

// A text as JSON. Throws Error if it is no UTF-8, because nobody could read the file.
std::string quoted(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw Error({}, "a name or a text of the metadata is no UTF-8", {}, Fault::Failed);
  }
}

std::vector<const TensorView*> fileOrder(const std::vector<TensorView>& tensors) {
  std::vector<const TensorView*> order;
  for (const auto& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](const TensorView* a, const TensorView* b) {
    return a->dtype != b->dtype ? a->dtype > b->dtype : a->name < b->name;
  });
  return order;
}

void checkTensors(const std::vector<const TensorView*>& order) {
  std::vector<std::string_view> names;
  for (const TensorView* tensor : order) {
    if (bytesOf(tensor->dtype, tensor->shape) != tensor->bytes.size())
      refuse({}, "tensor \"" + tensor->name + "\" has " + std::to_string(tensor->bytes.size()) +
                     " bytes, which is not " + nameOf(tensor->dtype) + shapeText(tensor->shape));
    if (tensor->name == kMetadataName) refuse({}, "a tensor cannot be named " + tensor->name);
    names.push_back(tensor->name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) refuse({}, "two tensors are named \"" + std::string(*twice) + "\"");
}

// The header's JSON. Written by hand, because the order of the members is part of the bytes.
std::string headerText(const std::vector<const TensorView*>& order, const Metadata& metadata) {
  std::string out;
  for (const auto& [key, text] : metadata) out += (out.empty() ? "" : ",") + quoted(key) + ":" + quoted(text);
  if (!out.empty()) out = "\"" + std::string(kMetadataName) + "\":{" + out + "}";
  uint64_t at = 0;
  for (const TensorView* tensor : order) {
    std::string shape;
    for (const int64_t size : tensor->shape) shape += (shape.empty() ? "" : ",") + std::to_string(size);
    out += (out.empty() ? "" : ",") + quoted(tensor->name) + ":{\"dtype\":\"" + nameOf(tensor->dtype) +
           "\",\"shape\":[" + shape + "],\"data_offsets\":[" + std::to_string(at) + "," +
           std::to_string(at + tensor->bytes.size()) + "]}";
    at += tensor->bytes.size();
  }
  return "{" + out + "}";
}

// Everything before the first tensor, its length a multiple of `alignment`.
std::string headOf(const std::vector<const TensorView*>& order, const Metadata& metadata, size_t alignment) {
  checkTensors(order);
  constexpr size_t kLengthBytes = 8;
  std::string header = headerText(order, metadata);
  header.resize((kLengthBytes + header.size() + alignment - 1) / alignment * alignment - kLengthBytes, ' ');
  if (header.size() > kMaxHeader) refuse({}, "the names and the metadata have more than 100 MB");
  std::string out;
  for (size_t i = 0; i < kLengthBytes; ++i) out += static_cast<char>(header.size() >> (8 * i));
  return out + header;
}

void writeTo(const std::vector<TensorView>& tensors, const Metadata& metadata,
             const std::function<void(std::string_view)>& sink) {
  const auto order = fileOrder(tensors);
  sink(headOf(order, metadata, 8));
  for (const TensorView* tensor : order) sink(tensor->bytes);
}

// One entry of the header, and its range in the buffer.
struct Entry {
  TensorView view;
  uint64_t begin = 0, end = 0;
};

Entry entryFrom(const std::string& name, const JsonPlace& place) {
  Entry out;
  out.view.name = name;
  const std::string& dtype_name = place["dtype"].text();
  const auto dtype = dtypeNamed(dtype_name);
  if (!dtype) place["dtype"].refuse("expected a type that is known here, got \"" + dtype_name.substr(0, 40) + "\"");
  out.view.dtype = *dtype;
  for (const auto& size : place["shape"].items()) {
    if (size.count() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
      size.refuse("expected a size of 63 bits");
    out.view.shape.push_back(static_cast<int64_t>(size.count()));
  }
  const auto offsets = place["data_offsets"].items();
  if (offsets.size() != 2)
    place["data_offsets"].refuse("expected begin and end, got " + std::to_string(offsets.size()) + " numbers");
  out.begin = offsets[0].count();
  out.end = offsets[1].count();
  const auto bytes = bytesOf(*dtype, out.view.shape);
  if (!bytes) place["shape"].refuse("expected a shape that fits memory, got " + shapeText(out.view.shape));
  if (out.end < out.begin || out.end - out.begin != *bytes)
    place["data_offsets"].refuse("expected " + std::to_string(*bytes) + " bytes for " + dtype_name +
                                 shapeText(out.view.shape) + ", got [" + std::to_string(out.begin) + ", " +
                                 std::to_string(out.end) + ")");
  return out;
}

}  // namespace

const char* nameOf(Dtype dtype) {
  return kDtypes[static_cast<size_t>(dtype)].name;
}

size_t sizeOf(Dtype dtype) {
  return kDtypes[static_cast<size_t>(dtype)].size;
}

std::optional<Dtype> dtypeNamed(std::string_view name) {
  for (size_t i = 0; i < kDtypes.size(); ++i)
    if (name == kDtypes[i].name) return static_cast<Dtype>(i);
  return std::nullopt;
}

int64_t TensorView::numel() const {
  return static_cast<int64_t>(bytes.size() / sizeOf(dtype));
}

std::string contentHash(const std::vector<TensorView>& tensors, const Metadata& metadata) {
  Metadata rest = metadata;
  rest.erase(kHashKey);
  const auto order = fileOrder(tensors);
  Sha256 hash;
  hash.update(headerText(order, rest));
  for (const TensorView* tensor : order) hash.update(tensor->bytes);
  return hash.hex();
}

void writeSafetensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                      const Metadata& metadata) {
  try {
    DurableFile file(path);
    writeTo(tensors, metadata, [&](std::string_view bytes) { file.write(bytes); });
    file.commit();
  } catch (const Error& error) {
    throw error.at({.file = path.string()});
  }
}

void writeHashedSafetensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                            Metadata metadata) {
  metadata[kHashKey] = contentHash(tensors, metadata);
  writeSafetensors(path, tensors, metadata);
}

std::string safetensorsBytes(const std::vector<TensorView>& tensors, const Metadata& metadata) {
  std::string out;
  writeTo(tensors, metadata, [&](std::string_view bytes) { out += bytes; });
  return out;
}

SafetensorsLayout safetensorsLayout(const std::vector<TensorView>& tensors, const Metadata& metadata) {
  const auto order = fileOrder(tensors);
  SafetensorsLayout out{.head = headOf(order, metadata, 64), .offsets = std::vector<uint64_t>(tensors.size())};
  out.size = out.head.size();
  for (const TensorView* tensor : order) {
    out.offsets[static_cast<size_t>(tensor - tensors.data())] = out.size;
    out.size += tensor->bytes.size();
  }
  return out;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : map_(std::make_unique<MappedFile>(path)), file_(path.string()) {
  parse(map_->bytes());
}

SafetensorsFile::SafetensorsFile(std::string_view bytes, std::string file) : file_(std::move(file)) {
  parse(bytes);
}

SafetensorsFile::~SafetensorsFile() = default;
SafetensorsFile::SafetensorsFile(SafetensorsFile&&) noexcept = default;
SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&&) noexcept = default;

void SafetensorsFile::parse(std::string_view bytes) {
  if (bytes.size() < 8) refuse(file_, "expected a safetensors file, got " + std::to_string(bytes.size()) + " bytes");
  uint64_t header_size = 0;
  for (int i = 7; i >= 0; --i)
    header_size = header_size << 8 | static_cast<unsigned char>(bytes[static_cast<size_t>(i)]);
  if (header_size > kMaxHeader)
    refuse(file_, "expected a safetensors header of at most 100 MB, got " + std::to_string(header_size) + " bytes");
  if (header_size > bytes.size() - 8)
    refuse(file_,
           "the header should have " + std::to_string(header_size) + " bytes, but the file ends after " +
               std::to_string(bytes.size() - 8),
           "the file was cut short, or is no safetensors file");
  const std::string_view header = bytes.substr(8, header_size);
  if (header.empty() || header.front() != '{') refuse(file_, "expected the header to begin with {");
  const nlohmann::json json = parseJson(header, file_, kMaxHeader);
  std::vector<Entry> entries;
  for (const auto& [name, place] : JsonPlace(json, file_).members()) {
    if (name != kMetadataName) {
      entries.push_back(entryFrom(name, place));
      continue;
    }
    for (const auto& [key, text] : place.members()) metadata_[key] = text.text();
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end, a.view.name) < std::tie(b.begin, b.end, b.view.name);
  });
  const std::string_view buffer = bytes.substr(8 + header_size);
  uint64_t at = 0;
  for (auto& entry : entries) {
    const std::string range = "tensor \"" + entry.view.name + "\" ";
    if (entry.begin < at) refuse(file_, range + "overlaps the one before it");
    if (entry.begin > at)
      refuse(file_, range + "is preceded by " + std::to_string(entry.begin - at) + " bytes of no tensor");
    if (entry.end > buffer.size())
      refuse(file_,
             range + "should end at byte " + std::to_string(entry.end) + ", but the file holds " +
                 std::to_string(buffer.size()),
             "the file was cut short");
    entry.view.bytes = buffer.substr(entry.begin, entry.end - entry.begin);
    at = entry.end;
    index_[entry.view.name] = tensors_.size();
    tensors_.push_back(std::move(entry.view));
  }
  if (at != buffer.size()) refuse(file_, std::to_string(buffer.size() - at) + " bytes follow the last tensor");
  align();
}

void SafetensorsFile::align() {
  for (auto& tensor : tensors_) {
    if (reinterpret_cast<uintptr_t>(tensor.bytes.data()) % sizeOf(tensor.dtype) == 0 || tensor.bytes.empty()) continue;
    auto& copy = copies_.emplace_back((tensor.bytes.size() + 7) / 8);
    std::memcpy(copy.data(), tensor.bytes.data(), tensor.bytes.size());
    tensor.bytes = {reinterpret_cast<const char*>(copy.data()), tensor.bytes.size()};
  }
}

const TensorView* SafetensorsFile::find(const std::string& name) const {
  const auto it = index_.find(name);
  return it == index_.end() ? nullptr : &tensors_[it->second];
}

const TensorView& SafetensorsFile::at(const std::string& name) const {
  if (const TensorView* found = find(name)) return *found;
  std::vector<std::string> names;
  for (const auto& tensor : tensors_) names.push_back(tensor.name);
  const std::string near = nearestName(name, names);
  refuse(file_, "tensor \"" + name + "\" is missing", near.empty() ? "" : "there is \"" + near + "\"");
}

void SafetensorsFile::verify() const {
  const auto recorded = metadata_.find(kHashKey);
  if (recorded == metadata_.end()) refuse(file_, "holds no checksum of its content");
  if (recorded->second != contentHash(tensors_, metadata_))
    refuse(file_, "the content does not match its checksum", "the file was damaged after it was written");
}

}  // namespace blockyard
