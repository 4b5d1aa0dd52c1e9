#include "actions.hpp"

#include <QtWidgets/QDialogButtonBox>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QKeySequenceEdit>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableWidget>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>

namespace blockyard {

QAction* Actions::add(const QString& name, const QString& text, const QKeySequence& shortcut,
                      std::function<void()> work) {
  auto* action = new QAction(text, window_);
  action->setObjectName(name);
  usual_[name] = shortcut;
  const QVariant own = QSettings().value("shortcuts/" + name);
  action->setShortcut(own.isValid() ? QKeySequence(own.toString(), QKeySequence::PortableText) : shortcut);
  action->setShortcutContext(Qt::WindowShortcut);
  connect(action, &QAction::triggered, window_, [work = std::move(work)] { work(); });
  window_->addAction(action);
  actions_.emplace_back(name, action);
  return action;
}

void Actions::keepTo(QWidget* place, const QString& name) {
  QAction* action = find(name);
  action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  window_->removeAction(action);
  place->addAction(action);
}

QAction* Actions::find(const QString& name) const {
  const auto found =
      std::find_if(actions_.begin(), actions_.end(), [&](const auto& each) { return each.first == name; });
  return found == actions_.end() ? nullptr : found->second;
}

QString Actions::setShortcut(const QString& name, const QKeySequence& shortcut) {
  if (!shortcut.isEmpty())
    for (const auto& [other, action] : actions_)
      if (other != name && action->shortcut() == shortcut) return action->text().remove('&');
  find(name)->setShortcut(shortcut);
  if (shortcut == usual_.at(name))
    QSettings().remove("shortcuts/" + name);
  else
    QSettings().setValue("shortcuts/" + name, shortcut.toString(QKeySequence::PortableText));
  return {};
}

ShortcutTable::ShortcutTable(Actions& actions, QWidget* parent)
    : QDialog(parent), actions_(actions), table_(new QTableWidget) {
  setWindowTitle(tr("Shortcuts"));
  setAttribute(Qt::WA_DeleteOnClose);
  resize(60 * fontMetrics().averageCharWidth() + 80, 30 * fontMetrics().lineSpacing());
  table_->setAccessibleName(tr("Shortcuts"));
  table_->setColumnCount(2);
  table_->setHorizontalHeaderLabels({tr("Action"), tr("Shortcut")});
  table_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  table_->verticalHeader()->hide();
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  auto* said = new QLabel(tr("Choose a shortcut on the right; empty is none."));
  said->setWordWrap(true);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close | QDialogButtonBox::RestoreDefaults);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(table_);
  layout->addWidget(said);
  layout->addWidget(buttons);
  fill();
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
  connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this, [this] {
    for (const auto& [name, _] : actions_.all()) actions_.setShortcut(name, {});
    for (const auto& [name, _] : actions_.all()) actions_.setShortcut(name, actions_.usual(name));
    fill();
  });
  for (int row = 0; row < table_->rowCount(); ++row) {
    auto* edit = qobject_cast<QKeySequenceEdit*>(table_->cellWidget(row, 1));
    const QString name = actions_.all()[static_cast<size_t>(row)].first;
    connect(edit, &QKeySequenceEdit::editingFinished, this, [this, edit, name, said] {
      const QString taken = actions_.setShortcut(name, edit->keySequence());
      if (!taken.isEmpty())
        said->setText(tr("%1 is the shortcut of “%2” already.")
                          .arg(edit->keySequence().toString(QKeySequence::NativeText), taken));
      edit->setKeySequence(actions_.find(name)->shortcut());
    });
  }
}

void ShortcutTable::fill() {
  const bool first = table_->rowCount() == 0;
  table_->setRowCount(static_cast<int>(actions_.all().size()));
  for (int row = 0; row < table_->rowCount(); ++row) {
    const QAction* action = actions_.all()[static_cast<size_t>(row)].second;
    if (first) {
      table_->setItem(row, 0, new QTableWidgetItem(action->text().remove('&')));
      auto* edit = new QKeySequenceEdit(action->shortcut());
      edit->setAccessibleName(action->text().remove('&'));
      table_->setCellWidget(row, 1, edit);
    } else {
      qobject_cast<QKeySequenceEdit*>(table_->cellWidget(row, 1))->setKeySequence(action->shortcut());
    }
  }
}

}  // namespace blockyard
