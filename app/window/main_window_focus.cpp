// The window by keyboard: from panel to panel, to the settings of a block and back to the canvas.
#include <QtGui/QKeyEvent>
#include <QtWidgets/QApplication>
#include <QtWidgets/QDockWidget>
#include <QtWidgets/QStackedWidget>

#include "main_window.hpp"

namespace blockyard {
namespace {

// The first widget inside that Tab would stop at, in the order of Tab.
QWidget* firstStop(QWidget* panel) {
  for (QWidget* each = panel->nextInFocusChain(); each != nullptr && each != panel; each = each->nextInFocusChain()) {
    const bool stop = (each->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && each->isEnabled() && each->isVisible();
    if (stop && panel->isAncestorOf(each)) return each;
  }
  return nullptr;
}

}  // namespace

void MainWindow::goToCanvas() {
  pages_->currentWidget()->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::enterPanel(QDockWidget& dock) {
  dock.show();
  dock.raise();
  QWidget* stop = firstStop(dock.widget());
  if (stop == nullptr) stop = dock.widget();
  stop->setFocus(Qt::TabFocusReason);
}

// The panels that are shown, in their tabs as well, after the canvas and before it again.
void MainWindow::goToPanel(int step) {
  std::vector<QDockWidget*> shown;
  for (const char* name :
       {"palette", "inspector", "help", "training", "problems", "peek", "confusion", "runs", "compare", "predict"})
    if (QDockWidget* dock = docks_[QLatin1String(name)]; !dock->isHidden()) shown.push_back(dock);
  const QWidget* now = QApplication::focusWidget();
  const auto at =
      std::find_if(shown.begin(), shown.end(), [now](QDockWidget* dock) { return dock->isAncestorOf(now); });
  // Place 0 is the canvas.
  const auto count = static_cast<int64_t>(shown.size()) + 1;
  const int64_t place = now == nullptr || at == shown.end() ? 0 : at - shown.begin() + 1;
  const int64_t next = (place + step + count) % count;
  if (next == 0) return goToCanvas();
  enterPanel(*shown[static_cast<size_t>(next) - 1]);
}

// Of the block that is selected, or of the training: the first parameter.
void MainWindow::goToSettings() {
  QDockWidget* dock = docks_["inspector"];
  dock->show();
  dock->raise();
  if (!inspector_->focusFirstParameter()) enterPanel(*dock);
}

// Whatever does not need Escape for itself hands it on: it leads back to the canvas.
void MainWindow::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Escape) return QMainWindow::keyPressEvent(event);
  goToCanvas();
  event->accept();
}

}  // namespace blockyard
