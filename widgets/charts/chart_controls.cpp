#include "widgets/charts/chart_controls.hpp"

#include <QtWidgets/QCheckBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QSlider>
#include <cmath>

#include "widgets/charts/line_chart.hpp"

namespace blockyard {
namespace {

constexpr int kSteps = 100;
// The slider goes to 0.999, and slowly there: most of what is useful lies near 1.
double weightOf(int step) {
  return step == 0 ? 0 : 1 - std::pow(10, -3.0 * step / kSteps);
}

}  // namespace

ChartControls::ChartControls(std::vector<LineChart*> charts, QWidget* parent)
    : QWidget(parent), charts_(std::move(charts)), slider_(new QSlider(Qt::Horizontal)), value_(new QLabel) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(4, 2, 4, 2);
  auto* label = new QLabel(tr("S&moothing"));
  label->setBuddy(slider_);
  slider_->setRange(0, kSteps);
  constexpr int kWidth = 140;
  slider_->setMinimumWidth(60);
  slider_->setMaximumWidth(kWidth);
  slider_->setAccessibleName(tr("Smoothing"));
  slider_->setToolTip(tr("Weight of the past in the moving average; 0 shows every value as it is"));
  value_->setMinimumWidth(value_->fontMetrics().horizontalAdvance(QStringLiteral("0.9999")));
  layout->addWidget(label);
  layout->addWidget(slider_);
  layout->addWidget(value_);
  const auto box = [&](const QString& text, const QString& name, auto set) {
    auto* check = new QCheckBox(text);
    check->setAccessibleName(name);
    connect(check, &QCheckBox::toggled, this, [this, set](bool on) {
      for (LineChart* chart : charts_) (chart->*set)(on);
    });
    layout->addWidget(check);
  };
  box(tr("Log &x"), tr("Logarithmic x axis"), &LineChart::setLogX);
  box(tr("Log &y"), tr("Logarithmic y axis"), &LineChart::setLogY);
  // A short word: with large text the row is as wide as the charts may be narrow.
  auto* fit = new QPushButton(tr("All", "of the curves"));
  fit->setToolTip(tr("Show everything"));
  fit->setAccessibleName(tr("Show everything"));
  connect(fit, &QPushButton::clicked, this, [this] {
    for (LineChart* chart : charts_) chart->fit();
  });
  layout->addStretch(1);
  layout->addWidget(fit);
  connect(slider_, &QSlider::valueChanged, this, [this](int step) {
    const double weight = weightOf(step);
    value_->setText(QString::number(weight, 'f', weight > 0.98 ? 3 : 2));
    for (LineChart* chart : charts_) chart->setSmoothing(weight);
  });
  value_->setText(QStringLiteral("0.00"));
}

void ChartControls::setSmoothing(double weight) {
  slider_->setValue(weight <= 0 ? 0 : static_cast<int>(std::round(-std::log10(1 - weight) * kSteps / 3)));
}

double ChartControls::smoothing() const {
  return weightOf(slider_->value());
}

}  // namespace blockyard
