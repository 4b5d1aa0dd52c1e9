#include "widgets/canvas/palette.hpp"

#include <QtCore/QMimeData>
#include <QtGui/QKeyEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QHeaderView>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QMenu>
#include <QtWidgets/QTreeWidget>
#include <QtWidgets/QVBoxLayout>

#include "base/error.hpp"
#include "blocks/catalog.hpp"
#include "widgets/canvas/block_library.hpp"
#include "widgets/canvas/block_search.hpp"
#include "widgets/canvas/canvas_view.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr int kKept = Qt::UserRole + 1;  // the file of a block of the library

class BlockTree final : public QTreeWidget {
 protected:
  QMimeData* mimeData(const QList<QTreeWidgetItem*>& items) const override {
    auto* data = new QMimeData;
    if (items.isEmpty()) return data;
    const QString kept = items.front()->data(0, kKept).toString();
    if (kept.isEmpty())
      data->setData(kBlockMime, items.front()->data(0, Qt::UserRole).toByteArray());
    else
      data->setData(kKeptMime, kept.toUtf8());
    return data;
  }
};

QIcon iconOf(Kind kind) {
  QPixmap picture(32, 32);
  picture.setDevicePixelRatio(2);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colorOf(kind));
  painter.drawRoundedRect(QRectF(1, 1, 14, 14), 4, 4);
  QFont font = painter.font();
  font.setBold(true);
  font.setPixelSize(10);
  painter.setFont(font);
  painter.setPen(darkTheme() ? Qt::black : Qt::white);
  painter.drawText(QRectF(1, 1, 14, 14), Qt::AlignCenter, QString(letterOf(kind)));
  return picture;
}

}  // namespace

Palette::Palette(BlockLibrary* library, QWidget* parent)
    : QWidget(parent), library_(library), field_(new QLineEdit), tree_(new BlockTree) {
  field_->setPlaceholderText(tr("Search blocks"));
  field_->setAccessibleName(tr("Search blocks"));
  field_->setClearButtonEnabled(true);
  field_->installEventFilter(this);
  tree_->setHeaderHidden(true);
  tree_->setAccessibleName(tr("Blocks"));
  tree_->setDragEnabled(true);
  tree_->setDragDropMode(QAbstractItemView::DragOnly);
  tree_->setFrameShape(QFrame::NoFrame);
  tree_->setIndentation(14);
  tree_->setUniformRowHeights(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(6, 6, 6, 0);
  layout->addWidget(field_);
  layout->addWidget(tree_);
  setMinimumWidth(200);
  fill();
  connect(field_, &QLineEdit::textChanged, this, &Palette::filter);
  connect(tree_, &QTreeWidget::itemActivated, this, &Palette::take);
  connect(tree_, &QTreeWidget::itemChanged, this, &Palette::renameKept);
  tree_->setContextMenuPolicy(Qt::CustomContextMenu);
  tree_->setEditTriggers(QAbstractItemView::EditKeyPressed);
  tree_->installEventFilter(this);
  connect(tree_, &QWidget::customContextMenuRequested, this, &Palette::openMenu);
  if (library_ != nullptr) connect(library_, &BlockLibrary::changed, this, &Palette::fill, Qt::QueuedConnection);
  connect(tree_, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
    if (item != nullptr && !item->data(0, Qt::UserRole).toString().isEmpty())
      Q_EMIT highlighted(item->data(0, Qt::UserRole).toString());
  });
}

void Palette::take(const QTreeWidgetItem* item) {
  if (const QString kept = item->data(0, kKept).toString(); !kept.isEmpty())
    Q_EMIT keptChosen(kept);
  else if (const QString type = item->data(0, Qt::UserRole).toString(); !type.isEmpty())
    Q_EMIT chosen(type);
}

void Palette::addKept() {
  const std::vector<KeptBlock> blocks = library_ == nullptr ? std::vector<KeptBlock>() : library_->blocks();
  if (blocks.empty()) return;
  auto* section = new QTreeWidgetItem(tree_, {tr("My blocks")});
  QFont font = tree_->font();
  font.setBold(true);
  section->setFont(0, font);
  section->setFlags(Qt::ItemIsEnabled);
  for (const KeptBlock& block : blocks) {
    auto* item = new QTreeWidgetItem(section, {block.name});
    item->setData(0, kKept, block.file);
    item->setToolTip(0, tr("A composite that you keep. F2 renames it, Delete removes it."));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemIsEditable);
  }
  section->setExpanded(true);
}

void Palette::renameKept(QTreeWidgetItem* item) {
  const QString file = item->data(0, kKept).toString();
  if (filling_ || file.isEmpty()) return;
  try {
    library_->rename(file, item->text(0));
  } catch (const Error& error) {
    Q_EMIT refused(QString::fromUtf8(error.what()));
    QMetaObject::invokeMethod(this, &Palette::fill, Qt::QueuedConnection);
  }
}

void Palette::removeKept(QTreeWidgetItem* item) {
  const QString name = item->text(0);
  try {
    library_->remove(item->data(0, kKept).toString());
    Q_EMIT keptRemoved(name);
  } catch (const Error& error) {
    Q_EMIT refused(QString::fromUtf8(error.what()));
  }
}

void Palette::openMenu(const QPoint& at) {
  QTreeWidgetItem* item = tree_->itemAt(at);
  if (item == nullptr || item->data(0, kKept).toString().isEmpty()) return;
  tree_->setCurrentItem(item);
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(tr("&Rename"), this, [this] {
    if (tree_->currentItem() != nullptr) tree_->editItem(tree_->currentItem());
  });
  menu->addAction(tr("Remove from my &blocks"), this, [this] {
    if (tree_->currentItem() != nullptr) removeKept(tree_->currentItem());
  });
  menu->popup(tree_->viewport()->mapToGlobal(at));
}

void Palette::fill() {
  filling_ = true;
  tree_->clear();
  addKept();
  for (const Kind kind : {Kind::Source, Kind::Preprocessor, Kind::Extractor, Kind::Classifier, Kind::Regressor,
                          Kind::Generator, Kind::Agent, Kind::Postprocessor}) {
    auto* section = new QTreeWidgetItem({titleOf(kind)});
    QFont font = tree_->font();
    font.setBold(true);
    section->setFont(0, font);
    section->setFlags(Qt::ItemIsEnabled);
    for (const BlockType& type : catalog()) {
      if (type.schema.kind != kind) continue;
      auto* item = new QTreeWidgetItem(section, {QString::fromStdString(type.schema.title)});
      item->setData(0, Qt::UserRole, QString::fromStdString(type.schema.id));
      item->setToolTip(0, QString::fromStdString(type.schema.doc));
      item->setIcon(0, iconOf(kind));
      item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled);
    }
    if (section->childCount() == 0) {  // a kind that this version has no blocks of
      delete section;
      continue;
    }
    tree_->addTopLevelItem(section);
    section->setExpanded(true);
  }
  filling_ = false;
  filter(field_->text());
}

void Palette::filter(const QString& text) {
  QTreeWidgetItem* best = nullptr;
  int best_match = 0;
  for (int s = 0; s < tree_->topLevelItemCount(); ++s) {
    QTreeWidgetItem* section = tree_->topLevelItem(s);
    bool any = false;
    for (int i = 0; i < section->childCount(); ++i) {
      QTreeWidgetItem* item = section->child(i);
      const bool kept = !item->data(0, kKept).toString().isEmpty();
      const int match = kept ? (item->text(0).contains(text.trimmed(), Qt::CaseInsensitive) ? 4 : 0)
                             : matchOf(item->data(0, Qt::UserRole).toString().toStdString(), text.trimmed());
      item->setHidden(match == 0);
      any |= match > 0;
      if (match > best_match) best = item, best_match = match;
    }
    section->setHidden(!any);
  }
  tree_->setCurrentItem(text.isEmpty() ? nullptr : best);
}

void Palette::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) fill();  // the icons are of the theme
  QWidget::changeEvent(event);
}

// Arrows go through the list while the field has the focus; Enter takes the block.
bool Palette::eventFilter(QObject* watched, QEvent* event) {
  if (watched == tree_) {
    const bool remove = event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete;
    // The shortcut of the window would delete on the canvas.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete)
      event->accept();
    if (!remove || tree_->currentItem() == nullptr || tree_->currentItem()->data(0, kKept).toString().isEmpty())
      return QWidget::eventFilter(watched, event);
    removeKept(tree_->currentItem());
    return true;
  }
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Down || key == Qt::Key_Up) {
      tree_->setFocus();
      return true;
    }
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && tree_->currentItem() != nullptr) {
      take(tree_->currentItem());
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace blockyard
