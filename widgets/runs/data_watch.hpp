// DataWatch: tells the document what is to be known about the data of its pipeline: that the files are no longer what
// the last run has read, and what would make a result look better than it is. Looks when a project is opened or
// changed, a file changes, a training ends and when the window comes to the front; on another thread, and not while
// something trains. GUI thread.
#pragma once
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QFutureWatcher>
#include <QtCore/QTimer>
#include <atomic>
#include <memory>
#include <vector>

#include "training/leaks.hpp"
#include "widgets/common/document.hpp"
#include "widgets/common/engine_link.hpp"

namespace blockyard {

class DataWatch final : public QObject {
  Q_OBJECT

 public:
  // Both must outlive it.
  DataWatch(Document& document, EngineLink& link, QObject* parent = nullptr);
  ~DataWatch() override;  // stops a look that is going on

 Q_SIGNALS:
  void looked();

 private:
  void followFiles();
  void look();
  void take();

  Document& document_;
  EngineLink& link_;
  QStringList files_;
  QFileSystemWatcher watcher_;
  QTimer soon_;
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  bool again_ = false;
  std::shared_ptr<LeakGuard> leaks_ = std::make_shared<LeakGuard>();  // of the thread that looks
  QFutureWatcher<std::vector<Problem>> looking_;
};

}  // namespace blockyard
