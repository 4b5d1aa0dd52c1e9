// CompareTables: the settings in which runs differ and their scores with the difference to the baseline - run by run,
// or group by group (equal settings, a tag, the value of a setting) as mean and deviation with an interval; the scores
// of all rows, or one score class by class. GUI thread.
#pragma once
#include <QtWidgets/QWidget>
#include <memory>

#include "runs/groups.hpp"
#include "widgets/runs/compared_run.hpp"

class QComboBox;
class QLabel;
class QMenu;
class QTableWidget;

namespace blockyard {

class CompareTables final : public QWidget {
  Q_OBJECT

 public:
  explicit CompareTables(QWidget* parent = nullptr);

  // `baseline` is the id of a run; with groups the group that holds it.
  void setRuns(std::shared_ptr<const std::vector<ComparedRun>> runs, const QString& baseline);
  QTableWidget& settings() { return *settings_; }
  QTableWidget& metrics() { return *metrics_; }
  QComboBox& grouping() { return *grouping_; }
  QComboBox& scores() { return *scores_; }
  // The group that each run stands in, -1 for none; empty if runs stand for themselves.
  std::vector<int> groupOfRuns() const;
  QMenu* makeHeaderMenu(int column);  // the caller owns it

 Q_SIGNALS:
  void baselineWanted(const QString& run);
  void regrouped();

 private:
  void fill();
  void fillGrouping();
  void fillScores();
  std::vector<RunGroup> groups(const std::vector<RunRecord>& records) const;
  std::vector<RunRecord> records(const std::vector<size_t>& order) const;
  void showRuns();
  void showGroups(std::vector<RunGroup> groups);
  void setColumns(QTableWidget& table, const QString& first, const QStringList& names, const QStringList& ids);
  void fillRunMetrics(const RunComparison& comparison);
  void fillGroupMetrics(const GroupComparison& comparison);
  void fitColumns();

  std::shared_ptr<const std::vector<ComparedRun>> runs_ = std::make_shared<std::vector<ComparedRun>>();
  QString baseline_;
  QComboBox *grouping_, *scores_;
  QTableWidget *settings_, *metrics_;
  QLabel *settings_title_, *metrics_title_;
};

}  // namespace blockyard
