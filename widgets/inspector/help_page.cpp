#include "widgets/inspector/help_page.hpp"

#include <QtCore/QEvent>
#include <QtCore/QUrl>

#include "blocks/catalog.hpp"
#include "widgets/common/theme.hpp"
#include "widgets/inspector/block_picture.hpp"
#include "widgets/inspector/help_html.hpp"

namespace blockyard {

HelpPage::HelpPage(QWidget* parent) : QTextBrowser(parent) {
  setOpenLinks(false);
  setFrameShape(QFrame::NoFrame);
  setAccessibleName(tr("Help"));
  document()->setDocumentMargin(12);
  render();
}

void HelpPage::showCanvas() {
  shows_ = Shows::Canvas;
  render();
  moveCursor(QTextCursor::Start);
}

void HelpPage::showBlock(const std::string& type_id, const QString& parameter) {
  shows_ = Shows::Block;
  type_id_ = type_id;
  render();
  goToParameter(parameter);
}

void HelpPage::showTraining(const QString& parameter) {
  shows_ = Shows::Training;
  render();
  goToParameter(parameter);
}

void HelpPage::goToParameter(const QString& parameter) {
  if (parameter.isEmpty())
    moveCursor(QTextCursor::Start);
  else
    scrollToAnchor(parameter);
}

void HelpPage::changeEvent(QEvent* event) {
  QTextBrowser::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) render();
}

void HelpPage::render() {
  const QColor line = darkTheme() ? palette().color(QPalette::Midlight) : palette().color(QPalette::Window).darker(112);
  document()->setDefaultStyleSheet(
      QStringLiteral("table.grid { border: 1px solid %1; border-collapse: collapse; margin-bottom: 8px; }"
                     "table.grid th { background: %2; text-align: left; border: 1px solid %1; }"
                     "table.grid td { border: 1px solid %1; }"
                     "pre { background: %2; } .faint { color: %3; } h3 { margin-top: 16px; }")
          .arg(line.name(), palette().color(QPalette::AlternateBase).name(),
               palette().color(QPalette::PlaceholderText).name()));
  if (shows_ == Shows::Canvas) return setHtml(canvasHtml());
  if (shows_ == Shows::Training) return setHtml(trainingHtml(trainingSections()));
  const BlockType* type = findBlockType(type_id_);
  if (type == nullptr) {
    setHtml(QStringLiteral("<h2>%1</h2><p>%2</p>")
                .arg(QString::fromStdString(type_id_).toHtmlEscaped(),
                     tr("This version does not know this block; it is kept as it is.")));
    return;
  }
  const QPixmap picture = blockPicture(type->schema, devicePixelRatioF());
  document()->addResource(QTextDocument::ImageResource, QUrl(QStringLiteral("block.png")), picture);
  setHtml(blockHtml(type->schema, picture.deviceIndependentSize().toSize()));
}

}  // namespace blockyard
