#include "widgets/runs/answers_panel.hpp"

#include <QtWidgets/QPushButton>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QVBoxLayout>

#include "base/error.hpp"
#include "training/class_scores.hpp"
#include "widgets/runs/cell_rows.hpp"
#include "widgets/runs/head_box.hpp"
#include "widgets/training/confusion_matrix.hpp"

namespace blockyard {

AnswersPanel::AnswersPanel(QWidget* parent)
    : QWidget(parent),
      matrix_(new ConfusionMatrix),
      rows_(new CellRows),
      errors_(new QPushButton(tr("Rows with the largest &errors"))),
      heads_(new HeadBox) {
  auto* left = new QWidget;
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(heads_, 0, Qt::AlignLeft);
  column->addWidget(matrix_, 1);
  column->addWidget(errors_, 0, Qt::AlignLeft);
  auto* splitter = new QSplitter;
  splitter->setChildrenCollapsible(false);
  splitter->addWidget(left);
  splitter->addWidget(rows_);
  splitter->setStretchFactor(0, 1);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({1000, 1000});
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(splitter);
  connect(matrix_, &ConfusionMatrix::cellActivated, this,
          [this](int truth, int answer) { rows_->showCell(folder_, run_, part_, heads_->head(), truth, answer); });
  connect(errors_, &QPushButton::clicked, this,
          [this] { rows_->showLargestErrors(folder_, run_, part_, heads_->head()); });
  connect(heads_, &QComboBox::currentIndexChanged, this, &AnswersPanel::showHead);
  connect(rows_, &CellRows::rowActivated, this, &AnswersPanel::rowActivated);
  clear();
}

void AnswersPanel::clear() {
  run_.clear();
  metrics_ = {};
  heads_->setHeads({});
  matrix_->clear();
  rows_->clear();
  rows_->hide();
  errors_->hide();
}

void AnswersPanel::showRun(const std::filesystem::path& project_folder, const QString& run) {
  clear();
  for (const Part part : {Part::Test, Part::Validation}) {
    folder_ = project_folder, run_ = run, part_ = part;
    try {
      const auto metrics = metricsOfRun(project_folder / "runs" / run.toStdString(), nameOf(part));
      if (!metrics) continue;
      metrics_ = *metrics;
      heads_->setHeads(headsOf(metrics_));
      showHead();
    } catch (const Error& error) {
      Q_EMIT failed(tr("The scores of run %1 cannot be read: %2").arg(run, QString::fromUtf8(error.what())));
    }
    return;
  }
}

void AnswersPanel::showHead() {
  const Metrics* metrics = metricsOf(metrics_, heads_->head());
  if (metrics == nullptr) return;
  matrix_->setMetrics(*metrics);
  rows_->clear();
  const bool numbers = metrics->classes.empty() && !metrics->numbers.empty();
  rows_->setVisible(!metrics->confusion.empty() || numbers);
  errors_->setVisible(numbers);
}

}  // namespace blockyard
