// CanvasScene: how the blocks and wires look by what the checks and the latest run say of them.
#include <QtWidgets/QApplication>
#include <cmath>

#include "blocks/catalog.hpp"
#include "widgets/canvas/canvas_scene.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

BlockLook CanvasScene::lookOf(const NodeId& id, const Checked& result, const Problem* problem) const {
  BlockLook look;
  const std::string path = document_.pathOf(id);  // what the run calls the block
  const auto outputs = result.outputs.find(id);
  if (outputs != result.outputs.end() && !outputs->second.empty()) {
    const BlockType* type = block(id)->blockType();
    const std::string first_port =
        type == nullptr || type->schema.outputs.empty() ? "" : type->schema.outputs.front().name;
    const auto found = outputs->second.find(first_port);
    const Signature& shown = (found == outputs->second.end() ? outputs->second.begin() : found)->second;
    look.output = QString::fromStdString(shown.text());
    look.light = run_light_ == Light::Running ? Light::Running : Light::Ready;
    if (run_light_ == Light::Trained && parametersOf(id) > 0) look.light = Light::Trained;
    if (fitted_.count(path) > 0) look.light = Light::Fitted;
  }
  look.status = statusOf(id);
  if (run_light_ == Light::Running)
    if (const auto share = shares_.find(path); share != shares_.end()) look.time_share = share->second;
  if (problem != nullptr) {
    look.light = problem->severity == Severity::Error ? Light::Problem : Light::Warning;
    look.problem = QString::fromStdString(problem->text());
  }
  const QString shown = QString::fromStdString(path);
  if (!error_text_.isEmpty() && (error_block_ == shown || error_block_.startsWith(shown + QLatin1Char('/'))))
    look.light = Light::Problem, look.problem = error_text_;
  if (look.light == Light::Problem) look.status = look.problem;
  return look;
}

// What the checks can tell, else what the latest run has found.
int64_t CanvasScene::parametersOf(const NodeId& id) const {
  if (const int64_t count = sizes_.parameters(id); count >= 0) return count;
  const auto found = run_parameters_.find(document_.pathOf(id));
  return found == run_parameters_.end() ? -1 : found->second;
}

QString CanvasScene::statusOf(const NodeId& id) const {
  const std::string path = document_.pathOf(id);
  QStringList parts;
  if (const int64_t count = parametersOf(id); count > 0)
    parts << tr("%1 parameters", "", pluralOf(count)).arg(countText(count));
  if (fitted_.count(path) > 0) parts << tr("fitted");
  const BlockType* type = findBlockType(block(id)->node().type);
  if (rows_ > 0 && type != nullptr && type->schema.kind == Kind::Source)
    parts << tr("%1 rows", "", pluralOf(rows_)).arg(countText(rows_));
  constexpr double kPercent = 100;
  if (const auto share = shares_.find(path); share != shares_.end())
    parts << tr("%1 %").arg(kPercent * share->second, 0, 'f', share->second < 0.0995 ? 1 : 0);
  return parts.join(QStringLiteral(" · "));
}

void CanvasScene::showResult() {
  const Checked& result = document_.result();
  sizes_.look(document_.graph(), result);
  std::map<std::string, const Problem*> first;
  std::map<std::string, bool> wrong_port;
  for (const Problem& problem : result.problems) {
    first.emplace(problem.where.block.substr(0, problem.where.block.find('/')), &problem);
    if (problem.severity == Severity::Error && !problem.where.port.empty())
      wrong_port[problem.where.block + "." + problem.where.port] = true;
  }
  for (const auto& [id, item] : blocks_) {
    const auto problem = first.find(id.name);
    item->setLook(lookOf(id, result, problem == first.end() ? nullptr : problem->second));
  }
  for (const auto& [link, item] : wires_) {
    const auto outputs = result.outputs.find(link.from.node);
    const bool known = outputs != result.outputs.end() && outputs->second.count(link.from.port) > 0;
    const QString text = known ? QString::fromStdString(outputs->second.at(link.from.port).text()) : QString();
    const QColor color =
        known ? colorOf(outputs->second.at(link.from.port).kind) : QGuiApplication::palette().color(QPalette::Mid);
    item->setLook(text, color, wrong_port.count(link.to.text()) > 0);
  }
}

void CanvasScene::setRunLight(Light light) {
  run_light_ = light;
  if (light == Light::Running) error_block_.clear(), error_text_.clear();
  showResult();
}

void CanvasScene::setRunFacts(const Started& started) {
  forgetRun();
  run_parameters_ = started.block_parameters;
  fitted_.insert(started.fitted.begin(), started.fitted.end());
  for (const int64_t rows : started.rows) rows_ += rows;
  setRunLight(Light::Running);
}

void CanvasScene::setBlockTimes(const BlockTimes& times) {
  if (times.step_ms <= 0) return;
  constexpr double kSeen = 0.005;  // less of a change is not worth painting all blocks anew
  bool changed = false;
  for (const auto& each : times.blocks) {
    const double share = (each.forward_ms + each.backward_ms) / times.step_ms;
    const auto [it, is_new] = shares_.try_emplace(each.block, share);
    if (!is_new && std::abs(it->second - share) < kSeen) continue;
    it->second = share;
    changed = true;
  }
  if (changed) showResult();
}

// Of another project or another training.
void CanvasScene::forgetRun() {
  fitted_.clear();
  run_parameters_.clear();
  shares_.clear();
  rows_ = 0;
  error_block_.clear(), error_text_.clear();
  run_light_ = Light::Unknown;
}

void CanvasScene::setRunError(const QString& block, const QString& text) {
  error_block_ = block, error_text_ = text;
  run_light_ = Light::Unknown;
  showResult();
}

}  // namespace blockyard
