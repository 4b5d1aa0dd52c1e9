#include "widgets/canvas/breadcrumb.hpp"

#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>

namespace blockyard {

Breadcrumb::Breadcrumb(Document& document, QWidget* parent)
    : QFrame(parent), document_(document), row_(new QHBoxLayout(this)) {
  row_->setContentsMargins(8, 4, 8, 4);
  setAccessibleName(tr("Way to the composite on show"));
  connect(&document_, &Document::shown, this, &Breadcrumb::refresh);
  connect(&document_, &Document::replaced, this, &Breadcrumb::refresh);
  refresh();
}

void Breadcrumb::refresh() {
  while (QLayoutItem* item = row_->takeAt(0)) {
    if (item->widget() != nullptr)
      item->widget()->hide(), item->widget()->deleteLater();  // one of them may be the sender
    delete item;
  }
  const auto& trail = document_.trail();
  for (size_t i = 0; i < trail.size(); ++i) {
    const QString name = QString::fromStdString(i == 0 ? trail[i].pipeline : trail[i].block);
    if (i + 1 == trail.size()) {
      auto* here = new QLabel(name);
      here->setTextFormat(Qt::PlainText);
      QFont font = here->font();
      font.setBold(true);
      here->setFont(font);
      row_->addWidget(here);
      break;
    }
    auto* button = new QPushButton(name);
    button->setFlat(true);
    button->setToolTip(tr("Back to %1").arg(name));
    connect(button, &QPushButton::clicked, this, [this, i] { document_.goUp(i); });
    row_->addWidget(button);
    row_->addWidget(new QLabel(QStringLiteral("›")));
  }
  row_->addStretch(1);
  setVisible(document_.inComposite());
}

}  // namespace blockyard
