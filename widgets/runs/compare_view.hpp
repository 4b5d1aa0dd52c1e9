// CompareView: runs or groups of runs side by side - their curves over each other, the settings in which they differ,
// and their scores with the difference to one of them, the baseline; on further pages their confusion matrices, their
// pipelines and the rows on which they disagree. It reads on another thread. GUI thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtCore/QStringList>
#include <QtWidgets/QWidget>
#include <filesystem>
#include <memory>

#include "widgets/runs/compared_run.hpp"

class QComboBox;
class QLabel;
class QMenu;
class QTableWidget;
class QTabWidget;

namespace blockyard {

class CompareTables;
class ConfusionPage;
class GraphsPage;
class LineChart;
class RowsPage;

class CompareView final : public QWidget {
  Q_OBJECT

 public:
  explicit CompareView(std::filesystem::path project_folder, QWidget* parent = nullptr);
  ~CompareView() override;

  // Another project shows no runs.
  void setFolder(std::filesystem::path project_folder);
  // By id. The baseline is the pinned run of the project, which is added if it is not among them, else the first.
  void setRuns(const QStringList& ids);
  QStringList runs() const { return ids_; }
  // The run that differences are to; the context menu of the tables' headers does the same.
  void setBaseline(const QString& id);
  QString baseline() const { return baseline_; }
  // The project's pinned run is this one now.
  void setPinned(const QString& id);
  // Shows the curves of another tag of the journals: "validation/accuracy".
  void showTag(const QString& tag);

  LineChart& chart() { return *chart_; }
  CompareTables& tables() { return *tables_; }
  QTableWidget& settings();
  QTableWidget& metrics();
  QTabWidget& pages() { return *pages_; }
  ConfusionPage& confusion() { return *confusion_; }
  GraphsPage& graphs() { return *graphs_; }
  RowsPage& rows() { return *rows_; }
  QMenu* makeHeaderMenu(int column);  // the caller owns it

 Q_SIGNALS:
  void shown();  // the runs that were asked for have been read
  void baselineChanged(const QString& id);
  // A row that somebody wants to see more of, from 0, of the data of that run.
  void rowActivated(const QString& run, qint64 row);

 private:
  struct Loaded {
    std::vector<ComparedRun> runs{};
    QString pinned{}, failure{};
  };
  static std::shared_ptr<Loaded> load(const std::filesystem::path& folder, const QStringList& ids);
  QWidget* makeOverview();
  void read();
  void take();
  void showPages();
  void fillTags();
  void fillChart();
  void fillTables();
  std::vector<size_t> order() const;  // of the records, the baseline first

  std::filesystem::path folder_;
  QStringList ids_;
  QString baseline_;
  bool chosen_ = false;  // the baseline was named here, which counts more than the pin
  std::shared_ptr<Loaded> loaded_ = std::make_shared<Loaded>();
  QFutureWatcher<std::shared_ptr<Loaded>> reading_;
  bool read_again_ = false;
  QComboBox* tag_;
  LineChart* chart_;
  CompareTables* tables_;
  QLabel* message_;
  QTabWidget* pages_;
  ConfusionPage* confusion_;
  GraphsPage* graphs_;
  RowsPage* rows_;
};

}  // namespace blockyard
