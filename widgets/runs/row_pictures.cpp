#include "widgets/runs/row_pictures.hpp"

#include <QtWidgets/QLabel>
#include <QtWidgets/QListView>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>

#include "widgets/peek/sample_models.hpp"

namespace blockyard {

RowPictures::RowPictures(QWidget* parent)
    : QWidget(parent), grid_(new QListView), large_(new QLabel), model_(new PicturesModel(this)) {
  constexpr int kSide = 56, kRoom = 14;
  model_->setSide(kSide);
  grid_->setAccessibleName(tr("Pictures of the rows"));
  grid_->setViewMode(QListView::IconMode);
  grid_->setResizeMode(QListView::Adjust);
  grid_->setMovement(QListView::Static);
  grid_->setUniformItemSizes(true);
  grid_->setTextElideMode(Qt::ElideRight);
  grid_->setIconSize({kSide, kSide});
  grid_->setGridSize({kSide + 2 * kRoom, kSide + fontMetrics().height() + kRoom});
  grid_->setModel(model_);
  large_->setObjectName(QStringLiteral("large"));
  large_->setAlignment(Qt::AlignCenter);
  large_->setMargin(4);
  large_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);  // a picture must not make a low dock higher
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(grid_, 1);
  layout->addWidget(large_);
  connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
    if (!index.isValid()) return;
    enlarge(index.row());
    Q_EMIT rowChosen(large_row_);
  });
  clear();
}

void RowPictures::clear() {
  show({}, {}, {});
}

void RowPictures::show(Pictures pictures, std::vector<int64_t> rows, std::vector<std::string> texts) {
  auto sample = std::make_shared<Sample>();
  sample->pictures = std::move(pictures);
  sample->row_ids = std::move(rows);
  sample->labels = std::move(texts);
  sample_ = std::move(sample);
  model_->set(sample_);
  large_row_ = -1;
  large_->hide();
  setVisible(count() > 0);
}

int RowPictures::count() const {
  return static_cast<int>(std::min<size_t>(static_cast<size_t>(sample_->pictures.count), sample_->row_ids.size()));
}

void RowPictures::showRow(qint64 row) {
  const auto& rows = sample_->row_ids;
  const auto found = std::find(rows.begin(), rows.begin() + count(), row);
  if (found == rows.begin() + count()) return;
  const QSignalBlocker quiet(this);  // whoever asks knows
  grid_->setCurrentIndex(model_->index(static_cast<int>(found - rows.begin())));
}

void RowPictures::enlarge(int index) {
  constexpr int kLarge = 196;
  const int side = std::clamp(height() - 2 * large_->margin(), model_->side(), kLarge);
  const QImage image = imageOf(sample_->pictures, index);
  const bool larger = std::max(image.width(), image.height()) > side;
  large_->setPixmap(QPixmap::fromImage(
      image.scaled(side, side, Qt::KeepAspectRatio, larger ? Qt::SmoothTransformation : Qt::FastTransformation)));
  large_row_ = sample_->row_ids[static_cast<size_t>(index)];
  large_->setToolTip(model_->index(index).data(Qt::ToolTipRole).toString());
  large_->setAccessibleName(large_->toolTip());
  large_->show();
}

Pictures picked(const Pictures& pictures, const std::vector<size_t>& places) {
  Pictures out = pictures;
  out.bytes.clear();
  const auto size = static_cast<std::ptrdiff_t>(pictures.channels * pictures.height * pictures.width);
  for (const size_t place : places) {
    const auto from = pictures.bytes.begin() + static_cast<std::ptrdiff_t>(place) * size;
    out.bytes.insert(out.bytes.end(), from, from + size);
  }
  out.count = static_cast<int64_t>(places.size());
  return out;
}

}  // namespace blockyard
