// Certificate: some rows that a trained pipeline was tested on, and what it said of them. It travels inside the bundle,
// so that whoever holds the file can have the rows answered again and see that the answers are still the same.
#pragma once
#include <string>
#include <string_view>

#include "blocks/block.hpp"
#include "data/part.hpp"
#include "data/table.hpp"
#include "training/pipeline.hpp"

namespace blockyard {

class Bundle;
class SafetensorsFile;
struct PreparedData;

// A number deviates by |a - b| / max(1, |b|), everything else not at all or without bound.
constexpr double kMostDeviation = 1e-5;

struct Certificate {
  Batch rows{};            // [N, ...] on the source's ports without the target; N <= 16
  Table answers{};         // [N] as the trained pipeline gave them, before it was written
  Part part = Part::Test;  // what the rows were for in training
  std::string device{};    // that the answers were computed on
  double deviation = 0;    // the largest that was found when the bundle was written
};

// Rows of the test part (where there is none: validation, training), evenly spread, at most 4 MB of them, and what
// `pipeline` says of them. Without rows if there is no data. Engine thread.
Certificate certificateOf(const Pipeline& pipeline, const PreparedData& data, at::Device device);

// Where two answers to the same rows are furthest apart.
struct Deviation {
  double largest = 0;   // infinite where texts, classes or sizes differ
  std::string where{};  // the block whose output it is, or the column of the answers; empty if there is none
};
// Sends the rows through both and compares what comes out of every block: `where` is the first block above
// kMostDeviation, or else the one that deviates most.
Deviation deviationOf(const Pipeline& written, const Pipeline& trained, const Certificate& certificate,
                      at::Device trained_on);
// Has the rows answered again, all at once and one by one.
Deviation replay(Bundle& bundle, const Certificate& certificate);
// Throws Error if that is above kMostDeviation.
void requireSame(const Deviation& deviation, const std::string& file);

// As part of what a bundle holds, under names that no block can have; and back. Without rows if there is none.
constexpr std::string_view kCertificatePrefix = "certificate:";
void addTo(State& state, const Certificate& certificate);
Certificate certificateFrom(const State& state);
// The bytes of a bundle that is the same but for its certificate.
std::string withoutCertificate(const SafetensorsFile& bundle);

}  // namespace blockyard
