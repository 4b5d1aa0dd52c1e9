// Journal: what a run reports while it trains, in TensorBoard's event format, so that TensorBoard reads it as it lies.
// Append-only with a checksum for each record, and a new file at each start: readers hide what follows a damaged
// record. Points are buffered and reach the system after 2 s at the latest if something is reported, and the disk at
// sync(). Every call is for one thread, the engine's. Tags group by what stands before their first slash: "train/loss".
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "base/value.hpp"
#include "runs/event_format.hpp"

namespace blockyard {

using events::Histogram;

// Buckets of equal width between the smallest and the largest value; NaN and Inf are left out.
Histogram histogramOf(std::span<const float> values, size_t buckets = 30);

class Journal {
 public:
  // Begins a file in the run's folder, whose name sorts behind those that are there. `resumed_at` is the first step
  // that a resumed run does (again): what earlier files tell from that step on is void. Throws Error as GrowingFile
  // does.
  explicit Journal(const std::filesystem::path& folder, std::optional<int64_t> resumed_at = {});
  ~Journal();  // flushes; a failure then is not told
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // One point. The wall time (seconds since 1970, UTC) is taken from the clock if none is given. All of these throw
  // Error if the file cannot grow; nothing is lost then, and the next call tries again.
  void scalar(std::string_view tag, int64_t step, double value, std::optional<double> wall_time = {});
  void text(std::string_view tag, int64_t step, std::string_view markdown, std::optional<double> wall_time = {});
  void histogram(std::string_view tag, int64_t step, const Histogram& histogram, std::optional<double> wall_time = {});
  // A note such as "learning rate 0.01 -> 0.001"; shown as text under the tag "events".
  void event(int64_t step, std::string_view note, std::optional<double> wall_time = {});

  // The settings and the tags of the metrics for TensorBoard's table of hyperparameters; once, at the start.
  void hparams(const Values& settings, const std::vector<std::string>& metrics, std::optional<double> wall_time = {});
  // Closes that table's row; at the end of the run.
  void ended(bool success, std::optional<double> wall_time = {});

  void flush();                         // to the system
  void sync();                          // to the disk
  void syncFlushed() { file_.sync(); }  // what was flushed; any thread, also while another one reports
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  Journal(const std::filesystem::path& folder, std::optional<int64_t> resumed_at, std::optional<int64_t> newest);
  void value(std::string_view tag, int64_t step, int field, std::string_view content, std::string_view plugin,
             int data_class, double wall_time, std::string_view plugin_content = {});
  void hparamsRecord(std::string_view tag, std::string_view content, double wall_time);
  void record(std::string_view data, double wall_time);

  GrowingFile file_;
  std::string buffer_;
  std::set<std::string, std::less<>> tags_;  // that have been described in this file
  double flushed_at_ = 0;
};

}  // namespace blockyard
