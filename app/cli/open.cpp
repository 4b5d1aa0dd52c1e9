// blockyard open: the window, if this build has one.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "locate.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

// The window is a program of its own, so that the command needs no Qt; it lies beside this one.
int run(const std::string& what) {
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
  const std::string window = (self.parent_path() / "blockyard-window").string();
  if (!std::filesystem::exists(window))
    throw Error({.file = window}, "this build has no window", "build it with -DBLOCKYARD_WINDOW=ON", Fault::Failed);
  if (what.empty())
    ::execl(window.c_str(), window.c_str(), nullptr);
  else
    ::execl(window.c_str(), window.c_str(), what.c_str(), nullptr);
  throw Error({.file = window}, std::string("cannot start the window: ") + std::strerror(errno), "", Fault::Failed);
}

}  // namespace

Verb openVerb() {
  return {"open", "Open the window",
          "blockyard open                 # the start page\n"
          "blockyard open flowers         # a project\n"
          "blockyard open measurements.csv",
          [](CLI::App& app) -> Work {
            auto what = std::make_shared<std::string>();
            app.add_option("FILE", *what, "a project, its folder, or a table");
            return [what](Context&) { return run(*what); };
          }};
}

}  // namespace blockyard::cli
