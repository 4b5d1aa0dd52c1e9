#include "widgets/peek/preview_job.hpp"

#include <QtConcurrent/QtConcurrentRun>

#include "export/preview_bundle.hpp"

namespace blockyard {
namespace {

constexpr int kProgressMilliseconds = 100;

}  // namespace

struct PreviewJob::Work {
  PreviewRequest request{};
  std::atomic<bool> stop{false};
  std::atomic<double> share{0};
  std::shared_ptr<const Preview> preview{};
  std::optional<Error> error{};

  void compute() {
    try {
      const PreviewOptions options{
          .rows = request.rows, .stop = &stop, .progress = [this](const std::string&, double done) { share = done; }};
      std::optional<Preview> made;
      if (!request.bundle.empty())
        made = previewTrained(request.bundle, request.plan, request.block, request.port, options);
      if (!made) made = blockyard::preview(request.plan, request.block, request.port, options);
      preview = std::make_shared<const Preview>(std::move(*made));
    } catch (const Error& failure) {
      error = failure;
    } catch (const std::exception& failure) {
      error = Error({.block = request.block, .port = request.port}, failure.what(), {}, Fault::Failed);
    }
  }
};

PreviewJob::PreviewJob(QObject* parent) : QObject(parent) {
  timer_.setInterval(kProgressMilliseconds);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (current_) Q_EMIT progress(current_->share);
  });
  connect(&watcher_, &QFutureWatcherBase::finished, this, &PreviewJob::ended);
}

PreviewJob::~PreviewJob() {
  cancel();
  watcher_.waitForFinished();
}

void PreviewJob::start(PreviewRequest request) {
  cancel();
  next_ = std::move(request);
  if (!watcher_.isRunning()) run();
}

void PreviewJob::cancel() {
  if (current_) current_->stop = true;
  current_.reset();
  next_.reset();
  timer_.stop();
}

void PreviewJob::run() {
  current_ = std::make_shared<Work>();
  current_->request = std::move(*next_);
  next_.reset();
  timer_.start();
  watcher_.setFuture(QtConcurrent::run([work = current_] {
    work->compute();
    return work;
  }));
}

void PreviewJob::ended() {
  const std::shared_ptr<Work> work = watcher_.result();
  const bool wanted = work == current_;
  if (wanted) {
    current_.reset();
    timer_.stop();
  }
  if (next_) return run();
  if (!wanted) return;
  if (work->error)
    Q_EMIT failed(*work->error);
  else
    Q_EMIT done(work->preview);
}

}  // namespace blockyard
