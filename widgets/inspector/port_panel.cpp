#include "widgets/inspector/port_panel.hpp"

#include <QtCore/QEvent>

#include "widgets/inspector/marks.hpp"

namespace blockyard {
namespace {

constexpr size_t kTipColumns = 30;  // in a tooltip

// What the short text of a signature leaves out: columns, classes, unit.
QString details(const Signature& signature) {
  QStringList lines;
  for (size_t i = 0; i < signature.columns.size() && i < kTipColumns; ++i)
    lines.push_back(QStringLiteral("%1: %2").arg(QString::fromStdString(signature.columns[i].name),
                                                 QLatin1String(nameOf(signature.columns[i].type))));
  for (size_t i = 0; i < signature.classes.size() && i < kTipColumns; ++i)
    lines.push_back(QString::fromStdString(signature.classes[i]));
  const size_t more = std::max(signature.columns.size(), signature.classes.size());
  if (more > kTipColumns) lines.push_back(PortPanel::tr("and %1 more").arg(more - kTipColumns));
  if (!signature.unit.empty()) lines.push_back(PortPanel::tr("unit: %1").arg(QString::fromStdString(signature.unit)));
  return lines.join(u'\n');
}

}  // namespace

PortPanel::PortPanel(const BlockSchema& schema, QWidget* parent)
    : QWidget(parent), schema_(schema), grid_(new QGridLayout(this)) {
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setHorizontalSpacing(6);
  grid_->setVerticalSpacing(3);
  grid_->setColumnStretch(2, 1);
  build();
}

void PortPanel::showSignatures(const Signatures& inputs, const Signatures& outputs) {
  if (inputs == inputs_ && outputs == outputs_) return;
  inputs_ = inputs;
  outputs_ = outputs;
  build();
}

void PortPanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) build();
}

void PortPanel::build() {
  while (QLayoutItem* item = grid_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  row_ = 0;
  if (!schema_.inputs.empty()) addPorts(tr("Arrives"), schema_.inputs, inputs_);
  addPorts(tr("Leaves"), schema_.outputs, outputs_);
}

void PortPanel::addPorts(const QString& title, const std::vector<Port>& ports, const Signatures& known) {
  grid_->addWidget(makeHeading(title, this), row_++, 0, 1, 3);
  for (const auto& port : ports) {
    bool any = false;
    for (const auto& [slot, signature] : known) {
      if (slot != port.name && !slot.starts_with(port.name + ":")) continue;
      addRow(QString::fromStdString(slot), port, &signature);
      any = true;
    }
    if (!any) addRow(QString::fromStdString(port.name), port, nullptr);
  }
}

void PortPanel::addRow(const QString& name, const Port& port, const Signature* signature) {
  const int row = row_++;
  const std::optional<Wire> wire = signature != nullptr ? signature->kind : wireOfPattern(port.pattern);
  auto* dot = new QLabel(this);
  dot->setPixmap(wireDot(wire ? colorOf(*wire) : palette().color(QPalette::Mid), 10, devicePixelRatioF()));
  auto* title = new QLabel(name, this);
  title->setTextFormat(Qt::PlainText);
  title->setToolTip(QString::fromStdString(port.doc));
  auto* text = new QLabel(this);
  text->setTextFormat(Qt::PlainText);
  text->setWordWrap(true);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  if (signature != nullptr) {
    text->setText(QString::fromStdString(signature->text()));
    text->setToolTip(details(*signature));
  } else {
    text->setText(tr("not known yet; takes %1").arg(QString::fromStdString(port.pattern)));
    if (schema_.findOutput(port.name) == &port)
      text->setText(tr("not known yet: %1").arg(QString::fromStdString(port.pattern)));
    text->setForegroundRole(QPalette::PlaceholderText);
  }
  grid_->addWidget(dot, row, 0, Qt::AlignVCenter);
  grid_->addWidget(title, row, 1, Qt::AlignVCenter);
  grid_->addWidget(text, row, 2);
}

}  // namespace blockyard
