#include "widgets/peek/sample_models.hpp"

#include <QtWidgets/QApplication>
#include <algorithm>
#include <cmath>

#include "widgets/charts/number_text.hpp"

namespace blockyard {
namespace {

bool isTime(const SampleColumn& column) {
  return column.profile.type == nameOf(ColumnType::Time);
}

QString numberOf(const SampleColumn& column, double value) {
  if (std::isnan(value)) return {};
  return isTime(column) ? QString::fromStdString(timeText(value)) : valueText(value);
}

double sortKey(const SampleColumn& column, int field) {
  const ColumnProfile& profile = column.profile;
  switch (field) {
    case StatisticsModel::Missing:
      return static_cast<double>(profile.missing);
    case StatisticsModel::Distinct:
      return static_cast<double>(profile.distinct);
    case StatisticsModel::Min:
      return profile.min;
    case StatisticsModel::Mean:
      return profile.mean;
    case StatisticsModel::Deviation:
      return profile.deviation;
    case StatisticsModel::Association:
      return std::isnan(profile.association) ? -1 : std::abs(profile.association);
    default:
      return profile.max;
  }
}

}  // namespace

QString valueText(double value) {
  if (std::isnan(value)) return QStringLiteral("–");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  constexpr double kWhole = 1e9;
  if (value == std::floor(value) && std::abs(value) < kWhole) return QString::number(value, 'f', 0);
  return QString::number(value, 'g', 6);
}

// ---- statistics

void StatisticsModel::set(SharedSample sample) {
  beginResetModel();
  sample_ = std::move(sample);
  endResetModel();
}

const SampleColumn* StatisticsModel::column(int row) const {
  return row < 0 || row >= rowCount() ? nullptr : &sample_->columns[static_cast<size_t>(row)];
}

int StatisticsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !sample_ ? 0 : static_cast<int>(sample_->columns.size());
}

QString StatisticsModel::text(const SampleColumn& column, int field) const {
  const ColumnProfile& profile = column.profile;
  switch (field) {
    case Name:
      return QString::fromStdString(profile.name);
    case Type:
      return QString::fromStdString(profile.type);
    case Missing:
      if (column.infinite > 0) return tr("%1, %2 infinite").arg(countText(profile.missing), countText(column.infinite));
      return countText(profile.missing);
    case Distinct:
      return (profile.more_distinct ? QStringLiteral("~") : QString()) + countText(profile.distinct);
    case Min:
      return numberOf(column, profile.min);
    case Mean:
      return isTime(column) ? QString() : numberOf(column, profile.mean);
    case Deviation:
      return isTime(column) ? QString() : numberOf(column, profile.deviation);
    case Max:
      return numberOf(column, profile.max);
    case Association:
      return profile.measure.empty() ? QString() : QString::number(profile.association, 'f', 3);
    default: {
      if (!std::isnan(profile.mean_length))
        return tr("mean length %1, longest %2").arg(shortNumber(profile.mean_length), countText(profile.longest));
      QStringList top;
      for (const auto& [name, count] : profile.top)
        top << QString::fromStdString(name) + QLatin1Char(' ') + countText(count);
      return top.join(QStringLiteral(", "));
    }
  }
}

QVariant StatisticsModel::data(const QModelIndex& index, int role) const {
  const SampleColumn* found = column(index.row());
  if (found == nullptr) return {};
  const int field = index.column();
  const bool number = field >= Missing && field <= Association;
  switch (role) {
    case Qt::DisplayRole:
    case kExactRole:
      return text(*found, field);
    case Qt::ToolTipRole:
      return field == Distribution ? tr("Enter or a double click shows it large") : text(*found, field);
    case Qt::TextAlignmentRole:
      return static_cast<int>(number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case kSortRole:
      return number ? QVariant(sortKey(*found, field)) : QVariant(text(*found, field));
    case kColumnRole:
      return index.row();
    default:
      return {};
  }
}

QVariant StatisticsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  static const std::pair<const char*, const char*> kTexts[] = {
      {QT_TR_NOOP("Column"), QT_TR_NOOP("Name of the column or feature")},
      {QT_TR_NOOP("Type"), QT_TR_NOOP("What its values are")},
      {QT_TR_NOOP("Missing"), QT_TR_NOOP("Rows without a value")},
      {QT_TR_NOOP("Distinct"), QT_TR_NOOP("Different values")},
      {QT_TR_NOOP("Min"), QT_TR_NOOP("Smallest value")},
      {QT_TR_NOOP("Mean"), QT_TR_NOOP("Mean of the values that are there")},
      {QT_TR_NOOP("Deviation"), QT_TR_NOOP("Standard deviation of the sample, divided by n - 1")},
      {QT_TR_NOOP("Max"), QT_TR_NOOP("Largest value")},
      {QT_TR_NOOP("With target"), QT_TR_NOOP("How strongly it goes along with the target: Pearson's correlation, the "
                                             "correlation ratio eta, or Cramer's V")},
      {QT_TR_NOOP("Distribution"), QT_TR_NOOP("Numbers: how many lie in each of 20 equal bins from the smallest to the "
                                              "largest. Classes: the most frequent ones")}};
  if (role == Qt::DisplayRole) return tr(kTexts[section].first);
  if (role == Qt::ToolTipRole) return tr(kTexts[section].second);
  if (role == Qt::TextAlignmentRole)
    return static_cast<int>(section >= Missing && section <= Association ? Qt::AlignRight | Qt::AlignVCenter
                                                                         : Qt::AlignLeft | Qt::AlignVCenter);
  return {};
}

// ---- rows

void RowsModel::set(SharedSample sample) {
  beginResetModel();
  sample_ = std::move(sample);
  labelled_ = sample_ && !sample_->labels.empty() && sample_->signature.kind != Wire::Label;
  endResetModel();
}

bool RowsModel::cut() const {
  return sample_ && sample_->shownColumns() > kMostColumns;
}

int RowsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !sample_ ? 0 : static_cast<int>(sample_->shownRows());
}

int RowsModel::columnCount(const QModelIndex& parent) const {
  if (parent.isValid() || !sample_) return 0;
  return static_cast<int>(std::min<int64_t>(sample_->shownColumns(), kMostColumns)) + (labelled_ ? 1 : 0);
}

QVariant RowsModel::labelData(int row, int role) const {
  if (role != Qt::DisplayRole && role != kExactRole && role != Qt::ToolTipRole) return {};
  return QString::fromStdString(sample_->labels[static_cast<size_t>(row)]);
}

QString RowsModel::shown(int64_t row, int64_t column) const {
  if (!sample_->isTable())
    return valueText(sample_->numbers[static_cast<size_t>(row * sample_->shownColumns() + column)]);
  const Column& values = *sample_->table.columns()[static_cast<size_t>(column)];
  if (values.missing(row)) return QStringLiteral("–");
  if (values.type == ColumnType::Number) return valueText(values.numbers[static_cast<size_t>(row)]);
  return QString::fromStdString(values.cell(row));
}

QVariant RowsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  if (labelled_ && index.column() == 0) return labelData(index.row(), role);
  const int64_t column = index.column() - (labelled_ ? 1 : 0);
  switch (role) {
    case Qt::DisplayRole:
      return shown(index.row(), column);
    case kExactRole:
    case Qt::ToolTipRole:
      return QString::fromStdString(sample_->cell(index.row(), column));
    case Qt::TextAlignmentRole: {
      const bool number =
          !sample_->isTable() || sample_->table.columns()[static_cast<size_t>(column)]->type == ColumnType::Number;
      return static_cast<int>(number ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    }
    default:
      return {};
  }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (!sample_ || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
  if (orientation == Qt::Vertical) {
    const auto at = static_cast<size_t>(section);
    return at < sample_->row_ids.size() ? QVariant(qlonglong{sample_->row_ids[at]}) : QVariant(section);
  }
  if (labelled_ && section == 0) return tr("class");
  return QString::fromStdString(sample_->columnName(section - (labelled_ ? 1 : 0)));
}

// ---- pictures

QImage imageOf(const Pictures& pictures, int64_t row) {
  const int64_t plane = pictures.height * pictures.width;
  const uint8_t* const from = pictures.bytes.data() + row * pictures.channels * plane;
  const bool grey = pictures.channels == 1;
  QImage out(static_cast<int>(pictures.width), static_cast<int>(pictures.height),
             grey ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
  for (int64_t y = 0; y < pictures.height; ++y) {
    uchar* const line = out.scanLine(static_cast<int>(y));
    for (int64_t x = 0; x < pictures.width; ++x)
      for (int64_t c = 0; c < pictures.channels; ++c)
        line[x * pictures.channels + c] = from[c * plane + y * pictures.width + x];
  }
  return out;
}

void PicturesModel::set(SharedSample sample) {
  beginResetModel();
  sample_ = std::move(sample);
  drawn_.assign(static_cast<size_t>(rowCount()), {});
  endResetModel();
}

void PicturesModel::setSide(int pixels) {
  if (pixels == side_) return;
  beginResetModel();
  side_ = pixels;
  drawn_.assign(drawn_.size(), {});
  endResetModel();
}

int PicturesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !sample_ ? 0 : static_cast<int>(sample_->pictures.count);
}

// Small pictures are enlarged pixel by pixel, so that one sees what the network gets.
QPixmap PicturesModel::picture(int row) const {
  QPixmap& drawn = drawn_[static_cast<size_t>(row)];
  if (drawn.isNull()) {
    const QImage image = imageOf(sample_->pictures, row);
    const bool larger = std::max(image.width(), image.height()) > side_;
    drawn = QPixmap::fromImage(
        image.scaled(side_, side_, Qt::KeepAspectRatio, larger ? Qt::SmoothTransformation : Qt::FastTransformation));
  }
  return drawn;
}

QVariant PicturesModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto row = static_cast<size_t>(index.row());
  const QString label = row < sample_->labels.size() ? QString::fromStdString(sample_->labels[row]) : QString();
  const QString number = QString::number(row < sample_->row_ids.size() ? sample_->row_ids[row] : index.row());
  switch (role) {
    case Qt::DecorationRole:
      return picture(index.row());
    case Qt::DisplayRole:
      return label.isEmpty() ? number : label;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
      return label.isEmpty() ? tr("row %1").arg(number) : tr("row %1: %2").arg(number, label);
    default:
      return {};
  }
}

}  // namespace blockyard
