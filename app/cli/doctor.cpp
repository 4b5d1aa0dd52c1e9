// blockyard doctor: what this program and this machine are, and whether the devices compute what they should.
#include "runs/machine.hpp"
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

int run(const Context& context) {
  const Machine machine = thisMachine();
  const auto features = cpuFeatures();
  if (context.json) {
    Json json = {{"versions", versionsJson()}, {"machine", toJson(machine)}};
    json["machine"]["features"] = features;
    context.printJson(json);
    return 0;
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
  return 0;
}

}  // namespace

Verb doctorVerb() {
  return {"doctor", "Show versions, machine and devices, and check what the devices compute",
          "blockyard doctor\n"
          "blockyard doctor --json   # to attach to a question",
          [](CLI::App&) -> Work { return [](Context& context) { return run(context); }; }};
}

}  // namespace blockyard::cli
