// RowForm: one row to be typed in, with a field for each column that a pipeline starts with. An empty field is a
// missing value.
#pragma once
#include <QtWidgets/QScrollArea>
#include <string>
#include <vector>

#include "blocks/signature.hpp"

class QComboBox;
class QLineEdit;

namespace blockyard {

class RowForm final : public QScrollArea {
  Q_OBJECT

 public:
  explicit RowForm(QWidget* parent = nullptr);
  // What is typed stays in columns of the same name.
  void setColumns(std::vector<ColumnInfo> columns);
  const std::vector<ColumnInfo>& columns() const { return columns_; }
  // The row as a JSON object, null where a field is empty.
  std::string json() const;
  bool empty() const;  // nothing is typed
  // Puts a row of a table into the fields.
  void setRow(const Table& rows, int64_t row);
  void clear();
  QWidget* field(const std::string& column) const;  // nullptr if there is none

 Q_SIGNALS:
  void edited();  // by the person, at every change

 private:
  struct Field {
    QLineEdit* line = nullptr;  // of the list, too
    QComboBox* list = nullptr;  // categories only
  };
  Field makeField(const ColumnInfo& column);
  void setText(size_t index, const QString& text);
  QString textAt(size_t index) const;

  std::vector<ColumnInfo> columns_;
  std::vector<Field> fields_;
};

}  // namespace blockyard
