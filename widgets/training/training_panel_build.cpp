// The training panel: its buttons and figures, and how they are laid out.
#include <QtCore/QEvent>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QGridLayout>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QProgressBar>
#include <QtWidgets/QPushButton>
#include <algorithm>

#include "widgets/common/text_size.hpp"
#include "widgets/training/training_panel.hpp"

namespace blockyard {

QPushButton* TrainingPanel::makeButton(const QString& text, const QString& tip, void (TrainingPanel::*press)()) {
  auto* button = new QPushButton(text);
  button->setToolTip(tip);
  button->setAccessibleDescription(tip);
  if (press != nullptr) connect(button, &QPushButton::clicked, this, press);
  return button;
}

// Six of them stand in a row: no wider than their texts, but no narrower either.
void TrainingPanel::fitButtons() {
  constexpr int kFrame = 18;
  for (QPushButton* button : {train_, pause_, stop_, dry_run_, halve_, double_}) {
    int width = button->fontMetrics().horizontalAdvance(button->text().remove(u'&'));
    if (button == pause_) width = std::max(width, fontMetrics().horizontalAdvance(tr("&Continue").remove(u'&')));
    button->setMinimumWidth(width + kFrame);
  }
}

QSize TrainingPanel::minimumSizeHint() const {
  constexpr int kNarrowest = 430;  // less is hard to read
  return QWidget::minimumSizeHint().expandedTo({kNarrowest, 0});
}

void TrainingPanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange)
    QMetaObject::invokeMethod(this, &TrainingPanel::fitButtons, Qt::QueuedConnection);
}

QLabel* TrainingPanel::makeFigure(QGridLayout& grid, int column, const QString& name) {
  auto* label = new QLabel(name);
  label->setForegroundRole(QPalette::PlaceholderText);
  auto* value = new QLabel;
  value->setAccessibleName(name);
  value->setTextInteractionFlags(Qt::TextSelectableByMouse);
  constexpr double kLarger = 1.1;
  setRelativeFont(*value, kLarger);
  constexpr int kColumns = 4;
  const int row = 2 * (column / kColumns);
  grid.addWidget(label, row, column % kColumns);
  grid.addWidget(value, row + 1, column % kColumns);
  grid.setColumnStretch(column % kColumns, 1);
  return value;
}

void TrainingPanel::build() {
  purpose_ = new QLineEdit;
  purpose_->setObjectName(QStringLiteral("purpose"));
  purpose_->setAccessibleName(tr("Purpose of this run"));
  purpose_->setClearButtonEnabled(true);
  required_ = new QCheckBox(tr("Re&quired"));
  required_->setObjectName(QStringLiteral("purpose_required"));
  required_->setToolTip(tr("Every run of this project has to say in one line what it is for. Kept with the project"));
  required_->setAccessibleDescription(required_->toolTip());
  train_ = makeButton(tr("&Train"), tr("Trains the pipeline as it is now, as a new run"), &TrainingPanel::train);
  pause_ =
      makeButton(tr("&Pause"), tr("Waits after the batch that is being computed"), &TrainingPanel::pauseOrContinue);
  stop_ = makeButton(tr("&Stop"), tr("Ends after this batch, with a checkpoint to go on from"), nullptr);
  dry_run_ = makeButton(tr("&Dry run"), tr("One batch of everything, to see that it works; nothing is kept"),
                        &TrainingPanel::dryRun);
  train_->setObjectName(QStringLiteral("train"));
  pause_->setObjectName(QStringLiteral("pause"));
  stop_->setObjectName(QStringLiteral("stop"));
  dry_run_->setObjectName(QStringLiteral("dry_run"));
  auto* buttons = new QHBoxLayout;
  for (auto* button : {train_, pause_, stop_, dry_run_}) buttons->addWidget(button);

  bar_ = new QProgressBar;
  bar_->setRange(0, kBarSteps);
  bar_->setAccessibleName(tr("Progress of the training"));

  auto* grid = new QGridLayout;
  constexpr int kGap = 16;
  grid->setHorizontalSpacing(kGap);
  grid->setVerticalSpacing(0);
  loss_ = makeFigure(*grid, 0, tr("Loss"));
  score_ = makeFigure(*grid, 1, tr("Validation"));
  rate_ = makeFigure(*grid, 2, tr("Learning rate"));
  speed_ = makeFigure(*grid, 3, tr("Rows per second"));
  left_ = makeFigure(*grid, 4, tr("Time left"));
  device_ = makeFigure(*grid, 5, tr("Device"));
  memory_ = makeFigure(*grid, 6, tr("Memory"));
  cpu_ = makeFigure(*grid, 7, tr("Processor"));

  halve_ = makeButton(tr("Rate × 0.5"), tr("Halves the learning rate from the next step on"), &TrainingPanel::halve);
  double_ = makeButton(tr("Rate × 2"), tr("Doubles the learning rate from the next step on"), &TrainingPanel::twice);
  halve_->setObjectName(QStringLiteral("halve"));
  double_->setObjectName(QStringLiteral("double"));
  buttons->addWidget(halve_);
  buttons->addWidget(double_);

  message_ = new QLabel;
  message_->setObjectName(QStringLiteral("message"));
  message_->setWordWrap(true);
  message_->setTextFormat(Qt::PlainText);
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  message_->setAccessibleName(tr("Message"));

  fitButtons();
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(buttons);
  auto* why = new QHBoxLayout;
  why->addWidget(purpose_, 1);
  why->addWidget(required_);
  layout->addLayout(why);
  layout->addWidget(bar_);
  layout->addLayout(grid);
  layout->addWidget(message_);
  layout->addStretch(1);
}

}  // namespace blockyard
