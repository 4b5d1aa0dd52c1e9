// InspectDialog: all rows of a pipeline's source looked at once, column by column - statistics, histograms, ties with
// the target, and what a person should know. Read on a thread of its own; closing the dialog stops that. GUI thread.
#pragma once
#include <QtCore/QFutureWatcher>
#include <QtWidgets/QDialog>
#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "data/profile.hpp"
#include "training/source_of.hpp"

class QLabel;
class QProgressBar;
class QPushButton;

namespace blockyard {

class SampleView;

class InspectDialog final : public QDialog {
  Q_OBJECT

 public:
  // Begins at once. `folder` is the project's.
  InspectDialog(const FoundSource& source, std::string folder, QWidget* parent = nullptr);
  ~InspectDialog() override;

  // Null until the rows have been read.
  const DataProfile* profile() const { return profile_ ? &*profile_ : nullptr; }
  // Writes a page of HTML. Throws Error.
  void savePage(const std::string& file) const;

 Q_SIGNALS:
  void inspected();

 private:
  struct Read {
    std::optional<DataProfile> profile{};
    std::optional<Error> error{};
  };
  void take();
  void askForPage();

  std::string title_;
  std::optional<DataProfile> profile_;
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  QFutureWatcher<std::shared_ptr<Read>> reading_;
  SampleView* view_;
  QLabel* notes_;
  QProgressBar* busy_;
  QPushButton* save_;
};

}  // namespace blockyard
