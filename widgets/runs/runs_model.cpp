#include "widgets/runs/runs_model.hpp"

#include <QtCore/QDateTime>
#include <QtGui/QBrush>
#include <QtGui/QFont>
#include <QtGui/QGuiApplication>
#include <QtGui/QPainter>
#include <QtGui/QPixmap>
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "runs/compare.hpp"
#include "runs/metric_unit.hpp"
#include "runs/trash.hpp"
#include "widgets/charts/number_text.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/runs/metric_order.hpp"

namespace blockyard {
namespace {

QString joined(const Texts& texts) {
  QStringList out;
  for (const auto& text : texts) out << QString::fromStdString(text);
  return out.join(QStringLiteral(", "));
}

// Blocks come and go and all their settings with them; what a person varies are few settings, the training's first.
void chooseSettings(RunsList& list, const std::vector<const RunRecord*>& records, const std::vector<size_t>& of) {
  constexpr size_t kMost = 60, kMain = 8;
  const RunComparison comparison = compareRuns(records);
  list.values.resize(list.entries.size());
  std::vector<const SettingRow*> rows;
  for (const auto& row : comparison.settings) {
    const bool said = row.path.find(".values.") != std::string::npos || row.path.starts_with("training.");
    if (said) rows.push_back(&row);
  }
  std::stable_partition(rows.begin(), rows.end(), [](auto* row) { return row->path.starts_with("training."); });
  if (rows.size() > kMost) rows.resize(kMost);
  list.main_settings = std::min(kMain, rows.size());
  for (const auto* row : rows) {
    list.settings.push_back(settingText(QString::fromStdString(row->path)));
    for (size_t i = 0; i < of.size(); ++i) list.values[of[i]].push_back(jsonText(row->values[i]));
  }
}

void chooseMetrics(RunsList& list) {
  constexpr size_t kMain = 3;
  std::map<std::string, MetricValues> all;
  for (const auto& entry : list.entries) {
    if (!entry.record) continue;
    for (const auto& [part, numbers] : entry.record->results)
      for (const auto& [name, value] : numbers)
        if (!std::isnan(value)) all[part].emplace(name, value);
  }
  for (const char* part : {"test", "validation", "train"}) {
    const auto names = orderedMetrics(all[part]);
    for (size_t i = 0; i < names.size(); ++i) {
      if (i < kMain && part != std::string("train")) list.main_metrics.insert(list.metrics.size());
      list.metrics.emplace_back(part, names[i]);
    }
  }
}

// A diamond: the pinned run is also bold, for those who cannot see it.
QPixmap pinPicture() {
  constexpr int kSize = 12;
  const double ratio = static_cast<QGuiApplication*>(QCoreApplication::instance())->devicePixelRatio();
  QPixmap out(QSize(kSize, kSize) * ratio);
  out.setDevicePixelRatio(ratio);
  out.fill(Qt::transparent);
  QPainter painter(&out);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(busyColor());
  painter.drawPolygon(QPolygonF({{6, 0.5}, {11.5, 6}, {6, 11.5}, {0.5, 6}}));
  return out;
}

}  // namespace

QString jsonText(const nlohmann::json& value) {
  if (value.is_null()) return QStringLiteral("-");
  return QString::fromStdString(value.is_string() ? value.get<std::string>() : value.dump());
}

QString stateText(RunState state) {
  switch (state) {
    case RunState::Running:
      return RunsModel::tr("running");
    case RunState::Done:
      return RunsModel::tr("done");
    case RunState::Stopped:
      return RunsModel::tr("stopped");
    case RunState::Failed:
      return RunsModel::tr("failed");
    case RunState::Diverged:
      return RunsModel::tr("diverged");
    case RunState::Interrupted:
      return RunsModel::tr("interrupted");
  }
  return {};
}

std::shared_ptr<RunsList> readRuns(const std::filesystem::path& project_folder) {
  auto out = std::make_shared<RunsList>();
  try {
    out->entries = listRuns(project_folder);
    std::vector<const RunRecord*> records;
    std::vector<size_t> of;
    for (size_t i = 0; i < out->entries.size(); ++i) {
      if (!out->entries[i].record) continue;
      records.push_back(&*out->entries[i].record);
      of.push_back(i);
    }
    chooseSettings(*out, records, of);
    chooseMetrics(*out);
    out->trash = listTrash(project_folder);
    out->baseline = QString::fromStdString(pinnedBaseline(project_folder));
  } catch (const Error& error) {
    out->failure = QString::fromUtf8(error.what());
  }
  return out;
}

void RunsModel::set(std::shared_ptr<const RunsList> list, Too too) {
  beginResetModel();
  list_ = std::move(list);
  rows_.clear();
  baseline_.reset();
  for (size_t i = 0; i < list_->entries.size(); ++i) {
    const RunEntry& entry = list_->entries[i];
    const bool of_study = entry.record && !entry.record->study.study.empty();
    if ((too.archived || !entry.notes.archived) && (too.of_studies || !of_study)) rows_.push_back(i);
    if (entry.record && QString::fromStdString(entry.id.text) == list_->baseline) baseline_ = i;
  }
  endResetModel();
}

void RunsModel::showDeltas(bool on) {
  deltas_ = on;
  if (rowCount() == 0) return;
  Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

bool RunsModel::isMain(int column) const {
  if (column == Parent)
    return std::any_of(list_->entries.begin(), list_->entries.end(),
                       [](const RunEntry& run) { return run.record && run.record->parent; });
  if (column < Fixed) return column != Note;
  const auto at = static_cast<size_t>(column - Fixed);
  if (at < list_->settings.size()) return at < list_->main_settings;
  return list_->main_metrics.count(at - list_->settings.size()) > 0;
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : Fixed + static_cast<int>(list_->settings.size() + list_->metrics.size());
}

QString RunsModel::columnKey(int column) const {
  static const char* const kFixed[] = {"run",  "state",    "started", "purpose", "tags",
                                       "note", "duration", "epochs",  "parent"};
  if (column < Fixed) return QString::fromLatin1(kFixed[column]);
  const auto at = static_cast<size_t>(column - Fixed);
  if (at < list_->settings.size()) return QStringLiteral("setting ") + list_->settings[at];
  const auto& [part, name] = list_->metrics[at - list_->settings.size()];
  return QString::fromStdString(part + " " + name);
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
    return QAbstractTableModel::headerData(section, orientation, role);
  const QString kFixed[] = {tr("Run"),  tr("State"),    tr("Started"), tr("Purpose"),  tr("Tags"),
                            tr("Note"), tr("Duration"), tr("Epochs"),  tr("Branch of")};
  if (section < Fixed) return kFixed[section];
  const QString key = columnKey(section);
  return key.startsWith(QLatin1String("setting ")) ? key.mid(8) : key;
}

std::optional<RunsModel::Score> RunsModel::score(size_t entry, int column) const {
  const auto& [part, name] = list_->metrics[static_cast<size_t>(column - Fixed) - list_->settings.size()];
  const auto find = [&](size_t of) -> std::optional<double> {
    if (!list_->entries[of].record) return std::nullopt;
    const Results& results = list_->entries[of].record->results;
    const auto numbers = results.find(part);
    if (numbers == results.end()) return std::nullopt;
    const auto value = numbers->second.find(name);
    return value == numbers->second.end() ? std::nullopt : std::optional(value->second);
  };
  const auto value = find(entry);
  if (!value) return std::nullopt;
  const auto unit = [&](size_t of) { return unitBehind(list_->entries[of].record->plan, name); };
  Score out{.value = *value, .name = name, .unit = unit(entry)};
  if (deltas_ && baseline_ && *baseline_ != entry)
    if (const auto base = find(*baseline_); base && std::isfinite(*value - *base) && unit(*baseline_) == out.unit)
      out.delta = *value - *base;
  return out;
}

QVariant RunsModel::scoreText(size_t entry, int column) const {
  const auto found = score(entry, column);
  if (!found) return {};
  QString text = shortNumber(found->value) + QString::fromStdString(found->unit);
  if (!found->delta) return text;
  text += QStringLiteral("  (") + deltaText(*found->delta);
  if (*found->delta == 0) return QVariant(text + QLatin1Char(')'));
  return text + ((*found->delta > 0) == largerIsBetter(found->name) ? QStringLiteral(" ▲)") : QStringLiteral(" ▼)"));
}

QVariant RunsModel::foreground(size_t entry, int column) const {
  const RunEntry& run = list_->entries[entry];
  if (column == State) {
    if (!run.record || run.shown == RunState::Failed || run.shown == RunState::Diverged) return QBrush(problemColor());
    if (run.shown == RunState::Running) return QBrush(busyColor());
    return run.shown == RunState::Done ? QBrush(goodColor()) : QBrush(warningColor());
  }
  if (!isScore(column)) return {};
  const auto found = score(entry, column);
  if (!found || !found->delta || *found->delta == 0) return {};
  return QBrush((*found->delta > 0) == largerIsBetter(found->name) ? goodColor() : problemColor());
}

QVariant RunsModel::text(size_t entry, int column) const {
  const RunEntry& run = list_->entries[entry];
  if (column == Id) return QString::fromStdString(run.id.text);
  if (!run.record) {
    if (column == State) return tr("damaged");
    return column == Purpose ? QVariant(QString::fromStdString(run.damage)) : QVariant();
  }
  const RunRecord& record = *run.record;
  switch (column) {
    case State:
      return stateText(run.shown);
    case Started: {
      const auto time = QDateTime::fromString(QString::fromStdString(record.started), Qt::ISODate);
      return time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    }
    case Purpose:
      return QString::fromStdString(record.purpose);
    case Tags:
      return joined(run.notes.tags);
    case Note:
      return QString::fromStdString(run.notes.text).simplified();
    case Duration:
      return record.seconds > 0 ? durationText(record.seconds) : QString();
    case Epochs:
      return record.epochs > 0 ? countText(record.epochs) : QString();
    case Parent:
      return record.parent ? tr("%1, step %2").arg(QString::fromStdString(record.parent->run)).arg(record.parent->step)
                           : QString();
    default:
      break;
  }
  const auto at = static_cast<size_t>(column - Fixed);
  if (at < list_->settings.size()) return list_->values[entry][at];
  return scoreText(entry, column);
}

QVariant RunsModel::sortKey(size_t entry, int column) const {
  const RunEntry& run = list_->entries[entry];
  if (run.record && column == Duration) return run.record->seconds;
  if (run.record && column == Epochs) return static_cast<qlonglong>(run.record->epochs);
  if (run.record && isScore(column)) {
    const auto found = score(entry, column);
    return found ? QVariant(found->value) : QVariant();
  }
  const QVariant shown = text(entry, column);
  bool is_number = false;
  const double number = shown.toString().toDouble(&is_number);
  return is_number ? QVariant(number) : shown;
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const size_t entry = rows_[static_cast<size_t>(index.row())];
  const RunEntry& run = list_->entries[entry];
  switch (role) {
    case Qt::DisplayRole:
      return text(entry, index.column());
    case kSortRole:
      return sortKey(entry, index.column());
    case Qt::TextAlignmentRole:
      return static_cast<int>((index.column() >= Duration ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      return foreground(entry, index.column());
    case Qt::FontRole: {
      if (entry != baseline_ && !run.notes.archived) return {};
      QFont font;
      font.setBold(entry == baseline_);
      font.setItalic(run.notes.archived);
      return font;
    }
    case Qt::DecorationRole:
      return entry == baseline_ && index.column() == Id ? QVariant(pinPicture()) : QVariant();
    case Qt::ToolTipRole:
      if (!run.record) return QString::fromStdString(run.damage);
      if (index.column() == State && !run.record->error.empty()) return QString::fromStdString(run.record->error);
      if (index.column() == Note) return QString::fromStdString(run.notes.text);
      if (index.column() == Id && entry == baseline_) return tr("The baseline: the run that others are compared with");
      return text(entry, index.column());
    default:
      return {};
  }
}

void RunsFilter::setWords(const QString& text) {
  words_ = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  invalidateFilter();
}

bool RunsFilter::matches(int row, const QModelIndex& parent, const QString& word) const {
  const auto* model = sourceModel();
  const QString tag = word.startsWith(QLatin1String("tag:")) ? word.mid(4) : QString();
  if (!tag.isEmpty()) {
    const QStringList tags = model->index(row, RunsModel::Tags, parent).data().toString().split(QStringLiteral(", "));
    return tags.contains(tag, Qt::CaseInsensitive);
  }
  for (int column = 0; column < model->columnCount(parent); ++column)
    if (model->index(row, column, parent).data().toString().contains(word, Qt::CaseInsensitive)) return true;
  return false;
}

bool RunsFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
  return std::all_of(words_.begin(), words_.end(), [&](const QString& word) {
    const bool unwanted = word.size() > 1 && word.startsWith(QLatin1Char('-'));
    return unwanted ? !matches(row, parent, word.mid(1)) : matches(row, parent, word);
  });
}

bool RunsFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const QVariant a = left.data(RunsModel::kSortRole), b = right.data(RunsModel::kSortRole);
  if (a.isValid() != b.isValid()) return !a.isValid();  // what is not known comes before all numbers
  const auto is_number = [](const QVariant& v) {
    return v.typeId() == QMetaType::Double || v.typeId() == QMetaType::LongLong;
  };
  if (is_number(a) && is_number(b)) return a.toDouble() < b.toDouble();
  return QString::compare(a.toString(), b.toString(), Qt::CaseInsensitive) < 0;
}

}  // namespace blockyard
