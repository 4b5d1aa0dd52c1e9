#include "widgets/study/trials_model.hpp"

#include <QtGui/QBrush>
#include <QtGui/QFont>
#include <algorithm>
#include <limits>

#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

QString spreadText(const Spread& spread) {
  if (spread.count == 0) return QStringLiteral("–");
  const QString mean = shortNumber(spread.mean);
  return spread.count < 2 ? mean : mean + QStringLiteral(" ± ") + shortNumber(spread.deviation);
}

}  // namespace

void TrialsModel::set(std::shared_ptr<const StudyView> view) {
  beginResetModel();
  view_ = std::move(view);
  order_ = view_->results.ranking;
  for (size_t i = 0; i < view_->results.trials.size(); ++i)
    if (std::find(order_.begin(), order_.end(), i) == order_.end()) order_.push_back(i);
  endResetModel();
}

const TrialResult& TrialsModel::trial(int row) const {
  return view_->results.trials[order_[static_cast<size_t>(row)]];
}

bool TrialsModel::ablation() const {
  return view_->study && view_->study->spec().search == Search::Ablation;
}

int TrialsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(order_.size());
}

int TrialsModel::columnCount(const QModelIndex& parent) const {
  if (parent.isValid() || !view_->study) return 0;
  return Fixed + varied() + 2;
}

int TrialsModel::varied() const {
  return ablation() ? 1 : static_cast<int>(view_->study->spec().axes.size());
}

QString TrialsModel::note(const TrialResult& trial) const {
  if (!trial.error.empty()) return QString::fromStdString(trial.error);
  if (trial.running > 0) return tr("is being trained");
  if (trial.like_the_best) return tr("Its difference to the best trial may be chance (95 %).");
  if (!trial.complete && trial.epochs > 0) return tr("stopped after %n epochs", "", static_cast<int>(trial.epochs));
  return {};
}

QVariant TrialsModel::text(const TrialResult& trial, int column) const {
  switch (column) {
    case Number:
      return QString::number(trial.number);
    case Score:
      if (trial.failed > 0 && trial.score.count == 0) return tr("failed");
      return spreadText(trial.score);
    case Test:
      return spreadText(trial.test);
    default:
      break;
  }
  if (column == Fixed + varied())
    return trial.parameters > 0 ? countText(static_cast<qint64>(trial.parameters)) : QString();
  if (column > Fixed + varied()) return trial.seconds > 0 ? durationText(trial.seconds) : QString();
  if (ablation()) return QString::fromStdString(trial.text);
  const auto axis = static_cast<size_t>(column - Fixed);
  const Trial& asked = view_->study->trials()[static_cast<size_t>(trial.number)];
  return axis < asked.values.size()
             ? QString::fromStdString(view_->study->spec().axes[axis].valueText(asked.values[axis]))
             : QString();
}

QVariant TrialsModel::sortKey(const TrialResult& trial, int row, int column) const {
  switch (column) {
    case Number:
      return static_cast<qlonglong>(trial.number);
    case Score:
      return row;  // the ranking knows more than the number: who came farther
    case Test:
      return trial.test.count > 0 ? trial.test.mean : -std::numeric_limits<double>::infinity();
    default:
      break;
  }
  if (column == Fixed + varied()) return static_cast<qlonglong>(trial.parameters);
  if (column > Fixed + varied()) return trial.seconds;
  const auto axis = static_cast<size_t>(column - Fixed);
  const Trial& asked = view_->study->trials()[static_cast<size_t>(trial.number)];
  if (!ablation() && axis < asked.values.size()) return asked.values[axis];
  return static_cast<qlonglong>(trial.number);
}

QVariant TrialsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || !view_->study) return {};
  const TrialResult& each = trial(index.row());
  const bool is_best = index.row() == 0 && each.score.count > 0;
  if (role == Qt::DisplayRole) return text(each, index.column());
  if (role == kSortRole) return sortKey(each, index.row(), index.column());
  if (role == Qt::ToolTipRole) return note(each);
  if (role == Qt::TextAlignmentRole && (index.column() < Fixed || index.column() >= Fixed + varied()))
    return int(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::FontRole && is_best) {
    QFont bold;
    bold.setBold(true);
    return bold;
  }
  if (role == Qt::ForegroundRole) {
    if (each.failed > 0) return QBrush(problemColor());
    if (is_best || each.like_the_best) return QBrush(goodColor());
  }
  return {};
}

QVariant TrialsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || !view_->study) return {};
  const QString metric = QString::fromStdString(view_->results.metric);
  if (role == Qt::ToolTipRole && section == Score)
    return tr(
        "Mean over the seeds and folds, ± standard deviation. Green: the best, and those that cannot be told "
        "apart from it.");
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Number:
      return tr("Trial");
    case Score:
      return tr("validation %1").arg(metric);
    case Test:
      return tr("test %1").arg(metric);
    default:
      break;
  }
  if (section == Fixed + varied()) return tr("Parameters");
  if (section > Fixed + varied()) return tr("Time");
  if (ablation()) return tr("What is left out");
  return QString::fromStdString(view_->study->spec().axes[static_cast<size_t>(section - Fixed)].name);
}

}  // namespace blockyard
