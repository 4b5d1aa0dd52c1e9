#include "runs/repetition.hpp"

#include <set>

namespace blockyard {
namespace {

constexpr size_t kShownHash = 16;

void compare(std::vector<Difference>& into, const std::string& what, const std::string& then, const std::string& now) {
  if (then != now) into.push_back({what, then, now});
}

std::string numberOf(const MetricValues& metrics, const std::string& name) {
  const auto it = metrics.find(name);
  return it == metrics.end() ? std::string() : Value(it->second).text();
}

}  // namespace

Repetition compareRepeated(const RunRecord& then, const RunRecord& now) {
  Repetition out;
  out.weights_known = !then.weights_sha256.empty() && !now.weights_sha256.empty();
  if (out.weights_known)
    compare(out.outcome, "weights", then.weights_sha256.substr(0, kShownHash),
            now.weights_sha256.substr(0, kShownHash));
  compare(out.outcome, "steps", std::to_string(then.steps), std::to_string(now.steps));
  std::set<std::string> parts;
  for (const auto& [part, _] : then.results) parts.insert(part);
  for (const auto& [part, _] : now.results) parts.insert(part);
  for (const auto& part : parts) {
    const auto metricsOf = [&](const RunRecord& record) {
      const auto it = record.results.find(part);
      return it == record.results.end() ? MetricValues{} : it->second;
    };
    const MetricValues before = metricsOf(then), after = metricsOf(now);
    std::set<std::string> names;
    for (const auto& [name, _] : before) names.insert(name);
    for (const auto& [name, _] : after) names.insert(name);
    for (const auto& name : names)
      compare(out.outcome, part + " " + name, numberOf(before, name), numberOf(after, name));
  }
  out.equal = out.outcome.empty();

  compare(out.circumstances, "data", then.data_fingerprint.substr(0, kShownHash),
          now.data_fingerprint.substr(0, kShownHash));
  compare(out.circumstances, "settings", then.plan_hash.substr(0, kShownHash), now.plan_hash.substr(0, kShownHash));
  std::set<std::string> versions;
  for (const auto& [name, _] : then.versions) versions.insert(name);
  for (const auto& [name, _] : now.versions) versions.insert(name);
  for (const auto& name : versions) {
    const auto versionOf = [&](const RunRecord& record) {
      const auto it = record.versions.find(name);
      return it == record.versions.end() ? std::string() : it->second;
    };
    compare(out.circumstances, name, versionOf(then), versionOf(now));
  }
  compare(out.circumstances, "cpu", then.machine.cpu, now.machine.cpu);
  compare(out.circumstances, "cores", std::to_string(then.machine.cores), std::to_string(now.machine.cores));
  compare(out.circumstances, "gpu", then.machine.gpu, now.machine.gpu);
  compare(out.circumstances, "os", then.machine.os, now.machine.os);
  compare(out.circumstances, "host", then.machine.host, now.machine.host);
  return out;
}

}  // namespace blockyard
