#include "command.hpp"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace blockyard::cli {

namespace {

std::string oneLine(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

void Context::printJson(const nlohmann::json& value) const {
  out.write(oneLine(value));
}

void Context::say(const std::string& text) const {
  if (!quiet && !json) err.write(text + "\n");
}

void Context::warn(const std::string& text) const {
  if (json) {
    err.write(oneLine({{"notice", text}}));
  } else {
    err.write(err.yellow("note: ") + printable(text) + "\n");
  }
}

void throwUsage(const std::string& problem, const std::string& hint) {
  throw Error({}, problem, hint, Fault::Usage);
}

nlohmann::json toJson(const Where& where) {
  nlohmann::json json = nlohmann::json::object();
  const auto put = [&](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  put("block", where.block);
  put("port", where.port);
  put("parameter", where.parameter);
  put("file", where.file);
  if (where.line > 0) json["line"] = where.line;
  if (where.column > 0) json["column"] = where.column;
  return json;
}

nlohmann::json toJson(const Error& error) {
  nlohmann::json json = {{"problem", error.problem()}, {"exit", static_cast<int>(error.fault())}};
  if (const auto where = toJson(error.where()); !where.empty()) json["where"] = where;
  if (!error.hint().empty()) json["hint"] = error.hint();
  return json;
}

double processSeconds() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  // Field 22, counted after the name of the program, which may hold anything.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 2));
  std::string field;
  for (int i = 3; i <= 22 && fields >> field; ++i) continue;
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const double started = std::strtod(field.c_str(), nullptr) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 - started;
}

double peakMemoryMb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

}  // namespace blockyard::cli
