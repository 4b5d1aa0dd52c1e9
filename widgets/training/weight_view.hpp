// WeightView: how the weights of each parameter, and their gradients, are distributed as the training goes on. The
// block that is selected on the canvas chooses the parameter, and so does the list. GUI thread.
#pragma once
#include <QtWidgets/QWidget>
#include <map>

#include "runs/journal_reader.hpp"
#include "training/messages.hpp"
#include "widgets/charts/histogram_chart.hpp"

class QComboBox;
class QLabel;
class QStackedLayout;

namespace blockyard {

class WeightView final : public QWidget {
  Q_OBJECT

 public:
  explicit WeightView(QWidget* parent = nullptr);

  void take(const Histograms& histograms);
  // Those of a run's journal: tags "weights/block.parameter" and "gradients/block.parameter".
  void setJournal(const JournalSeries<events::Histogram>& series);
  void clear();
  // Shows a parameter of this block, if it has one.
  void showBlock(const QString& block);
  QString parameter() const;  // "mlp.0.weight"; empty if there is none

  HistogramChart& values() { return *values_; }
  HistogramChart& gradients() { return *gradients_; }

 private:
  struct Series {
    std::vector<HistogramSlice> values{}, gradients{};
  };
  void addParameters();
  void showParameter();

  std::map<std::string, Series> series_{};
  QStringList order_{};  // as a batch passes them
  QString block_{};      // the one asked for
  QComboBox *choice_, *style_;
  QStackedLayout* pages_ = nullptr;
  HistogramChart *values_, *gradients_;
};

}  // namespace blockyard
