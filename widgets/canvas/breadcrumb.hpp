// Breadcrumb: the way from the pipeline to the composite that is open, each step a button that goes back there. Hidden
// while no composite is open.
#pragma once
#include <QtWidgets/QFrame>

#include "widgets/common/document.hpp"

class QHBoxLayout;

namespace blockyard {

class Breadcrumb final : public QFrame {
  Q_OBJECT

 public:
  explicit Breadcrumb(Document& document, QWidget* parent = nullptr);

 private:
  void refresh();

  Document& document_;
  QHBoxLayout* row_;
};

}  // namespace blockyard
