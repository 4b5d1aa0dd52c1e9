// The machine a run took place on, and the process that owns it: enough to tell a run that goes on from one whose
// process is gone. Free functions, usable from any thread.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace blockyard {

class JsonPlace;

struct Machine {
  std::string cpu{};  // "AMD EPYC 7763"
  int64_t cores = 0;  // that this process may use
  int64_t memory_bytes = 0;
  std::string gpu{};  // told by the caller; empty: none
  std::string os{};   // "Debian GNU/Linux 12 (bookworm), Linux 6.1.0"
  std::string host{};
};
Machine thisMachine();
nlohmann::json toJson(const Machine& machine);
Machine machineFromJson(const JsonPlace& place);

// A process, named so that another one with the same number is not taken for it.
struct Owner {
  int64_t pid = 0;
  int64_t process_start = 0;  // clock ticks after the boot
  std::string boot_id{};
  std::string host{};
};
Owner thisProcess();
// Whether that process still runs; nothing if it belongs to another machine or container, where this one cannot look.
std::optional<bool> isAlive(const Owner& owner);
nlohmann::json toJson(const Owner& owner);
Owner ownerFromJson(const JsonPlace& place);

double secondsNow();                  // since 1970, UTC
std::string utcText(double seconds);  // "2026-11-21T11:45:30Z"

}  // namespace blockyard
