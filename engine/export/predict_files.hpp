// What a person names to be answered - files of rows, JSON, pictures, sounds - brought before a trained pipeline. The
// command and the window share it. Torch-free.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "export/bundle.hpp"

namespace blockyard {

// By the ending of their names; a folder counts as the pictures below it.
bool isPictureFile(const std::string& file);
bool isJsonFile(const std::string& file);
// What a file of new rows for a pipeline may be called, in advice: "NEW.csv", "NEW.wav", "NEW.png".
std::string newRowsFile(const Plan& plan);

// Answers for all rows of all files, in order; for a folder those for the pictures, sounds or texts below it, sorted
// by name. The answers for pictures begin with a column "file". Throws Error for files of a kind that the pipeline does
// not take, for rows without its columns, and for pictures mixed with others. Calls of `each` end early if the bundle
// was told to stop.
void predictFiles(Bundle& bundle, const std::vector<std::string>& files,
                  const std::function<void(const Answers&)>& each);

}  // namespace blockyard
