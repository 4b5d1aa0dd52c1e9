#include "runs/machine.hpp"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <sstream>

#include "base/json.hpp"

namespace blockyard {
namespace {

// What stands behind `key` in a file of lines like "model name : AMD EPYC" or PRETTY_NAME="Debian"; empty if nothing.
std::string fieldOf(const char* path, const std::string& key, char separator) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) != 0) continue;
    size_t begin = line.find(separator);
    if (begin == std::string::npos) continue;
    begin = line.find_first_not_of(" \t\"", begin + 1);
    const size_t end = line.find_last_not_of(" \t\"");
    return begin == std::string::npos ? "" : line.substr(begin, end - begin + 1);
  }
  return {};
}

std::string firstLine(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string nodeName() {
  utsname names{};
  return ::uname(&names) == 0 ? names.nodename : "";
}

// When the process began, in clock ticks after the boot; -1 if there is none of that number, or only its remains.
int64_t startOf(int64_t pid) {
  const std::string line = firstLine(("/proc/" + std::to_string(pid) + "/stat").c_str());
  const size_t name_end = line.rfind(')');  // the name may hold anything, also spaces and brackets
  if (name_end == std::string::npos) return -1;
  std::istringstream rest(line.substr(name_end + 1));
  std::string state, skipped;
  rest >> state;
  if (state == "Z" || state == "X") return -1;
  for (int field = 4; field < 22; ++field) rest >> skipped;
  int64_t start = -1;
  rest >> start;
  return start;
}

}  // namespace

Machine thisMachine() {
  Machine out;
  out.cpu = fieldOf("/proc/cpuinfo", "model name", ':');
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) out.cores = CPU_COUNT(&allowed);
  out.memory_bytes = static_cast<int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
  out.os = fieldOf("/etc/os-release", "PRETTY_NAME", '=');
  utsname names{};
  if (::uname(&names) == 0) out.os += (out.os.empty() ? "" : ", ") + std::string(names.sysname) + " " + names.release;
  out.host = nodeName();
  return out;
}

nlohmann::json toJson(const Machine& machine) {
  return {{"cpu", machine.cpu}, {"cores", machine.cores}, {"memory_bytes", machine.memory_bytes},
          {"gpu", machine.gpu}, {"os", machine.os},       {"host", machine.host}};
}

Machine machineFromJson(const JsonPlace& place) {
  return {.cpu = place.text("cpu", ""),
          .cores = place.integer("cores", 0),
          .memory_bytes = place.integer("memory_bytes", 0),
          .gpu = place.text("gpu", ""),
          .os = place.text("os", ""),
          .host = place.text("host", "")};
}

Owner thisProcess() {
  return {.pid = ::getpid(),
          .process_start = startOf(::getpid()),
          .boot_id = firstLine("/proc/sys/kernel/random/boot_id"),
          .host = nodeName()};
}

std::optional<bool> isAlive(const Owner& owner) {
  if (owner.pid <= 0) return false;
  if (owner.host != nodeName()) return std::nullopt;
  const std::string boot_id = firstLine("/proc/sys/kernel/random/boot_id");
  return owner.boot_id == boot_id && startOf(owner.pid) == owner.process_start && owner.process_start >= 0;
}

nlohmann::json toJson(const Owner& owner) {
  return {{"pid", owner.pid}, {"process_start", owner.process_start}, {"boot_id", owner.boot_id}, {"host", owner.host}};
}

Owner ownerFromJson(const JsonPlace& place) {
  return {.pid = place.integer("pid", 0),
          .process_start = place.integer("process_start", -1),
          .boot_id = place.text("boot_id", ""),
          .host = place.text("host", "")};
}

double secondsNow() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string utcText(double seconds) {
  const auto whole = static_cast<std::time_t>(seconds);
  std::tm parts{};
  ::gmtime_r(&whole, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace blockyard
