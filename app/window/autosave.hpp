// Autosave: a copy of the project beside the user's settings, removed when the window closes. After each change it is
// given to the system at once, so that a window that is killed has lost nothing, and a second later brought to the
// disk, so that a power cut costs no more than that. What is found at the next start without a living window is work
// that a crash has left.
#pragma once
#include <QtCore/QDateTime>
#include <QtCore/QTimer>
#include <vector>

#include "widgets/common/document.hpp"

namespace blockyard {

struct Recovered {
  QString copy{};     // the autosaved file
  QString project{};  // where the project lies; empty if it was never saved
  QDateTime when{};
};

class Autosave final : public QObject {
  Q_OBJECT

 public:
  explicit Autosave(Document& document, QObject* parent = nullptr);
  ~Autosave() override;  // a clean end: the copy goes

  // Brings what has changed to the disk at once. Failures are told by failed(), once.
  void write();
  // What other windows have left that do not run any more.
  static std::vector<Recovered> leftBehind();
  static Project load(const Recovered& recovered);  // throws Error
  static void discard(const Recovered& recovered);

 Q_SIGNALS:
  void failed(const QString& why);

 private:
  QString path() const;
  void keep();
  void makeFolder();
  void remove() const;

  Document& document_;
  QTimer timer_, soon_;
  bool failed_ = false;
  std::string place_ = "?";  // what stands in the file beside the copy
};

}  // namespace blockyard
