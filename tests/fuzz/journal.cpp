// Event files: damage is told, and a file that grows reads like one that is there at once.
#include <string>

#include "fuzz.hpp"
#include "runs/event_format.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace blockyard;
  const std::string_view bytes = fuzz::Input(data, size).rest();
  for (size_t at = 0;;) {
    const events::RecordStep step = events::nextRecord(bytes, at);
    if (step.kind == events::RecordStep::End || step.kind == events::RecordStep::Torn) break;
    fuzz::require(step.next > at && step.next <= bytes.size(), "no way forward");
    if (step.kind == events::RecordStep::Record) events::parseEvent(step.data);
    at = step.next;
  }
  // Without the checksum that hardly any input passes.
  if (const auto event = events::parseEvent(bytes))
    for (const auto& point : event->points)
      if (point.histogram)
        fuzz::require(point.histogram->limits.size() == point.histogram->counts.size(), "limits and counts differ");
  return 0;
}
