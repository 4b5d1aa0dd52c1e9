#include "progress.hpp"
#include "base/clock.hpp"

#include <algorithm>
#include <chrono>

namespace blockyard::cli {
namespace {

using Json = nlohmann::json;

Json numberJson(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json numbersJson(const std::map<std::string, double>& numbers) {
  Json json = Json::object();
  for (const auto& [name, value] : numbers) json[name] = numberJson(value);
  return json;
}

bool utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string text = value;
    return text.find("UTF-8") != std::string::npos || text.find("utf8") != std::string::npos;
  }
  return false;
}

std::string barText(const Terminal& terminal, double share, size_t width) {
  static const bool kUtf8 = utf8();
  const auto filled = static_cast<size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(width)));
  std::string done, rest;
  for (size_t i = 0; i < width; ++i) (i < filled ? done : rest) += kUtf8 ? "━" : i < filled ? "#" : "-";
  return terminal.green(done) + terminal.dim(rest);
}

std::string rowsText(double rows_per_second) {
  return countText(static_cast<int64_t>(rows_per_second)) + " rows/s";
}

Json bodyOf(const Preparing& event) {
  return {{"event", "preparing"}, {"what", event.what}, {"share", event.share}};
}

Json bodyOf(const Started& event) {
  return {{"event", "started"},
          {"run", event.run},
          {"folder", event.folder},
          {"device", event.device},
          {"parameters", event.parameters},
          {"rows", {{"train", event.rows[0]}, {"validation", event.rows[1]}, {"test", event.rows[2]}}},
          {"epochs", event.epochs},
          {"steps_per_epoch", event.steps},
          {"first_step", event.first_step}};
}

Json bodyOf(const StepDone& event) {
  return {{"event", "step"},
          {"step", event.step},
          {"epoch", event.epoch},
          {"loss", numberJson(event.loss)},
          {"learning_rate", event.learning_rate},
          {"rows_per_second", numberJson(event.rows_per_second)},
          {"seconds_left", numberJson(event.seconds_left)},
          {"gradient_norm", numberJson(event.gradient_norm)}};
}

Json bodyOf(const BlockTimes& event) {
  Json blocks = Json::object();
  for (const auto& each : event.blocks)
    blocks[each.block] = {{"forward_ms", each.forward_ms}, {"backward_ms", each.backward_ms}};
  return {{"event", "block_times"}, {"step", event.step}, {"step_ms", event.step_ms}, {"blocks", std::move(blocks)}};
}

// The buckets are in the journal.
Json bodyOf(const Histograms& event) {
  return {{"event", "histograms"}, {"step", event.step}, {"parameters", event.parameters.size()}};
}

Json bodyOf(const EpochDone& event) {
  return {{"event", "epoch"},
          {"epoch", event.epoch},
          {"step", event.step},
          {"train_loss", numberJson(event.train_loss)},
          {"validation", numbersJson(event.validation)},
          {"seconds", event.seconds},
          {"best", event.best}};
}

Json bodyOf(const Saved& event) {
  return {{"event", "saved"}, {"step", event.step}, {"file", event.file}};
}
Json bodyOf(const Paused&) {
  return {{"event", "paused"}};
}
Json bodyOf(const Notice& event) {
  return {{"event", "notice"}, {"text", event.text}};
}
Json bodyOf(const Previewed& event) {
  return {{"event", "previewed"}, {"number", event.number}};
}
Json bodyOf(const Failed& event) {
  return {{"event", "failed"}, {"error", toJson(event.error)}};
}

Json bodyOf(const Finished& event) {
  Json metrics = Json::object();
  for (const auto& [part, numbers] : event.metrics) metrics[part] = numbersJson(numbers);
  return {{"event", "finished"},    {"run", event.run},         {"state", event.state}, {"step", event.step},
          {"epochs", event.epochs}, {"seconds", event.seconds}, {"metrics", metrics}};
}

}  // namespace

Json toJson(const Event& event) {
  return std::visit([](const auto& body) { return bodyOf(body); }, event);
}

std::string headline(const std::map<std::string, double>& metrics, const std::string& monitor) {
  constexpr size_t kMost = 2;
  const auto watched = monitor == "loss" ? metrics.end() : metrics.find(monitor);
  std::string text = watched == metrics.end() ? "" : monitor + " " + shortNumber(watched->second);
  size_t count = text.empty() ? 0 : 1;
  for (const auto& name : mainMetrics(metrics)) {
    if (name == "loss" || name == "f1_macro" || name == "log_loss" || name == monitor) continue;
    if (count++ == kMost) break;
    text += (text.empty() ? "" : "  ") + name + " " + shortNumber(metrics.at(name));
  }
  return text;
}

void Progress::show(const Event& event) {
  if (context_.json) {
    if (!context_.quiet || std::holds_alternative<Finished>(event)) context_.printJson(toJson(event));
    return;
  }
  std::visit([this](const auto& body) { on(body); }, event);
}

void Progress::clear() {
  if (drawn_) context_.err.write("\r\x1b[K");
  drawn_ = false;
}

void Progress::draw(double share, const std::string& left, const std::string& right) {
  constexpr size_t kBar = 24;
  const std::string line = left + "  " + barText(context_.err, share, kBar) + "  " + right;
  context_.err.write("\r" + shortened(line, static_cast<size_t>(std::max(20, context_.err.width() - 1))) + "\x1b[K");
  drawn_ = true;
}

void Progress::on(const Preparing& event) {
  if (bar()) {
    draw(event.share, printable(event.what), std::to_string(static_cast<int>(event.share * 100)) + "%");
  }
  preparing_ = event.what;
}

void Progress::on(const Started& event) {
  started_ = event;
  clear();
  std::string text = countText(event.parameters) + " parameters on " + event.device + ", " + countText(event.rows[0]) +
                     " rows to train on, " + countText(event.rows[1]) + " to validate, " + countText(event.rows[2]) +
                     " to test";
  if (event.first_step > 0) text += ", going on at step " + countText(event.first_step);
  context_.say(text);
}

void Progress::on(const StepDone& event) {
  if (!bar()) return;
  const double all = static_cast<double>(std::max<int64_t>(1, started_.epochs * started_.steps));
  std::string right = "loss " + shortNumber(event.loss);
  if (const auto& scores = last_epoch_.validation; !scores.empty()) {
    const std::string first = headline(scores, monitor_);
    if (!first.empty()) right += "  " + first;
  }
  right += "  " + rowsText(event.rows_per_second) + "  " + clockText(event.seconds_left) + " left";
  const int64_t epoch = std::min(event.epoch + (event.epoch < started_.epochs ? 1 : 0), started_.epochs);
  draw(static_cast<double>(event.step) / all, "epoch " + std::to_string(epoch) + "/" + std::to_string(started_.epochs),
       right);
}

void Progress::on(const EpochDone& event) {
  last_epoch_ = event;
  if (context_.quiet) return;
  // Epochs of a few milliseconds would flood a terminal; in a log every one has
  // its line.
  constexpr double kSecondsBetweenLines = 0.5;
  const bool last = event.epoch >= started_.epochs;
  if (bar() && !last && steadySeconds() - line_at_ < kSecondsBetweenLines) return;
  line_at_ = steadySeconds();
  clear();
  const std::string all = std::to_string(started_.epochs), number = std::to_string(event.epoch);
  std::string text = "epoch " + std::string(all.size() - std::min(all.size(), number.size()), ' ') + number + "/" +
                     all + "  loss " + shortNumber(event.train_loss);
  if (!event.validation.empty()) {
    const auto loss = event.validation.find("loss");
    text += "  validation";
    if (loss != event.validation.end()) text += " loss " + shortNumber(loss->second);
    const std::string scores = headline(event.validation, monitor_);
    if (!scores.empty()) text += "  " + scores;
  }
  text += "  " + secondsText(event.seconds);
  if (event.best) text += context_.err.green("  best so far");
  context_.say(text);
}

void Progress::on(const Notice& event) {
  clear();
  context_.warn(event.text);
}

}  // namespace blockyard::cli
