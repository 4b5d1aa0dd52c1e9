#include "widgets/predict/answer_view.hpp"

#include <QtCore/QDir>
#include <QtGui/QImageReader>
#include <QtWidgets/QLabel>
#include <QtWidgets/QVBoxLayout>

#include "widgets/charts/number_text.hpp"
#include "widgets/common/text_size.hpp"
#include "widgets/predict/answer_bars.hpp"

namespace blockyard {
namespace {

constexpr int kPicture = 160, kMostSaid = 8;

}  // namespace

AnswerView::AnswerView(QWidget* parent)
    : QScrollArea(parent), headline_(new QLabel), picture_(new QLabel), bars_(new QWidget) {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(4, 0, 4, 0);
  headline_->setObjectName(QStringLiteral("answer"));
  headline_->setTextFormat(Qt::PlainText);
  headline_->setWordWrap(true);
  headline_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  constexpr double kLarger = 1.2;
  setRelativeFont(*headline_, kLarger, QFont::Bold);
  picture_->setAccessibleName(tr("The picture that was asked about"));
  (new QVBoxLayout(bars_))->setContentsMargins(0, 0, 0, 0);
  column->addWidget(headline_);
  column->addWidget(picture_);
  column->addWidget(bars_);
  column->addStretch(1);
  setWidgetResizable(true);
  setFrameShape(NoFrame);
  setFocusPolicy(Qt::NoFocus);
  setWidget(page);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMinimumWidth(270);
  clear();
}

void AnswerView::clear() {
  QLayout* layout = bars_->layout();
  while (QLayoutItem* item = layout->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  picture_->hide();
  headline_->clear();
}

void AnswerView::showRow(const Answers& answers, int64_t row) {
  clear();
  QStringList said;
  for (const auto& column : answers.table.columns()) {
    const QString value = QString::fromStdString(column->cell(row));
    if (column->name == "file" && column->type == ColumnType::Text) {
      showPicture(value);
      continue;
    }
    const bool number = column->type == ColumnType::Number && !column->missing(row);
    said << QString::fromStdString(column->name) + QStringLiteral(": ") +
                (number ? shortNumber(column->numbers[static_cast<size_t>(row)]) : value);
  }
  if (said.size() > kMostSaid) said = said.mid(0, kMostSaid) << QStringLiteral("…");
  headline_->setText(said.join(QLatin1Char('\n')));
  for (const ClassScores& scores : answers.scores) {
    const size_t count = scores.classes.size(), first = static_cast<size_t>(row) * count;
    if (first + count > scores.values.size()) continue;
    std::vector<AnswerBar> bars;
    for (size_t k = 0; k < count; ++k)
      bars.push_back({QString::fromStdString(scores.classes[k]), static_cast<double>(scores.values[first + k])});
    auto* widget = new AnswerBars;
    widget->setBars(answers.scores.size() > 1 ? QString::fromStdString(scores.block) : QString(), std::move(bars));
    bars_->layout()->addWidget(widget);
  }
}

void AnswerView::showPicture(const QString& file) {
  QImageReader reader(file);
  reader.setAutoTransform(true);
  const QSize size = reader.size();
  if (size.width() > kPicture || size.height() > kPicture)
    reader.setScaledSize(size.scaled(kPicture, kPicture, Qt::KeepAspectRatio));
  const QImage image = reader.read();
  if (image.isNull()) return;
  picture_->setPixmap(QPixmap::fromImage(image.scaled(kPicture, kPicture, Qt::KeepAspectRatio)));
  picture_->setToolTip(QDir::toNativeSeparators(file));
  picture_->show();
}

}  // namespace blockyard
