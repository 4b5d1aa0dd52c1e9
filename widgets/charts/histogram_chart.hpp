// HistogramChart: how a distribution changes over steps - as a heat map (a column per step, darker where more values
// lie) or as ridges (a hill per step, the newest in front). One of them is read out below. Axes and frame are those of
// QtCharts. GUI thread.
#pragma once
#include <QtWidgets/QWidget>
#include <vector>

#include "runs/event_format.hpp"
#include "widgets/charts/plot_item.hpp"

class QChart;
class QChartView;
class QLabel;
class QLineSeries;

namespace blockyard {

struct HistogramSlice {
  double step = 0;
  events::Histogram histogram{};
};

enum class HistogramStyle { Heat, Ridge };

// What the chart and its item share.
struct HistogramModel {
  std::vector<HistogramSlice> slices{};  // steps ascend
  HistogramStyle style = HistogramStyle::Heat;
  int colour = 0;  // of seriesColor()
  int selected = -1;
  ChartScale step{}, value{};
  QRectF area{};

  // Those that are drawn: few enough to be told apart, spread evenly over the steps; always with the newest.
  std::vector<size_t> drawn() const;
};

class HistogramChart final : public QWidget {
  Q_OBJECT

 public:
  explicit HistogramChart(QWidget* parent = nullptr);
  ~HistogramChart() override;

  void setSlices(std::vector<HistogramSlice> slices);
  // Steps must ascend; a step that is there already, or a later one, makes way.
  void append(HistogramSlice slice);
  const std::vector<HistogramSlice>& slices() const { return model_.slices; }
  void setStyle(HistogramStyle style);
  void setColour(int colour);
  void setTitle(const QString& title);
  // The slice that is read out; -1: the newest, also when more come. Left, Right, Home and End do the same, and the
  // mouse over it.
  void select(int slice);
  int selected() const { return model_.selected; }
  QString readout() const;  // "step 120: 0.31 to 0.44, mean 0.38, deviation 0.02"

  QSize sizeHint() const override { return {480, 300}; }
  QSize minimumSizeHint() const override { return {200, 140}; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void makeAxes();
  void applyTheme();
  void refresh();
  void placeAxes();
  void hover(QPointF at);

  HistogramModel model_;
  QChart* chart_;
  QChartView* view_;
  QLineSeries* frame_;  // without points: QtCharts shows axes only where a series is
  QGraphicsItem* item_;
  QLabel* readout_;
};

}  // namespace blockyard
