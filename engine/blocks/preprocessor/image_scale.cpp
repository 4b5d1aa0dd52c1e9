// Image scale: uint8 pictures to float32 ones, scaled and normalized for each channel in one pass.
#include <ATen/ATen.h>

#include <array>
#include <cmath>

#include "blocks/columns.hpp"
#include "blocks/image_kernel.hpp"

namespace blockyard::preprocessor {
namespace {

class ImageScale final : public Block {
 public:
  explicit ImageScale(const Setup& setup)
      : scale_(setup.values.number("scale")), fitted_(setup.values.text("normalize") == "fitted") {
    const auto channels = static_cast<size_t>(setup.size("x", 1));
    scaling_.layout =
        setup.values.text("layout") == "channels_last" ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    mean_.assign(channels, 0);
    deviation_.assign(channels, 1);
    if (setup.values.text("normalize") == "given") {
      mean_ = perChannel(setup.values.numbers("mean"), channels);
      deviation_ = perChannel(setup.values.numbers("deviation"), channels);
    }
    prepare();
  }

  // A pixel has one of 256 values, so counting them is exact and independent of any order.
  void fit(FitRows& rows) override {
    if (!fitted_) return;
    std::vector<std::array<int64_t, 256>> counts(mean_.size());
    for (Batch batch = rows.next(); !batch.items().empty(); batch = rows.next()) {
      const at::Tensor images = batch["x"].contiguous();  // [N, C, H, W]
      const uint8_t* from = images.const_data_ptr<uint8_t>();
      const int64_t pixels = images.size(2) * images.size(3), planes = images.size(0) * images.size(1);
      for (int64_t plane = 0; plane < planes; ++plane) {
        auto& count = counts[static_cast<size_t>(plane % images.size(1))];
        for (int64_t i = 0; i < pixels; ++i) ++count[from[plane * pixels + i]];
      }
    }
    for (size_t c = 0; c < counts.size(); ++c) learn(counts[c], c);
    prepare();
  }

  Batch forward(const Batch& in, Step&) override { return {{"y", imageToFloat(in["x"], scaling_)}}; }

  State state() const override {
    if (!fitted_) return {};
    return {{{"mean", tensorOf(mean_)}, {"deviation", tensorOf(deviation_)}}, {}};
  }

  void loadState(const State& state) override {
    if (!fitted_) return;
    mean_ = stateNumbers(state, "mean", mean_.size());
    deviation_ = stateNumbers(state, "deviation", deviation_.size());
    prepare();
  }

 private:
  static Numbers perChannel(const Numbers& given, size_t channels) {
    return given.size() == 1 ? Numbers(channels, given.front()) : given;
  }

  void learn(const std::array<int64_t, 256>& counts, size_t channel) {
    double count = 0, sum = 0, squares = 0;
    for (size_t v = 0; v < counts.size(); ++v) {
      count += static_cast<double>(counts[v]);
      sum += static_cast<double>(counts[v]) * static_cast<double>(v);
    }
    if (count == 0) throwNoRows();
    const double mean = sum / count;
    for (size_t v = 0; v < counts.size(); ++v)
      squares += static_cast<double>(counts[v]) * std::pow(static_cast<double>(v) - mean, 2);
    mean_[channel] = mean * scale_;
    deviation_[channel] = squares == 0 ? 1 : std::sqrt(squares / count) * scale_;
  }

  // y = (x * scale - mean) / deviation as one product and one sum.
  void prepare() {
    const auto channels = static_cast<int64_t>(mean_.size());
    scaling_.factor = at::empty({channels}, at::kFloat);
    scaling_.offset = at::empty({channels}, at::kFloat);
    for (int64_t c = 0; c < channels; ++c) {
      const double mean = mean_[static_cast<size_t>(c)], deviation = deviation_[static_cast<size_t>(c)];
      scaling_.factor.mutable_data_ptr<float>()[c] = static_cast<float>(scale_ / deviation);
      scaling_.offset.mutable_data_ptr<float>()[c] = static_cast<float>(-mean / deviation);
    }
  }

  double scale_;
  bool fitted_;
  Numbers mean_, deviation_;  // of the scaled values, by channel
  ImageScaling scaling_;
};

Signatures inferImageScale(const Values& values, const Signatures& inputs) {
  Signature out = inputs.at("x");
  const Dim& channels = out.shape.at(1);
  if (values.text("normalize") == "given") {
    for (const char* name : {"mean", "deviation"}) {
      const size_t count = values.numbers(name).size();
      if (count != 1 && channels.known() && static_cast<int64_t>(count) != channels.size)
        throw Error({.parameter = name}, "expected one number, or one for each of the " + channels.text() +
                                             " channels, got " + std::to_string(count));
    }
    for (const double v : values.numbers("deviation"))
      if (v == 0) throw Error({.parameter = "deviation"}, "expected numbers other than 0, got 0");
  }
  out.kind = Wire::Tensor;
  out.element = Element::Float32;
  return {{"y", out}};
}

}  // namespace

BlockType image_scale() {
  return {
      .schema =
          {.title = "Image scale",
           .doc = "Turns pictures of bytes into float32 pictures: multiplies by `scale`, then takes off a mean and "
                  "divides "
                  "by a deviation for each channel, all in one pass over the batch.",
           .inputs = {{"x", "image[N, C, H, W]"}},
           .outputs = {{"y", "float[N, C, H, W]"}},
           .params = {{"scale", 1.0 / 255, {}, "what each byte is multiplied by"},
                      {"normalize", "none", Choices{"none", "fitted", "given"},
                       "mean and deviation of each channel: left alone, those of the training rows, or given below"},
                      {"mean", Numbers{0.0}, {}, "given means after scaling, one or one for each channel"},
                      {"deviation", Numbers{1.0}, {}, "given deviations after scaling, one or one for each channel"},
                      {"layout", "channels_last", Choices{"channels_last", "contiguous"},
                       "order in memory; convolutions are faster with channels last"}},
           .examples = {{.in = {{"x", {{1, 1, 2, 2}, {0, 51, 102, 255}, Element::UInt8}}},
                         .out = {{"y", {{1, 1, 2, 2}, {0, 0.2, 0.4, 1}}}}},
                        {.params = {{"scale", 1.0}, {"normalize", "fitted"}},
                         .in = {{"x", {{1, 2, 1, 2}, {1, 3, 10, 10}, Element::UInt8}}},
                         .out = {{"y", {{1, 2, 1, 2}, {-1, 1, 0, 0}}}}}},
           .phase = Phase::EachBatch,
           .fitted = true},
      .make = make<ImageScale>,
      .infer = inferImageScale};
}

}  // namespace blockyard::preprocessor
