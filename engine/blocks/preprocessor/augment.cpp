// Augment: shows the network a slightly different picture in every epoch, so that it learns what does not matter. Every
// row is changed by random numbers of its own, keyed by (seed, epoch, row): the same in any batch and on any number of
// threads.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>
#include <numbers>

#include "blocks/block.hpp"

namespace blockyard::preprocessor {
namespace {

enum class Padding { Zero, Edge, Reflect };

// Where the pixels of one picture come from, and its noise.
struct Change {
  bool flip = false;
  int64_t right = 0, down = 0;  // how far the picture is moved
  uint64_t noise_key = 0;
};

// The place in [0, size) that `at` means beyond the edge; -1: nothing is there.
int64_t padded(int64_t at, int64_t size, Padding padding) {
  if (at >= 0 && at < size) return at;
  if (padding == Padding::Zero) return -1;
  if (padding == Padding::Edge || size == 1) return at < 0 ? 0 : size - 1;
  const int64_t period = 2 * (size - 1), folded = ((at % period) + period) % period;
  return folded < size ? folded : period - folded;
}

// For every place along an axis the one its pixel is taken from.
std::vector<int64_t> origins(int64_t size, int64_t moved, bool mirrored, Padding padding) {
  std::vector<int64_t> out;
  for (int64_t i = 0; i < size; ++i) {
    const int64_t at = padded(i - moved, size, padding);
    out.push_back(at >= 0 && mirrored ? size - 1 - at : at);
  }
  return out;
}

// Four normal numbers of one Philox block (Box-Muller on two pairs).
std::array<float, 4> fourNormals(uint64_t key, uint64_t block) {
  const auto bits = philox({static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), 0, 0},
                           {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)});
  std::array<float, 4> out{};
  for (size_t pair = 0; pair < 4; pair += 2) {
    const float u = (static_cast<float>(bits[pair] >> 8) + 1) * 0x1p-24F;  // (0, 1]
    const float angle = static_cast<float>(bits[pair + 1] >> 8) * (0x1p-23F * std::numbers::pi_v<float>);
    const float radius = std::sqrt(-2 * std::log(u));
    out[pair] = radius * std::cos(angle);
    out[pair + 1] = radius * std::sin(angle);
  }
  return out;
}

// Bytes are rounded and kept in range.
template <class T>
T plusNoise(T value, float noise) {
  if constexpr (std::is_same_v<T, uint8_t>)
    return static_cast<uint8_t>(std::clamp(std::nearbyint(static_cast<float>(value) + noise), 0.0F, 255.0F));
  return static_cast<T>(static_cast<float>(value) + noise);
}

class Augment final : public Block {
 public:
  explicit Augment(const Setup& setup)
      : flip_(setup.values.number("flip")),
        shift_(setup.values.integer("shift")),
        noise_(static_cast<float>(setup.values.number("noise"))),
        random_(setup.random.key("augment")) {
    const std::string& padding = setup.values.text("padding");
    padding_ = padding == "zero" ? Padding::Zero : padding == "edge" ? Padding::Edge : Padding::Reflect;
  }

  Batch forward(const Batch& in, Step& step) override {
    const Packet& x = in.packet("x");
    if (!step.training()) return {{"y", x}};
    // Random numbers are made on the processor, so that every device sees the same pictures.
    const at::Tensor image = x.tensor().cpu();  // [N, C, H, W]
    const auto layout = image.suggest_memory_format();
    const at::Tensor from = image.contiguous(layout);
    at::Tensor to = at::empty_like(from, layout);
    if (image.scalar_type() == at::kByte)
      change<uint8_t>(from, to, step);
    else
      change<float>(from, to, step);
    return {{"y", Packet(to.to(x.tensor().device()), x.sharedMeaning())}};
  }

 private:
  Change changeOf(int64_t row, int64_t epoch) const {
    const KeyedRandom random = random_.key(static_cast<uint64_t>(epoch)).key(static_cast<uint64_t>(row));
    const auto far = static_cast<uint64_t>(2 * shift_ + 1);
    return {.flip = random.uniform(0) < flip_,
            .right = static_cast<int64_t>(random.below(1, far)) - shift_,
            .down = static_cast<int64_t>(random.below(2, far)) - shift_,
            .noise_key = random.bits(3)};
  }

  template <class T>
  void change(const at::Tensor& from, at::Tensor& to, const Step& step) const {
    const bool known = step.rowIds().defined();
    const int64_t* ids = known ? step.rowIds().const_data_ptr<int64_t>() : nullptr;
    const T* source = from.const_data_ptr<T>();
    T* target = to.mutable_data_ptr<T>();
    at::parallel_for(0, from.size(0), 8, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        changeOne(source + i * from.stride(0), target + i * from.stride(0), from,
                  changeOf(known ? ids[i] : i, step.epoch()));
    });
  }

  // One picture; both sides have the strides of `like`.
  template <class T>
  void changeOne(const T* from, T* to, const at::Tensor& like, const Change& change) const {
    const int64_t channels = like.size(1), height = like.size(2), width = like.size(3);
    const int64_t by_channel = like.stride(1), by_row = like.stride(2), by_column = like.stride(3);
    const std::vector<int64_t> rows = origins(height, change.down, false, padding_);
    const std::vector<int64_t> columns = origins(width, change.right, change.flip, padding_);
    std::array<float, 4> normals{};
    uint64_t pixel = 0;
    for (int64_t c = 0; c < channels; ++c) {
      for (int64_t h = 0; h < height; ++h) {
        const int64_t row = rows[static_cast<size_t>(h)];
        const T* line = from + c * by_channel + row * by_row;
        T* out = to + c * by_channel + h * by_row;
        for (int64_t w = 0; w < width; ++w) {
          const int64_t column = columns[static_cast<size_t>(w)];
          T value = row < 0 || column < 0 ? T{0} : line[column * by_column];
          if (noise_ > 0) {
            if (pixel % 4 == 0) normals = fourNormals(change.noise_key, pixel / 4);
            value = plusNoise(value, noise_ * normals[pixel % 4]);
            ++pixel;
          }
          out[w * by_column] = value;
        }
      }
    }
  }

  double flip_;
  int64_t shift_;
  float noise_;
  Padding padding_ = Padding::Zero;
  KeyedRandom random_;
};

Signatures inferAugment(const Values&, const Signatures& inputs) {
  const Signature& x = inputs.at("x");
  if (x.element != Element::UInt8 && x.element != Element::Float32)
    throw Error({.port = "x"}, "expected pictures of uint8 or float32, got " + x.text());
  return {{"y", x}};
}

}  // namespace

BlockType augment() {
  return {
      .schema = {.title = "Augment",
                 .doc = "While training, changes every picture at random: mirrors it, moves it and adds noise. In the "
                        "next epoch "
                        "it is changed in another way. Passes pictures on unchanged when it is not training.",
                 .inputs = {{"x", "image[N, C, H, W]|tensor[N, C, H, W]"}},
                 .outputs = {{"y", "like x"}},
                 .params = {{"flip", 0.5, Range{0, 1}, "share of pictures that are mirrored left to right"},
                            {"shift", 2, Range{0, 1024}, "how far a picture is moved at most, in each direction", "px"},
                            {"padding", "zero", Choices{"zero", "edge", "reflect"},
                             "what fills the space that a move leaves"},
                            {"noise", 0.0, Range{0, 255},
                             "deviation of the noise, in units of the pixels (bytes: 0 to 255)"}},
                 .examples = {{.in = {{"x", {{1, 1, 1, 2}, {1, 2}}}}, .out = {{"y", {{1, 1, 1, 2}, {1, 2}}}}}},
                 .phase = Phase::EachBatch,
                 .train_only = true},
      .make = make<Augment>,
      .infer = inferAugment};
}

}  // namespace blockyard::preprocessor
