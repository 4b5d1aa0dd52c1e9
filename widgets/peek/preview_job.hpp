// PreviewJob: looks at a port on a thread of its own. A new look takes the place of the one that is going on, which is
// stopped and never heard of again. GUI thread; nothing waits but the destructor, and that not for long.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtCore/QObject>
#include <QtCore/QTimer>
#include <memory>
#include <optional>

#include "training/preview.hpp"

namespace blockyard {

struct PreviewRequest {
  Plan plan{};
  std::string block{}, port{};
  int64_t rows = kPreviewRows;
  std::string bundle{};  // of a training whose weights are to be used if they fit; empty: initial weights
};

class PreviewJob final : public QObject {
  Q_OBJECT

 public:
  explicit PreviewJob(QObject* parent = nullptr);
  ~PreviewJob() override;

  void start(PreviewRequest request);
  void cancel();
  bool running() const { return current_ != nullptr; }

 Q_SIGNALS:
  void progress(double share);  // 0 to 1
  void done(const std::shared_ptr<const blockyard::Preview>& preview);
  void failed(const blockyard::Error& error);

 private:
  struct Work;
  void run();
  void ended();

  std::shared_ptr<Work> current_;  // null if nothing is wanted
  std::optional<PreviewRequest> next_;
  QFutureWatcher<std::shared_ptr<Work>> watcher_;
  QTimer timer_;
};

}  // namespace blockyard
