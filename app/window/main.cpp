// blockyard-window [PROJECT or DATA FILE]
#include <unistd.h>

#include <QtCore/QFile>
#include <QtCore/QTextStream>
#include <QtCore/QThreadPool>
#include <QtWidgets/QApplication>
#include <ctime>

#include "main_window.hpp"
#include "training/cpu_allocator.hpp"
#include "widgets/common/allowed_paths.hpp"
#include "widgets/common/language.hpp"
#include "widgets/common/text_size.hpp"

namespace {

// Since the process was made, in milliseconds: field 22 of its line, counted after its name, which may hold anything.
double processMilliseconds() {
  QFile file(QStringLiteral("/proc/self/stat"));
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const QByteArray line = file.readAll();
  constexpr int kField = 22 - 3;
  const double ticks = line.mid(line.lastIndexOf(')') + 2).split(' ').value(kField).toDouble();
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return 1e3 * (static_cast<double>(now.tv_sec) - ticks / static_cast<double>(sysconf(_SC_CLK_TCK))) +
         1e-6 * static_cast<double>(now.tv_nsec);
}

// With BLOCKYARD_QUIT_AFTER_PAINT in the environment the program says how long its first window took, and ends.
class FirstPaint final : public QObject {
 public:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::Paint && watched->isWidgetType() && !std::exchange(seen_, true))
      QMetaObject::invokeMethod(
          this,
          [] {
            QTextStream(stdout) << "first paint after " << qRound(processMilliseconds()) << " ms" << Qt::endl;
            QApplication::exit(0);
          },
          Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
  }

 private:
  bool seen_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  blockyard::installCpuAllocator();
  QApplication app(argc, argv);
  // A thread that has computed keeps OpenMP's helpers of its own; where there are more of them than cores, those of a
  // training sleep between operators instead of waiting awake, which costs it a tenth of its speed.
  constexpr int kIdleMilliseconds = 200;
  QThreadPool::globalInstance()->setExpiryTimeout(kIdleMilliseconds);
  QApplication::setApplicationName(QStringLiteral("blockyard"));
  QApplication::setApplicationDisplayName(QStringLiteral("Blockyard"));
  QApplication::setOrganizationName(QStringLiteral("blockyard"));
  blockyard::installLanguage();
  blockyard::applyTextSize();
  blockyard::applyTheme(static_cast<blockyard::ThemeName>(QSettings().value("theme", 0).toInt()));
  blockyard::guardProjects();
  blockyard::MainWindow window;
  FirstPaint first_paint;
  if (qEnvironmentVariableIsSet("BLOCKYARD_QUIT_AFTER_PAINT")) app.installEventFilter(&first_paint);
  window.show();
  window.offerRecovery();
  if (app.arguments().size() > 1) window.open(app.arguments().at(1));
  return QApplication::exec();
}
