// GraphsPage: the pipelines of two runs side by side, what is not the same marked, and listed with its values. GUI
// thread.
#pragma once
#include <QtWidgets/QWidget>
#include <memory>

#include "graph/plan_diff.hpp"
#include "widgets/runs/compared_run.hpp"

class QComboBox;
class QLabel;
class QSplitter;
class QTableWidget;

namespace blockyard {

class GraphView;

class GraphsPage final : public QWidget {
  Q_OBJECT

 public:
  explicit GraphsPage(QWidget* parent = nullptr);

  // The first one is compared with the second until somebody chooses others.
  void setRuns(std::shared_ptr<const std::vector<ComparedRun>> runs, const std::vector<size_t>& order);
  GraphView& left() { return *left_; }
  GraphView& right() { return *right_; }
  QTableWidget& list() { return *list_; }
  QString summary() const;

 private:
  void compare();
  void fillList(const PlanDiff& diff);
  void addRow(const QString& place, const QString& what, const QString& before, const QString& after, Change change);
  std::shared_ptr<const std::vector<ComparedRun>> runs_ = std::make_shared<std::vector<ComparedRun>>();
  QComboBox *first_, *second_;
  QLabel* summary_;
  QSplitter* graphs_;
  GraphView *left_, *right_;
  QTableWidget* list_;
};

}  // namespace blockyard
