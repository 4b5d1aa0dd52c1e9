// RunsModel: the runs of a project as a table - what is always known of a run, then the settings in which the runs
// differ, then the scores. Reading them is one function that may run on any thread; the model lives on the GUI thread.
#pragma once
#include <QtCore/QAbstractTableModel>
#include <QtCore/QSortFilterProxyModel>
#include <filesystem>
#include <memory>
#include <set>

#include "runs/run.hpp"

namespace blockyard {

struct RunsList {
  std::vector<RunEntry> entries{};
  std::vector<QString> settings{};                             // names: "conv1.channels"
  std::vector<std::vector<QString>> values{};                  // of each entry, one per setting
  std::vector<std::pair<std::string, std::string>> metrics{};  // part and name
  QString failure{};                                           // why the folder could not be read
};
// Blocks on the disk.
std::shared_ptr<RunsList> readRuns(const std::filesystem::path& project_folder);

class RunsModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Id, State, Started, Purpose, Tags, Duration, Epochs, Fixed };
  static constexpr int kSortRole = Qt::UserRole;

  using QAbstractTableModel::QAbstractTableModel;
  // Without the runs of `left_out`.
  void set(std::shared_ptr<const RunsList> list, const std::set<QString>& left_out);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  const RunEntry& entry(int row) const { return list_->entries[rows_[static_cast<size_t>(row)]]; }
  // Stays the same from one reading to the next: "state", "setting conv1.channels", "test accuracy".
  QString columnKey(int column) const;

 private:
  QVariant text(size_t entry, int column) const;
  QVariant sortKey(size_t entry, int column) const;
  QVariant metric(size_t entry, int column) const;
  std::shared_ptr<const RunsList> list_ = std::make_shared<RunsList>();
  std::vector<size_t> rows_{};
};

// Shows rows that contain every word of the filter in some column.
class RunsFilter final : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void setWords(const QString& text);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  QStringList words_;
};

QString stateText(RunState state);  // "done", translated

}  // namespace blockyard
