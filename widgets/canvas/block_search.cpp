#include "widgets/canvas/block_search.hpp"

#include <QtGui/QKeyEvent>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QVBoxLayout>
#include <algorithm>

#include "blocks/catalog.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {

int matchOf(const std::string& type_id, const QString& text) {
  if (text.isEmpty()) return 1;
  const BlockSchema& schema = blockType(type_id).schema;
  const QString title = QString::fromStdString(schema.title), id = QString::fromStdString(type_id);
  if (title.startsWith(text, Qt::CaseInsensitive)) return 5;
  if (id.section('/', 1).startsWith(text, Qt::CaseInsensitive)) return 4;
  if (title.contains(text, Qt::CaseInsensitive)) return 3;
  if (id.contains(text, Qt::CaseInsensitive)) return 2;
  return QString::fromStdString(schema.doc).contains(text, Qt::CaseInsensitive) ? 1 : 0;
}

BlockSearch::BlockSearch(QWidget* parent) : QFrame(parent), field_(new QLineEdit), list_(new QListWidget) {
  setFrameShape(QFrame::StyledPanel);
  setAutoFillBackground(true);
  field_->setPlaceholderText(tr("Find a block"));
  field_->setAccessibleName(tr("Find a block"));
  list_->setAccessibleName(tr("Blocks found"));
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setFrameShape(QFrame::NoFrame);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(6, 6, 6, 6);
  layout->setSpacing(4);
  layout->addWidget(field_);
  layout->addWidget(list_);
  hide();
  field_->installEventFilter(this);
  connect(field_, &QLineEdit::textChanged, this, &BlockSearch::fill);
  connect(list_, &QListWidget::itemClicked, this, &BlockSearch::choose);
}

void BlockSearch::open(QPoint at, std::vector<std::string> types, std::function<void(const std::string&)> chosen) {
  types_ = std::move(types);
  if (types_.empty())
    for (const BlockType& type : catalog()) types_.push_back(type.schema.id);
  chosen_ = std::move(chosen);
  const QRect room = parentWidget()->rect();
  resize(std::min(room.width(), 45 * fontMetrics().averageCharWidth() + 30),
         std::min(room.height(), 18 * fontMetrics().lineSpacing() + 30));
  move(std::clamp(at.x(), 0, std::max(0, room.width() - width())),
       std::clamp(at.y(), 0, std::max(0, room.height() - height())));
  field_->clear();
  fill({});
  show();
  raise();
  field_->setFocus();
}

void BlockSearch::fill(const QString& text) {
  std::vector<std::pair<int, const std::string*>> found;
  for (const std::string& type : types_)
    if (const int match = matchOf(type, text.trimmed()); match > 0) found.emplace_back(match, &type);
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  list_->clear();
  for (const auto& [_, type] : found) {
    const BlockSchema& schema = blockType(*type).schema;
    auto* item =
        new QListWidgetItem(QString::fromStdString(schema.title) + QStringLiteral("   ") + titleOf(schema.kind), list_);
    item->setData(Qt::UserRole, QString::fromStdString(*type));
    item->setToolTip(QString::fromStdString(schema.doc));
    item->setForeground(colorOf(schema.kind));
  }
  list_->setCurrentRow(0);
}

void BlockSearch::choose() {
  const QListWidgetItem* item = list_->currentItem();
  if (item == nullptr) return;
  const std::string type = item->data(Qt::UserRole).toString().toStdString();
  hide();
  parentWidget()->setFocus();
  if (chosen_) chosen_(type);
}

bool BlockSearch::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusOut) {
    hide();
  } else if (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) {
    auto* key = static_cast<QKeyEvent*>(event);
    const bool mine = key->key() == Qt::Key_Up || key->key() == Qt::Key_Down || key->key() == Qt::Key_Escape ||
                      key->key() == Qt::Key_Tab || key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (mine && event->type() == QEvent::ShortcutOverride) {
      event->accept();
      return true;
    }
    if (mine) {
      if (key->key() == Qt::Key_Escape) {
        hide();
        parentWidget()->setFocus();
      } else if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
        choose();  // here, so that the canvas behind does not take it as well
      } else {
        const int step = key->key() == Qt::Key_Up ? -1 : 1;
        list_->setCurrentRow(std::clamp(list_->currentRow() + step, 0, std::max(0, list_->count() - 1)));
      }
      return true;
    }
  }
  return QFrame::eventFilter(watched, event);
}

}  // namespace blockyard
