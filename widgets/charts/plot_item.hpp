// What LineChart draws inside the axes: the curves with their marks, and above them the crosshair with its box. Items
// of the chart's scene; they read a ChartModel that LineChart owns. GUI thread.
#pragma once
#include <QtWidgets/QGraphicsItem>
#include <optional>
#include <vector>

#include "widgets/charts/series_data.hpp"

namespace blockyard {

// From values to a share of the axis, 0 at its beginning and 1 at its end.
struct ChartScale {
  double low = 0, high = 1;
  bool log = false;
  bool operator==(const ChartScale&) const = default;

  double shareOf(double value) const;
  double valueAt(double share) const;
  // The same stretch, larger (factor > 1) or smaller around the value at `share`.
  void zoom(double factor, double share);
  void pan(double shares);
};

struct ChartCurve {
  SeriesData data{};
  QString name{};
  int colour = 0;  // of seriesColor()
  bool visible = true;
};

struct ChartMark {
  double x = 0;
  QString text{};
};

struct ChartModel {
  std::vector<ChartCurve> curves{};
  std::vector<ChartMark> marks{};
  ChartScale x{}, y{};
  QString x_name{};
  QRectF area{};                    // of the plot, in the chart's coordinates
  std::optional<QPointF> cursor{};  // where the crosshair is, in the same
  std::optional<QRectF> rubber_band{};

  QPointF place(const ChartPoint& point) const;
  double smoothing() const { return curves.empty() ? 0 : curves.front().data.smoothing(); }
};

class CurvesItem final : public QGraphicsItem {
 public:
  CurvesItem(const ChartModel& model, QGraphicsItem* parent) : QGraphicsItem(parent), model_(model) {}

  // Points, scales or the area are others now: the lines are made again at the next painting.
  void refresh();
  QRectF boundingRect() const override { return bounds_; }
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  struct Line {
    QColor colour{};
    std::vector<QPolygonF> pieces{};  // a curve with gaps has several
    bool dots = false;
    bool faint = false;  // the curve before it was smoothed
  };
  void makeLines();
  void addLine(const ChartCurve& curve, const std::vector<double>& edges, bool raw);
  // So many points that smooth edges would cost more than they show.
  void paintCrowd(QPainter& painter) const;
  void paintMarks(QPainter& painter) const;

  const ChartModel& model_;
  std::vector<Line> lines_{};
  qsizetype points_ = 0;
  bool stale_ = true;
  QRectF bounds_{};
};

class CrosshairItem final : public QGraphicsItem {
 public:
  CrosshairItem(const ChartModel& model, QGraphicsItem* parent) : QGraphicsItem(parent), model_(model) {}

  void refresh();
  // Name and value of every visible curve at the crosshair; the first line is x. Empty if there is no crosshair.
  QStringList lines() const;
  QRectF boundingRect() const override { return bounds_; }
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  struct Reading {
    const ChartCurve* curve = nullptr;
    ChartPoint point{};
  };
  std::vector<Reading> readings() const;
  void paintBox(QPainter& painter, const std::vector<Reading>& readings) const;

  const ChartModel& model_;
  QRectF bounds_{};
};

}  // namespace blockyard
