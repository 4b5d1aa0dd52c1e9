#include "widgets/predict/row_form.hpp"

#include <QtGui/QDoubleValidator>
#include <QtWidgets/QComboBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLineEdit>
#include <map>
#include <nlohmann/json.hpp>

namespace blockyard {

RowForm::RowForm(QWidget* parent) : QScrollArea(parent) {
  setWidgetResizable(true);
  setFrameShape(NoFrame);
  setFocusPolicy(Qt::NoFocus);
  setAccessibleName(tr("A row to be answered"));
}

RowForm::Field RowForm::makeField(const ColumnInfo& column) {
  Field out;
  if (column.type == ColumnType::Category) {
    out.list = new QComboBox;
    out.list->setEditable(true);
    out.list->setInsertPolicy(QComboBox::NoInsert);
    out.list->setMinimumContentsLength(8);
    out.list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    out.list->addItem(QString());
    for (const std::string& name : column.classes) out.list->addItem(QString::fromStdString(name));
    out.line = out.list->lineEdit();
    connect(out.list, &QComboBox::currentTextChanged, this, &RowForm::edited);
  } else {
    out.line = new QLineEdit;
    connect(out.line, &QLineEdit::textEdited, this, &RowForm::edited);
  }
  out.line->setPlaceholderText(tr("missing"));
  if (column.type == ColumnType::Number) {
    auto* validator = new QDoubleValidator(out.line);
    QLocale plain = QLocale::c();
    plain.setNumberOptions(QLocale::RejectGroupSeparator);
    validator->setLocale(plain);
    out.line->setValidator(validator);
    out.line->setToolTip(tr("A number, such as 39.1 or 2e-3; empty if it is missing"));
  } else if (column.type == ColumnType::Time) {
    out.line->setToolTip(tr("A time, such as 2012-01-31 or 2012-01-31T08:30:00; empty if it is missing"));
  } else {
    out.line->setToolTip(column.type == ColumnType::Category
                             ? tr("One of the classes that were trained on; empty if it is missing")
                             : tr("A text; empty if it is missing"));
  }
  return out;
}

void RowForm::setColumns(std::vector<ColumnInfo> columns) {
  std::map<std::string, QString> typed;
  for (size_t i = 0; i < columns_.size(); ++i) typed[columns_[i].name] = textAt(i);
  columns_ = std::move(columns);
  fields_.clear();
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  form->setContentsMargins(2, 2, 8, 2);
  form->setVerticalSpacing(4);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  for (const ColumnInfo& column : columns_) {
    const Field field = makeField(column);
    QWidget* widget = field.list != nullptr ? static_cast<QWidget*>(field.list) : field.line;
    const QString name = QString::fromStdString(column.name);
    widget->setObjectName(name);
    widget->setAccessibleName(name);
    form->addRow(QString(name).replace('&', QStringLiteral("&&")), widget);
    fields_.push_back(field);
    if (const auto before = typed.find(column.name); before != typed.end()) setText(fields_.size() - 1, before->second);
  }
  setWidget(page);
}

QString RowForm::textAt(size_t index) const {
  return fields_[index].line->text().trimmed();
}

void RowForm::setText(size_t index, const QString& text) {
  const Field& field = fields_[index];
  if (field.list == nullptr) return field.line->setText(text);
  const QSignalBlocker quiet(field.list);
  field.list->setCurrentText(text);
}

std::string RowForm::json() const {
  nlohmann::json row = nlohmann::json::object();
  for (size_t i = 0; i < columns_.size(); ++i) {
    const QString text = textAt(i);
    nlohmann::json& cell = row[columns_[i].name];
    if (text.isEmpty()) continue;
    bool number = false;
    const double value = QLocale::c().toDouble(text, &number);
    if (columns_[i].type == ColumnType::Number && number)
      cell = value;
    else
      cell = text.toStdString();
  }
  return row.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool RowForm::empty() const {
  for (size_t i = 0; i < fields_.size(); ++i)
    if (!textAt(i).isEmpty()) return false;
  return true;
}

void RowForm::setRow(const Table& rows, int64_t row) {
  for (size_t i = 0; i < columns_.size(); ++i)
    if (const Table::Shared column = rows.find(columns_[i].name)) setText(i, QString::fromStdString(column->cell(row)));
}

void RowForm::clear() {
  for (size_t i = 0; i < fields_.size(); ++i) setText(i, {});
}

QWidget* RowForm::field(const std::string& column) const {
  for (size_t i = 0; i < columns_.size(); ++i)
    if (columns_[i].name == column)
      return fields_[i].list != nullptr ? static_cast<QWidget*>(fields_[i].list) : fields_[i].line;
  return nullptr;
}

}  // namespace blockyard
