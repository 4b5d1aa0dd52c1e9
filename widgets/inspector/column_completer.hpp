// ColumnCompleter: offers the names of columns, in a comma list for the item that is being typed.
#pragma once
#include <QtWidgets/QCompleter>

namespace blockyard {

class ColumnCompleter final : public QCompleter {
  Q_OBJECT

 public:
  enum class Of { OneName, List };
  ColumnCompleter(Of of, QObject* parent);

  void setColumns(const QStringList& names);
  QString pathFromIndex(const QModelIndex& index) const override;
  QStringList splitPath(const QString& path) const override;

 private:
  Of of_;
  QStringList columns_;
};

}  // namespace blockyard
