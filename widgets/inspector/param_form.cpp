#include "widgets/inspector/param_form.hpp"

#include <QtCore/QEvent>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>

#include "graph/settle.hpp"
#include "graph/training_settings.hpp"
#include "widgets/inspector/marks.hpp"
#include "widgets/inspector/param_text.hpp"

namespace blockyard {
namespace {

constexpr size_t kManyRows = 14;  // from here on a field to find one is of use
constexpr int kWidestLabel = 13;  // in widths of an "m": longer names are wrapped

}  // namespace

std::vector<ParamSection> trainingSections() {
  const std::vector<std::pair<QString, std::vector<std::string>>> groups = {
      {ParamForm::tr("Length"), {"epochs", "max_steps", "max_seconds", "early_stopping", "monitor", "restore_best"}},
      {ParamForm::tr("Batches"), {"batch_size", "accumulate", "seed"}},
      {ParamForm::tr("Synthetic rows"), {"balance", "balance_share", "smote_neighbors", "mix", "mix_alpha"}},
      {ParamForm::tr("Optimizer"),
       {"optimizer", "learning_rate", "momentum", "nesterov", "beta1", "beta2", "alpha", "epsilon"}},
      {ParamForm::tr("Schedule of the learning rate"),
       {"schedule", "warmup_steps", "schedule_epochs", "gamma", "min_learning_rate", "one_cycle_rise",
        "one_cycle_start", "one_cycle_end", "plateau_patience"}},
      {ParamForm::tr("Regularisation"), {"weight_decay", "l1", "l2", "clip_norm", "clip_value", "ema_decay"}},
      {ParamForm::tr("Split of the rows"),
       {"split", "split_column", "validation_share", "test_share", "folds", "fold", "accepted_warnings"}},
      {ParamForm::tr("Speed and memory"),
       {"device", "precision", "threads", "loader_threads", "memory_budget", "row_cache"}},
      {ParamForm::tr("Safety and trials"),
       {"checkpoint_steps", "checkpoint_minutes", "checkpoint_keep", "dry_run", "overfit_batches"}}};
  std::vector<Param> left = trainingParams();
  std::vector<ParamSection> out;
  for (const auto& [title, names] : groups) {
    ParamSection section{title, {}};
    for (const auto& name : names) {
      const auto found = std::find_if(left.begin(), left.end(), [&](const Param& p) { return p.name == name; });
      if (found == left.end()) continue;
      section.params.push_back(*found);
      left.erase(found);
    }
    if (!section.params.empty()) out.push_back(std::move(section));
  }
  if (!left.empty()) out.push_back({ParamForm::tr("More"), std::move(left)});
  return out;
}

ParamForm::ParamForm(Document& document, const std::optional<NodeId>& block, const std::vector<ParamSection>& sections,
                     QWidget* parent, std::vector<NodeId> others)
    : QWidget(parent), document_(document), others_(std::move(others)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  size_t count = 0;
  for (const auto& section : sections) count += section.params.size();
  if (count >= kManyRows) {
    auto* find = new QLineEdit(this);
    find->setObjectName(QStringLiteral("find"));
    find->setPlaceholderText(tr("Find a setting"));
    find->setAccessibleName(tr("Find a setting"));
    find->setClearButtonEnabled(true);
    layout->addWidget(find);
    connect(find, &QLineEdit::textChanged, this, &ParamForm::filter);
  }
  for (const auto& section : sections) addSection(block, section);
  fitLabels();
}

// All fields begin at one place.
void ParamForm::fitLabels() {
  int width = 0;
  for (const auto* row : rows_)
    if (row->param().role != Role::Code) width = std::max(width, row->labelWidth());
  width = std::min(width, kWidestLabel * fontMetrics().horizontalAdvance(u'm'));
  for (auto* row : rows_) row->setLabelWidth(width);
}

void ParamForm::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) QMetaObject::invokeMethod(this, &ParamForm::fitLabels, Qt::QueuedConnection);
}

void ParamForm::addSection(const std::optional<NodeId>& block, const ParamSection& section) {
  Group group;
  if (!section.title.isEmpty()) {
    group.heading = makeHeading(section.title, this);
    layout()->addWidget(group.heading);
  }
  for (const auto& param : section.params) {
    auto* row = new ParamRow(document_, {block, param, others_}, this);
    connect(row, &ParamRow::helpWanted, this, &ParamForm::helpWanted);
    connect(row, &ParamRow::sweepWanted, this, &ParamForm::sweepWanted);
    layout()->addWidget(row);
    group.rows.push_back(row);
    rows_.push_back(row);
  }
  groups_.push_back(std::move(group));
}

ParamRow* ParamForm::row(const std::string& name) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](ParamRow* row) { return row->param().name == name; });
  return found == rows_.end() ? nullptr : *found;
}

void ParamForm::sync() {
  for (auto* row : rows_) row->sync();
}

void ParamForm::showResult(const std::vector<Problem>& problems, const QStringList& columns) {
  for (auto* row : rows_) {
    row->setColumns(columns);
    std::vector<Problem> own;
    std::copy_if(problems.begin(), problems.end(), std::back_inserter(own),
                 [&](const Problem& problem) { return problem.where.parameter == row->param().name; });
    row->showProblems(std::move(own));
  }
}

void ParamForm::setBlock(const NodeId& block) {
  for (auto* row : rows_) row->setBlock(block);
}

void ParamForm::filter(const QString& text) {
  for (const auto& group : groups_) {
    bool any = false;
    for (auto* row : group.rows) {
      const Param& param = row->param();
      const QString about = readableName(param.name) + u'\n' + QString::fromStdString(param.name + "\n" + param.doc);
      const bool fits = text.trimmed().isEmpty() || about.contains(text.trimmed(), Qt::CaseInsensitive);
      row->setVisible(fits);
      any = any || fits;
    }
    if (group.heading != nullptr) group.heading->setVisible(any);
  }
}

}  // namespace blockyard
