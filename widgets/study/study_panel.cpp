#include "widgets/study/study_panel.hpp"

#include <QtCore/QSortFilterProxyModel>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTableView>
#include <algorithm>

#include "widgets/common/document.hpp"
#include "widgets/predict/answer_bars.hpp"
#include "widgets/study/effect_plot.hpp"
#include "widgets/study/parallel_plot.hpp"
#include "widgets/study/study_dialog.hpp"
#include "widgets/study/trials_model.hpp"

namespace blockyard {
namespace {

constexpr int kRefreshMilliseconds = 700;  // trials of a second each would have it read without end

QPushButton* button(const char* name, const QString& text, const QString& help) {
  auto* out = new QPushButton(text);
  out->setObjectName(QString::fromLatin1(name));
  out->setToolTip(help);
  return out;
}

}  // namespace

StudyPanel::StudyPanel(Document& document, QWidget* parent) : QWidget(parent), document_(document) {
  build();
  refresh_timer_.setSingleShot(true);
  refresh_timer_.setInterval(kRefreshMilliseconds);
  connect(&refresh_timer_, &QTimer::timeout, this, &StudyPanel::refresh);
  connect(&link_, &StudyLink::viewed, this, &StudyPanel::take);
  connect(&link_, &StudyLink::trained, this, [this] {
    if (!refresh_timer_.isActive()) refresh_timer_.start();
  });
  connect(&link_, &StudyLink::began, this, [this](const QString& name) {
    fillNames(name);
    refresh();
  });
  connect(&link_, &StudyLink::ended, this, [this] {
    refresh();
    updateButtons();
    Q_EMIT ended(link_.name());
  });
  connect(&link_, &StudyLink::failed, this, [this](const QString& why) {
    updateButtons();
    Q_EMIT failed(why);
  });
  updateButtons();
}

void StudyPanel::build() {
  names_ = new QComboBox;
  names_->setObjectName(QStringLiteral("studies"));
  names_->setAccessibleName(tr("Study"));
  names_->setMinimumContentsLength(18);
  names_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  progress_ = new QProgressBar;
  progress_->setAccessibleName(tr("Trainings that are done"));
  progress_->setMaximumWidth(180);
  state_ = new QLabel;
  state_->setObjectName(QStringLiteral("state"));
  state_->setTextFormat(Qt::PlainText);
  new_ = button("new", tr("&New study…"), tr("Train the pipeline many times and vary something"));
  go_ = button("go", tr("&Go on"), tr("Train what the study still lacks"));
  use_ = button("use", tr("&Use these settings"), tr("Put the settings of the selected trial into the pipeline"));
  compare_ =
      button("compare", tr("&Compare its runs"), tr("Curves and scores of the trainings of the selected trials"));
  auto* strip = new QHBoxLayout;
  for (QWidget* each : std::initializer_list<QWidget*>{new_, names_, go_, progress_}) strip->addWidget(each);
  strip->addWidget(state_, 1);
  strip->addWidget(use_), strip->addWidget(compare_);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(strip);
  layout->addWidget(buildResults(), 1);
  connect(new_, &QPushButton::clicked, this, &StudyPanel::ask);
  connect(names_, &QComboBox::activated, this, &StudyPanel::refresh);
  connect(go_, &QPushButton::clicked, this, [this] {
    if (link_.busy())
      link_.stop();
    else
      link_.resume(folder_, names_->currentText());
    updateButtons();
  });
  connect(use_, &QPushButton::clicked, this, &StudyPanel::useSettings);
  connect(compare_, &QPushButton::clicked, this, [this] {
    QStringList runs;
    for (const QModelIndex& row : table_->selectionModel()->selectedRows())
      for (const RunId& run : model_->trial(sorted_->mapToSource(row).row()).runs)
        if (!run.text.empty()) runs << QString::fromStdString(run.text);
    Q_EMIT compare(runs);
  });
}

QWidget* StudyPanel::buildResults() {
  model_ = new TrialsModel(this);
  sorted_ = new QSortFilterProxyModel(this);
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(TrialsModel::kSortRole);
  table_ = new QTableView;
  table_->setObjectName(QStringLiteral("trials"));
  table_->setAccessibleName(tr("Trials, the best first"));
  table_->setModel(sorted_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(TrialsModel::Score, Qt::AscendingOrder);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setWordWrap(false);
  table_->verticalHeader()->hide();
  table_->horizontalHeader()->setStretchLastSection(true);
  parallel_ = new ParallelPlot;
  effects_ = new EffectPlot;
  importance_ = new AnswerBars;
  importance_->setAccessibleName(tr("What matters"));
  auto* search = new QWidget;
  auto* search_layout = new QVBoxLayout(search);
  search_layout->setContentsMargins({});
  search_layout->addWidget(parallel_, 1);
  search_layout->addWidget(importance_);
  auto* ablation = new QScrollArea;
  ablation->setWidgetResizable(true);
  ablation->setFrameShape(QFrame::NoFrame);
  ablation->setWidget(effects_);
  pictures_ = new QStackedWidget;
  pictures_->addWidget(search);
  pictures_->addWidget(ablation);
  auto* splitter = new QSplitter;
  splitter->addWidget(table_);
  splitter->addWidget(pictures_);
  splitter->setStretchFactor(0, 1), splitter->setStretchFactor(1, 1);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    const TrialResult* trial = selectedTrial();
    parallel_->select(trial == nullptr ? std::nullopt : std::optional(trial->number));
    updateButtons();
  });
  connect(parallel_, &ParallelPlot::chosen, this, &StudyPanel::selectTrial);
  return splitter;
}

void StudyPanel::setFolder(std::filesystem::path project_folder) {
  if (folder_ == project_folder) return;
  folder_ = std::move(project_folder);
  fillNames({});
  refresh();
}

void StudyPanel::fillNames(const QString& current) {
  names_->clear();
  if (!folder_.empty())
    for (const std::string& name : Study::list(folder_)) names_->addItem(QString::fromStdString(name));
  if (!current.isEmpty()) names_->setCurrentText(current);
}

void StudyPanel::showStudy(const QString& name) {
  fillNames(name);
  refresh();
}

QString StudyPanel::message() const {
  return state_->text();
}

StudyDialog* StudyPanel::ask() {
  if (folder_.empty()) {
    Q_EMIT failed(tr("The project is not saved yet. Save it: studies are kept in its folder."));
    return nullptr;
  }
  auto* dialog = new StudyDialog(document_, this);
  connect(dialog, &StudyDialog::wanted, this, &StudyPanel::begin);
  dialog->show();
  return dialog;
}

void StudyPanel::begin(const StudySpec& spec) {
  if (link_.busy()) {
    Q_EMIT failed(tr("A study is being trained. Stop it, or wait for its end."));
    return;
  }
  link_.begin(document_.project(), spec);
  updateButtons();
}

void StudyPanel::refresh() {
  if (folder_.empty() || names_->currentText().isEmpty())
    take(std::make_shared<StudyView>());
  else
    link_.look(folder_, names_->currentText());
}

void StudyPanel::take(const std::shared_ptr<StudyView>& view) {
  const TrialResult* before = selectedTrial();
  const int64_t selected = before == nullptr ? -1 : before->number;
  const bool first = !view_->study || !view->study || view_->study->name() != view->study->name();
  view_ = view;
  model_->set(view);
  parallel_->set(view);
  effects_->setEffects(QString::fromStdString(view->results.metric), view->results.effects);
  std::vector<AnswerBar> bars;
  for (const AxisImportance& axis : view->results.importance)
    bars.push_back({QString::fromStdString(axis.axis), axis.share});
  importance_->setVisible(bars.size() > 1);
  importance_->setBars(tr("What matters: share of the differences"), std::move(bars));
  const bool ablates = view->study && view->study->spec().search == Search::Ablation;
  pictures_->setCurrentIndex(ablates ? 1 : 0);
  if (first) table_->resizeColumnsToContents();
  if (selected >= 0) selectTrial(static_cast<qint64>(selected));
  sayHowFar();
  updateButtons();
}

void StudyPanel::sayHowFar() {
  const StudyResults& results = view_->results;
  progress_->setVisible(view_->study.has_value());
  progress_->setMaximum(static_cast<int>(std::max<int64_t>(1, results.runs_in_all)));
  progress_->setValue(static_cast<int>(results.runs_done + results.runs_failed));
  QString text;
  if (!view_->failure.isEmpty()) {
    text = view_->failure;
  } else if (!view_->study) {
    text = tr("A study trains the pipeline many times, varies something, and tells what matters and what is chance.");
  } else {
    text = tr("%1 of %2 trainings").arg(results.runs_done).arg(results.runs_in_all);
    if (results.runs_failed > 0) text += tr(", %1 failed").arg(results.runs_failed);
    if (const TrialResult* best = results.best()) text += tr(", the best: %1").arg(QString::fromStdString(best->text));
    for (const std::string& warning : results.warnings) text += QStringLiteral("\n") + QString::fromStdString(warning);
  }
  state_->setText(text);
  state_->setToolTip(text);
}

void StudyPanel::updateButtons() {
  const bool busy = link_.busy(), shown = view_->study.has_value();
  new_->setEnabled(!busy);
  go_->setText(busy ? tr("&Stop") : tr("&Go on"));
  go_->setEnabled(busy ||
                  (shown && view_->results.runs_done + view_->results.runs_failed < view_->results.runs_in_all));
  use_->setEnabled(selectedTrial() != nullptr);
  compare_->setEnabled(selectedTrial() != nullptr);
}

const TrialResult* StudyPanel::selectedTrial() const {
  const QModelIndexList rows = table_->selectionModel()->selectedRows();
  return rows.isEmpty() || !view_->study ? nullptr : &model_->trial(sorted_->mapToSource(rows.front()).row());
}

void StudyPanel::selectTrial(qint64 trial) {
  for (int row = 0; row < model_->rowCount(); ++row)
    if (model_->trial(row).number == trial) {
      const QModelIndex index = sorted_->mapFromSource(model_->index(row, 0));
      table_->selectRow(index.row());
      table_->scrollTo(index);
    }
}

// One act, so that undo takes it back.
void StudyPanel::useSettings() {
  const TrialResult* result = selectedTrial();
  if (result == nullptr) return;
  const StudySpec& spec = view_->study->spec();
  const Trial& trial = view_->study->trials()[static_cast<size_t>(result->number)];
  try {
    if (document_.root() != spec.pipeline) document_.showPipeline(spec.pipeline);
    document_.goUp(0);
    Project changed = document_.project();
    Compound edit{"Use trial " + std::to_string(result->number), {}};
    for (const std::string& setting : settingsOf(spec, trial)) {
      edit.edits.push_back(editFromSetting(changed, spec.pipeline, setting));
      changed.apply(spec.pipeline, edit.edits.back());
    }
    document_.apply(edit, tr("using the settings of trial %1").arg(result->number));
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromUtf8(error.what()));
  }
}

}  // namespace blockyard
