// StudyLink: the study that is trained now. The trainings run in processes below the command `blockyard study resume`,
// so that none of them can take the window along; what they have done is read from the disk on another thread. GUI
// thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtCore/QObject>
#include <QtCore/QProcess>
#include <QtCore/QTimer>
#include <filesystem>
#include <memory>
#include <optional>

#include "graph/project.hpp"
#include "study/results.hpp"

namespace blockyard {

// A study with what it has found so far.
struct StudyView {
  std::optional<Study> study{};
  StudyResults results{};
  QString failure{};  // why it could not be read
};

class StudyLink final : public QObject {
  Q_OBJECT

 public:
  explicit StudyLink(QObject* parent = nullptr);
  ~StudyLink() override;

  // Checks what is asked, writes the study down and trains it; began() or failed() follows.
  void begin(const Project& project, const StudySpec& spec);
  // Trains what the study still lacks.
  void resume(const std::filesystem::path& project_folder, const QString& name);
  // After the batch; what was done is kept.
  void stop();
  bool busy() const { return starting_.isRunning() || process_.state() != QProcess::NotRunning; }
  QString name() const { return name_; }  // of the study that is trained

  // Reads a study; viewed() follows.
  void look(const std::filesystem::path& project_folder, const QString& name);

 Q_SIGNALS:
  void began(const QString& name);
  void ended();
  void failed(const QString& why);
  void trained();  // one more training has ended
  void viewed(const std::shared_ptr<blockyard::StudyView>& view);

 private:
  struct Began {
    QString name{}, failure{};
  };
  void start();
  void hear();

  std::filesystem::path folder_{};
  QString name_{};
  QProcess process_;
  QByteArray heard_;
  QFutureWatcher<Began> starting_;
  QFutureWatcher<std::shared_ptr<StudyView>> looking_;
  std::pair<std::filesystem::path, QString> look_next_{};
};

}  // namespace blockyard
