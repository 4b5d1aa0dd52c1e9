#include "widgets/runs/data_watch.hpp"

#include <QtConcurrent/QtConcurrentRun>
#include <QtCore/QFileInfo>
#include <QtGui/QGuiApplication>

#include "training/data_change.hpp"

namespace blockyard {

DataWatch::DataWatch(Document& document, EngineLink& link, QObject* parent)
    : QObject(parent), document_(document), link_(link) {
  constexpr int kSettleMilliseconds = 500;  // a file that is being written changes many times
  soon_.setInterval(kSettleMilliseconds);
  soon_.setSingleShot(true);
  connect(&soon_, &QTimer::timeout, this, &DataWatch::look);
  const auto look_soon = [this] { soon_.start(); };
  connect(&document_, &Document::replaced, this, [this] {
    *stop_ = true;  // what is being looked at is of another project
    files_.clear();
    soon_.start();
  });
  connect(&document_, &Document::checked, this, &DataWatch::followFiles);
  connect(&link_, &EngineLink::finished, this, look_soon);
  connect(&link_, &EngineLink::failed, this, look_soon);
  const auto changed = [this] {
    files_.clear();  // who replaces a file makes a new one, which is not watched yet
    document_.reread();
    soon_.start();
  };
  connect(&watcher_, &QFileSystemWatcher::fileChanged, this, changed);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, changed);
  connect(qApp, &QGuiApplication::applicationStateChanged, this, [this](Qt::ApplicationState state) {
    if (state == Qt::ApplicationActive) soon_.start();
  });
  connect(&looking_, &QFutureWatcherBase::finished, this, &DataWatch::take);
}

DataWatch::~DataWatch() {
  *stop_ = true;
  looking_.waitForFinished();
}

void DataWatch::followFiles() {
  QStringList files;
  for (const auto& file : dataFilesOf(document_.project(), document_.root(), document_.rootResult()))
    files << QString::fromStdString(file);
  soon_.start();
  if (files == files_) return;
  files_ = files;
  if (const QStringList watched = watcher_.files() + watcher_.directories(); !watched.isEmpty())
    watcher_.removePaths(watched);
  for (const QString& file : files)
    if (QFileInfo::exists(file)) watcher_.addPath(file);
}

void DataWatch::look() {
  if (link_.busy()) return;
  if (looking_.isRunning()) {
    again_ = true;
    return;
  }
  stop_ = std::make_shared<std::atomic<bool>>(false);
  looking_.setFuture(QtConcurrent::run([project = document_.project(), root = document_.root(),
                                        checked = document_.rootResult(), stop = stop_, leaks = leaks_] {
    std::vector<Problem> notes = leaks->look(project, root, checked, stop.get());
    if (auto changed = dataChanged(project, root, checked, stop.get())) notes.push_back(std::move(*changed));
    return notes;
  }));
}

void DataWatch::take() {
  if (std::exchange(again_, false) || *stop_) return look();
  document_.setNotes(looking_.result());
  Q_EMIT looked();
}

}  // namespace blockyard
