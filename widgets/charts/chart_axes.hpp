// Axes of QtCharts for a ChartScale: round numbers at round distances, whatever the stretch; and the colours of a
// chart.
#pragma once
#include <QtCharts/QAbstractAxis>

#include "widgets/charts/plot_item.hpp"

class QChart;
class QChartView;
class QWidget;

namespace blockyard {

// Made for this kind of scale; the caller (a chart) owns it.
QAbstractAxis* makeAxis(bool log);
// Range, distance of ticks and format of numbers; `pixels` is the length of the axis.
void setAxis(QAbstractAxis& axis, const ChartScale& scale, double pixels);
// Background, title and axes in the palette and font of `owner`, the widget that holds the view.
void styleChart(QChart& chart, QChartView& view, const QWidget& owner);
// 1, 2 or 5 times a power of ten, so that at most `most` of them fit.
double roundStep(double length, double most);

}  // namespace blockyard
