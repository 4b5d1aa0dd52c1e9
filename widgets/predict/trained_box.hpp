// TrainedBox: the list of trained pipelines to choose from - the runs of a project, the latest first, and bundle files.
// It reads the runs on another thread. The latest stays chosen when a newer one comes, until another one is. GUI
// thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtWidgets/QComboBox>
#include <filesystem>
#include <vector>

namespace blockyard {

class EngineLink;

class TrainedBox final : public QComboBox {
  Q_OBJECT

 public:
  // Whether bundle files can be chosen, too.
  enum class Files { No, Offered };
  explicit TrainedBox(Files files, QWidget* parent = nullptr);
  ~TrainedBox() override;

  // The project whose runs are offered; empty: none.
  void setFolder(const std::filesystem::path& project_folder);
  // Looks for new runs at the end of every training.
  void follow(EngineLink& link);
  void refresh();
  void chooseRun(const QString& run);
  void chooseFile(const QString& bundle);
  const std::filesystem::path& chosen() const { return chosen_; }  // a bundle; empty if there is none
  bool chosenIsFile() const;
  QString chosenRun() const;  // its id; empty for a file

 Q_SIGNALS:
  void choiceChanged();

 private:
  struct Choice {
    QString text{};
    std::filesystem::path bundle{};
  };
  static std::vector<Choice> choicesIn(const std::filesystem::path& folder);
  void take();
  void fill();
  void choose(const std::filesystem::path& bundle);
  void openDialog();

  Files offered_;
  std::filesystem::path folder_, chosen_;
  QFutureWatcher<std::vector<Choice>> reading_;
  bool read_again_ = false, latest_ = true;
  std::vector<Choice> runs_, files_;
};

}  // namespace blockyard
