// blockyard doctor: what this program and this machine are, and whether the devices compute what they should.
#include "runs/machine.hpp"
#include "training/devices.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

std::vector<std::string> cpuFeatures() {
  std::vector<std::string> features;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2")) features.emplace_back("sse4.2");
  if (__builtin_cpu_supports("avx2")) features.emplace_back("avx2");
  if (__builtin_cpu_supports("fma")) features.emplace_back("fma");
  if (__builtin_cpu_supports("avx512f")) features.emplace_back("avx512f");
  if (__builtin_cpu_supports("avx512vnni")) features.emplace_back("avx512vnni");
  if (__builtin_cpu_supports("avx512bf16")) features.emplace_back("avx512bf16");
#elif defined(__aarch64__)
  features.emplace_back("neon");
#endif
  return features;
}

std::string compilerText() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

Json versionsJson() {
  return {{"blockyard", BLOCKYARD_VERSION},
          {"libtorch", LIBTORCH_VERSION},
          {"arrow", ARROW_VERSION},
          {"compiler", compilerText()}};
}

const char* verdict(const DeviceReport& report) {
  return report.ok() ? "ok" : report.missing ? "none" : "failed";
}

Json toJson(const DeviceReport& report) {
  Json json = {{"id", report.id}, {"state", verdict(report)}, {"facts", Json::object()}, {"checks", Json::array()}};
  if (!report.name.empty()) json["name"] = report.name;
  if (report.memory > 0) json["memory_bytes"] = report.memory;
  if (!report.problem.empty()) json["problem"] = report.problem;
  if (!report.hint.empty()) json["hint"] = report.hint;
  for (const auto& [name, value] : report.facts) json["facts"][name] = value;
  for (const auto& check : report.checks) {
    Json entry = {{"name", check.name}, {"ok", check.ok()}};
    if (check.problem.empty())
      entry.update({{"deviation", check.deviation}, {"tolerance", check.tolerance}, {"ms", check.milliseconds}});
    else
      entry["problem"] = check.problem;
    json["checks"].push_back(std::move(entry));
  }
  return json;
}

std::string checkText(const DeviceCheck& check) {
  std::string text = std::string(check.ok() ? "ok" : "FAILED") + ", ";
  if (!check.problem.empty()) return text + printable(check.problem);
  text += "deviation " + shortNumber(check.deviation);
  if (!check.ok()) text += ", at most " + shortNumber(check.tolerance) + " expected";
  return text + ", " + shortNumber(check.milliseconds) + " ms";
}

void show(const Context& context, const DeviceReport& report) {
  std::string id = report.id;
  id.resize(10, ' ');
  const std::string said = verdict(report);
  std::string name = printable(report.name);
  if (report.memory > 0) name += ", " + bytesText(static_cast<double>(report.memory));
  context.print("  " + context.out.bold(id) + "  " + (report.ok() ? context.out.green(said) : said) +
                (name.empty() ? "" : ": " + name) + "\n");
  const auto line = [&](const std::string& text) { context.print("              " + text + "\n"); };
  if (!report.problem.empty()) line(printable(report.problem));
  if (!report.hint.empty()) line("hint: " + printable(report.hint));
  for (const auto& [fact, value] : report.facts) line(fact + " " + printable(value));
  for (const auto& check : report.checks) line(check.name + ": " + checkText(check));
}

// 1 if a device computes what it should not, 4 if there is one that cannot be used.
int exitCode(const std::vector<DeviceReport>& reports) {
  int code = 0;
  for (const auto& report : reports) {
    if (report.ok() || report.missing) continue;
    code = report.problem.empty() ? static_cast<int>(Fault::Failed) : static_cast<int>(Fault::NoDevice);
  }
  return code;
}

int run(const Context& context) {
  const Machine machine = thisMachine();
  const auto features = cpuFeatures();
  const auto reports = examineDevices();
  if (context.json) {
    Json json = {{"versions", versionsJson()}, {"machine", blockyard::toJson(machine)}, {"devices", Json::array()}};
    json["machine"]["features"] = features;
    for (const auto& report : reports) json["devices"].push_back(toJson(report));
    context.printJson(json);
    return exitCode(reports);
  }
  const auto line = [&](const char* name, const std::string& value) {
    std::string label = name;
    label.resize(12, ' ');
    context.print("  " + label + printable(value) + "\n");
  };
  context.print(context.out.bold("Versions") + "\n");
  const Json versions = versionsJson();
  for (const auto& [name, version] : versions.items()) line(name.c_str(), version.get<std::string>());
  std::string feature_text;
  for (const auto& feature : features) feature_text += (feature_text.empty() ? "" : " ") + feature;
  context.print("\n" + context.out.bold("Machine") + "\n");
  line("system", machine.os);
  line("processor", machine.cpu);
  line("features", feature_text);
  line("cores", std::to_string(machine.cores));
  line("memory", bytesText(static_cast<double>(machine.memory_bytes)));
  context.print("\n" + context.out.bold("Devices") + "\n");
  for (const auto& report : reports) show(context, report);
  return exitCode(reports);
}

}  // namespace

Verb doctorVerb() {
  return {"doctor", "Show versions, machine and devices, and check what the devices compute",
          "blockyard doctor\n"
          "blockyard doctor --json   # to attach to a question",
          [](CLI::App&) -> Work { return [](Context& context) { return run(context); }; }};
}

}  // namespace blockyard::cli
