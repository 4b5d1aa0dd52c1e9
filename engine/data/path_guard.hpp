// PathGuard: which files a project may read. A project that came from somebody else can name any file of this machine,
// so the window reads nothing outside the project's folder before the person in front of it was shown the path and has
// agreed. Off at the start: who types a command with a project has agreed to it. One for the process; any thread.
#pragma once
#include <string>
#include <vector>

namespace blockyard {

// From now on files outside a project's folder are refused until they are allowed.
void guardPaths();
// Allows that file, or everything below that folder. Links are followed.
void allowPath(const std::string& path);
// Whether a project in `folder` may read `path` (absolute, or from that folder). Without a folder nothing is inside.
bool isPathAllowed(const std::string& folder, const std::string& path);
// Where `path` lies as seen from the project's folder: pathFrom() with the guard before it. Throws Error.
std::string dataPath(const std::string& folder, const std::string& path);

}  // namespace blockyard
