// ExportDialog: takes the trained pipeline of a run away as a file or folder. One that is there is replaced only by a
// button that says so. It is written on another thread; the dialog stays open and tells how the same is done in a
// terminal.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtWidgets/QDialog>
#include <filesystem>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace blockyard {

struct ExportFormat;
class ToneLabel;
class TrainedBox;

class ExportDialog final : public QDialog {
  Q_OBJECT

 public:
  // `project` is the project's file, `name` what a file is called at first.
  ExportDialog(const std::filesystem::path& project, const QString& name, QWidget* parent = nullptr);
  ~ExportDialog() override;

  TrainedBox& trained() { return *trained_; }
  QString command() const;  // the line for a terminal that does the same
  QString message() const;

 Q_SIGNALS:
  void exported(const QString& file);

 private:
  struct Written {
    int64_t bytes = 0;
    QString problem{};
  };
  void build();
  void refresh();
  void browse();
  void take(const QString& chosen, const QString& filter);
  void followFormat();
  void write();
  void tell();
  const ExportFormat& format() const;
  QString file() const;  // absolute, with the ending of the format

  std::filesystem::path project_;
  QString written_file_;
  bool replaces_ = false;  // the button says so
  QFutureWatcher<Written> writing_;
  TrainedBox* trained_;
  QComboBox* format_;
  QLineEdit *path_, *command_;
  QPushButton *browse_, *write_, *folder_, *copy_;
  QCheckBox* rows_;  // of the data, with their answers: in bundles
  QLabel *about_, *done_;
  ToneLabel *note_, *problem_;
};

}  // namespace blockyard
