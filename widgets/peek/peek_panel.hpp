// PeekPanel: what flows out of the chosen port. Before a training the way to the port is computed on a worker thread,
// again whenever the graph has changed; during one the training answers with its weights of the moment, on request and
// every few seconds; after one its trained weights are used as long as they fit the graph. Nothing is computed while
// the panel is hidden. GUI thread.
#pragma once
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>
#include <memory>
#include <optional>

#include "graph/edit.hpp"
#include "widgets/common/document.hpp"
#include "widgets/common/engine_link.hpp"
#include "widgets/peek/preview_job.hpp"
#include "widgets/peek/sample_view.hpp"

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace blockyard {

class PeekPanel final : public QWidget {
  Q_OBJECT

 public:
  // Both must outlive the panel.
  PeekPanel(Document& document, EngineLink& link, QWidget* parent = nullptr);

  // Looks at an output port; at the first output of a block, unless another one of it is on show.
  void show(const End& output);
  void showBlock(const NodeId& block);
  std::optional<End> output() const { return output_; }
  // The trained pipeline of a run, used from now on where it fits; empty: none.
  void setTrained(const QString& bundle);
  // Looks again, whether something has changed or not.
  void refresh();

  SampleView& view() { return *view_; }
  bool busy() const { return job_.running() || asked_ != 0; }
  QString about() const;    // what is on show: "float32 [N, 64] · the first 500 rows · ..."
  QString message() const;  // what is wrong, or what it waits for

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  enum class Tone { Plain, Problem };
  QHBoxLayout* makeControls();
  void build();
  void listen();
  void fillPorts();
  void schedule(int milliseconds);
  void update();
  void askTraining();
  void compute();
  bool trains() const;
  void take(const std::shared_ptr<const Preview>& preview);
  void fail(const Error& error);
  void say(const QString& text, Tone tone);
  void showBusy();
  void forget();

  Document& document_;
  EngineLink& link_;
  std::optional<End> output_;
  std::string bundle_;      // of the last training
  std::string shown_hash_;  // of the way that was computed last; empty: compute again
  int64_t asked_ = 0;       // number of the look that the training has been asked for; 0: none
  int64_t last_number_ = 0;
  PreviewJob job_;
  QTimer soon_, follow_timer_;

  QComboBox* port_ = nullptr;
  QLabel* about_ = nullptr;
  QSpinBox* rows_ = nullptr;
  QCheckBox* follow_ = nullptr;
  QPushButton* refresh_ = nullptr;
  QProgressBar* bar_ = nullptr;
  QLabel* message_ = nullptr;
  SampleView* view_ = nullptr;
};

}  // namespace blockyard
