// The questions that every block is asked, as functions of a trial. Each answers with what is wrong, or with nothing.
#pragma once
#include <string>
#include <vector>

#include "trial.hpp"

namespace blockyard {

// Asked once: the description is complete, and its worked examples hold.
std::string describesItself(const BlockType& type);
std::string examplesHold(const BlockType& type);

struct Question {
  const char* name;
  std::string (*ask)(const Trial&);
};
const std::vector<Question>& questions();

// Settings and inputs, for the report of a failure.
std::string settingsText(const Trial& trial);
// "forward 12 us, backward 30 us" for the rows of a trial.
std::string speedOf(const Trial& trial);

// The first difference of two packets as a sentence; tolerance relative to values above 1, 0 means the same bytes.
std::string difference(const Packet& expected, const Packet& got, double tolerance);
std::string difference(const Batch& expected, const Batch& got, double tolerance);

}  // namespace blockyard
