// HistogramItem: what HistogramChart draws inside its axes. It reads a HistogramModel that the chart owns. GUI thread.
#pragma once
#include <QtWidgets/QGraphicsItem>

#include "widgets/charts/histogram_chart.hpp"

namespace blockyard {

class HistogramItem final : public QGraphicsItem {
 public:
  HistogramItem(const HistogramModel& model, QGraphicsItem* parent) : QGraphicsItem(parent), model_(model) {}

  // Scales, slices or the area are others now.
  void setArea(QRectF& area, const QRectF& now) {
    prepareGeometryChange();
    area = now;
    update();
  }
  QRectF boundingRect() const override { return model_.area; }
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  void paintHeat(QPainter& painter) const;
  void paintRidges(QPainter& painter) const;

  const HistogramModel& model_;
};

}  // namespace blockyard
