#include "widgets/inspector/problem_list.hpp"

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>

#include "widgets/inspector/marks.hpp"
#include "widgets/inspector/problem_notes.hpp"

namespace blockyard {
namespace {

// Without a key of its own.
QString escaped(QString label) {
  return label.replace(u'&', QLatin1String("&&"));
}

}  // namespace

bool ProblemModel::setProblems(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(),
                   [](const Problem& a, const Problem& b) { return a.severity < b.severity; });
  const bool same =
      std::equal(problems.begin(), problems.end(), problems_.begin(), problems_.end(),
                 [](const Problem& a, const Problem& b) { return a.severity == b.severity && a.text() == b.text(); });
  if (same) {
    problems_ = std::move(problems);  // what the fixes do may be new
    return false;
  }
  beginResetModel();
  problems_ = std::move(problems);
  endResetModel();
  return true;
}

int ProblemModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(problems_.size());
}

QVariant ProblemModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Problem& problem = problems_[static_cast<size_t>(index.row())];
  const QString hint = QString::fromStdString(problem.hint);
  QString place = QString::fromStdString(problem.where.text());
  if (!place.isEmpty()) place += QLatin1String(": ");
  const QString text = place + QString::fromStdString(problem.problem);
  switch (role) {
    case Qt::DisplayRole:
      return hint.isEmpty() ? text : text + u'\n' + hint;
    case Qt::DecorationRole:
      return problemIcon(problem.severity);
    case Qt::ToolTipRole:
      return QString::fromStdString(problem.text());
    case Qt::AccessibleTextRole:
      return severityText(problem.severity) + QLatin1String(", ") + QString::fromStdString(problem.text());
    default:
      return {};
  }
}

ProblemList::ProblemList(Document& document, QWidget* parent)
    : QWidget(parent), document_(document), model_(new ProblemModel(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  stack_ = new QStackedWidget(this);
  layout->addWidget(stack_, 1);
  auto* none = new QLabel(tr("No problems"), stack_);
  none->setObjectName(QStringLiteral("none"));
  none->setAlignment(Qt::AlignCenter);
  none->setForegroundRole(QPalette::PlaceholderText);
  stack_->addWidget(none);
  view_ = new QListView(stack_);
  view_->setModel(model_);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setWordWrap(true);
  view_->setResizeMode(QListView::Adjust);
  view_->setSpacing(2);
  view_->setIconSize({16, 16});
  view_->setAlternatingRowColors(true);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  view_->setAccessibleName(tr("Problems"));
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  stack_->addWidget(view_);
  fixes_ = new QWidget(this);
  fixes_layout_ = new QHBoxLayout(fixes_);
  fixes_layout_->setContentsMargins(6, 4, 6, 4);
  layout->addWidget(fixes_);
  connect(view_, &QAbstractItemView::activated, this, &ProblemList::activate);
  connect(view_, &QWidget::customContextMenuRequested, this, &ProblemList::openMenu);
  connect(view_->selectionModel(), &QItemSelectionModel::currentChanged, this, &ProblemList::showFixes);
  connect(&document_, &Document::checked, this, &ProblemList::refresh);
  connect(&document_, &Document::replaced, this, &ProblemList::refresh);
  connect(&document_, &Document::shown, this, &ProblemList::refresh);
  refresh();
}

void ProblemList::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) view_->viewport()->update();
}

void ProblemList::refresh() {
  const Problem* before = current();
  const std::string text = before == nullptr ? "" : before->text();
  const bool changed = model_->setProblems(document_.result().problems);
  if (changed) select(text);
  showFixes();
  const auto& problems = model_->problems();
  stack_->setCurrentIndex(problems.empty() ? 0 : 1);
  const auto is_error = [](const Problem& problem) { return problem.severity == Severity::Error; };
  const auto errors = static_cast<int>(std::count_if(problems.begin(), problems.end(), is_error));
  const int warnings = static_cast<int>(problems.size()) - errors;
  if (errors == errors_ && warnings == warnings_) return;
  errors_ = errors;
  warnings_ = warnings;
  Q_EMIT countChanged(errors, warnings);
}

// The cursor stays on the problem it was on while that lasts.
void ProblemList::select(const std::string& text) {
  const auto& problems = model_->problems();
  for (size_t i = 0; i < problems.size() && !text.empty(); ++i) {
    if (problems[i].text() != text) continue;
    view_->setCurrentIndex(model_->index(static_cast<int>(i)));
    return;
  }
  if (!problems.empty()) view_->setCurrentIndex(model_->index(0));
}

const Problem* ProblemList::current() const {
  const QModelIndex index = view_->currentIndex();
  return index.isValid() ? &model_->problems()[static_cast<size_t>(index.row())] : nullptr;
}

void ProblemList::activate(const QModelIndex& index) {
  if (!index.isValid()) return;
  const Where where = model_->problems()[static_cast<size_t>(index.row())].where;
  Q_EMIT goTo(QString::fromStdString(where.block), QString::fromStdString(where.port),
              QString::fromStdString(where.parameter));
}

void ProblemList::showFixes() {
  while (QLayoutItem* item = fixes_layout_->takeAt(0)) {
    if (QWidget* widget = item->widget()) {
      widget->hide();
      widget->deleteLater();  // the pressed button may be the reason for this
    }
    delete item;
  }
  const Problem* problem = current();
  const std::vector<ProblemAct> acts =
      problem == nullptr ? std::vector<ProblemAct>{} : actsFor(document_, *problem, this);
  fixes_->setVisible(!acts.empty());
  if (acts.empty()) return;
  for (const ProblemAct& each : acts) {
    auto* button = new QPushButton(escaped(each.label), fixes_);
    button->setAccessibleDescription(tr("Solves the problem under the cursor"));
    fixes_layout_->addWidget(button);
    connect(button, &QPushButton::clicked, this, each.act);
  }
  fixes_layout_->addStretch(1);
}

void ProblemList::openMenu(const QPoint& place) {
  const QModelIndex index = view_->indexAt(place);
  if (index.isValid()) view_->setCurrentIndex(index);
  const Problem* problem = current();
  if (problem == nullptr) return;
  auto* menu = new QMenu(view_);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(tr("Go there"), this, [this] { activate(view_->currentIndex()); });
  for (const ProblemAct& each : actsFor(document_, *problem, this))
    menu->addAction(tr("Fix: %1").arg(escaped(each.label)), this, each.act);
  menu->addSeparator();
  menu->addAction(tr("Copy text"), this,
                  [text = QString::fromStdString(problem->text())] { QGuiApplication::clipboard()->setText(text); });
  menu->popup(view_->viewport()->mapToGlobal(place));
}

}  // namespace blockyard
