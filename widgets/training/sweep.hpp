// Sweep: trains one run per value of a parameter, one after the other, and tells which runs came of it. A run that
// fails does not end it; a stop does. GUI thread.
#pragma once
#include <QtCore/QObject>
#include <QtCore/QStringList>
#include <deque>

#include "widgets/inspector/sweep_dialog.hpp"
#include "widgets/training/training_panel.hpp"

namespace blockyard {

class Sweep final : public QObject {
  Q_OBJECT

 public:
  // All must outlive it.
  Sweep(EngineLink& link, Document& document, TrainingPanel& panel, QObject* parent = nullptr);

  // Throws Error if the pipeline cannot be trained with one of the values, before anything starts.
  void start(const SweepWish& wish);
  bool running() const { return running_; }

 Q_SIGNALS:
  void progressed(const QString& text);  // "Run 2 of 5: mlp.dropout=0.2"; empty at the end
  void ended(const QStringList& runs);   // those that were trained to their end
  void someFailed(const QString& why);

 private:
  void next();
  void finished(const Finished& event);
  void failed(const Error& error);
  void end();

  EngineLink& link_;
  Document& document_;
  TrainingPanel& panel_;
  std::deque<Start> waiting_;
  size_t count_ = 0;
  bool running_ = false;
  QStringList runs_;
  QStringList failures_;
  QString current_;
};

}  // namespace blockyard
