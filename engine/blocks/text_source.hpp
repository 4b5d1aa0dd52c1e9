// What the sources of texts share: a table with one column "text" on the port features, and the class of each text on
// the port target. Predicting takes the classes that were trained on; the target may be missing.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "blocks/source.hpp"
#include "data/text_rows.hpp"

namespace blockyard {

// What a source of texts has found.
struct FoundTexts {
  TextRows rows;
  std::vector<std::string> digests{};  // of the files read
  bool partial = false;                // there are texts that were not read
  bool classes_open = false;           // classes may be among them that are not known
  std::string file{};                  // for messages
};

// Throws Error if there are no texts, or one class only while training.
std::unique_ptr<Source> textSource(const SourceSetup& setup, FoundTexts found);
// The classes that TextRows should begin with: those trained on, else `own`.
std::vector<std::string> firstClasses(const SourceSetup& setup, std::vector<std::string> own);
// The setting `encoding` ("auto" is none), and the parameter itself.
std::optional<Encoding> wantedEncoding(const Values& values);
Param encodingParam();

}  // namespace blockyard
