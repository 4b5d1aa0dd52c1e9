// The menu of a ParamRow: variables, the setting as the command line takes it, help.
#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtWidgets/QInputDialog>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QPlainTextEdit>

#include "base/error.hpp"
#include "graph/settle.hpp"
#include "widgets/inspector/param_row.hpp"
#include "widgets/inspector/param_text.hpp"
#include "widgets/inspector/sweep_dialog.hpp"

namespace blockyard {
namespace {

std::string reference(const std::string& name) {
  return "${" + name + "}";
}

bool fits(const Param& param, const Variables& variables, const std::string& name) {
  try {
    static_cast<void>(settledValue(param, variables.replaced(reference(name))));
    return true;
  } catch (const Error&) {
    return false;
  }
}

// The field's own menu (cut, copy, paste) if it has one; ours goes below it.
QMenu* menuOf(QWidget* field) {
  if (auto* line = qobject_cast<QLineEdit*>(field)) return line->createStandardContextMenu();
  if (auto* text = qobject_cast<QPlainTextEdit*>(field)) return text->createStandardContextMenu();
  return new QMenu(field);
}

}  // namespace

// What holds now: the value set, or the default.
OrderedJson ParamRow::effective() const {
  const OrderedJson* stored = place_.stored(document_.graph());
  return stored != nullptr ? *stored : OrderedJson(toJson(param().fallback));
}

void ParamRow::openMenu(const QPoint& place) {
  QMenu* menu = menuOf(field());
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setObjectName(QStringLiteral("paramMenu"));
  if (!menu->isEmpty()) menu->addSeparator();
  if (param().role != Role::Code) addVariables(*menu);
  menu->addAction(tr("Sweep this…"), this, &ParamRow::askForSweep);
  menu->addAction(tr("Back to the default"), this, &ParamRow::reset)
      ->setEnabled(place_.stored(document_.graph()) != nullptr);
  menu->addAction(tr("Copy as --set"), this, [this] {
    const QString value = shownText(param(), effective());
    const std::string owner = place_.block ? document_.pathOf(*place_.block) : place_.owner();
    QGuiApplication::clipboard()->setText(QString::fromStdString(owner + "." + param().name) + u'=' + value);
  });
  menu->addAction(tr("Help"), this, [this] { Q_EMIT helpWanted(QString::fromStdString(param().name)); });
  menu->popup(place);
}

void ParamRow::addVariables(QMenu& menu) {
  QMenu* variables = menu.addMenu(tr("Use a variable"));
  const Variables settled = document_.project().settledVariables();
  for (const auto& [name, value] : document_.project().variables.items()) {
    // Names may hold '&', which a menu would take for its own.
    QString label = QStringLiteral("%1 = %2").arg(QString::fromStdString(name), QString::fromStdString(value.dump()));
    QAction* action = variables->addAction(label.replace(u'&', QLatin1String("&&")), this,
                                           [this, own = std::string(name)] { useVariable(own); });
    action->setEnabled(fits(param(), settled, name));
  }
  if (!variables->isEmpty()) variables->addSeparator();
  variables->addAction(tr("New variable..."), this, &ParamRow::askForVariable);
}

void ParamRow::askForSweep() {
  auto* dialog = new SweepDialog(document_, place_, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &SweepDialog::wanted, this, &ParamRow::sweepWanted);
  dialog->open();
}

void ParamRow::useVariable(const std::string& name) {
  document_.endMerge();
  document_.apply(place_.set(reference(name)),
                  tr("Set %1 to a variable").arg(QString::fromStdString(place_.address())));
  field()->setFocus();
}

void ParamRow::askForVariable() {
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(QStringLiteral("newVariable"));
  dialog->setWindowTitle(tr("New variable"));
  dialog->setLabelText(
      tr("Name of the variable; it takes the value that %1 has now.").arg(QString::fromStdString(place_.address())));
  dialog->setTextValue(QString::fromStdString(param().name));
  connect(dialog, &QInputDialog::textValueSelected, this, &ParamRow::makeVariable);
  dialog->open();
}

void ParamRow::makeVariable(const QString& text) {
  const std::string name = text.trimmed().toStdString();
  std::string problem = complaintOfName(name);
  if (problem.empty() && document_.project().variables.contains(name))
    problem = "there is a variable " + reference(name) + " already";
  if (!problem.empty()) {
    refuse(QString::fromStdString(problem));
    reason_->show();
    return;
  }
  document_.endMerge();
  Compound both{"", {SetVariable{name, effective()}, place_.set(reference(name))}};
  document_.apply(both, tr("New variable %1").arg(text.trimmed()));
  field()->setFocus();
}

}  // namespace blockyard
