#include "study/spec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "base/json.hpp"
#include "data/table.hpp"
#include "graph/check.hpp"
#include "graph/metric_names.hpp"
#include "graph/project.hpp"
#include "study/trial.hpp"

namespace blockyard {
namespace {

using Json = nlohmann::json;

constexpr int64_t kFormat = 1;
constexpr int64_t kMostTrials = 100'000;
constexpr std::array<const char*, 4> kSearches = {"grid", "random", "tpe", "ablation"};

std::string trimmed(const std::string& text) {
  const size_t from = text.find_first_not_of(" \t"), to = text.find_last_not_of(" \t");
  return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

Texts parts(const std::string& text, char between) {
  Texts out{""};
  for (const char c : text) {
    if (c == between)
      out.emplace_back();
    else
      out.back() += c;
  }
  for (auto& part : out) part = trimmed(part);
  return out;
}

[[noreturn]] void refuse(const std::string& problem, const std::string& hint) {
  throw Error({}, problem, hint, Fault::Usage);
}

double numberFrom(const std::string& text, const std::string& whole) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    refuse("expected a number in \"" + whole + "\", got \"" + text + "\"",
           "for example training.learning_rate=1e-4..1e-1:log");
  return value;
}

bool isWhole(const std::string& text) {
  return !text.empty() && text.find_first_not_of("-0123456789") == std::string::npos;
}

Json toJson(const Axis& axis) {
  Json out{{"name", axis.name}};
  if (axis.isRange()) {
    out["from"] = axis.from, out["to"] = axis.to;
    if (axis.logarithmic) out["scale"] = "log";
    if (axis.step > 0) out["step"] = axis.step;
    if (axis.integer) out["integer"] = true;
    return out;
  }
  Json choices = Json::array();
  for (const auto& choice : axis.choices) choices.push_back({{"name", choice.name}, {"settings", choice.settings}});
  out["choices"] = choices;
  return out;
}

Axis axisFrom(const JsonPlace& place) {
  Axis out{.name = place["name"].text()};
  place.allowOnly({"name", "choices", "from", "to", "scale", "step", "integer"});
  if (const auto choices = place.find("choices")) {
    for (const auto& choice : choices->items())
      out.choices.push_back({choice["name"].text(), choice["settings"].texts()});
    if (out.choices.empty()) choices->expected("at least one choice");
    return out;
  }
  out.from = place["from"].number(), out.to = place["to"].number();
  out.logarithmic = place.text("scale", "linear") == "log";
  out.step = place.number("step", 0);
  out.integer = place.flag("integer", false);
  return out;
}

void checkRange(const Axis& axis) {
  if (!(axis.from < axis.to)) refuse(axis.name + ": expected a range from less to more", "");
  if (axis.logarithmic && axis.from <= 0) refuse(axis.name + ": a range in equal factors starts above 0", "");
  if (axis.step < 0) refuse(axis.name + ": expected a step above 0", "");
}

}  // namespace

void checkStudyShape(const StudySpec& spec) {
  if (spec.axes.empty())
    refuse("expected something to vary, got nothing", "name a parameter, for example --grid hidden.out_features=16,32");
  std::set<std::string> names;
  for (const Axis& axis : spec.axes) {
    if (!names.insert(axis.name).second) refuse("\"" + axis.name + "\" is varied twice", "name it once");
    if (axis.isRange()) checkRange(axis);
    if (axis.isRange() && (spec.search == Search::Grid || spec.search == Search::Ablation))
      refuse(axis.name + ": a grid has no ranges", "list the values, or search by --random N or --tpe N");
  }
  const bool sampled = spec.search == Search::Random || spec.search == Search::Tpe;
  if (sampled && spec.trials < 1) refuse("expected at least one trial", "");
  if (trialCount(spec) > kMostTrials)
    refuse("these are " + std::to_string(trialCount(spec)) + " trials, more than " + std::to_string(kMostTrials),
           "search by --random N or --tpe N instead");
  if (spec.seeds.empty()) refuse("expected at least one seed", "");
  if (std::set(spec.seeds.begin(), spec.seeds.end()).size() != spec.seeds.size())
    refuse("a seed is named twice", "the same seed gives the same result");
  if (spec.folds == 1 || spec.folds < 0) refuse("expected at least 2 folds", "");
  if (spec.halving_factor == 1 || spec.halving_factor < 0 || spec.halving_epochs < 1)
    refuse("halving: expected a factor of at least 2 and at least one epoch", "");
  if (spec.halving_factor > 0 && spec.search == Search::Ablation)
    refuse(std::string("halving cannot go with ") + nameOf(spec.search), "it goes with --grid, --random and --tpe");
}

namespace {

// Each choice, and both ends of each range, alone.
std::vector<std::pair<std::string, Texts>> samplesOf(const StudySpec& spec) {
  std::vector<std::pair<std::string, Texts>> out;
  for (const Axis& axis : spec.axes) {
    for (const auto& choice : axis.choices) out.emplace_back(axis.name + ": " + choice.name, choice.settings);
    if (!axis.isRange()) continue;
    for (const double end : {axis.from, axis.to})
      out.emplace_back(axis.name + ": " + axis.valueText(end), axis.settings(end));
  }
  return out;
}

}  // namespace

const char* nameOf(Search search) {
  return kSearches[static_cast<size_t>(search)];
}

Texts Axis::settings(double value) const {
  if (isRange()) return {name + "=" + valueText(value)};
  return value < 0 ? Texts{} : choices.at(static_cast<size_t>(value)).settings;
}

std::string Axis::valueText(double value) const {
  if (isRange()) return numberText(value);
  return value < 0 ? "" : choices.at(static_cast<size_t>(value)).name;
}

namespace {

// To five digits: what a person can read and type again.
double rounded(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10, 4 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

}  // namespace

double Axis::value(double uniform) const {
  if (!isRange()) return std::floor(uniform * static_cast<double>(choices.size()));
  const double half = integer ? 0.5 : 0;
  const auto scaled = [&](double v) { return logarithmic ? std::log(v) : v; };
  const double low = scaled(from - half), high = scaled(to + half);
  double out = low + uniform * (high - low);
  if (logarithmic) out = std::exp(out);
  if (step > 0) out = from + std::round((out - from) / step) * step;
  out = integer ? std::round(out) : rounded(out);
  return std::clamp(out, from, step > 0 ? from + std::floor((to - from) / step + 1e-9) * step : to);
}

double Axis::position(double value) const {
  if (!isRange()) return choices.size() < 2 ? 0.5 : value / static_cast<double>(choices.size() - 1);
  const auto scaled = [&](double v) { return logarithmic ? std::log(v) : v; };
  return (scaled(value) - scaled(from)) / (scaled(to) - scaled(from));
}

Json toJson(const StudySpec& spec) {
  Json axes = Json::array();
  for (const Axis& axis : spec.axes) axes.push_back(toJson(axis));
  return {{"format", kFormat},
          {"name", spec.name},
          {"purpose", spec.purpose},
          {"pipeline", spec.pipeline},
          {"settings", spec.settings},
          {"search", nameOf(spec.search)},
          {"axes", axes},
          {"trials", spec.trials},
          {"seed", spec.seed},
          {"seeds", spec.seeds},
          {"folds", spec.folds},
          {"metric", spec.metric},
          {"halving_factor", spec.halving_factor},
          {"halving_epochs", spec.halving_epochs},
          {"at_once", spec.at_once},
          {"threads", spec.threads}};
}

StudySpec specFromJson(const Json& json, const std::string& file) {
  const JsonPlace place(json, file);
  const int64_t format = place["format"].integer();
  if (format > kFormat)
    place["format"].refuse("made by a newer version: format " + std::to_string(format),
                           "update this program to open it");
  StudySpec out;
  out.name = place["name"].text();
  out.purpose = place.text("purpose", "");
  out.pipeline = place.text("pipeline", "");
  if (const auto settings = place.find("settings")) out.settings = settings->texts();
  const auto search = std::find(kSearches.begin(), kSearches.end(), place["search"].text());
  if (search == kSearches.end()) place["search"].expected("grid, random, tpe or ablation");
  out.search = static_cast<Search>(search - kSearches.begin());
  for (const auto& axis : place["axes"].items()) out.axes.push_back(axisFrom(axis));
  out.trials = place.integer("trials", 0);
  out.seed = place.integer("seed", 0);
  out.seeds.clear();
  for (const auto& seed : place["seeds"].items()) out.seeds.push_back(seed.integer());
  out.folds = place.integer("folds", 0);
  out.metric = place.text("metric", "");
  out.halving_factor = place.integer("halving_factor", 0);
  out.halving_epochs = place.integer("halving_epochs", 1);
  out.at_once = place.integer("at_once", 0);
  out.threads = place.integer("threads", 0);
  return out;
}

Axis choicesFromText(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    refuse("expected block.parameter=value,value, got \"" + text + "\"", "for example hidden.out_features=16,32,64");
  Axis out{.name = text.substr(0, equals)};
  const std::string values = text.substr(equals + 1);
  for (const auto& value : parts(values, values.find('|') == std::string::npos ? ',' : '|')) {
    if (value.empty()) refuse("a value is empty in \"" + text + "\"", "");
    Axis::Choice choice{.name = value};
    const Texts settings = parts(value, '&');
    choice.settings.push_back(out.name + "=" + settings.front());
    choice.settings.insert(choice.settings.end(), settings.begin() + 1, settings.end());
    if (std::find(out.choices.begin(), out.choices.end(), choice) != out.choices.end())
      refuse("\"" + value + "\" is named twice in \"" + text + "\"", "");
    out.choices.push_back(std::move(choice));
  }
  return out;
}

Axis rangeFromText(const std::string& text) {
  const size_t equals = text.find('='), dots = text.find("..");
  if (equals == std::string::npos || equals == 0 || dots == std::string::npos || dots < equals)
    refuse("expected block.parameter=FROM..TO, got \"" + text + "\"",
           "for example training.learning_rate=1e-4..1e-1:log");
  Axis out{.name = text.substr(0, equals)};
  std::string to = text.substr(dots + 2), how;
  if (const size_t colon = to.find(':'); colon != std::string::npos)
    how = trimmed(to.substr(colon + 1)), to.resize(colon);
  const std::string from = trimmed(text.substr(equals + 1, dots - equals - 1));
  to = trimmed(to);
  out.from = numberFrom(from, text), out.to = numberFrom(to, text);
  out.integer = isWhole(from) && isWhole(to);
  if (how == "log")
    out.logarithmic = true;
  else if (how.starts_with("step "))
    out.step = numberFrom(trimmed(how.substr(5)), text);
  else if (!how.empty())
    refuse("expected log or step NUMBER behind the colon, got \"" + how + "\"", "");
  checkRange(out);
  return out;
}

Axis ablationFromTexts(const Texts& texts) {
  Axis out{.name = "without"};
  for (const auto& text : texts) {
    const size_t colon = text.find(':');
    const std::string block = trimmed(text.substr(0, colon));
    const std::string how = colon == std::string::npos ? "bypass" : trimmed(text.substr(colon + 1));
    if (block.empty()) refuse("expected a block to leave out, got \"" + text + "\"", "");
    if (how == "bypass") {
      out.choices.push_back({"without " + block, {block + ".bypassed=true"}});
    } else if (how == "remove") {
      out.choices.push_back({block + " removed", {block + ".removed=true"}});
    } else if (how.starts_with("replace ")) {
      const std::string type = trimmed(how.substr(8));
      out.choices.push_back({block + " replaced by " + type, {block + ".block=" + type}});
    } else {
      refuse("expected bypass, remove or replace TYPE behind \"" + block + ":\", got \"" + how + "\"", "");
    }
  }
  return out;
}

void checkSpec(const StudySpec& spec, const Project& project) {
  checkStudyShape(spec);
  PeekCache cache;
  check(project, spec.pipeline, Peek::Yes, &cache).requireOk();
  for (const auto& [name, settings] : samplesOf(spec)) {
    try {
      Project changed = project;
      for (const auto& setting : settings) applySet(changed, spec.pipeline, setting);
      check(changed, spec.pipeline, Peek::Yes, &cache).requireOk();
    } catch (const Error& error) {
      throw Error(error.where(), name + ": " + error.problem(), error.hint(), error.fault());
    }
  }
  metricOf(spec, project);
}

std::string metricOf(const StudySpec& spec, const Project& project) {
  if (spec.metric.empty()) {
    const OrderedJson& training = project.graph(spec.pipeline).training();
    return training.contains("monitor") && training["monitor"].is_string() ? training["monitor"].get<std::string>()
                                                                           : "loss";
  }
  const auto names = metricNames();
  if (std::find(names.begin(), names.end(), spec.metric) == names.end()) {
    const std::string near = nearestName(spec.metric, names);
    refuse("there is no metric \"" + spec.metric + "\"", near.empty() ? "" : "did you mean \"" + near + "\"?");
  }
  return spec.metric;
}

}  // namespace blockyard
