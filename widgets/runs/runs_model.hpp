// RunsModel: the runs of a project as a table - what is always known of a run, then the settings in which the runs
// differ, then the scores, with their difference to the pinned run if wanted. Reading them is one function that may run
// on any thread; the model lives on the GUI thread.
#pragma once
#include <QtCore/QAbstractTableModel>
#include <QtCore/QSortFilterProxyModel>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "runs/run.hpp"

namespace blockyard {

struct RunsList {
  std::vector<RunEntry> entries{};
  std::vector<QString> settings{};                             // names: "conv1.channels"
  std::vector<std::vector<QString>> values{};                  // of each entry, one per setting
  std::vector<std::pair<std::string, std::string>> metrics{};  // part and name
  size_t main_settings = 0;         // those that are shown unless somebody chooses otherwise: so many from the first,
  std::set<size_t> main_metrics{};  // and these
  QString baseline{};               // the pinned run; empty if there is none
  std::vector<RunEntry> trash{};    // the latest last
  QString failure{};                // why the folder could not be read
};
// Blocks on the disk.
std::shared_ptr<RunsList> readRuns(const std::filesystem::path& project_folder);

class RunsModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Id, State, Started, Purpose, Tags, Note, Duration, Epochs, Parent, Fixed };
  static constexpr int kSortRole = Qt::UserRole;

  using QAbstractTableModel::QAbstractTableModel;
  // Which runs are shown beside the usual ones.
  struct Too {
    bool archived = false;
    bool of_studies = false;  // trained by a study, which shows them in its own way
  };
  void set(std::shared_ptr<const RunsList> list, Too too);
  // Scores with their difference to the pinned run.
  void showDeltas(bool on);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  const RunEntry& entry(int row) const { return list_->entries[rows_[static_cast<size_t>(row)]]; }
  // Stays the same from one reading to the next: "state", "setting conv1.channels", "test accuracy".
  QString columnKey(int column) const;
  // Whether a column is shown unless somebody chooses otherwise.
  bool isMain(int column) const;

 private:
  struct Score {
    double value = 0;
    std::optional<double> delta{};  // to the pinned run, if that is another one
    std::string name{}, unit{};
  };
  QVariant text(size_t entry, int column) const;
  QVariant sortKey(size_t entry, int column) const;
  std::optional<Score> score(size_t entry, int column) const;
  QVariant scoreText(size_t entry, int column) const;
  QVariant foreground(size_t entry, int column) const;
  bool isScore(int column) const { return column >= Fixed + static_cast<int>(list_->settings.size()); }
  std::shared_ptr<const RunsList> list_ = std::make_shared<RunsList>();
  std::vector<size_t> rows_{};
  std::optional<size_t> baseline_{};  // its place in the list
  bool deltas_ = false;
};

// Shows rows that contain every word of the filter in some column. "tag:good" wants that tag, "-word" none of that
// word.
class RunsFilter final : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void setWords(const QString& text);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool matches(int row, const QModelIndex& parent, const QString& word) const;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  QStringList words_;
};

QString stateText(RunState state);  // "done", translated

// A value of a record as a cell shows it; "-" for none.
QString jsonText(const nlohmann::json& value);

}  // namespace blockyard
