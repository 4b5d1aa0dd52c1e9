// BlockLibrary: the composites that a person keeps for all projects, one file each in the application's data folder. A
// file is a project that holds the block and whatever it needs, so that it can be read, sent and dropped anywhere.
// GUI thread; the files are small.
#pragma once
#include <QtCore/QObject>
#include <QtCore/QString>
#include <vector>

#include "graph/project.hpp"

namespace blockyard {

struct KeptBlock {
  QString name{};
  QString file{};
};

class BlockLibrary final : public QObject {
  Q_OBJECT

 public:
  explicit BlockLibrary(QObject* parent = nullptr);

  std::vector<KeptBlock> blocks() const;  // by name
  // Under a name of its own, like the one given. Throws Error if the file cannot be written. Returns the name.
  QString keep(const QString& name, const Project& part);
  // Throws Error if the name is empty or taken.
  void rename(const QString& file, const QString& name);
  // Until another one is removed, bringBack() undoes it.
  void remove(const QString& file);
  void bringBack();

 Q_SIGNALS:
  void changed();

 private:
  QString fileOf(const QString& name) const;

  QString folder_;
};

}  // namespace blockyard
