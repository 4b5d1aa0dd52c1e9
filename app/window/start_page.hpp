// StartPage: what to do first - sample projects, recent projects, a new one.
#pragma once
#include <QtWidgets/QWidget>

class QListWidget;
class QVBoxLayout;

namespace blockyard {

class StartPage final : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  void setRecent(const QStringList& paths);
  QListWidget* samples() const { return samples_; }

 Q_SIGNALS:
  void opened(const QString& path);
  void newWanted();
  void openWanted();

 private:
  QListWidget* samples_;
  QListWidget* recent_;
};

// The folder of the sample projects: beside the program when it is installed, in the source tree when not; empty if
// neither is there.
QString samplesFolder();

}  // namespace blockyard
