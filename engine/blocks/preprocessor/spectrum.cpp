// Spectrum: how strong each frequency is in a window of a signal.
#include <ATen/ATen.h>

#include "blocks/block.hpp"
#include "blocks/shapes.hpp"

namespace blockyard::preprocessor {
namespace {

class Spectrum final : public Block {
 public:
  explicit Spectrum(const Values& values)
      : hann_(values.text("taper") == "hann"),
        detrend_(values.flag("remove_mean")),
        scale_(values.text("scale")),
        floor_(values.number("floor")) {}

  Batch forward(const Batch& in, Step&) override {
    at::Tensor x = in["x"].to(at::kDouble);  // [N, C, W]
    const int64_t window = x.size(-1);
    if (detrend_) x = x - x.mean(-1, true);
    double weight = static_cast<double>(window);  // sum of the squares of the taper
    if (hann_) {
      const at::Tensor taper = at::hann_window(window, true, at::kDouble);  // periodic, as for spectra
      x = x * taper;
      weight = taper.square().sum().item<double>();
    }
    at::Tensor power = at::fft_rfft(x).abs().square() / weight;  // [N, C, W / 2 + 1]
    // All but the ends of the range stand for two frequencies, of both signs.
    const int64_t twice = (window + 1) / 2 - 1;
    if (twice > 0) power.narrow(-1, 1, twice).mul_(2);
    if (scale_ == "amplitude") power = power.sqrt();
    if (scale_ == "log") power = at::log10(power.clamp_min(floor_)) * 10;
    return {{"y", power.to(at::kFloat)}};
  }

 private:
  bool hann_, detrend_;
  std::string scale_;
  double floor_;
};

Signatures inferSpectrum(const Values&, const Signatures& inputs) {
  Shape shape = inputs.at("x").shape;
  Dim& window = shape.back();
  window = window.known() ? Dim(window.size / 2 + 1) : Dim(window.name + "/2+1");
  return {{"y", tensorOf(shape)}};
}

}  // namespace

BlockType spectrum() {
  return {
      .schema = {.title = "Spectrum",
                 .doc = "How strong each frequency is in a window, by the Fourier transform: [N, C, W] samples become "
                        "[N, C, W / 2 + 1] frequencies, from 0 to half the sampling rate. Power as SciPy's periodogram "
                        "gives it for a sampling rate of 1.",
                 .inputs = {{"x", "float[N, C, W]"}},
                 .outputs = {{"y", "float[N, C, B]"}},
                 .params = {{"taper", "hann", Choices{"hann", "none"},
                             "fade the window in and out, so that strong frequencies do not spread over others"},
                            {"remove_mean", true, {}, "take the mean of the window away first"},
                            {"scale", "log", Choices{"log", "power", "amplitude"},
                             "power in decibel (10 log10), power, or its root"},
                            {"floor", 1e-10, Range{1e-30, 1e6}, "log: smaller powers count as this"}},
                 .examples = {{.params = {{"taper", "none"}, {"scale", "power"}, {"remove_mean", false}},
                               .in = {{"x", {{1, 1, 4}, {1, 0, -1, 0}}}},
                               .out = {{"y", {{1, 1, 3}, {0, 2, 0}}}}}}},
      .make = make<Spectrum>,
      .infer = inferSpectrum};
}

}  // namespace blockyard::preprocessor
