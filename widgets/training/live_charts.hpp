// LiveCharts: the curves of the training that is going on - loss, metrics of the validation, learning rate and norm of
// the gradient - with a mark where something happened; beside them the distributions of the weights and the load of the
// machine. A run that is over can be shown in the same place. GUI thread; journals are read on another one.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtWidgets/QWidget>
#include <map>
#include <memory>

#include "runs/journal_reader.hpp"
#include "widgets/common/engine_link.hpp"

class QComboBox;
class QTabWidget;

namespace blockyard {

class ChartControls;
class LineChart;
class LoadView;
class WeightView;

class LiveCharts final : public QWidget {
  Q_OBJECT

 public:
  // The link must outlive the charts.
  explicit LiveCharts(EngineLink& link, QWidget* parent = nullptr);
  ~LiveCharts() override;

  // Shows the journal of a run that is over, as soon as it is read. While something trains the charts belong to that,
  // and this does nothing.
  void showRun(const QString& run_folder);
  // Marks the newest step in all charts.
  void mark(const QString& text);
  void markLearningRate(double factor);  // "learning rate × 0.5"
  void clear();
  // Chooses whose weights are shown.
  void showBlock(const QString& block);

  LineChart& loss() { return *loss_; }
  LineChart& metrics() { return *metrics_; }
  LineChart& rate() { return *rate_; }
  WeightView& weights() { return *weights_; }
  LoadView& load() { return *load_; }

 Q_SIGNALS:
  void runShown(const QString& run_folder);
  void runNotRead(const QString& why);

 private:
  struct Read {
    std::shared_ptr<JournalReader> journal{};
    QString folder{}, failure{};
  };
  QWidget* makeCurves();
  void listen();
  void onStarted(const Started& event);
  void onStep(const StepDone& event);
  void onEpoch(const EpochDone& event);
  void onHistograms(const Histograms& event);
  void readJournal(const QString& run_folder);
  void showJournal();
  void addMetric(const std::string& name, double step, double value);
  void chooseMetric();
  void markAt(double step, const QString& text);

  EngineLink& link_;
  QComboBox* choice_;
  LineChart *loss_, *metrics_, *rate_;
  ChartControls* controls_;
  WeightView* weights_;
  LoadView* load_;
  int train_loss_ = 0, validation_loss_ = 0, learning_rate_ = 0, gradient_norm_ = 0;
  std::map<std::string, int> metric_curves_{};
  int64_t step_ = 0;
  QFutureWatcher<Read> reading_;
  // A run that goes on: what it did before is read from its journal, and what comes meanwhile waits.
  int64_t resumed_at_ = 0;
  std::vector<Event> waiting_{};
};

}  // namespace blockyard
