// HeadBox: which of several classifiers and regressors of a pipeline is asked about; there only where there are
// several. GUI thread.
#pragma once
#include <QtWidgets/QComboBox>

#include "graph/plan.hpp"
#include "training/metrics.hpp"

namespace blockyard {

class HeadBox final : public QComboBox {
  Q_OBJECT

 public:
  explicit HeadBox(QWidget* parent = nullptr);
  // The one that was chosen stays, if it is among them.
  void setHeads(const QStringList& heads);
  QString head() const { return currentText(); }  // empty if there is none
};

QStringList headsOf(const Metrics& metrics);
QStringList headsOf(const Plan& plan);
// Of that head; nullptr if it is not there. The first one for an empty name, and for runs that do not know their heads.
const Metrics* metricsOf(const Metrics& metrics, const QString& head);

}  // namespace blockyard
