// predict BUNDLE FILE...: a trained pipeline's answers for rows or pictures in files, as CSV on standard output.
#include <blockyard/pipeline.hpp>
#include <iostream>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "predict BUNDLE FILE...\n";
    return 2;
  }
  try {
    blockyard::api::Pipeline pipeline(argv[1]);
    for (const auto& field : pipeline.inputs()) std::cerr << "takes " << field.name << "\n";
    bool header = true;
    pipeline.predictFiles({argv + 2, argv + argc}, [&](const blockyard::api::Table& answers) {
      std::cout << csvText(answers, header);
      header = false;
    });
  } catch (const blockyard::api::Error& error) {
    std::cerr << error.what() << "\n";
    return static_cast<int>(error.fault());
  }
}
