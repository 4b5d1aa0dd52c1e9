#include "widgets/runs/head_box.hpp"

#include "blocks/catalog.hpp"

namespace blockyard {

HeadBox::HeadBox(QWidget* parent) : QComboBox(parent) {
  setAccessibleName(tr("Head that is asked about"));
  setToolTip(tr("Which of the classifiers and regressors is asked about"));
  setSizeAdjustPolicy(AdjustToContents);
  hide();
}

void HeadBox::setHeads(const QStringList& heads) {
  const QString before = head();
  const QSignalBlocker quiet(this);
  clear();
  addItems(heads);
  setCurrentIndex(heads.isEmpty() ? -1 : std::max(0, findText(before)));
  setVisible(count() > 1);
}

QStringList headsOf(const Metrics& metrics) {
  QStringList out;
  if (!metrics.head.empty()) out << QString::fromStdString(metrics.head);
  for (const Metrics& other : metrics.others) out << QString::fromStdString(other.head);
  return out;
}

QStringList headsOf(const Plan& plan) {
  QStringList out;
  for (const PlanNode& node : plan.nodes) {
    const BlockType* type = findBlockType(node.type);
    if (type != nullptr && (type->schema.kind == Kind::Classifier || type->schema.kind == Kind::Regressor))
      out << QString::fromStdString(node.id);
  }
  return out;
}

const Metrics* metricsOf(const Metrics& metrics, const QString& head) {
  const std::string name = head.toStdString();
  if (name.empty() || metrics.head.empty() || metrics.head == name) return &metrics;
  for (const Metrics& other : metrics.others)
    if (other.head == name) return &other;
  return nullptr;
}

}  // namespace blockyard
