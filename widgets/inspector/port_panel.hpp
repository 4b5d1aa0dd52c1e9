// PortPanel: what arrives at a block and what leaves it, port by port, as far as it is known.
#pragma once
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QWidget>

#include "blocks/schema.hpp"
#include "graph/check.hpp"

namespace blockyard {

class PortPanel final : public QWidget {
  Q_OBJECT

 public:
  // `schema` must live on, as those of the catalogue do.
  PortPanel(const BlockSchema& schema, QWidget* parent);

  void showSignatures(const Signatures& inputs, const Signatures& outputs);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  void addPorts(const QString& title, const std::vector<Port>& ports, const Signatures& known);
  void addRow(const QString& name, const Port& port, const Signature* signature);

  const BlockSchema& schema_;
  Signatures inputs_, outputs_;
  QGridLayout* grid_;
  int row_ = 0;  // the next free one
};

}  // namespace blockyard
