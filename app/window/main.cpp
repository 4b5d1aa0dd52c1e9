// blockyard-window [PROJECT or DATA FILE]
#include <QtWidgets/QApplication>

#include "main_window.hpp"
#include "training/cpu_allocator.hpp"

int main(int argc, char** argv) {
  blockyard::installCpuAllocator();
  QApplication app(argc, argv);
  QApplication::setApplicationName(QStringLiteral("blockyard"));
  QApplication::setApplicationDisplayName(QStringLiteral("Blockyard"));
  QApplication::setOrganizationName(QStringLiteral("blockyard"));
  blockyard::applyTheme(static_cast<blockyard::ThemeName>(QSettings().value("theme", 0).toInt()));
  blockyard::MainWindow window;
  window.show();
  window.offerRecovery();
  if (app.arguments().size() > 1) window.open(app.arguments().at(1));
  return QApplication::exec();
}
