#include "widgets/runs/confusion_page.hpp"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QScrollArea>
#include <QtWidgets/QVBoxLayout>

#include "data/part.hpp"
#include "widgets/common/shape_splitter.hpp"
#include "widgets/runs/cell_rows.hpp"
#include "widgets/runs/head_box.hpp"
#include "widgets/training/confusion_matrix.hpp"

namespace blockyard {

ConfusionPage::ConfusionPage(QWidget* parent)
    : QWidget(parent),
      part_(new QComboBox),
      heads_(new HeadBox),
      message_(new QLabel),
      place_(new QWidget),
      row_(new QHBoxLayout(place_)),
      rows_(new CellRows) {
  part_->setAccessibleName(tr("Rows that were judged"));
  part_->addItem(tr("Test rows"), QStringLiteral("test"));
  part_->addItem(tr("Validation rows"), QStringLiteral("validation"));
  connect(part_, &QComboBox::activated, this, &ConfusionPage::fill);
  connect(heads_, &QComboBox::currentIndexChanged, this, &ConfusionPage::fill);
  message_->setWordWrap(true);
  auto* strip = new QHBoxLayout;
  strip->addWidget(part_);
  strip->addWidget(heads_);
  strip->addWidget(message_, 1);
  row_->setContentsMargins(0, 0, 0, 0);
  auto* area = new QScrollArea;
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setWidget(place_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(strip);
  layout->addWidget(new ShapeSplitter(area, 2, rows_, 1), 1);
}

void ConfusionPage::setRuns(const std::filesystem::path& folder, std::shared_ptr<const std::vector<ComparedRun>> runs,
                            const std::vector<size_t>& order) {
  folder_ = folder;
  runs_ = std::move(runs);
  order_ = order;
  fillHeads();
  fill();
}

// Runs with one head each are compared whatever it is called.
void ConfusionPage::fillHeads() {
  QStringList heads;
  bool several = false;
  for (const size_t i : order_)
    for (const auto& [part, metrics] : (*runs_)[i].metrics) {
      heads << headsOf(metrics);
      several = several || !metrics.others.empty();
    }
  heads.removeDuplicates();
  heads_->setHeads(several ? heads : QStringList());
}

void ConfusionPage::fill() {
  for (QObject* each : place_->findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) delete each;
  matrices_.clear();
  rows_->clear();
  const std::string part = part_->currentData().toString().toStdString();
  QStringList without;
  for (const size_t i : order_) {
    const ComparedRun& run = (*runs_)[i];
    const auto all = run.metrics.find(part);
    const Metrics* metrics = all == run.metrics.end() ? nullptr : metricsOf(all->second, heads_->head());
    if (metrics == nullptr || metrics->confusion.empty())
      without << run.name;
    else
      addMatrix(run, *metrics, part);
  }
  if (order_.empty())
    message_->clear();
  else if (matrices_.empty())
    message_->setText(tr("None of these runs has a confusion matrix of these rows: that takes one class per row"));
  else
    message_->setText(without.isEmpty() ? QString() : tr("Without a confusion matrix: %1").arg(without.join(", ")));
  if (message_->text().isEmpty() && !matrices_.empty())
    message_->setText(tr("True classes in rows, answers in columns; the share is that of the true class"));
  rows_->setVisible(!matrices_.empty());
}

void ConfusionPage::addMatrix(const ComparedRun& run, const Metrics& metrics, const std::string& part) {
  constexpr int kNarrowest = 300;
  auto* place = new QWidget;
  place->setMinimumWidth(kNarrowest);
  auto* title = new QLabel(run.name);
  QFont bold = title->font();
  bold.setBold(true);
  title->setFont(bold);
  title->setToolTip(QString::fromStdString(run.record.id.text));
  auto* matrix = new ConfusionMatrix;
  matrix->showMapOnly();
  matrix->setMetrics(metrics);
  auto* column = new QVBoxLayout(place);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(title);
  column->addWidget(matrix, 1);
  row_->addWidget(place, 1);
  matrices_.push_back(matrix);
  const QString id = QString::fromStdString(run.record.id.text);
  const Part judged = part == "test" ? Part::Test : Part::Validation;
  const QString head = QString::fromStdString(metrics.head);
  connect(matrix, &ConfusionMatrix::cellActivated, this, [this, id, judged, head](int truth, int answer) {
    rows_->showCell(folder_, id, judged, head, truth, answer);
  });
}

}  // namespace blockyard
