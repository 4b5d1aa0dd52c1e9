// A run with its trained pipeline beside it, as the window leaves it.
#pragma once
#include <QtCore/QString>
#include <filesystem>

#include "export/bundle.hpp"
#include "training/session.hpp"

namespace blockyard::testing {

// The folder of the run; empty if it failed or took a minute, and why is printed.
inline QString trainedRun(Start start) {
  start.trained = [](const Trainer& trainer, const std::string& run) {
    saveBundle(trainer, std::filesystem::path(run).filename().string(), run + "/bundle.safetensors");
  };
  Session session;
  session.post(std::move(start));
  for (int i = 0; i < 600; ++i) {
    session.wait(0.1);
    for (const auto& event : session.drain()) {
      if (const auto* failed = std::get_if<Failed>(&event)) qWarning("%s", failed->error.what());
      if (const auto* finished = std::get_if<Finished>(&event)) return QString::fromStdString(finished->run);
    }
  }
  return {};
}

}  // namespace blockyard::testing
