#include "project_cards.hpp"

#include <QtGui/QPainter>
#include <QtGui/QPainterPath>
#include <QtGui/QTextLayout>
#include <QtWidgets/QStyle>
#include <QtWidgets/QStyledItemDelegate>

#include "widgets/canvas/graph_picture.hpp"
#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

using SharedGraph = std::shared_ptr<const Graph>;

enum CardRole { Path = Qt::UserRole, Text, PictureRole };

constexpr int kMargin = 10, kGap = 4, kTextLines = 2;
constexpr double kPictureShape = 2.0;  // width by height

class CardDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
    return {200, heightOf(option) + kGap};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const bool marked = (option.state & (QStyle::State_MouseOver | QStyle::State_HasFocus)) != 0 ||
                        ((option.state & QStyle::State_Selected) != 0 && (option.state & QStyle::State_Active) != 0);
    const QRectF card = QRectF(option.rect).adjusted(1, 1, -1, -1 - kGap);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(option.palette.base());
    painter->setPen(QPen(option.palette.color(marked ? QPalette::Highlight : QPalette::Midlight), marked ? 2 : 1));
    painter->drawRoundedRect(card, 6, 6);
    const QRectF picture(card.left() + 1, card.top() + 1, (card.height() - 2) * kPictureShape, card.height() - 2);
    QPainterPath ground;
    ground.addRoundedRect(picture, 5, 5);
    painter->fillPath(ground, canvasColor());
    if (const auto graph = index.data(PictureRole).value<SharedGraph>())
      paintGraph(*painter, *graph, picture.adjusted(kMargin, kMargin, -kMargin, -kMargin));
    paintTexts(*painter, option, index, card.adjusted(picture.width() + kMargin, kMargin, -kMargin, -kMargin));
    painter->restore();
  }

 private:
  static int heightOf(const QStyleOptionViewItem& option) {
    return (1 + kTextLines) * QFontMetrics(option.font).lineSpacing() + 3 * kMargin;
  }

  static void paintTexts(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                         const QRectF& into) {
    QFont bold = option.font;
    bold.setBold(true);
    const QFontMetricsF title(bold), text(option.font);
    painter.setFont(bold);
    painter.setPen(option.palette.color(QPalette::Text));
    painter.drawText(QRectF(into.left(), into.top(), into.width(), title.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     title.elidedText(index.data().toString(), Qt::ElideRight, into.width()));
    painter.setFont(option.font);
    QColor quiet = option.palette.color(QPalette::Text);
    quiet.setAlphaF(0.75F);
    painter.setPen(quiet);
    // Lines of words; the last one is cut short if more would follow.
    QTextLayout layout(index.data(Text).toString(), option.font);
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
    layout.beginLayout();
    double y = into.top() + title.height() + kMargin / 2.0;
    for (int i = 0; i < kTextLines; ++i, y += text.lineSpacing()) {
      QTextLine line = layout.createLine();
      if (!line.isValid()) break;
      line.setLineWidth(into.width());
      const bool last = i + 1 == kTextLines;
      const QString words = layout.text().mid(line.textStart(), last ? -1 : line.textLength());
      painter.drawText(QRectF(into.left(), y, into.width(), text.height()), Qt::AlignLeft | Qt::AlignVCenter,
                       last ? text.elidedText(words, Qt::ElideRight, into.width()) : words);
    }
    layout.endLayout();
  }
};

}  // namespace

ProjectCards::ProjectCards(const QString& name, QString empty, QWidget* parent)
    : QListWidget(parent), empty_(std::move(empty)) {
  setAccessibleName(name);
  setItemDelegate(new CardDelegate(this));
  setFrameShape(QFrame::NoFrame);
  setMouseTracking(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  setResizeMode(QListView::Adjust);
  viewport()->setAutoFillBackground(false);
  viewport()->setCursor(Qt::PointingHandCursor);
  const auto choose = [this](const QListWidgetItem* item) { Q_EMIT chosen(item->data(Path).toString()); };
  connect(this, &QListWidget::itemActivated, this, choose);
  connect(this, &QListWidget::itemClicked, this, [this, choose](const QListWidgetItem* item) {
    if (!style()->styleHint(QStyle::SH_ItemView_ActivateItemOnSingleClick, nullptr, this)) choose(item);
  });
}

QListWidgetItem* ProjectCards::add(const QString& path, const QString& title, const QString& text) {
  auto* item = new QListWidgetItem(title, this);
  item->setData(Path, path);
  item->setData(Text, text);
  item->setToolTip(path);
  item->setData(Qt::AccessibleTextRole, title + QStringLiteral(". ") + text);
  return item;
}

void ProjectCards::setPicture(QListWidgetItem& item, const SharedGraph& graph) {
  item.setData(PictureRole, QVariant::fromValue(graph));
}

void ProjectCards::paintEvent(QPaintEvent* event) {
  QListWidget::paintEvent(event);
  if (count() > 0) return;
  QPainter painter(viewport());
  QColor quiet = palette().color(QPalette::WindowText);
  quiet.setAlphaF(0.6F);
  painter.setPen(quiet);
  painter.drawText(viewport()->rect().adjusted(2, 4, -2, -2), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, empty_);
}

}  // namespace blockyard
