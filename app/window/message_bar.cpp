#include "message_bar.hpp"

#include <QtCore/QTimer>
#include <QtGui/QAccessible>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>

#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr int kNoticeMilliseconds = 8000;

}  // namespace

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), label_(new QLabel), buttons_(new QHBoxLayout) {
  setAutoFillBackground(true);
  setAccessibleName(tr("Message"));
  label_->setWordWrap(true);
  label_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  label_->setTextFormat(Qt::PlainText);
  auto* close = new QToolButton;
  close->setText(QStringLiteral("✕"));
  close->setAutoRaise(true);
  close->setAccessibleName(tr("Close this message"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 6, 6, 6);
  layout->addWidget(label_, 1);
  layout->addLayout(buttons_);
  layout->addWidget(close);
  connect(close, &QToolButton::clicked, this, &QWidget::hide);
  hide();
}

void MessageBar::say(const QString& text, Tone tone, std::vector<Choice> choices) {
  while (QLayoutItem* item = buttons_->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  label_->setText(text);
  setAccessibleDescription(text);
  QPalette colors = palette();
  QColor ground = tone == Tone::Problem ? problemColor() : busyColor();
  ground.setAlpha(40);
  colors.setColor(QPalette::Window, ground);
  setPalette(colors);
  for (Choice& choice : choices) {
    auto* button = new QPushButton(choice.text);
    buttons_->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, work = std::move(choice.work)] {
      hide();
      work();
    });
  }
  show();
  QAccessibleEvent event(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
  const int number = ++message_;
  if (tone == Tone::Notice && choices.empty())
    QTimer::singleShot(kNoticeMilliseconds, this, [this, number] {
      if (number == message_) hide();
    });
}

QString MessageBar::text() const {
  return isHidden() ? QString() : label_->text();
}

}  // namespace blockyard
