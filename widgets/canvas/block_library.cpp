#include "widgets/canvas/block_library.hpp"

#include <QtCore/QDir>
#include <QtCore/QStandardPaths>

#include "base/error.hpp"

namespace blockyard {
namespace {

const QString kEnding = QStringLiteral(".blockyard"), kRemoved = QStringLiteral("removed");

}  // namespace

BlockLibrary::BlockLibrary(QObject* parent)
    : QObject(parent),
      folder_(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/blocks")) {}

QString BlockLibrary::fileOf(const QString& name) const {
  QString plain = name.trimmed();
  for (QChar& c : plain)
    if (c == QLatin1Char('/') || c == QLatin1Char('\\') || c.unicode() < 32) c = QLatin1Char('_');
  if (plain.startsWith(QLatin1Char('.'))) plain[0] = QLatin1Char('_');
  return folder_ + QLatin1Char('/') + plain + kEnding;
}

std::vector<KeptBlock> BlockLibrary::blocks() const {
  std::vector<KeptBlock> out;
  const QDir folder(folder_);
  for (const QFileInfo& each : folder.entryInfoList({QLatin1Char('*') + kEnding}, QDir::Files, QDir::Name))
    out.push_back({each.completeBaseName(), each.absoluteFilePath()});
  return out;
}

QString BlockLibrary::keep(const QString& name, const Project& part) {
  if (!QDir().mkpath(folder_)) throw Error({.file = folder_.toStdString()}, "cannot make this folder");
  QString free = name;
  for (int number = 2; QFile::exists(fileOf(free)); ++number) free = name + QLatin1Char(' ') + QString::number(number);
  Project named = part;
  named.name = free.toStdString();
  saveProject(named, fileOf(free).toStdString());
  Q_EMIT changed();
  return free;
}

void BlockLibrary::rename(const QString& file, const QString& name) {
  if (name.trimmed().isEmpty()) throw Error({}, "a block needs a name");
  const QString to = fileOf(name);
  if (to == file) return;
  if (QFile::exists(to)) throw Error({}, "there is a block \"" + name.toStdString() + "\" already");
  if (!QFile::rename(file, to)) throw Error({.file = file.toStdString()}, "cannot rename this file");
  Q_EMIT changed();
}

void BlockLibrary::remove(const QString& file) {
  QDir removed(folder_ + QLatin1Char('/') + kRemoved);
  removed.removeRecursively();
  QDir().mkpath(removed.path());
  if (!QFile::rename(file, removed.filePath(QFileInfo(file).fileName())))
    throw Error({.file = file.toStdString()}, "cannot remove this file");
  Q_EMIT changed();
}

void BlockLibrary::bringBack() {
  const QDir removed(folder_ + QLatin1Char('/') + kRemoved);
  for (const QString& name : removed.entryList(QDir::Files))
    QFile::rename(removed.filePath(name), folder_ + QLatin1Char('/') + name);
  Q_EMIT changed();
}

}  // namespace blockyard
