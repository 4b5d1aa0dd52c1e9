#include "widgets/inspector/code_edit.hpp"

#include <QtGui/QFontDatabase>
#include <QtGui/QPaintEvent>
#include <QtGui/QPainter>
#include <QtGui/QTextBlock>
#include <algorithm>

#include "widgets/common/theme.hpp"

namespace blockyard {
namespace {

constexpr int kFewestLines = 5, kMostLines = 24;

class NumberStrip final : public QWidget {
 public:
  explicit NumberStrip(CodeEdit* edit) : QWidget(edit), edit_(*edit) {}
  QSize sizeHint() const override { return {edit_.numberWidth(), 0}; }

 protected:
  void paintEvent(QPaintEvent* event) override { edit_.paintNumbers(*this, event->rect()); }

 private:
  CodeEdit& edit_;
};

}  // namespace

CodeEdit::CodeEdit(QWidget* parent) : QPlainTextEdit(parent), numbers_(new NumberStrip(this)) {
  setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(this, &QPlainTextEdit::blockCountChanged, this, [this] {
    placeNumbers();
    updateGeometry();
  });
  connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& part, int moved) {
    if (moved != 0)
      numbers_->scroll(0, moved);
    else
      numbers_->update(0, part.y(), numbers_->width(), part.height());
  });
  placeNumbers();
}

QSize CodeEdit::sizeHint() const {
  const int lines = std::clamp(blockCount() + 1, kFewestLines, kMostLines);
  return {200, lines * fontMetrics().lineSpacing() + 2 * frameWidth() + 12};
}

int CodeEdit::numberWidth() const {
  const auto digits = QString::number(std::max(10, blockCount())).size();
  return fontMetrics().horizontalAdvance(u'9') * static_cast<int>(digits) + 10;
}

void CodeEdit::placeNumbers() {
  setViewportMargins(numberWidth(), 0, 0, 0);
  const QRect inside = contentsRect();
  numbers_->setGeometry(inside.left(), inside.top(), numberWidth(), inside.height());
}

void CodeEdit::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  placeNumbers();
}

void CodeEdit::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::FontChange && numbers_ != nullptr) placeNumbers();
}

// Tab indents here; Ctrl+Tab and Shift+Tab leave the field, so that the keyboard alone is enough.
void CodeEdit::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Tab && event->modifiers() == Qt::NoModifier && !isReadOnly()) {
    insertPlainText(QStringLiteral("    "));
    return;
  }
  if (event->key() == Qt::Key_Tab && event->modifiers() == Qt::ControlModifier) {
    focusNextChild();
    return;
  }
  QPlainTextEdit::keyPressEvent(event);
}

void CodeEdit::markLine(int64_t line) {
  if (marked_ == line) return;
  marked_ = line;
  numbers_->update();
}

void CodeEdit::paintNumbers(QWidget& strip, const QRect& part) {
  QPainter painter(&strip);
  painter.fillRect(part, palette().color(QPalette::AlternateBase));
  painter.setFont(font());
  QTextBlock block = firstVisibleBlock();
  qreal top = blockBoundingGeometry(block).translated(contentOffset()).top();
  while (block.isValid() && top <= part.bottom()) {
    const qreal height = blockBoundingRect(block).height();
    const bool marked = block.blockNumber() + 1 == marked_;
    if (marked) painter.fillRect(QRectF(0, top, 4, height), problemColor());
    painter.setPen(marked ? problemColor() : palette().color(QPalette::PlaceholderText));
    painter.drawText(QRectF(0, top, strip.width() - 5, height), Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(block.blockNumber() + 1));
    top += height;
    block = block.next();
  }
}

}  // namespace blockyard
