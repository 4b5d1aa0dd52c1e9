// PredictLink: a trained pipeline on a thread of its own, as an object of Qt. Questions go in, answers come out as
// signals; a new question takes the place of one that is still being answered. GUI thread; nothing here waits.
#pragma once
#include <QtCore/QObject>
#include <QtCore/QThreadPool>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "blocks/signature.hpp"
#include "export/bundle.hpp"

namespace blockyard {

class PredictLink final : public QObject {
  Q_OBJECT

 public:
  explicit PredictLink(QObject* parent = nullptr);
  ~PredictLink() override;  // what runs stops within a batch

  // Opens a bundle; loaded() or failed() follows. Questions from here on go to it.
  void open(const std::filesystem::path& bundle);
  // Answers for files, or for one row given as a JSON object, from that bundle.
  void askFiles(std::vector<std::string> files);
  void askRow(std::string json);
  void stop();
  // Writes the table of the answers as CSV; saved() or failed() follows.
  void save(std::shared_ptr<const Answers> answers, const std::filesystem::path& file);
  bool busy() const { return running_ > 0; }

 Q_SIGNALS:
  void loaded(const blockyard::Signatures& inputs);
  void answered(std::shared_ptr<const blockyard::Answers> answers);
  void saved(const QString& file);
  void failed(const blockyard::Error& error);
  void busyChanged();

 private:
  struct Work;  // what the thread has
  // Nothing to say if a newer question has come.
  using Say = std::function<void()>;
  void ask(std::function<Say(Work&)> work);
  void post(std::function<void()> work);

  std::unique_ptr<Work> work_;
  QThreadPool pool_;
  std::filesystem::path bundle_;
  int64_t latest_ = 0;  // question
  int running_ = 0;
};

}  // namespace blockyard
