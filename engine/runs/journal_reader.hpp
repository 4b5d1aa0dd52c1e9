// JournalReader: the points of a run, from all its journal files in order. Can be asked again and again while the run
// goes on: update() reads only what is new. A torn last record is waited for; damaged records are left out and told;
// where a resumed run repeats steps, the later file holds. For one thread; needs no lock against the writer.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runs/event_format.hpp"

namespace blockyard {

template <class T>
struct JournalPoint {
  int64_t step = 0;
  double wall_time = 0;  // seconds since 1970, UTC
  T value{};
};

template <class T>
using JournalSeries = std::map<std::string, std::vector<JournalPoint<T>>>;  // by tag, in the order of writing

struct JournalDamage {
  std::string file{};
  uint64_t offset = 0;  // where the damaged record begins
  uint64_t bytes = 0;   // how much was left out
};

class JournalReader {
 public:
  // Reads what is there. A folder without journal gives no points.
  explicit JournalReader(std::filesystem::path folder);

  // Reads what has come since; true if there was something. Throws Error if a file cannot be read.
  bool update();

  const JournalSeries<float>& scalars() const { return scalars_; }
  const JournalSeries<std::string>& texts() const { return texts_; }
  const JournalSeries<events::Histogram>& histograms() const { return histograms_; }
  const std::vector<JournalDamage>& damage() const { return damage_; }
  // Files that end within a record: the writer was cut off there, or is writing just now.
  std::vector<std::string> tornFiles() const;

 private:
  struct File {
    uint64_t read = 0;  // bytes that have been taken in
    bool torn = false;
    bool started = false;  // has told its first step
  };
  bool read(const std::string& name, File& file);
  void take(const events::Event& event, File& file);
  void forgetFrom(int64_t step);

  std::filesystem::path folder_;
  std::map<std::string, File> files_;  // by name, which is the order of the starts
  JournalSeries<float> scalars_;
  JournalSeries<std::string> texts_;
  JournalSeries<events::Histogram> histograms_;
  std::vector<JournalDamage> damage_;
};

}  // namespace blockyard
