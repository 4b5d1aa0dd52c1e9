// Resampler: sounds at another sampling rate. Every sample is a sum over those around it, weighted by a low-pass of
// sinc under a Kaiser window, as scipy.signal.resample_poly with its defaults. It depends on nothing else, so any piece
// of a sound can be had by itself and is the same as in one go. Torch-free; const, so threads may share one.
#pragma once
#include <cstdint>
#include <vector>

namespace blockyard {

class Resampler {
 public:
  // Rates in Hz. Throws Error if they have so little in common that there is no table of weights of a sensible size.
  Resampler(int64_t from, int64_t to);

  // How many samples come of so many.
  int64_t samplesOf(int64_t samples) const { return (samples * up_ + down_ - 1) / down_; }
  // The samples that the new ones [first, first + count) are made of: [first, end), which may reach over both ends of
  // the sound.
  struct Needed {
    int64_t first = 0, end = 0;
  };
  Needed neededFor(int64_t first, int64_t count) const;
  // into[i] = new sample first + i, for count > 0; `samples` holds those of neededFor(), with silence over the ends.
  void run(const float* samples, int64_t first, int64_t count, float* into) const;

 private:
  int64_t up_, down_;            // without a common factor
  int64_t reach_;                // samples before the place that counts, and one more behind it
  std::vector<double> weights_;  // [up_, 2 * reach_ + 2]: by the place between two samples
};

}  // namespace blockyard
