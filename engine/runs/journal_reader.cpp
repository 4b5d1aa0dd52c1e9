#include "runs/journal_reader.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"

namespace blockyard {
namespace {

template <class T>
void forget(JournalSeries<T>& series, int64_t step) {
  for (auto& [tag, points] : series)
    std::erase_if(points, [&](const JournalPoint<T>& point) { return point.step >= step; });
  std::erase_if(series, [](const auto& item) { return item.second.empty(); });
}

}  // namespace

JournalReader::JournalReader(std::filesystem::path folder) : folder_(std::move(folder)) {
  update();
}

bool JournalReader::update() {
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, code)) {
    const std::string name = entry.path().filename().string();
    if (name.find("tfevents") != std::string::npos) files_[name];
  }
  bool any = false;
  for (auto& [name, file] : files_) any = read(name, file) || any;
  return any;
}

bool JournalReader::read(const std::string& name, File& file) {
  const std::string bytes = readFileFrom(folder_ / name, file.read);
  size_t at = 0;
  file.torn = false;
  while (true) {
    const events::RecordStep step = events::nextRecord(bytes, at);
    if (step.kind == events::RecordStep::End) break;
    if (step.kind == events::RecordStep::Torn) {
      file.torn = true;
      break;
    }
    const auto event = step.kind == events::RecordStep::Record ? events::parseEvent(step.data) : std::nullopt;
    if (event) {
      take(*event, file);
    } else {
      damage_.push_back({name, file.read + at, step.next - at});
    }
    at = step.next;
  }
  file.read += at;
  return at > 0;
}

void JournalReader::take(const events::Event& event, File& file) {
  const bool any_scalar =
      std::any_of(event.points.begin(), event.points.end(), [](const auto& p) { return p.scalar.has_value(); });
  if (event.restart || (!file.started && any_scalar)) {
    // Without a mark of restart, as in files of other programs, the first point tells where a later file sets in.
    if (event.restart || &file != &files_.begin()->second) forgetFrom(event.step);
    file.started = true;
  }
  for (const auto& point : event.points) {
    if (point.scalar)
      scalars_[point.tag].push_back({event.step, event.wall_time, static_cast<float>(*point.scalar)});
    else if (point.text)
      texts_[point.tag].push_back({event.step, event.wall_time, *point.text});
    else if (point.histogram)
      histograms_[point.tag].push_back({event.step, event.wall_time, *point.histogram});
  }
}

void JournalReader::forgetFrom(int64_t step) {
  forget(scalars_, step);
  forget(texts_, step);
  forget(histograms_, step);
}

std::vector<std::string> JournalReader::tornFiles() const {
  std::vector<std::string> out;
  for (const auto& [name, file] : files_)
    if (file.torn) out.push_back(name);
  return out;
}

}  // namespace blockyard
