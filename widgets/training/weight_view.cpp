#include "widgets/training/weight_view.hpp"

#include <QtWidgets/QComboBox>
#include <QtWidgets/QHBoxLayout>
#include <QtWidgets/QLabel>
#include <QtWidgets/QSplitter>
#include <QtWidgets/QStackedLayout>
#include <QtWidgets/QVBoxLayout>

namespace blockyard {
namespace {

constexpr std::string_view kWeights = "weights/", kGradients = "gradients/";

}  // namespace

WeightView::WeightView(QWidget* parent)
    : QWidget(parent),
      choice_(new QComboBox),
      style_(new QComboBox),
      values_(new HistogramChart),
      gradients_(new HistogramChart) {
  setAccessibleName(tr("Distribution of the weights"));
  auto* label = new QLabel(tr("&Parameter"));
  label->setBuddy(choice_);
  choice_->setObjectName(QStringLiteral("parameter"));
  choice_->setAccessibleName(tr("Parameter that is shown"));
  choice_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  auto* as = new QLabel(tr("Show &as"));
  as->setBuddy(style_);
  style_->setObjectName(QStringLiteral("style"));
  style_->setAccessibleName(tr("Show as"));
  style_->addItems({tr("Heat map"), tr("Ridges")});
  auto* strip = new QHBoxLayout;
  strip->addWidget(label);
  strip->addWidget(choice_);
  strip->addWidget(as);
  strip->addWidget(style_);
  strip->addStretch(1);
  auto* charts = new QSplitter(Qt::Horizontal);
  charts->addWidget(values_);
  charts->addWidget(gradients_);
  charts->setChildrenCollapsible(false);
  gradients_->setColour(1);
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->addLayout(strip);
  column->addWidget(charts, 1);
  auto* nothing = new QLabel(tr("No histograms yet. While a pipeline trains they are taken at the end of epochs."));
  nothing->setAlignment(Qt::AlignCenter);
  nothing->setWordWrap(true);
  auto* place = new QWidget;
  pages_ = new QStackedLayout(place);
  pages_->addWidget(nothing);
  pages_->addWidget(page);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(place);
  connect(choice_, &QComboBox::currentIndexChanged, this, &WeightView::showParameter);
  connect(style_, &QComboBox::currentIndexChanged, this, [this](int index) {
    for (auto* chart : {values_, gradients_})
      chart->setStyle(index == 0 ? HistogramStyle::Heat : HistogramStyle::Ridge);
  });
}

void WeightView::clear() {
  series_.clear();
  order_.clear();
  const QSignalBlocker quiet(choice_);
  choice_->clear();
  pages_->setCurrentIndex(0);
}

void WeightView::take(const Histograms& histograms) {
  const auto step = static_cast<double>(histograms.step);
  const std::string shown = parameter().toStdString();
  for (const auto& each : histograms.parameters) {
    const auto [it, is_new] = series_.try_emplace(each.parameter);
    if (is_new) order_ << QString::fromStdString(each.parameter);
    it->second.values.push_back({step, each.values});
    if (!each.gradients.counts.empty()) it->second.gradients.push_back({step, each.gradients});
    if (each.parameter != shown) continue;
    values_->append({step, each.values});
    if (!each.gradients.counts.empty()) gradients_->append({step, each.gradients});
  }
  addParameters();
}

void WeightView::setJournal(const JournalSeries<events::Histogram>& series) {
  clear();
  for (const auto& [tag, points] : series) {
    const bool gradients = tag.starts_with(kGradients);
    if (!gradients && !tag.starts_with(kWeights)) continue;
    const std::string name = tag.substr((gradients ? kGradients : kWeights).size());
    const auto [it, is_new] = series_.try_emplace(name);
    if (is_new) order_ << QString::fromStdString(name);
    for (const auto& point : points)
      (gradients ? it->second.gradients : it->second.values).push_back({static_cast<double>(point.step), point.value});
  }
  addParameters();
}

// What has come new gets into the list; the first ones decide what is shown.
void WeightView::addParameters() {
  if (choice_->count() == order_.size()) return;
  const bool first = choice_->count() == 0;
  {
    const QSignalBlocker quiet(choice_);
    for (qsizetype i = choice_->count(); i < order_.size(); ++i) choice_->addItem(order_[i]);
  }
  pages_->setCurrentIndex(1);
  if (!first) return;
  showParameter();
  showBlock(block_);
}

void WeightView::showBlock(const QString& block) {
  block_ = block;
  if (block.isEmpty() || parameter().startsWith(block + QLatin1Char('.'))) return;
  for (int i = 0; i < choice_->count(); ++i)
    if (choice_->itemText(i).startsWith(block + QLatin1Char('.'))) return choice_->setCurrentIndex(i);
}

QString WeightView::parameter() const {
  return choice_->currentText();
}

void WeightView::showParameter() {
  const auto found = series_.find(parameter().toStdString());
  if (found == series_.end()) return;
  values_->setTitle(tr("Values of %1").arg(parameter()));
  gradients_->setTitle(tr("Gradients of %1").arg(parameter()));
  values_->setSlices(found->second.values);
  gradients_->setSlices(found->second.gradients);
}

}  // namespace blockyard
