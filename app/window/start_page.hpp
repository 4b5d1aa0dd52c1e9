// StartPage: what to do first - sample projects, recent projects, a new one.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtWidgets/QWidget>
#include <memory>

#include "project_cards.hpp"

namespace blockyard {

class StartPage final : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  void setRecent(const QStringList& paths);
  ProjectCards* samples() const { return samples_; }

 Q_SIGNALS:
  void opened(const QString& path);
  void newWanted();
  void openWanted();

 private:
  ProjectCards* samples_;
  ProjectCards* recent_;
  QFutureWatcher<std::shared_ptr<const Graph>> pictures_{};  // of the recent ones, in their order
};

// The folder of the sample projects: beside the program when it is installed, in the source tree when not; empty if
// neither is there.
QString samplesFolder();

}  // namespace blockyard
