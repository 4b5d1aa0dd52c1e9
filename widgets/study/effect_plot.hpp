// EffectPlot: what each ablation does, as a point with its 95 % interval beside a line at zero. GUI thread.
#pragma once
#include <QtWidgets/QWidget>

#include "study/results.hpp"

namespace blockyard {

class EffectPlot final : public QWidget {
  Q_OBJECT

 public:
  explicit EffectPlot(QWidget* parent = nullptr);
  void setEffects(const QString& metric, std::vector<Effect> effects);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int lineHeight() const;
  QString metric_{};
  std::vector<Effect> effects_{};
};

QString textOf(Effect::Verdict verdict);  // translated

}  // namespace blockyard
