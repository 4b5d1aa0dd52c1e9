// Axes of QtCharts for a ChartScale: round numbers at round distances, whatever the stretch. Pure but for the axis.
#pragma once
#include <QtCharts/QAbstractAxis>

#include "widgets/charts/plot_item.hpp"

namespace blockyard {

// Made for this kind of scale; the caller (a chart) owns it.
QAbstractAxis* makeAxis(bool log);
// Range, distance of ticks and format of numbers; `pixels` is the length of the axis.
void setAxis(QAbstractAxis& axis, const ChartScale& scale, double pixels);
// 1, 2 or 5 times a power of ten, so that at most `most` of them fit.
double roundStep(double length, double most);

}  // namespace blockyard
