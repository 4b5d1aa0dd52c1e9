#include "autosave.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QStandardPaths>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <utility>

#include "base/file.hpp"

namespace blockyard {
namespace {

constexpr int kDelayMilliseconds = 1000;
// A copy that the system has, and the disk perhaps not.
const QString kNow = QStringLiteral(".now");
// Names the file of the project.
const QString kPlace = QStringLiteral(".place");

QString folder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/autosave";
}

// "1234-0.blockyard" by process and document; the path of the project stands in a file beside it.
qint64 processOf(const QString& name) {
  return name.section('-', 0, 0).toLongLong();
}

double secondsOfThisThread() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// At any moment the old file or the new one, for whoever looks as long as the power is on.
void putWhole(const QString& path, const std::string& text) {
  const QString part = path + ".part";
  QFile file(part);
  const auto size = static_cast<qint64>(text.size());
  if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), size) != size || !file.flush()) return;
  file.close();
  static_cast<void>(std::rename(part.toLocal8Bit().constData(), path.toLocal8Bit().constData()));
}

// The durable copy that this is, or that it is newer than.
QString ownOf(const QString& copy) {
  return copy.endsWith(kNow) ? copy.chopped(kNow.size()) : copy;
}

bool isWhole(const Recovered& copy) {
  try {
    Autosave::load(copy);
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool lives(qint64 process) {
  return process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

}  // namespace

Autosave::Autosave(Document& document, QObject* parent) : QObject(parent), document_(document) {
  timer_.setSingleShot(true);
  timer_.setInterval(kDelayMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &Autosave::write);
  soon_.setSingleShot(true);
  connect(&soon_, &QTimer::timeout, this, &Autosave::keep);
  connect(&document_, &Document::changed, this, [this] {
    if (!timer_.isActive()) timer_.start();
    if (!soon_.isActive()) soon_.start();
  });
}

Autosave::~Autosave() {
  remove();
}

void Autosave::remove() const {
  for (const QString& ending : {QString(), kNow, kPlace}) QFile::remove(path() + ending);
}

QString Autosave::path() const {
  return QStringLiteral("%1/%2-0.blockyard").arg(folder()).arg(QCoreApplication::applicationPid());
}

void Autosave::makeFolder() {
  if (!QDir().mkpath(folder()))
    throw Error({.file = folder().toStdString()}, "cannot make the folder for unsaved work");
}

// Each time a whole file takes the place of the one before.
void Autosave::keep() {
  constexpr double kLong = 0.005, kShare = 10;  // of a large project: no more than a tenth of the time goes into this
  const double before = secondsOfThisThread();
  try {
    if (document_.undoStack().isClean()) return write();
    const std::string place = document_.project().file.string();
    if (std::exchange(place_, place) != place) {
      makeFolder();
      putWhole(path() + kPlace, place);
    }
    putWhole(path() + kNow, projectText(document_.project()));
  } catch (const Error&) {  // NOLINT(bugprone-empty-catch): write() tries again in a second, and tells
  }
  const double took = secondsOfThisThread() - before;
  soon_.setInterval(took > kLong ? static_cast<int>(1000 * kShare * took) : 0);
}

void Autosave::write() {
  try {
    if (document_.undoStack().isClean()) {  // the project's own file has it all
      place_ = "?";
      return remove();
    }
    makeFolder();
    writeDurably((path() + kPlace).toStdString(), document_.project().file.string());
    writeDurably(path().toStdString(), projectText(document_.project()));
    QFile::remove(path() + kNow);
    failed_ = false;
  } catch (const Error& error) {
    if (!std::exchange(failed_, true)) Q_EMIT failed(QString::fromUtf8(error.what()));
  }
}

std::vector<Recovered> Autosave::leftBehind() {
  std::vector<Recovered> out;
  const QDir dir(folder());
  QStringList seen;
  for (const QFileInfo& file : dir.entryInfoList({"*.blockyard", "*" + kNow}, QDir::Files, QDir::Time)) {
    const QString own = ownOf(file.filePath());
    if (lives(processOf(file.fileName())) || seen.contains(own)) continue;  // the newest comes first
    QFile place(own + kPlace);
    const bool known = place.open(QIODevice::ReadOnly);
    const Recovered found{file.filePath(), known ? QString::fromUtf8(place.readAll()) : QString(), file.lastModified()};
    if (file.fileName().endsWith(kNow) && !isWhole(found)) continue;  // a power cut: an older copy is on the disk
    seen << own;
    out.push_back(found);
  }
  return out;
}

Project Autosave::load(const Recovered& recovered) {
  QFile file(recovered.copy);
  if (!file.open(QIODevice::ReadOnly))
    throw Error({.file = recovered.copy.toStdString()}, file.errorString().toStdString());
  const std::filesystem::path place =
      recovered.project.isEmpty() ? recovered.copy.toStdString() : recovered.project.toStdString();
  Project out = projectFromText(file.readAll().toStdString(), place);
  out.file = recovered.project.toStdString();
  return out;
}

void Autosave::discard(const Recovered& recovered) {
  const QString own = ownOf(recovered.copy);
  for (const QString& ending : {QString(), kNow, kPlace}) QFile::remove(own + ending);
}

}  // namespace blockyard
