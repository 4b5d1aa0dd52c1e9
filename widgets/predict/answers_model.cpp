#include "widgets/predict/answers_model.hpp"

#include <QtGui/QFont>
#include <QtGui/QGuiApplication>
#include <QtGui/QPalette>

namespace blockyard {

void AnswersModel::set(std::shared_ptr<const Answers> answers) {
  beginResetModel();
  answers_ = std::move(answers);
  endResetModel();
}

int AnswersModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !answers_ ? 0 : static_cast<int>(answers_->table.rows());
}

int AnswersModel::columnCount(const QModelIndex& parent) const {
  if (parent.isValid() || !answers_) return 0;
  return static_cast<int>(answers_->table.columns().size() + answers_->rows.columns().size());
}

bool AnswersModel::isAnswer(int section) const {
  return static_cast<size_t>(section) < answers_->table.columns().size();
}

const Column& AnswersModel::columnAt(int section) const {
  const auto at = static_cast<size_t>(section);
  const auto& said = answers_->table.columns();
  return at < said.size() ? *said[at] : *answers_->rows.columns()[at - said.size()];
}

QVariant AnswersModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Column& column = columnAt(index.column());
  switch (role) {
    case Qt::DisplayRole:
      if (column.type == ColumnType::Number && isAnswer(index.column()) && !column.missing(index.row()))
        return QString::number(column.numbers[static_cast<size_t>(index.row())], 'g', 6);
      return QString::fromStdString(column.cell(index.row()));
    case Qt::ToolTipRole:
      return QString::fromStdString(column.cell(index.row()));
    case Qt::TextAlignmentRole:
      return static_cast<int>((column.type == ColumnType::Number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      return isAnswer(index.column()) ? QVariant() : QGuiApplication::palette().color(QPalette::PlaceholderText);
    default:
      return {};
  }
}

QVariant AnswersModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation == Qt::Vertical) return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
  if (!answers_ || section >= columnCount()) return {};
  if (role == Qt::DisplayRole) return QString::fromStdString(columnAt(section).name);
  if (role == Qt::ToolTipRole) return isAnswer(section) ? tr("Answer") : tr("What was asked");
  if (role == Qt::FontRole && isAnswer(section)) {
    QFont font;
    font.setBold(true);
    return font;
  }
  return {};
}

}  // namespace blockyard
