#include "widgets/runs/runs_table.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtGui/QClipboard>
#include <QtGui/QShortcut>
#include <QtWidgets/QApplication>
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
#include "widgets/common/engine_link.hpp"
#include "widgets/runs/run_command.hpp"

namespace blockyard {

RunsTable::RunsTable(std::filesystem::path project_folder, QWidget* parent)
    : QWidget(parent), model_(new RunsModel(this)), filter_(new RunsFilter(this)), view_(new QTableView) {
  setAccessibleName(tr("Runs"));
  build();
  constexpr int kSettleMilliseconds = 200, kUndoMilliseconds = 8000;
  refresh_timer_.setSingleShot(true);
  refresh_timer_.setInterval(kSettleMilliseconds);  // a run changes several files in a row
  connect(&refresh_timer_, &QTimer::timeout, this, &RunsTable::refresh);
  undo_timer_.setSingleShot(true);
  undo_timer_.setInterval(kUndoMilliseconds);
  connect(&undo_timer_, &QTimer::timeout, this, &RunsTable::commitRemove);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, [this] { refresh_timer_.start(); });
  connect(&reading_, &QFutureWatcherBase::finished, this, [this] { take(reading_.result()); });
  setFolder(std::move(project_folder));
}

RunsTable::~RunsTable() {
  reading_.disconnect(this);
  deleteRemoved();
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
  connect(view_, &QTableView::activated, this, [this] {
    if (const auto ids = selectedRuns(); !ids.isEmpty()) Q_EMIT openRun(ids.front());
  });
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunsTable::updateButtons);
}

void RunsTable::build() {
  buildView();
  words_ = new QLineEdit;
  words_->setPlaceholderText(tr("Filter: words that a run must contain"));
  words_->setAccessibleName(tr("Filter of the runs"));
  words_->setClearButtonEnabled(true);
  connect(words_, &QLineEdit::textChanged, filter_, &RunsFilter::setWords);
  const auto button = [this](const QString& text, const char* name, auto press) {
    auto* out = new QPushButton(text);
    out->setObjectName(QLatin1String(name));
    connect(out, &QPushButton::clicked, this, press);
    return out;
  };
  open_ = button(tr("&Open"), "open", [this] { Q_EMIT openRun(selectedRuns().front()); });
  compare_ = button(tr("&Compare"), "compare", [this] { Q_EMIT compare(selectedRuns()); });
  copy_ = button(tr("Copy as co&mmand"), "copy", [this] { copyCommands(); });
  remove_ = button(tr("&Remove"), "remove", [this] { removeRuns(selectedRuns()); });
  auto* strip = new QHBoxLayout;
  strip->addWidget(words_, 1);
  for (auto* each : {open_, compare_, copy_, remove_}) strip->addWidget(each);
  auto* erase = new QShortcut(QKeySequence(Qt::Key_Delete), view_);
  erase->setContext(Qt::WidgetShortcut);
  connect(erase, &QShortcut::activated, this, [this] { removeRuns(selectedRuns()); });

  state_ = new QLabel;
  state_->setWordWrap(true);
  bar_ = new QFrame;
  bar_->setObjectName(QStringLiteral("bar"));
  bar_->setFrameShape(QFrame::StyledPanel);
  bar_text_ = new QLabel;
  bar_text_->setWordWrap(true);
  auto* undo = button(tr("&Undo"), "undo", [this] { undoRemove(); });
  auto* bar_layout = new QHBoxLayout(bar_);
  bar_layout->setContentsMargins(8, 4, 8, 4);
  bar_layout->addWidget(bar_text_, 1);
  bar_layout->addWidget(undo);
  bar_->hide();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(view_, 1);
  layout->addWidget(state_);
  layout->addWidget(bar_);
  updateButtons();
}

void RunsTable::setFolder(std::filesystem::path project_folder) {
  commitRemove();
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
  list_ = std::move(list);
  fill(selectedRuns());
  watchFolders();
  Q_EMIT refreshed();
}

void RunsTable::fill(const QStringList& selection) {
  std::set<QString> left_out = gone_;
  left_out.insert(removed_.begin(), removed_.end());
  model_->set(list_, left_out);
  applyHidden();
  if (std::exchange(first_, list_->entries.empty())) view_->resizeColumnsToContents();
  auto* selected = view_->selectionModel();
  for (int row = 0; row < filter_->rowCount(); ++row) {
    const QModelIndex index = filter_->index(row, RunsModel::Id);
    if (!selection.contains(index.data().toString())) continue;
    selected->select(index, QItemSelectionModel::Select | QItemSelectionModel::Rows);
    selected->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
  }
  state_->setText(!list_->failure.isEmpty() ? list_->failure
                  : model_->rowCount() == 0 ? tr("No runs yet: Train makes one")
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
  compare_->setEnabled(count > 1);
  copy_->setEnabled(count > 0);
  remove_->setEnabled(count > 0);
}

void RunsTable::removeRuns(const QStringList& ids) {
  int going_on = 0;
  QStringList taken;
  for (const auto& entry : list_->entries) {
    const QString id = QString::fromStdString(entry.id.text);
    if (!ids.contains(id)) continue;
    if (entry.record && entry.shown == RunState::Running)
      ++going_on;
    else
      taken << id;
  }
  if (taken.isEmpty() && going_on == 0) return;
  if (!taken.isEmpty()) commitRemove();  // one act can be undone, the last
  removed_.insert(taken.begin(), taken.end());
  QString text =
      taken.size() == 1 ? tr("Run %1 was removed").arg(taken.front()) : tr("%1 runs were removed").arg(taken.size());
  if (taken.isEmpty()) text = tr("A run that is going on cannot be removed");
  bar_text_->setText(text);
  bar_text_->setAccessibleName(text);
  bar_->findChild<QPushButton*>(QStringLiteral("undo"))->setVisible(!removed_.empty());
  bar_->show();
  undo_timer_.start();
  fill({});
}

void RunsTable::undoRemove() {
  const QStringList back(removed_.begin(), removed_.end());
  removed_.clear();
  undo_timer_.stop();
  bar_->hide();
  fill(back);
}

void RunsTable::commitRemove() {
  undo_timer_.stop();
  bar_->hide();
  const QString failure = deleteRemoved();
  if (failure.isEmpty()) return;
  bar_text_->setText(failure);
  bar_->findChild<QPushButton*>(QStringLiteral("undo"))->hide();
  bar_->show();
  refresh();
}

// Returns why one could not be deleted.
QString RunsTable::deleteRemoved() {
  QString failure;
  for (const auto& id : std::exchange(removed_, {})) {
    try {
      removeRun(folder_, {id.toStdString()});
      gone_.insert(id);
    } catch (const Error& error) {
      failure = QString::fromUtf8(error.what());
    }
  }
  return failure;
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
  QStringList lines;
  for (const auto& id : selectedRuns()) lines << command(id);
  QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

QMenu* RunsTable::makeMenu() {
  auto* menu = new QMenu(this);
  const auto add = [&](const QPushButton* like) {
    menu->addAction(like->text(), like, &QPushButton::click)->setEnabled(like->isEnabled());
  };
  add(open_);
  add(compare_);
  add(copy_);
  menu->addAction(tr("Copy &id"), this,
                  [this] { QApplication::clipboard()->setText(selectedRuns().join(QLatin1Char('\n'))); })
      ->setEnabled(copy_->isEnabled());
  menu->addSeparator();
  add(remove_);
  return menu;
}

QMenu* RunsTable::makeColumnMenu() {
  auto* menu = new QMenu(this);
  for (int column = 0; column < model_->columnCount(); ++column) {
    if (column == RunsModel::Id) continue;  // something must be there to click on
    const QString key = model_->columnKey(column);
    QAction* action = menu->addAction(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    action->setCheckable(true);
    action->setChecked(hidden_.count(key) == 0);
    connect(action, &QAction::toggled, this, [this, key](bool on) {
      if (on)
        hidden_.erase(key);
      else
        hidden_.insert(key);
      applyHidden();
    });
  }
  return menu;
}

void RunsTable::setHiddenColumns(const QStringList& keys) {
  hidden_ = {keys.begin(), keys.end()};
  applyHidden();
}

void RunsTable::applyHidden() {
  for (int column = 0; column < model_->columnCount(); ++column)
    view_->setColumnHidden(column, hidden_.count(model_->columnKey(column)) > 0);
}

}  // namespace blockyard
