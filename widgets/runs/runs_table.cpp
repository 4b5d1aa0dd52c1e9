#include "widgets/runs/runs_table.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtGui/QClipboard>
#include <QtGui/QShortcut>
#include <QtWidgets/QApplication>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFrame>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "report/run_command.hpp"
#include "widgets/common/engine_link.hpp"

namespace blockyard {

RunsTable::RunsTable(std::filesystem::path project_folder, QWidget* parent)
    : QWidget(parent), model_(new RunsModel(this)), filter_(new RunsFilter(this)), view_(new QTableView) {
  setAccessibleName(tr("Runs"));
  build();
  constexpr int kSettleMilliseconds = 200;
  refresh_timer_.setSingleShot(true);
  refresh_timer_.setInterval(kSettleMilliseconds);  // a run changes several files in a row
  connect(&refresh_timer_, &QTimer::timeout, this, &RunsTable::refresh);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, [this] { refresh_timer_.start(); });
  connect(&reading_, &QFutureWatcherBase::finished, this, [this] { take(reading_.result()); });
  connect(&acting_, &QFutureWatcherBase::finished, this, &RunsTable::takeAct);
  setFolder(std::move(project_folder));
}

RunsTable::~RunsTable() {
  reading_.disconnect(this);
  acting_.disconnect(this);
  acting_.waitForFinished();  // an act that was asked for is done to its end
}

void RunsTable::buildView() {
  filter_->setSourceModel(model_);
  view_->setModel(filter_);
  view_->setAccessibleName(tr("Runs of the project"));
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  view_->setAlternatingRowColors(true);
  view_->setSortingEnabled(true);
  view_->sortByColumn(RunsModel::Id, Qt::DescendingOrder);
  view_->setShowGrid(false);
  view_->setWordWrap(false);
  view_->setTabKeyNavigation(false);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  view_->horizontalHeader()->setSectionsMovable(true);
  view_->horizontalHeader()->setHighlightSections(false);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
  const auto popup = [](QMenu* menu, const QPoint& at) {
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(at);
  };
  connect(view_, &QWidget::customContextMenuRequested, this,
          [this, popup](const QPoint& at) { popup(makeMenu(), view_->viewport()->mapToGlobal(at)); });
  auto* header = view_->horizontalHeader();
  connect(header, &QWidget::customContextMenuRequested, this,
          [this, popup, header](const QPoint& at) { popup(makeColumnMenu(), header->mapToGlobal(at)); });
  connect(view_, &QTableView::activated, this,
          [this](const QModelIndex& index) { open(index.siblingAtColumn(RunsModel::Id).data().toString()); });
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsTable::updateButtons);
}

void RunsTable::build() {
  buildView();
  auto* bar = buildBar();
  state_ = new QLabel;
  state_->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(buildStrip());
  layout->addWidget(view_, 1);
  layout->addWidget(state_);
  layout->addWidget(bar);
  updateButtons();
}

QHBoxLayout* RunsTable::buildStrip() {
  words_ = new QLineEdit;
  words_->setPlaceholderText(tr("Filter: words that a run must contain; tag:good, -word"));
  words_->setToolTip(
      tr("Runs that contain every word in some column. “tag:good” wants the tag “good”, “-word” leaves "
         "out the runs that contain the word."));
  words_->setAccessibleName(tr("Filter of the runs"));
  words_->setClearButtonEnabled(true);
  connect(words_, &QLineEdit::textChanged, filter_, &RunsFilter::setWords);
  const auto box = [this](const QString& text, const QString& tip, void (RunsTable::*set)(bool)) {
    auto* out = new QCheckBox(text);
    out->setToolTip(tip);
    connect(out, &QCheckBox::toggled, this, set);
    return out;
  };
  archived_ = box(tr("A&rchived too"), tr("Shows archived runs, in italics"), &RunsTable::showArchived);
  studies_ = box(tr("Those of &studies too"), tr("Shows the trainings of studies, which have a panel of their own"),
                 &RunsTable::showOfStudies);
  deltas_ = box(tr("&Differences"), tr("Scores with their difference to the pinned run: ▲ better, ▼ worse"),
                &RunsTable::showDeltas);
  const auto button = [this](const QString& text, const char* name, const QString& tip, auto press) {
    auto* out = new QPushButton(text);
    out->setObjectName(QLatin1String(name));
    out->setToolTip(tip);
    connect(out, &QPushButton::clicked, this, press);
    return out;
  };
  open_ = button(tr("&Open"), "open", tr("Shows the curves and answers of the run"),
                 [this] { open(selectedRuns().front()); });
  compare_ = button(tr("&Compare"), "compare", tr("The selected runs side by side, with the pinned one"),
                    [this] { Q_EMIT compare(selectedRuns()); });
  copy_ = button(tr("Copy as co&mmand"), "copy", tr("The command line that repeats the run, with the same hash"),
                 [this] { copyCommands(); });
  delete_ = button(tr("De&lete"), "delete", tr("Moves the selected runs to the trash"),
                   [this] { deleteRuns(selectedRuns()); });
  more_ = new QPushButton(tr("Mor&e"));
  more_->setObjectName(QStringLiteral("more"));
  auto* menu = new QMenu(more_);
  connect(menu, &QMenu::aboutToShow, this, [this, menu] {
    menu->clear();
    addActsTo(*menu);
  });
  more_->setMenu(menu);
  auto* strip = new QHBoxLayout;
  strip->addWidget(words_, 1);
  for (QWidget* each :
       std::initializer_list<QWidget*>{archived_, studies_, deltas_, open_, compare_, copy_, delete_, more_})
    strip->addWidget(each);
  auto* erase = new QShortcut(QKeySequence(Qt::Key_Delete), view_);
  erase->setContext(Qt::WidgetShortcut);
  connect(erase, &QShortcut::activated, this, [this] { deleteRuns(selectedRuns()); });
  auto* edit = new QShortcut(QKeySequence(Qt::Key_F2), view_);
  edit->setContext(Qt::WidgetShortcut);
  connect(edit, &QShortcut::activated, this, &RunsTable::editNotes);
  return strip;
}

QFrame* RunsTable::buildBar() {
  bar_ = new QFrame;
  bar_->setObjectName(QStringLiteral("bar"));
  bar_->setFrameShape(QFrame::StyledPanel);
  bar_text_ = new QLabel;
  bar_text_->setWordWrap(true);
  auto* undo_button = new QPushButton(tr("&Undo"));
  undo_button->setObjectName(QStringLiteral("undo"));
  connect(undo_button, &QPushButton::clicked, this, &RunsTable::undo);
  auto* close = new QPushButton(tr("&Good"));
  connect(close, &QPushButton::clicked, bar_, &QWidget::hide);
  auto* bar_layout = new QHBoxLayout(bar_);
  bar_layout->setContentsMargins(8, 4, 8, 4);
  bar_layout->addWidget(bar_text_, 1);
  bar_layout->addWidget(undo_button);
  bar_layout->addWidget(close);
  bar_->hide();
  return bar_;
}

void RunsTable::setFolder(std::filesystem::path project_folder) {
  bar_->hide();
  last_ = {};
  folder_ = std::move(project_folder);
  first_ = true;
  refresh();
}

void RunsTable::follow(EngineLink& link) {
  connect(&link, &EngineLink::started, this, &RunsTable::refresh);
  connect(&link, &EngineLink::finished, this, &RunsTable::refresh);
  connect(&link, &EngineLink::failed, this, &RunsTable::refresh);
}

void RunsTable::refresh() {
  if (reading_.isRunning()) {
    read_again_ = true;
    return;
  }
  reading_.setFuture(QtConcurrent::run([folder = folder_] { return readRuns(folder); }));
}

void RunsTable::take(std::shared_ptr<RunsList> list) {
  if (std::exchange(read_again_, false)) return refresh();  // it may be of another folder
  const QString baseline = list_->baseline;
  list_ = std::move(list);
  fill(select_next_.isEmpty() ? selectedRuns() : std::exchange(select_next_, {}));
  watchFolders();
  if (list_->baseline != baseline) Q_EMIT pinned(list_->baseline);
  Q_EMIT refreshed();
}

void RunsTable::fill(const QStringList& selection) {
  model_->set(list_, {.archived = archived_->isChecked(), .of_studies = studies_->isChecked()});
  applyHidden();
  const int columns_before = std::exchange(columns_, model_->columnCount());
  const bool first = std::exchange(first_, list_->entries.empty());
  if (first || columns_before != columns_) view_->resizeColumnsToContents();
  auto* selected = view_->selectionModel();
  for (int row = 0; row < filter_->rowCount(); ++row) {
    const QModelIndex index = filter_->index(row, RunsModel::Id);
    if (!selection.contains(index.data().toString())) continue;
    selected->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    selected->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
  }
  state_->setText(!list_->failure.isEmpty() ? list_->failure
                  : list_->entries.empty()  ? tr("No runs yet: Train makes one")
                  : model_->rowCount() == 0 ? tr("All runs are archived or of studies")
                                            : QString());
  state_->setVisible(!state_->text().isEmpty());
  updateButtons();
}

// The folder of the runs tells of new and removed ones, that of a run which goes on tells of its end.
void RunsTable::watchFolders() {
  QStringList wanted;
  const auto add = [&](const std::filesystem::path& path) {
    std::error_code code;
    if (std::filesystem::is_directory(path, code)) wanted << QString::fromStdString(path.string());
  };
  add(folder_);
  add(folder_ / "runs");
  for (const auto& entry : list_->entries)
    if (entry.shown == RunState::Running) add(folder_ / "runs" / entry.id.text);
  const QStringList watched = watcher_.directories();
  for (const auto& path : watched)
    if (!wanted.contains(path)) watcher_.removePath(path);
  for (const auto& path : wanted)
    if (!watched.contains(path)) watcher_.addPath(path);
}

QStringList RunsTable::selectedRuns() const {
  QStringList out;
  QModelIndexList rows = view_->selectionModel()->selectedRows(RunsModel::Id);
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.row() < b.row(); });
  for (const auto& index : rows) out << index.data().toString();
  return out;
}

void RunsTable::selectRun(const QString& id) {
  view_->clearSelection();
  for (int row = 0; row < filter_->rowCount(); ++row)
    if (filter_->index(row, RunsModel::Id).data().toString() == id) view_->selectRow(row);
}

void RunsTable::updateButtons() {
  const auto count = selectedRuns().size();
  open_->setEnabled(count == 1);
  const bool beside_pinned = count == 1 && !list_->baseline.isEmpty() && selectedRuns().front() != list_->baseline;
  compare_->setEnabled(count > 1 || beside_pinned);
  copy_->setEnabled(count > 0);
  delete_->setEnabled(count > 0);
}

QString RunsTable::command(const QString& id) const {
  for (const auto& entry : list_->entries) {
    if (!entry.record || QString::fromStdString(entry.id.text) != id) continue;
    try {
      return QString::fromStdString(commandOfRun(*entry.record, folder_));
    } catch (const Error&) {
      return {};  // a plan of a later version
    }
  }
  return {};
}

void RunsTable::copyCommands() {
  QStringList lines, without;
  for (const auto& id : selectedRuns()) {
    const QString line = command(id);
    (line.isEmpty() ? without : lines) << (line.isEmpty() ? id : line);
  }
  if (!lines.isEmpty()) QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
  if (!without.isEmpty())
    say(tr("No command is known that repeats %1: its record cannot be read by this version")
            .arg(without.join(QStringLiteral(", "))),
        false);
}

// What a damaged record does not tell, the curves may: they are shown all the same.
void RunsTable::open(const QString& id) {
  std::error_code code;
  if (!std::filesystem::exists(folder_ / "runs" / id.toStdString(), code)) {
    say(tr("Run %1 is not there any more: its folder has been removed").arg(id), false);
    return refresh();
  }
  for (const auto& entry : list_->entries)
    if (!entry.record && QString::fromStdString(entry.id.text) == id)
      say(tr("The record of run %1 cannot be read, so only its curves are shown: %2")
              .arg(id, QString::fromStdString(entry.damage)),
          false);
  Q_EMIT openRun(id);
}

QMenu* RunsTable::makeMenu() {
  auto* menu = new QMenu(this);
  const auto add = [&](const QPushButton* like) {
    menu->addAction(like->text(), like, &QPushButton::click)->setEnabled(like->isEnabled());
  };
  add(open_);
  add(compare_);
  add(copy_);
  menu->addSeparator();
  addActsTo(*menu);
  menu->addSeparator();
  add(delete_);
  return menu;
}

QMenu* RunsTable::makeColumnMenu() {
  auto* menu = new QMenu(tr("&Columns"), this);
  QMenu* settings = nullptr;
  QMenu* scores = nullptr;
  for (int column = 0; column < model_->columnCount(); ++column) {
    if (column == RunsModel::Id) continue;  // something must be there to click on
    const QString key = model_->columnKey(column);
    QMenu* place = menu;
    if (column >= RunsModel::Fixed) {
      QMenu*& below = key.startsWith(QLatin1String("setting ")) ? settings : scores;
      if (below == nullptr) below = menu->addMenu(&below == &settings ? tr("Settings that differ") : tr("Scores"));
      place = below;
    }
    QAction* action = place->addAction(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    action->setCheckable(true);
    action->setChecked(!isHidden(column));
    connect(action, &QAction::toggled, this, [this, key](bool on) {
      chosen_[key] = on;
      applyHidden();
      Q_EMIT columnsChosen();
    });
  }
  return menu;
}

bool RunsTable::isHidden(int column) const {
  const auto choice = chosen_.find(model_->columnKey(column));
  return choice == chosen_.end() ? !model_->isMain(column) : !choice->second;
}

QStringList RunsTable::columnChoices() const {
  QStringList out;
  for (const auto& [key, shown] : chosen_) out << (shown ? QLatin1Char('+') : QLatin1Char('-')) + key;
  return out;
}

void RunsTable::setColumnChoices(const QStringList& choices) {
  chosen_.clear();
  for (const QString& choice : choices) chosen_[choice.mid(1)] = choice.startsWith(QLatin1Char('+'));
  applyHidden();
}

void RunsTable::applyHidden() {
  for (int column = 0; column < model_->columnCount(); ++column) view_->setColumnHidden(column, isHidden(column));
}

}  // namespace blockyard
