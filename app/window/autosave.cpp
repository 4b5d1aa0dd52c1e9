#include "autosave.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QStandardPaths>
#include <csignal>

#include "base/file.hpp"

namespace blockyard {
namespace {

constexpr int kDelayMilliseconds = 1000;

QString folder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/autosave";
}

// "1234-0.blockyard" by process and document; the path of the project stands in a file beside it.
qint64 processOf(const QString& name) {
  return name.section('-', 0, 0).toLongLong();
}

bool lives(qint64 process) {
  return process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

}  // namespace

Autosave::Autosave(Document& document, QObject* parent) : QObject(parent), document_(document) {
  timer_.setSingleShot(true);
  timer_.setInterval(kDelayMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &Autosave::write);
  connect(&document_, &Document::changed, this, [this] {
    if (!timer_.isActive()) timer_.start();
  });
}

Autosave::~Autosave() {
  QFile::remove(path());
  QFile::remove(path() + ".place");
}

QString Autosave::path() const {
  return QStringLiteral("%1/%2-0.blockyard").arg(folder()).arg(QCoreApplication::applicationPid());
}

void Autosave::write() {
  try {
    if (document_.undoStack().isClean()) {  // the project's own file has it all
      QFile::remove(path());
      return;
    }
    if (!QDir().mkpath(folder()))
      throw Error({.file = folder().toStdString()}, "cannot make the folder for unsaved work");
    writeDurably((path() + ".place").toStdString(), document_.project().file.string());
    writeDurably(path().toStdString(), projectText(document_.project()));
    failed_ = false;
  } catch (const Error& error) {
    if (!std::exchange(failed_, true)) Q_EMIT failed(QString::fromUtf8(error.what()));
  }
}

std::vector<Recovered> Autosave::leftBehind() {
  std::vector<Recovered> out;
  const QDir dir(folder());
  for (const QFileInfo& file : dir.entryInfoList({"*.blockyard"}, QDir::Files, QDir::Time)) {
    if (lives(processOf(file.fileName()))) continue;
    QFile place(file.filePath() + ".place");
    const bool known = place.open(QIODevice::ReadOnly);
    out.push_back({file.filePath(), known ? QString::fromUtf8(place.readAll()) : QString(), file.lastModified()});
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
  QFile::remove(recovered.copy);
  QFile::remove(recovered.copy + ".place");
}

}  // namespace blockyard
