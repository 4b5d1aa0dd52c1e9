// LineChart: curves over steps, live. Any number of them, appended to while they are shown; zoom, pan, crosshair,
// marks, logarithmic axes, smoothing, export. Points that come in are drawn every 0.8 s, what a person does at
// once (30 times a second), and nothing while nobody sees it. It follows the newest until somebody zooms. Axes and
// frame are those of QtCharts, the curves are its own. GUI thread.
#pragma once
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <vector>

#include "widgets/charts/plot_item.hpp"

class QChart;
class QChartView;
class QLabel;
class QLineSeries;
class QListWidget;
class QMenu;

namespace blockyard {

class LineChart final : public QWidget {
  Q_OBJECT

 public:
  explicit LineChart(const QString& title, QWidget* parent = nullptr);
  ~LineChart() override;

  // Returns the number of the curve. `colour` is one of seriesColor(); by default that of the number.
  int addCurve(const QString& name, int colour = -1);
  int curveCount() const { return static_cast<int>(model_.curves.size()); }
  const SeriesData& curve(int number) const { return model_.curves[static_cast<size_t>(number)].data; }
  QString curveName(int number) const { return model_.curves[static_cast<size_t>(number)].name; }
  void append(int number, double x, double y);
  // Of the curves that are added from now on; see SeriesData::setMost().
  void setMostPoints(size_t points) { most_points_ = points; }
  void addMark(double x, const QString& text);
  const std::vector<ChartMark>& marks() const { return model_.marks; }
  void clear();        // curves and marks
  void clearPoints();  // the curves stay

  void setCurveVisible(int number, bool visible);
  bool curveVisible(int number) const { return model_.curves[static_cast<size_t>(number)].visible; }
  // Weight of the past, 0 (off) to 0.9999; see SeriesData::setSmoothing().
  void setSmoothing(double weight);
  double smoothing() const { return smoothing_; }
  void setLogX(bool on);
  void setLogY(bool on);
  bool logX() const { return model_.x.log; }
  bool logY() const { return model_.y.log; }
  void setXName(const QString& name);  // "step"
  QString title() const { return title_; }

  // What is shown: everything (and what comes), or a stretch.
  void fit();
  void zoom(double factor);  // larger than 1 shows less
  void pan(double x_shares, double y_shares);
  void showValues(const QRectF& values);
  QRectF shown() const;  // in values; top() is the smallest y
  bool following() const { return following_; }

  // The crosshair at a place of this widget, and what it reads: "step 120", "train  0.52", ...
  QStringList readAt(const QPoint& place);
  // What the chart says about left-out points and failed exports; empty if nothing.
  QString note() const;

  // These throw Error. The CSV has a row per x and a column per curve, as appended.
  void exportPng(const QString& file);
  void exportSvg(const QString& file);
  void exportCsv(const QString& file) const;
  QMenu* makeMenu();  // the context menu; the caller owns it

  QSize sizeHint() const override { return {480, 300}; }
  QSize minimumSizeHint() const override { return {200, 140}; }

 Q_SIGNALS:
  void viewChanged();
  void drawn();  // after each redraw

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void buildLegend();
  void makeAxes();
  void applyTheme();
  void drawSoon();
  void drawLater();
  bool isSeen() const;
  void draw();
  void fitNow();
  bool holds(const ChartScale& x, const ChartScale& y) const;
  void placeAxes();
  void layOutLegend();
  void updateNote();
  void describe();
  void userMoved();
  void saveAs(const QString& filter, const QString& ending, void (LineChart::*save)(const QString&));
  void renderTo(QPainter& painter, const QSize& size);
  // Mouse, in the chart's coordinates.
  void wheel(QWheelEvent& event);
  void press(const QMouseEvent& event);
  void move(const QMouseEvent& event);
  void release();
  QPointF inChart(const QPointF& view_place) const;

  QString title_;
  ChartModel model_;
  double smoothing_ = 0;
  size_t most_points_ = 0;
  bool following_ = true;
  ChartScale placed_x_{}, placed_y_{};  // of the axes as they are
  bool tight_ = true;                   // the next fit leaves no room for points to come
  QString failure_;
  QChart* chart_;
  QChartView* view_;
  QLineSeries* frame_;  // without points: QtCharts shows axes only where a series is
  CurvesItem* curves_ = nullptr;
  CrosshairItem* crosshair_ = nullptr;
  QListWidget* legend_;
  QLabel* note_;
  QTimer draw_timer_;
  int follow_milliseconds_;  // between two drawings while points come in
  enum class Drag { None, Pan, Rubber } drag_ = Drag::None;
  QPointF drag_from_{};
  ChartScale drag_x_{}, drag_y_{};
};

}  // namespace blockyard
