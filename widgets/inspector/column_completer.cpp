#include "widgets/inspector/column_completer.hpp"

#include <QtCore/QStringListModel>
#include <QtWidgets/QLineEdit>

#include "widgets/inspector/param_text.hpp"

namespace blockyard {

ColumnCompleter::ColumnCompleter(Of of, QObject* parent) : QCompleter(parent), of_(of) {
  setModel(new QStringListModel(this));
  setCaseSensitivity(Qt::CaseInsensitive);
  setFilterMode(Qt::MatchContains);
}

void ColumnCompleter::setColumns(const QStringList& names) {
  if (names == columns_) return;
  columns_ = names;
  static_cast<QStringListModel*>(model())->setStringList(names);
}

// What the field holds once the offer is taken: the items before the one being typed, and the offer.
QString ColumnCompleter::pathFromIndex(const QModelIndex& index) const {
  const QString name = QCompleter::pathFromIndex(index);
  const auto* field = qobject_cast<const QLineEdit*>(widget());
  if (of_ == Of::OneName || field == nullptr) return name;
  QStringList items = splitItems(field->text());
  if (!field->text().trimmed().endsWith(u',') && !items.isEmpty()) items.removeLast();
  items.push_back(name);
  return joinItems(items);
}

QStringList ColumnCompleter::splitPath(const QString& path) const {
  if (of_ == Of::OneName) return {path};
  const QStringList items = splitItems(path);
  return {items.isEmpty() || path.trimmed().endsWith(u',') ? QString() : items.last()};
}

}  // namespace blockyard
